// The pages beside the chat and the palette, each loaded when it is first opened, or before that when the window has nothing to do.
import { type ComponentType, lazy } from 'react'

const loads: (() => Promise<unknown>)[] = []

/** A part of the window whose code comes later, and which is drawn at once where it came already. */
function later<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  let there: { default: ComponentType<Props> } | null = null
  const keep = async () => {
    there = { default: await load() }
    return there
  }
  loads.push(keep)
  return lazy(() => (there ? atOnce(there) : keep()))
}

/**
 * What can be awaited and answers at once. Of a promise `lazy` hears a moment later, and shows until then what stands in for
 * the part, which React keeps for 300 ms.
 */
function atOnce<T>(value: T): Promise<T> {
  // biome-ignore lint/suspicious/noThenProperty: this is what it is for
  return { then: (tell: (value: T) => void) => tell(value) } as Promise<T>
}

export const MemoryPage = later(async () => (await import('../features/memory/memory-page.tsx')).MemoryPage)
export const ActivityPage = later(async () => (await import('../features/activity/activity-page.tsx')).ActivityPage)
export const InboxPage = later(async () => (await import('../features/inbox/inbox-page.tsx')).InboxPage)
export const PeoplePage = later(async () => (await import('../features/people/people-page.tsx')).PeoplePage)
export const ProjectPage = later(async () => (await import('../features/projects/project-page.tsx')).ProjectPage)
export const StoresPage = later(async () => (await import('../features/stores/stores-page.tsx')).StoresPage)
export const StorePage = later(async () => (await import('../features/stores/store-page.tsx')).StorePage)
export const StoreBuilderPage = later(
  async () => (await import('../features/stores/builder/builder-page.tsx')).StoreBuilderPage,
)
export const ModelsPage = later(async () => (await import('../features/models/models-page.tsx')).ModelsPage)
export const DataPage = later(async () => (await import('../features/data/data-page.tsx')).DataPage)
export const RepairPage = later(async () => (await import('../features/backups/repair-page.tsx')).RepairPage)
export const SettingsPage = later(async () => (await import('../features/settings/settings-page.tsx')).SettingsPage)
export const ShortcutsPage = later(async () => (await import('../features/shortcuts/shortcuts-page.tsx')).ShortcutsPage)
export const Palette = later(async () => (await import('../features/palette/palette.tsx')).Palette)

/**
 * Loads all of them after the first paint, so that they open at once, and also while the core cannot be reached.
 * @returns stops what has not begun
 */
export function loadPagesWhenIdle(): () => void {
  const idle = requestIdleCallback(() => {
    // One that could not be loaded is asked for again when it is opened.
    for (const load of loads) load().catch(() => {})
  })
  return () => cancelIdleCallback(idle)
}
