// What the person wrote: shown as typed, never as markdown. It can be edited, which begins another branch.
import { Check, Copy, GitFork, Pencil } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { MessageView } from '../../../shared/chat.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import type { Mark } from '../../app/router.ts'
import { useWindow } from '../../app/window-state.ts'
import { IconButton } from '../../ui/button.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { SentFiles } from '../attachments/sent-files.tsx'
import { BranchSwitcher } from './branch-switcher.tsx'
import { ImportedMark } from './imported-mark.tsx'
import { useIsIncognito } from './incognito-context.ts'
import { messageElementId } from './message-element.ts'
import { QuestionEdit } from './question-edit.tsx'
import { useCopied } from './use-copied.ts'
import { useFork } from './use-fork.ts'

interface QuestionProps {
  conversation: ConversationId
  message: MessageView
  /** Some answer of the chat is being written. */
  answering: boolean
  /** Words to point out; `all` points at the whole message. */
  mark: Mark | 'all' | null
}

export const Question = memo(function Question({ conversation, message, answering, mark }: QuestionProps) {
  const { t } = useTranslation()
  const { text } = message
  const editing = useWindow((state) => state.editing === message.id)
  const part = mark === null || mark === 'all' ? null : mark
  return (
    <article
      id={messageElementId(message.id)}
      tabIndex={-1}
      aria-label={message.imported ? t('chat.youElsewhere') : t('chat.you')}
      className={`group flex flex-col items-end gap-1 self-end ${editing ? 'w-full' : 'max-w-[82%]'}`}
    >
      {message.imported && <ImportedMark at={message.createdAt} />}
      <SentFiles files={message.attachments} />
      {editing ? (
        <QuestionEdit conversation={conversation} message={message} />
      ) : (
        <p
          dir="auto"
          className={`rounded-composer rounded-ee-sm border bg-panel px-4 py-2.5 whitespace-pre-wrap [overflow-wrap:anywhere] ${mark === null ? 'border-line' : 'border-accent'}`}
        >
          {part ? (
            <>
              <MarkedText text={text.slice(0, part.start)} />
              <mark>
                <MarkedText text={text.slice(part.start, part.end)} />
              </mark>
              <MarkedText text={text.slice(part.end)} />
            </>
          ) : (
            <MarkedText text={text} />
          )}
        </p>
      )}
      {!editing && <QuestionActions conversation={conversation} message={message} answering={answering} />}
    </article>
  )
})

function QuestionActions({ conversation, message, answering }: Omit<QuestionProps, 'mark'>) {
  const { t } = useTranslation()
  const set = useWindow((state) => state.set)
  const { copied, copy } = useCopied()
  const fork = useFork(conversation)
  const incognito = useIsIncognito()
  return (
    <div className="flex min-h-7 items-center">
      <span className="flex opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
        <IconButton label={t('question.copy')} onClick={() => copy(message.text)}>
          {copied ? <Check className="size-4" /> : <Copy className="size-4" />}
        </IconButton>
        {!incognito && (
          <IconButton label={t('branch.fork')} onClick={() => fork(message.id)}>
            <GitFork className="size-4" />
          </IconButton>
        )}
        {!answering && (
          <IconButton label={t('question.edit')} onClick={() => set({ editing: message.id })}>
            <Pencil className="size-4" />
          </IconButton>
        )}
      </span>
      <BranchSwitcher conversation={conversation} message={message} disabled={answering} />
    </div>
  )
}
