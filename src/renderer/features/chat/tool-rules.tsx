// Tools the person decided on for the whole chat, in its header, each with the way back. Nothing while there are none.
import { Wrench } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ToolRule } from '../../../shared/chat.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { useClient } from '../../app/core.ts'
import { useWindow } from '../../app/window-state.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Popover } from '../../ui/popover.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { useAct } from './use-act.ts'

export function ToolRules({ conversation, rules }: { conversation: ConversationId; rules: ToolRule[] }) {
  const { t } = useTranslation()
  const client = useClient()
  const announce = useWindow((state) => state.announce)
  const { busy, act } = useAct()
  if (rules.length === 0) return null
  const remove = async (tool: string) => {
    if (await act(() => client.chat.removeToolRule({ conversationId: conversation, tool }))) {
      announce(t('toolRules.removed', { tool }))
    }
  }
  return (
    <Popover
      label={t('toolRules.label')}
      trigger={
        <IconButton label={t('toolRules.label')} size="icon">
          <Wrench className="size-4.5" />
        </IconButton>
      }
    >
      <h2 className="mb-2 font-medium">{t('toolRules.label')}</h2>
      <ul className="flex flex-col gap-2">
        {rules.map(({ tool, rule }) => (
          <li key={tool} className="flex items-center justify-between gap-4">
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {revealHidden(tool)} <span className="block text-xs text-dim">{t(`toolRules.${rule}`)}</span>
            </span>
            <Button
              size="small"
              disabled={busy}
              aria-label={t('toolRules.removeLabel', { tool })}
              onClick={() => void remove(tool)}
            >
              {t('toolRules.remove')}
            </Button>
          </li>
        ))}
      </ul>
    </Popover>
  )
}
