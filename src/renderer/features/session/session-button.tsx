// Opens and closes the panel of the chat: a column beside the messages, or a drawer where there is no room for one.
import { ListTodo } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useCommand, useKeysOf } from '../../app/use-command.ts'
import { useWindow } from '../../app/window-state.ts'
import { IconButton } from '../../ui/button.tsx'

export function SessionButton() {
  const { t } = useTranslation()
  const open = useWindow((state) => state.sessionOpen)
  const set = useWindow((state) => state.set)
  const keysOf = useKeysOf()
  const turn = () => set({ sessionOpen: !open })
  useCommand('session', turn)
  return (
    <IconButton
      label={t('session.title')}
      keys={keysOf('session') ?? undefined}
      size="icon"
      aria-pressed={open}
      className={open ? 'bg-accent-soft text-accent-text' : ''}
      onClick={turn}
    >
      <ListTodo className="size-4.5" />
    </IconButton>
  )
}
