// The frame of the window: sidebar or drawer, the page, banners, notices, the live region, and the keys that work anywhere.
import { useQueryClient } from '@tanstack/react-query'
import { Suspense, useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { RestoreNotice } from '../features/backups/restore-notice.tsx'
import { ChatPage } from '../features/chat/chat-page.tsx'
import { IncognitoPage } from '../features/chat/incognito-page.tsx'
import { ExportDelivery } from '../features/exports/export-delivery.tsx'
import { FirstRun } from '../features/first-run/first-run.tsx'
import { useNewcomer } from '../features/first-run/use-newcomer.ts'
import { ForgetDialog } from '../features/memory/forget-dialog.tsx'
import { Boundary } from '../ui/boundary.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Empty } from '../ui/empty.tsx'
import { Late, Skeleton } from '../ui/late.tsx'
import { ConnectionBanner } from './connection.tsx'
import { followApp, useAppState, useClient } from './core.ts'
import { useIncognitoKeeper } from './incognito.ts'
import { LiveRegion, Notices } from './notices.tsx'
import { useFirstKeys, usePaletteOnTheWayBack } from './open-palette.ts'
import {
  ActivityPage,
  DataPage,
  InboxPage,
  loadPagesWhenIdle,
  MemoryPage,
  ModelsPage,
  Palette,
  PeoplePage,
  ProjectPage,
  RepairPage,
  SettingsPage,
  ShortcutsPage,
  StoreBuilderPage,
  StorePage,
  StoresPage,
} from './pages.ts'
import { onNavigation, parseRoute, type Route, useHash } from './router.ts'
import { Sidebar } from './sidebar.tsx'
import { useAppearance } from './use-appearance.ts'
import { useCommandKeys } from './use-command.ts'
import { useProfileState } from './use-profile-state.ts'
import { useWindowCommands } from './use-window-commands.ts'
import { useWindow } from './window-state.ts'

export function Frame() {
  useCoreEvents()
  useProfileState()
  useAppearance()
  const damaged = useAppState()?.database.state === 'repair'
  // A profile that is not open has nothing else to show.
  return damaged ? <RepairFrame /> : <WholeFrame />
}

function RepairFrame() {
  return (
    <div className="flex h-dvh flex-col">
      <ConnectionBanner />
      <main id="main" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
        <Suspense fallback={<PageComes />}>
          <RepairPage />
        </Suspense>
      </main>
      <Notices />
      <LiveRegion />
    </div>
  )
}

function WholeFrame() {
  const { t } = useTranslation()
  const hash = useHash()
  const route = useMemo(() => parseRoute(hash), [hash])
  const sidebarOpen = useWindow((state) => state.sidebarOpen)
  const drawerOpen = useWindow((state) => state.drawerOpen)
  const paletteOpen = useWindow((state) => state.palette !== null)
  const set = useWindow((state) => state.set)
  useCommandKeys()
  useWindowCommands(route)
  usePaletteOnTheWayBack()
  useFirstKeys()
  useIncognitoKeeper()
  useEffect(loadPagesWhenIdle, [])
  // Going somewhere closes the drawer one went there from.
  useEffect(() => onNavigation(() => set({ drawerOpen: false })), [set])

  return (
    <div className="flex h-dvh flex-col">
      {/* A button: the address after # belongs to the router. */}
      <button
        type="button"
        className="sr-only-focusable start-2 z-50 rounded-control bg-strong px-3 py-2 text-on-strong"
        onClick={() => document.getElementById('main')?.focus()}
      >
        {t('frame.skip')}
      </button>
      <ConnectionBanner />
      <RestoreNotice />
      <div className="flex min-h-0 flex-1">
        {sidebarOpen && (
          <div className="hidden w-54 shrink-0 border-e border-line bg-panel wide:block">
            <Sidebar route={route} />
          </div>
        )}
        <main id="main" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
          <Boundary resetKey={hash} fallback={(retry) => <PageFailed onRetry={retry} />}>
            <Suspense fallback={<PageComes />}>
              <Page route={route} />
            </Suspense>
          </Boundary>
        </main>
      </div>
      {drawerOpen && (
        <Dialog title={t('frame.menu')} shape="drawer" onClose={() => set({ drawerOpen: false })}>
          <Sidebar route={route} inDrawer />
        </Dialog>
      )}
      {paletteOpen && (
        <Suspense fallback={null}>
          <Palette />
        </Suspense>
      )}
      <ForgetDialog />
      <Notices />
      <LiveRegion />
      <ExportDelivery />
    </div>
  )
}

function Page({ route }: { route: Route }) {
  const newChatId = useWindow((state) => state.newChatId)
  const newcomer = useNewcomer()
  switch (route.page) {
    case 'chat':
      if (route.conversation === null && newcomer !== false) return newcomer ? <FirstRun /> : <Starting />
      return (
        <ChatPage
          // A new chat keeps its page when it gets its address: same id, same key.
          key={route.conversation ?? newChatId}
          id={route.conversation ?? newChatId}
          isNew={route.conversation === null}
          target={route.message ? { message: route.message, mark: route.mark } : null}
        />
      )
    case 'incognito':
      return <IncognitoPage />
    case 'memory':
      return <MemoryPage selected={route.memory} view={route.view} search={route.search} />
    case 'activity':
      return <ActivityPage />
    case 'inbox':
      return <InboxPage />
    case 'people':
      return <PeoplePage selected={route.entity} graph={route.graph} />
    case 'stores':
      return <StoresPage />
    case 'store':
      return <StorePage key={route.store} id={route.store} />
    case 'storeBuilder':
      return <StoreBuilderPage key={route.store ?? route.example ?? 'new'} id={route.store} example={route.example} />
    case 'project':
      return <ProjectPage id={route.project} />
    case 'models':
      return <ModelsPage />
    case 'data':
      return <DataPage />
    case 'shortcuts':
      return <ShortcutsPage />
    case 'settings':
      return <SettingsPage target={route.target} find={route.find} />
  }
}

/** Nobody knows yet who is there: the core is being started. */
function Starting() {
  const { t } = useTranslation()
  return (
    <Late>
      <p role="status" className="m-auto p-5 text-dim">
        {t('frame.starting')}
      </p>
    </Late>
  )
}

/** While the code of a page is loaded; a screen reader has a heading to stand on. */
function PageComes() {
  const { t } = useTranslation()
  return (
    <>
      <h1 className="sr-only">{t('frame.opening')}</h1>
      <Skeleton lines={4} />
    </>
  )
}

function PageFailed({ onRetry }: { onRetry(): void }) {
  const { t } = useTranslation()
  return (
    <div role="alert">
      <Empty title={t('frame.failedTitle')} text={t('frame.failedText')}>
        <Button onClick={onRetry}>{t('action.tryAgain')}</Button>
      </Empty>
    </div>
  )
}

/** Follows the core for as long as the window lives. */
function useCoreEvents(): void {
  const client = useClient()
  const cache = useQueryClient()
  useEffect(() => followApp(client, cache), [client, cache])
}
