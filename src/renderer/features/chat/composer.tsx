// Where the person writes. The text stays until the core has it on disk; a failure keeps it and says why.
import { ArrowUp, Square } from 'lucide-react'
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationMode, QueuedMessage } from '../../../shared/chat.ts'
import { type ConversationId, type DocumentId, type MessageId, newId, type ProjectId } from '../../../shared/ids.ts'
import { useAppState, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { COMPOSER_ID } from '../../app/new-chat.ts'
import { hrefs, replaceRoute } from '../../app/router.ts'
import { useCommand, useIsFor } from '../../app/use-command.ts'
import { useWindow, useWindowStore } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { AttachButton } from '../attachments/attach-button.tsx'
import { AttachmentStrip } from '../attachments/attachment-strip.tsx'
import { DropTarget } from '../attachments/drop-target.tsx'
import { chosenFiles } from '../attachments/dropped.ts'
import { useAttachments } from '../attachments/use-attachments.ts'
import { QueueList } from './queue-list.tsx'
import { sends } from './send-key.ts'

interface ComposerProps {
  id: ConversationId
  isNew: boolean
  /** Of a chat that the message makes. */
  mode: ConversationMode
  answering: boolean
  /** Of a chat that the message makes. */
  projectId: ProjectId | null
  /** What the person said last, when it can be edited. */
  lastQuestion: MessageId | null
  /** What waits until the answer is written. */
  queue: QueuedMessage[] | undefined
}

export function Composer({ id, isNew, mode, answering, projectId, lastQuestion, queue }: ComposerProps) {
  const { t } = useTranslation()
  const store = useWindowStore()
  const draft = useWindow((state) => state.drafts[id] ?? '')
  const { problem, setProblem, sending, send, stop } = useSending(id, isNew, mode, projectId)
  const composing = useRef(false)
  const attachments = useAttachments(id)
  // What is attached is kept on disk.
  const takesFiles = mode !== 'incognito'
  const sendWith = useAppState()?.settings.sendWith ?? 'enter'

  useEffect(() => {
    // A touch keyboard would cover what one came to read.
    if (window.matchMedia('(pointer: fine)').matches) document.getElementById(COMPOSER_ID)?.focus()
  }, [])
  useCommand('stop', answering ? stop : null)
  const editLast = lastQuestion === null || answering ? null : () => store.getState().set({ editing: lastQuestion })
  useCommand('editLast', editLast)
  const isFor = useIsFor()

  const submit = () => {
    if (attachments.busy) setProblem(t('attachments.wait'))
    else void send(draft, attachments.ready).then((sent) => sent && attachments.sent())
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (editLast && draft === '' && !event.nativeEvent.isComposing && isFor('editLast', event.nativeEvent)) {
      event.preventDefault()
      editLast()
      return
    }
    // Enter that ends a composition belongs to the input method.
    if (!sends(event, sendWith) || event.nativeEvent.isComposing || composing.current) return
    event.preventDefault()
    submit()
  }
  const empty = draft.trim() === ''
  return (
    <form
      className="mx-auto w-full max-w-[46.5rem] shrink-0 px-3 pb-3 wide:pb-5"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <QueueList conversation={id} queue={queue ?? []} answering={answering} />
      {problem && (
        <p role="alert" className="mb-2 px-2 text-sm text-danger">
          {problem}
        </p>
      )}
      <div className="rounded-composer border border-line bg-raised px-4 pt-3.5 pb-3 shadow-float focus-within:border-edge">
        <AttachmentStrip attachments={attachments} />
        <DropTarget onFiles={takesFiles ? attachments.add : () => setProblem(t('incognito.noFiles'))} />
        <GrowingText
          id={COMPOSER_ID}
          bare
          value={draft}
          placeholder={t('composer.placeholder')}
          aria-label={t('composer.label')}
          dir="auto"
          onChange={(event) => {
            setProblem(null)
            store.getState().setDraft(id, event.target.value)
          }}
          onCompositionStart={() => {
            composing.current = true
          }}
          onCompositionEnd={() => {
            composing.current = false
          }}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            if (!takesFiles) return
            const { files } = event.clipboardData
            const text = event.clipboardData.getData('text/plain')
            if (files.length > 0 && text === '') attachments.add(chosenFiles(files))
            else if (!attachments.addPasted(text, event.currentTarget.selectionStart)) return
            event.preventDefault()
          }}
        />
        <div className="mt-2 flex items-center justify-between gap-3">
          {takesFiles && <AttachButton onFiles={attachments.add} />}
          <p className="me-auto text-xs text-dim">
            {answering && !empty ? t('composer.queues') : t(`composer.hint.${sendWith}`)}
          </p>
          <span className="flex gap-2">
            {answering && (
              <Button
                kind="strong"
                size="icon"
                aria-label={t('composer.stop')}
                title={t('composer.stopKeys')}
                onClick={stop}
              >
                <Square className="size-3.5 fill-current" />
              </Button>
            )}
            {(!answering || !empty) && (
              <Button
                kind="strong"
                size="icon"
                type="submit"
                aria-label={answering ? t('composer.queue') : t('composer.send')}
                disabled={empty || sending}
              >
                <ArrowUp className="size-4" />
              </Button>
            )}
          </span>
        </div>
      </div>
    </form>
  )
}

function useSending(id: ConversationId, isNew: boolean, mode: ConversationMode, projectId: ProjectId | null) {
  const { t } = useTranslation()
  const client = useClient()
  const store = useWindowStore()
  const [problem, setProblem] = useState<string | null>(null)
  const [sending, setSending] = useState(false)
  // The same id for the same text: when the answer to a call was lost, sending again does not make a second message.
  const attempt = useRef<{ text: string; documents: string; messageId: MessageId } | null>(null)

  const send = useCallback(
    async (text: string, files: DocumentId[]): Promise<boolean> => {
      if (text.trim() === '' || sending) return false
      const documents = files.join()
      if (attempt.current?.text !== text || attempt.current.documents !== documents) {
        attempt.current = { text, documents, messageId: newId<MessageId>() }
      }
      setSending(true)
      setProblem(null)
      try {
        const { messageId } = attempt.current
        await client.chat.send({
          conversationId: id,
          messageId,
          text,
          documents: files,
          projectId,
          ...(mode === 'normal' ? {} : { mode }),
        })
        attempt.current = null
        const state = store.getState()
        // What was typed since then stays.
        if (state.drafts[id] === text) state.setDraft(id, '')
        state.setScroll(id, null)
        if (isNew) {
          state.startNewChat()
          replaceRoute(hrefs.chat(id))
        }
        return true
      } catch (error) {
        setProblem(failureWords(t, failureOf(error)))
        return false
      } finally {
        setSending(false)
      }
    },
    [client, id, isNew, mode, projectId, sending, store, t],
  )
  const stop = useCallback(() => {
    client.chat.stop({ conversationId: id }).catch((error) => setProblem(failureWords(t, failureOf(error))))
  }, [client, id, t])
  return { problem, setProblem, sending, send, stop }
}
