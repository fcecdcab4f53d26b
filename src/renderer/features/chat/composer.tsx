// Where the person writes. The text stays until the core has it on disk; a failure keeps it and says why.
import { ArrowUp, Square } from 'lucide-react'
import { type ComponentProps, type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationMode, QueuedMessage } from '../../../shared/chat.ts'
import { type ConversationId, type DocumentId, type MessageId, newId, type ProjectId } from '../../../shared/ids.ts'
import { useAppState, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { COMPOSER_ID } from '../../app/new-chat.ts'
import { hrefs, replaceRoute } from '../../app/router.ts'
import { useCommand, useIsFor, useKeysOf } from '../../app/use-command.ts'
import { useWindow, useWindowStore, type WindowState } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'
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
  // Not the words themselves: only their field is drawn again with each key.
  const empty = useWindow((state) => draftOf(state, id).trim() === '')
  const { problem, setProblem, sending, send, stop } = useSending(id, isNew, mode, projectId)
  const composing = useRef(false)
  const attachments = useAttachments(id, mode === 'incognito')
  const sendWith = useAppState()?.settings.sendWith ?? 'enter'

  useEffect(() => {
    // A touch keyboard would cover what one came to read.
    if (window.matchMedia('(pointer: fine)').matches) document.getElementById(COMPOSER_ID)?.focus()
  }, [])
  useCommand('stop', answering ? stop : null)
  const editLast = lastQuestion === null || answering ? null : () => store.getState().set({ editing: lastQuestion })
  useCommand('editLast', editLast)
  const isFor = useIsFor()
  const stopKeys = useKeysOf()('stop')

  const submit = () => {
    if (attachments.busy) setProblem(t('attachments.wait'))
    else void send(draftOf(store.getState(), id), attachments.ready).then((sent) => sent && attachments.sent())
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (
      editLast &&
      event.currentTarget.value === '' &&
      !event.nativeEvent.isComposing &&
      isFor('editLast', event.nativeEvent)
    ) {
      event.preventDefault()
      editLast()
      return
    }
    // Enter that ends a composition belongs to the input method.
    if (!sends(event, sendWith) || event.nativeEvent.isComposing || composing.current) return
    event.preventDefault()
    submit()
  }
  const waits = (queue ?? []).length > 0
  return (
    <form
      className="mx-auto w-full max-w-[46.5rem] shrink-0 px-3 pb-3 wide:pb-5"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <QueueList conversation={id} queue={queue ?? []} answering={answering} />
      <Problem className="mb-2 px-2" text={problem} />
      <div className="rounded-composer border border-line bg-raised px-4 pt-3.5 pb-3 shadow-float focus-within:border-edge">
        <AttachmentStrip attachments={attachments} />
        <DropTarget label={t('attachments.dropHere')} onFiles={attachments.add} />
        <DraftField
          conversation={id}
          placeholder={t('composer.placeholder')}
          aria-label={t('composer.label')}
          dir="auto"
          onChange={() => setProblem(null)}
          onCompositionStart={() => {
            composing.current = true
          }}
          onCompositionEnd={() => {
            composing.current = false
          }}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const { files } = event.clipboardData
            const text = event.clipboardData.getData('text/plain')
            if (files.length > 0 && text === '') attachments.add(chosenFiles(files))
            else if (!attachments.addPasted(text, event.currentTarget.selectionStart)) return
            event.preventDefault()
          }}
        />
        <div className="mt-2 flex items-center justify-between gap-3">
          <AttachButton onFiles={attachments.add} />
          <p className="me-auto text-xs text-dim">
            {empty || !(answering || waits)
              ? t(`composer.hint.${sendWith}`)
              : t(answering ? 'composer.queues' : 'composer.follows')}
          </p>
          <span className="flex gap-2">
            {answering && (
              <Button
                kind="strong"
                size="icon"
                aria-label={t('composer.stop')}
                title={stopKeys === null ? t('composer.stop') : t('composer.stopKeys', { keys: stopKeys })}
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

function draftOf({ drafts }: WindowState, id: ConversationId): string {
  return drafts[id] ?? ''
}

interface DraftFieldProps extends Omit<ComponentProps<typeof GrowingText>, 'id' | 'value' | 'onChange'> {
  conversation: ConversationId
  /** The draft was changed and is kept. */
  onChange(): void
}

function DraftField({ conversation, onChange, ...rest }: DraftFieldProps) {
  const store = useWindowStore()
  const draft = useWindow((state) => draftOf(state, conversation))
  return (
    <GrowingText
      id={COMPOSER_ID}
      bare
      value={draft}
      onChange={(event) => {
        store.getState().setDraft(conversation, event.target.value)
        onChange()
      }}
      {...rest}
    />
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
