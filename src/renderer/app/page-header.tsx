// The top of every page: its title, what belongs to it, and on a narrow window the way to the sidebar.
import { ChevronLeft, Menu as MenuIcon, PanelLeftOpen, SquarePen } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ButtonLink, IconButton } from '../ui/button.tsx'
import { useAppState } from './core.ts'
import { useNewChat } from './new-chat.ts'
import { useKeysOf } from './use-command.ts'
import { useWindow } from './window-state.ts'

interface PageHeaderProps {
  title: string
  badge?: ReactNode
  children?: ReactNode
  /** Where "back" leads on a narrow window, instead of the menu. */
  back?: { href: string; label: string; icon: ReactNode } | undefined
  /** "back" stands on a wide window, too. */
  always?: boolean
}

export function PageHeader({ title, badge, children, back, always = false }: PageHeaderProps) {
  const { t } = useTranslation()
  const sidebarOpen = useWindow((state) => state.sidebarOpen)
  const set = useWindow((state) => state.set)
  const newChat = useNewChat()
  const waiting = useAppState()?.learning.waiting ?? 0
  const keysOf = useKeysOf()
  return (
    <header className="flex min-h-13 shrink-0 items-center gap-2.5 border-b border-line px-4 wide:px-5">
      <span className="wide:hidden">
        {back ? (
          <ButtonLink href={back.href} kind="quiet" size="icon">
            {back.icon}
            <span className="sr-only">{back.label}</span>
          </ButtonLink>
        ) : (
          <IconButton
            label={waiting > 0 ? t('frame.openMenuWaiting', { count: waiting }) : t('frame.openMenu')}
            size="icon"
            className="relative"
            onClick={() => set({ drawerOpen: true })}
          >
            <MenuIcon className="size-5" />
            {waiting > 0 && <span aria-hidden="true" className="absolute end-1 top-1 size-2 rounded-full bg-accent" />}
          </IconButton>
        )}
      </span>
      {!sidebarOpen && (
        <span className="hidden wide:block">
          <IconButton
            label={t('frame.openSidebar')}
            keys={keysOf('sidebar') ?? undefined}
            onClick={() => set({ sidebarOpen: true })}
          >
            <PanelLeftOpen className="size-4" />
          </IconButton>
        </span>
      )}
      {back && always && (
        <span className="hidden wide:inline">
          <ButtonLink href={back.href} kind="quiet" size="small">
            <ChevronLeft className="size-3.5 rtl:rotate-180" />
            {back.label}
          </ButtonLink>
        </span>
      )}
      <h1 className="min-w-0 truncate text-[0.9375rem]">{title}</h1>
      {badge}
      <div className="ms-auto flex items-center gap-2">
        {children}
        <span className="wide:hidden">
          <IconButton label={t('chat.new')} size="icon" onClick={() => newChat()}>
            <SquarePen className="size-5" />
          </IconButton>
        </span>
      </div>
    </header>
  )
}
