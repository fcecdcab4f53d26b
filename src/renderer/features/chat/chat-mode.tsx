// Whether a chat learns or only reads, in its header.
import { BookOpen, BookOpenCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ConversationMode } from '../../../shared/chat.ts'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'

export type SettableMode = Exclude<ConversationMode, 'incognito'>

export function ChatMode({ mode, onChange }: { mode: ConversationMode; onChange(mode: SettableMode): void }) {
  const { t } = useTranslation()
  const readOnly = mode === 'read_only'
  return (
    <Menu
      trigger={
        <Button
          kind="quiet"
          size="small"
          aria-label={t('chatMode.label', { mode: t(`chatMode.${readOnly ? 'read_only' : 'normal'}`) })}
        >
          {readOnly ? <BookOpen className="size-4" /> : <BookOpenCheck className="size-4" />}
          {t(`chatMode.${readOnly ? 'read_only' : 'normal'}`)}
        </Button>
      }
      entries={[
        { label: t('chatMode.normal'), onSelect: () => onChange('normal') },
        { label: t('chatMode.read_only'), onSelect: () => onChange('read_only') },
      ]}
    />
  )
}
