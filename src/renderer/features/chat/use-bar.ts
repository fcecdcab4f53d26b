// Taking what was said, or a document, out of recall and learning, with a way back.
import { useTranslation } from 'react-i18next'
import type { ConversationId, DocumentId, MessageId } from '../../../shared/ids.ts'
import { useClient } from '../../app/core.ts'
import { clockTime } from '../../app/format.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { useWindow } from '../../app/window-state.ts'

export function useBar() {
  const { t } = useTranslation()
  const client = useClient()
  const notify = useWindow((state) => state.notify)
  const sayFailure = useSayFailure()
  const allow = (messages: MessageId[]) => {
    client.chat.allow({ messages }).then(() => notify({ text: t('bar.allowed'), action: null }), sayFailure)
  }
  /** @param message null: all that was said in the conversation so far */
  const bar = (conversation: ConversationId, message: MessageId | null) => {
    client.chat.bar({ conversationId: conversation, messageId: message }).then(({ messages }) => {
      notify({
        text: message ? t('bar.message') : t('bar.chat', { count: messages.length }),
        action: messages.length > 0 ? { label: t('action.undo'), run: () => allow(messages) } : null,
      })
    }, sayFailure)
  }
  /** @param changed told whether the document is away */
  const removeDocument = (id: DocumentId, changed: (removed: boolean) => void) => {
    const restore = () =>
      void client.documents.restore({ id }).then(() => {
        changed(false)
        notify({ text: t('bar.allowed'), action: null })
      }, sayFailure)
    client.documents.remove({ id }).then(({ finalAt }) => {
      changed(true)
      notify({
        text: t('bar.document', { time: clockTime(finalAt) }),
        duration: finalAt.getTime() - Date.now(),
        action: { label: t('action.undo'), run: restore },
      })
    }, sayFailure)
  }
  return { bar, allow, removeDocument }
}
