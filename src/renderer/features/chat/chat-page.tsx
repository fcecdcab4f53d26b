// One conversation: its transcript and the composer. A new chat is the same page before anything was sent.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationMode } from '../../../shared/chat.ts'
import type { ConversationId, MessageId } from '../../../shared/ids.ts'
import { useAppState, useClient } from '../../app/core.ts'
import { failureWords } from '../../app/failure.ts'
import { PageHeader } from '../../app/page-header.tsx'
import { hrefs, type Mark } from '../../app/router.ts'
import { useTitleWords } from '../../app/title-words.ts'
import { useCommand } from '../../app/use-command.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { useWindow } from '../../app/window-state.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { ChatFiles } from '../attachments/chat-files.tsx'
import { FindInChat } from '../find-in-chat/find-in-chat.tsx'
import { NoModelNote } from '../first-run/no-model-note.tsx'
import { ProjectName } from '../projects/project-name.tsx'
import { SessionButton } from '../session/session-button.tsx'
import { SessionPanel } from '../session/session-panel.tsx'
import { ChatMode, type SettableMode } from './chat-mode.tsx'
import { lastAnswerOf, outlineOf } from './chat-state.ts'
import { Composer } from './composer.tsx'
import { ToolRules } from './tool-rules.tsx'
import { Transcript } from './transcript.tsx'
import { useChatPart, useFollowedChat, useReadChat } from './use-chat.ts'
import { useCopied } from './use-copied.ts'
import { useTurnAnnouncements } from './use-turn-announcements.ts'

interface ChatPageProps {
  /** Id of the conversation, or the one a new chat will get. */
  id: ConversationId
  isNew: boolean
  /** A message to show, and words to point out in it. */
  target: { message: MessageId; mark: Mark | null } | null
}

export function ChatPage({ id, isNew, target }: ChatPageProps) {
  const { t } = useTranslation()
  const followed = isNew ? null : id
  const { failure, readMore, toLatest } = useFollowedChat(followed, target?.message ?? null)
  const chat = useChatPart(followed, outlineOf)
  const app = useAppState()
  useTurnAnnouncements(chat?.ending)
  useCopyLastAnswer(followed, chat?.answered ?? false)
  const { mode, setMode } = useMode(id, isNew, chat?.conversation.mode)
  const answering = chat?.answering ?? false
  const newChatProject = useWindow((state) => state.newChatProject)
  const projectId = isNew ? newChatProject : (chat?.conversation.projectId ?? null)
  const titleWords = useTitleWords()
  const title = isNew ? t('chat.new') : titleWords(chat?.conversation.title ?? '')
  useEffect(() => {
    document.title = title === '' ? t('app.name') : t('app.title', { page: title })
  }, [title, t])

  if (chat?.deleted || failure?.code === 'NOT_FOUND') {
    return (
      <>
        <PageHeader title={t('chat.goneTitle')} />
        <Empty title={t('chat.goneTitle')} text={t('chat.goneText')}>
          <ButtonLink href={hrefs.newChat}>{t('chat.new')}</ButtonLink>
        </Empty>
      </>
    )
  }
  return (
    <>
      <PageHeader title={title} badge={<ProjectName id={projectId} />}>
        {chat && <ToolRules conversation={id} rules={chat.conversation.toolRules} />}
        <ChatFiles id={id} />
        <ChatMode mode={mode} onChange={setMode} />
        {!isNew && <SessionButton />}
      </PageHeader>
      <div className="relative flex min-h-0 flex-1">
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <FindInChat id={isNew ? null : id} shown={target?.message ?? null} />
          {chat ? (
            <Transcript {...{ id, target, answering, readMore, toLatest }} />
          ) : (
            <div className="min-h-0 flex-1 overflow-y-auto">
              {isNew ? <NewChat /> : failure ? null : <Skeleton lines={4} />}
              {failure && (
                <p role="alert" className="mx-auto max-w-2xl p-5 text-danger">
                  {failureWords(t, failure)}
                </p>
              )}
            </div>
          )}
          {app?.engine.state === 'none' && <NoModelNote />}
          <Composer
            key={id}
            {...{ id, isNew, mode, answering, projectId }}
            lastQuestion={chat?.lastQuestion ?? null}
            queue={chat?.queue}
          />
        </div>
        {!isNew && <SessionPanel id={id} />}
      </div>
    </>
  )
}

function useCopyLastAnswer(id: ConversationId | null, answered: boolean): void {
  const { copy } = useCopied()
  const readChat = useReadChat(id)
  const copyLast = () => {
    const chat = readChat()
    const last = chat && lastAnswerOf(chat)
    if (last) copy(last.text)
  }
  useCommand('copyAnswer', answered ? copyLast : null)
}

/** Of a new chat it is kept here until the first message makes the chat. */
function useMode(id: ConversationId, isNew: boolean, stored: ConversationMode | undefined) {
  const client = useClient()
  const sayFailure = useSayFailure()
  const [first, setFirst] = useState<SettableMode>('normal')
  const setMode = (mode: SettableMode) => {
    setFirst(mode)
    if (isNew) return
    client.chat.setMode({ id, mode }).catch(sayFailure)
  }
  return { mode: stored ?? first, setMode }
}

/** What stands above the composer before the first message; nothing until the core says who is there. */
function NewChat() {
  const app = useAppState()
  if (!app) return null
  return <Welcome learning={app.settings.learning} />
}

function Welcome({ learning }: { learning: boolean }) {
  const { t } = useTranslation()
  return (
    <div className="mx-auto flex h-full max-w-xl flex-col justify-center gap-2 px-5 pb-16 text-center">
      <h2 className="text-xl">{t('chat.welcomeTitle')}</h2>
      <p className="text-dim">{learning ? t('chat.welcomeLearning') : t('chat.welcomeNotLearning')}</p>
    </div>
  )
}
