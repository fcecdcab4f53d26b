// The pages beside the chat and the palette, each loaded when it is first opened, or before that when the window has nothing to do.
import { lazy } from 'react'

const load = {
  memory: () => import('../features/memory/memory-page.tsx'),
  activity: () => import('../features/activity/activity-page.tsx'),
  inbox: () => import('../features/inbox/inbox-page.tsx'),
  people: () => import('../features/people/people-page.tsx'),
  project: () => import('../features/projects/project-page.tsx'),
  stores: () => import('../features/stores/stores-page.tsx'),
  store: () => import('../features/stores/store-page.tsx'),
  storeBuilder: () => import('../features/stores/builder/builder-page.tsx'),
  models: () => import('../features/models/models-page.tsx'),
  settings: () => import('../features/settings/settings-page.tsx'),
  shortcuts: () => import('../features/shortcuts/shortcuts-page.tsx'),
  palette: () => import('../features/palette/palette.tsx'),
}

export const MemoryPage = lazy(async () => ({ default: (await load.memory()).MemoryPage }))
export const ActivityPage = lazy(async () => ({ default: (await load.activity()).ActivityPage }))
export const InboxPage = lazy(async () => ({ default: (await load.inbox()).InboxPage }))
export const PeoplePage = lazy(async () => ({ default: (await load.people()).PeoplePage }))
export const ProjectPage = lazy(async () => ({ default: (await load.project()).ProjectPage }))
export const StoresPage = lazy(async () => ({ default: (await load.stores()).StoresPage }))
export const StorePage = lazy(async () => ({ default: (await load.store()).StorePage }))
export const StoreBuilderPage = lazy(async () => ({ default: (await load.storeBuilder()).StoreBuilderPage }))
export const ModelsPage = lazy(async () => ({ default: (await load.models()).ModelsPage }))
export const SettingsPage = lazy(async () => ({ default: (await load.settings()).SettingsPage }))
export const ShortcutsPage = lazy(async () => ({ default: (await load.shortcuts()).ShortcutsPage }))
export const Palette = lazy(async () => ({ default: (await load.palette()).Palette }))

/**
 * Loads all of them after the first paint, so that they open at once, and also while the core cannot be reached.
 * @returns stops what has not begun
 */
export function loadPagesWhenIdle(): () => void {
  const idle = requestIdleCallback(() => {
    // One that could not be loaded is asked for again when it is opened.
    for (const page of Object.values(load)) page().catch(() => {})
  })
  return () => cancelIdleCallback(idle)
}
