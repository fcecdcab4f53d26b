// Where the conversation branches: which of the messages in this place is shown, and the way to the others.
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { MessageView } from '../../../shared/chat.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { useClient } from '../../app/core.ts'
import { IconButton } from '../../ui/button.tsx'
import { useAct } from './use-act.ts'

interface BranchSwitcherProps {
  conversation: ConversationId
  message: MessageView
  /** While an answer is written the branch cannot be left. */
  disabled: boolean
}

export function BranchSwitcher({ conversation, message, disabled }: BranchSwitcherProps) {
  const { t } = useTranslation()
  const client = useClient()
  const { act } = useAct()
  const { siblings } = message
  const index = siblings.indexOf(message.id)
  if (siblings.length < 2 || index < 0) return null
  const show = (step: number) => {
    const messageId = siblings[index + step]
    if (messageId) void act(() => client.chat.showBranch({ conversationId: conversation, messageId }))
  }
  const count = t('branch.count', { number: index + 1, count: siblings.length })
  return (
    // biome-ignore lint/a11y/useSemanticElements: two buttons and a count are no part of a form
    <span role="group" aria-label={t('branch.label')} className="inline-flex items-center text-sm text-dim">
      <IconButton label={t('branch.before')} disabled={disabled || index === 0} onClick={() => show(-1)}>
        <ChevronLeft className="size-4" />
      </IconButton>
      <span className="tabular-nums">{count}</span>
      <IconButton
        label={t('branch.after')}
        disabled={disabled || index === siblings.length - 1}
        onClick={() => show(1)}
      >
        <ChevronRight className="size-4" />
      </IconButton>
    </span>
  )
}
