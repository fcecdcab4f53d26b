// The window's way to the core: the typed client, the whole state of the app, and the stream that keeps it true.
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { createContext, use } from 'react'
import type { AppEvent, AppState } from '../../shared/contract/app.ts'
import type { Client } from '../../shared/contract/index.ts'
import type { DownloadState } from '../../shared/models.ts'
import type { Settings, SettingsPatch } from '../../shared/settings.ts'
import { follow } from './transport.ts'

export const ClientContext = createContext<Client | null>(null)

export function useClient(): Client {
  const client = use(ClientContext)
  if (!client) throw new Error('The core client has no provider.')
  return client
}

/** Names under which the window keeps what it read from the core. */
export const keys = {
  app: ['app'] as const,
  /** Changes of settings the core has not answered yet. */
  settingsUnderWay: ['settings-under-way'] as const,
  conversations: ['conversations'] as const,
  chat: (id: string) => ['chat', id] as const,
  attachments: (id: string) => ['attachments', id] as const,
  memories: ['memories'] as const,
  proposals: ['proposals'] as const,
  stores: ['stores'] as const,
  models: ['models'] as const,
  projects: ['projects'] as const,
  network: ['network'] as const,
  storage: ['storage'] as const,
  log: ['log'] as const,
  profiles: ['profiles'] as const,
  backups: ['backups'] as const,
  exports: ['exports'] as const,
  imports: ['imports'] as const,
}

/** State of the app; undefined until the core answered for the first time. */
export function useAppState(): AppState | undefined {
  const client = useClient()
  return useQuery({
    queryKey: keys.app,
    queryFn: ({ signal }) => client.app.state({}, { signal }),
    staleTime: Infinity,
  }).data
}

/** The state after an event that carries part of it; the same object when the event says nothing about it. */
export function reduceApp(state: AppState, event: AppEvent): AppState {
  switch (event.type) {
    case 'state':
      return event.state
    case 'engine':
      return { ...state, engine: event.engine }
    case 'database':
      return { ...state, database: event.database }
    case 'learning':
      return { ...state, learning: event.learning }
    case 'settings':
      return { ...state, settings: event.settings }
    case 'download':
      return { ...state, downloads: withDownload(state.downloads, event.download) }
    case 'embedder':
      return { ...state, embedderChange: event.change }
    default:
      return state
  }
}

function withDownload(all: DownloadState[], changed: DownloadState): DownloadState[] {
  return [...all.filter((download) => download.modelId !== changed.modelId), changed]
}

/** What the person has just set stands over what the core tells: that may have been before. */
export function withSettingsUnderWay(cache: QueryClient, settings: Settings): Settings {
  return Object.assign({ ...settings }, ...(cache.getQueryData<SettingsPatch[]>(keys.settingsUnderWay) ?? []))
}

/** Carries an event of the core into what the window shows. */
export function applyAppEvent(cache: QueryClient, event: AppEvent): void {
  if (event.type === 'state') {
    // The stream starts anew after a lost connection: whatever is shown may be old.
    cache.setQueryData(keys.app, { ...event.state, settings: withSettingsUnderWay(cache, event.state.settings) })
    void cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'app' && queryKey[0] !== 'chat' })
    return
  }
  const told = event.type === 'settings' ? { ...event, settings: withSettingsUnderWay(cache, event.settings) } : event
  cache.setQueryData<AppState>(keys.app, (state) => state && reduceApp(state, told))
  switch (event.type) {
    case 'conversation':
    case 'conversations':
      void cache.invalidateQueries({ queryKey: keys.conversations })
      void cache.invalidateQueries({ queryKey: keys.projects })
      break
    case 'memories':
    case 'learned':
      void cache.invalidateQueries({ queryKey: keys.memories })
      void cache.invalidateQueries({ queryKey: keys.proposals })
      break
    case 'download':
      if (event.download.state !== 'running') void cache.invalidateQueries({ queryKey: keys.models })
      break
    case 'transfers':
      void cache.invalidateQueries({ queryKey: keys.exports })
      void cache.invalidateQueries({ queryKey: keys.imports })
      break
    case 'backups':
      void cache.invalidateQueries({ queryKey: keys.backups })
      break
    case 'engine':
    case 'settings':
      void cache.invalidateQueries({ queryKey: keys.models })
      break
    default:
  }
}

/**
 * Follows the core's events and keeps the window's data true to them.
 * @returns stops following
 */
export function followApp(client: Client, cache: QueryClient): () => void {
  return follow(
    (signal) => client.app.events({}, { signal }),
    (event) => applyAppEvent(cache, event),
  )
}
