// The sidebar: where one can go, the chats, and at its foot the state that matters always.

import { clsx } from 'clsx'
import {
  Brain,
  Ghost,
  HardDrive,
  History,
  Inbox,
  Layers,
  PanelLeftClose,
  Search,
  Settings,
  SquarePen,
  Users,
} from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { ConversationList } from '../features/chat/conversation-list.tsx'
import { LearningSwitch } from '../features/learning/learning-switch.tsx'
import { EngineLine } from '../features/models/engine-line.tsx'
import { ProfileSwitcher } from '../features/profiles/profile-switcher.tsx'
import { ProjectList } from '../features/projects/project-list.tsx'
import { Badge } from '../ui/badge.tsx'
import { IconButton } from '../ui/button.tsx'
import { Keys } from '../ui/keys.tsx'
import { useAppState } from './core.ts'
import { formatNumber } from './format.ts'
import { useIncognitoChat } from './incognito.ts'
import { useNewChat } from './new-chat.ts'
import { hrefs, type Route } from './router.ts'
import { useKeysOf } from './use-command.ts'
import { useWindow } from './window-state.ts'

export function Sidebar({ route, inDrawer = false }: { route: Route; inDrawer?: boolean }) {
  const { t } = useTranslation()
  const set = useWindow((state) => state.set)
  const newChat = useNewChat()
  const openIncognito = useIncognitoChat()
  const incognito = useWindow((state) => state.incognito)
  const keysOf = useKeysOf()
  const learning = useAppState()?.learning
  const stores = learning?.stores
  const waiting = learning?.waiting ?? 0
  const active = stores?.reduce((total, store) => total + store.active, 0)
  const learnedId = useId()
  const close = () => set(inDrawer ? { drawerOpen: false } : { sidebarOpen: false })
  return (
    <nav aria-label={t('frame.navigation')} className="flex h-full flex-col bg-panel">
      <div className="flex h-15 shrink-0 items-center gap-2.5 ps-4.5 pe-3">
        <span
          aria-hidden="true"
          className="grid size-5.5 place-items-center rounded-sm bg-accent text-2xs font-semibold text-on-accent"
        >
          {t('app.initial')}
        </span>
        <span className="text-[0.9375rem] font-semibold">{t('app.name')}</span>
        <span className="ms-auto">
          <IconButton
            label={inDrawer ? t('action.close') : t('frame.closeSidebar')}
            keys={keysOf('sidebar') ?? undefined}
            onClick={close}
          >
            <PanelLeftClose className="size-4" />
          </IconButton>
        </span>
      </div>
      <ul className="flex shrink-0 flex-col gap-0.5 px-2.5">
        <Entry
          href={hrefs.newChat}
          icon={<SquarePen className="size-4" />}
          label={t('chat.new')}
          end={<Hint keys={keysOf('newChat')} />}
          current={route.page === 'chat' && route.conversation === null}
          onClick={() => newChat()}
        />
        <li>
          <button
            type="button"
            onClick={() => set({ drawerOpen: false, palette: '' })}
            className="flex h-8.5 w-full items-center gap-2.5 rounded-control border border-transparent px-2 text-dim hover:bg-hover hover:text-text"
          >
            <Search className="size-4" />
            {t('palette.door')}
            <span className="ms-auto">
              <Hint keys={keysOf('palette')} />
            </span>
          </button>
        </li>
        <Entry
          href={hrefs.incognito}
          icon={<Ghost className="size-4" />}
          label={t('incognito.title')}
          end={incognito !== null && <span className="text-xs text-dim">{t('incognito.isOpen')}</span>}
          current={route.page === 'incognito'}
          onClick={openIncognito}
        />
      </ul>
      <h2 id={learnedId} className="label-caps shrink-0 px-4.5 pt-4 pb-1">
        {t('frame.learned')}
      </h2>
      <ul aria-labelledby={learnedId} className="flex shrink-0 flex-col gap-0.5 px-2.5">
        <Entry
          href={hrefs.memories}
          icon={<Brain className="size-4" />}
          label={t('memory.title')}
          end={active === undefined ? null : <span className="text-xs text-dim">{formatNumber(active)}</span>}
          current={route.page === 'memory'}
        />
        <Entry
          href={hrefs.inbox}
          icon={<Inbox className="size-4" />}
          label={t('inbox.title')}
          end={waiting > 0 && <Badge tone="accent">{formatNumber(waiting)}</Badge>}
          current={route.page === 'inbox'}
        />
        <Entry
          href={hrefs.people}
          icon={<Users className="size-4" />}
          label={t('people.title')}
          end={null}
          current={route.page === 'people'}
        />
        <Entry
          href={hrefs.stores}
          icon={<Layers className="size-4" />}
          label={t('storesPage.title')}
          end={<span className="text-xs text-dim">{stores && formatNumber(stores.length)}</span>}
          current={route.page === 'stores' || route.page === 'store' || route.page === 'storeBuilder'}
        />
        <Entry
          href={hrefs.activity}
          icon={<History className="size-4" />}
          label={t('activity.title')}
          end={null}
          current={route.page === 'activity'}
        />
      </ul>
      <ProjectList current={route.page === 'project' ? route.project : null} />
      <ConversationList current={route.page === 'chat' ? route.conversation : null} />
      <div className="mx-2.5 flex shrink-0 flex-col gap-1 border-t border-line px-2 py-2.5">
        <LearningSwitch id={inDrawer ? 'learning-drawer' : 'learning'} />
        <ProfileSwitcher />
        <div className="flex items-center gap-1">
          <EngineLine />
          <a
            href={hrefs.data}
            aria-label={t('data.title')}
            title={t('data.title')}
            aria-current={route.page === 'data' ? 'page' : undefined}
            className="-me-1.5 grid size-7 place-items-center rounded-control text-dim hover:bg-hover hover:text-text"
          >
            <HardDrive className="size-4" />
          </a>
          <a
            href={hrefs.settings}
            aria-label={t('settings.title')}
            title={t('settings.title')}
            aria-current={route.page === 'settings' ? 'page' : undefined}
            className="-me-1.5 grid size-7 place-items-center rounded-control text-dim hover:bg-hover hover:text-text"
          >
            <Settings className="size-4" />
          </a>
        </div>
      </div>
    </nav>
  )
}

function Hint({ keys }: { keys: string | null }) {
  return keys === null ? null : <Keys>{keys}</Keys>
}

interface EntryProps {
  href: string
  icon: ReactNode
  label: string
  end: ReactNode
  current: boolean
  onClick?: () => void
}

function Entry({ href, icon, label, end, current, onClick }: EntryProps) {
  return (
    <li>
      <a
        href={href}
        onClick={onClick}
        aria-current={current ? 'page' : undefined}
        className={clsx(
          'flex h-8.5 items-center gap-2.5 rounded-control border px-2',
          current ? 'border-line bg-raised font-medium' : 'border-transparent text-dim hover:bg-hover hover:text-text',
        )}
      >
        {icon}
        {label}
        <span className="ms-auto">{end}</span>
      </a>
    </li>
  )
}
