// What else can be done with an answer: another one, one without memories, a new chat from here.
import { Ellipsis, GitFork, RefreshCw, Sparkles } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { MessageView } from '../../../shared/chat.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { useClient } from '../../app/core.ts'
import { IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { useIsIncognito } from './incognito-context.ts'
import { useAct } from './use-act.ts'
import { useFork } from './use-fork.ts'

interface AnswerMenuProps {
  conversation: ConversationId
  message: MessageView
  /** While an answer is written no other one can be asked for. */
  answering: boolean
}

export function AnswerMenu({ conversation, message, answering }: AnswerMenuProps) {
  const { t } = useTranslation()
  const client = useClient()
  const { act } = useAct()
  const fork = useFork(conversation)
  const incognito = useIsIncognito()
  const again = (withoutMemories: boolean) =>
    act(() => client.chat.retry({ conversationId: conversation, messageId: message.id, withoutMemories }))
  const anew = [
    {
      label: t('answer.again'),
      icon: <RefreshCw className="size-4" />,
      onSelect: () => void again(false),
    },
    {
      label: t('answer.withoutMemories'),
      icon: <Sparkles className="size-4" />,
      onSelect: () => void again(true),
    },
  ]
  const forking = { label: t('branch.fork'), icon: <GitFork className="size-4" />, onSelect: () => fork(message.id) }
  // Nothing to choose from: nothing that was learned is used, and no chat is made of it.
  if (incognito && answering) return null
  return (
    <Menu
      trigger={
        <IconButton label={t('answer.more')}>
          <Ellipsis className="size-4" />
        </IconButton>
      }
      entries={[...(answering ? [] : incognito ? anew.slice(0, 1) : anew), ...(incognito ? [] : [forking])]}
    />
  )
}
