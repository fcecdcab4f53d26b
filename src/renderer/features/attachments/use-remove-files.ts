// Removes files of a chat, with a way back.
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { DocumentView } from '../../../shared/documents.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { keys, useClient } from '../../app/core.ts'
import { clockTime } from '../../app/format.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { useWindow } from '../../app/window-state.ts'
import { revealHidden } from '../../ui/reveal-hidden.ts'

export function useRemoveFiles(id: ConversationId): (name: string, files: readonly DocumentView[]) => void {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const notify = useWindow((state) => state.notify)
  const sayFailure = useSayFailure()
  const refresh = () => void cache.invalidateQueries({ queryKey: keys.attachments(id) })
  return (name, files) => {
    const remove = async () => {
      const removed: DocumentView[] = []
      let finalAt: Date | null = null
      try {
        for (const file of files) {
          finalAt = (await client.documents.remove({ id: file.id })).finalAt
          removed.push(file)
        }
      } catch (error) {
        sayFailure(error)
      }
      refresh()
      if (finalAt === null) return
      const restore = async () => {
        try {
          for (const file of removed) await client.documents.restore({ id: file.id })
        } catch (error) {
          sayFailure(error)
        }
        refresh()
      }
      notify({
        text: t('attachments.removed', { name: revealHidden(name), time: clockTime(finalAt) }),
        duration: finalAt.getTime() - Date.now(),
        action: { label: t('action.undo'), run: () => void restore() },
      })
    }
    void remove()
  }
}
