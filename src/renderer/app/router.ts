// Where the window is: the part of the address after `#`, which works alike under http and app://.
import { useSyncExternalStore } from 'react'
import type { ConversationId, EntityId, MemoryId, MessageId, ProjectId } from '../../shared/ids.ts'
import { conversationId, entityId, memoryId, messageId, projectId } from '../../shared/ids.ts'
import { type StoreId, storeId } from '../../shared/memory.ts'

export type Route =
  /** Without a conversation: a new chat. `mark`: words to point out in the message, as UTF-16 offsets. */
  | { page: 'chat'; conversation: ConversationId | null; message: MessageId | null; mark: Mark | null }
  /** `graph`: what is around the entity is drawn. */
  | { page: 'people'; entity: EntityId | null; graph: boolean }
  | { page: 'stores' }
  | { page: 'store'; store: StoreId }
  /** Making a store, or changing one. */
  | { page: 'storeBuilder'; store: StoreId | null; example: string | null }
  /** `search`: what the list is narrowed to, as the page writes it; empty when the address says nothing about it. */
  | { page: 'memory'; memory: MemoryId | null; view: MemoryPlace; search: string }
  /** Without an id: the address may be kept by the browser. */
  | { page: 'incognito' }
  | { page: 'project'; project: ProjectId }
  | { page: 'inbox' }
  | { page: 'activity' }
  | { page: 'models' }
  | { page: 'data' }
  | { page: 'shortcuts' }
  /** `target`: the id of a setting or section to go to; `find`: what is looked for. */
  | { page: 'settings'; target: string | null; find: string }

export interface Mark {
  start: number
  end: number
}

/** The list, the person's profile as a page, and what was known at an earlier time. */
const MEMORY_PLACES = ['list', 'profile', 'earlier'] as const
export type MemoryPlace = (typeof MEMORY_PLACES)[number]

const newChat: Route = { page: 'chat', conversation: null, message: null, mark: null }

/** Reads an address; what it does not know is a new chat. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2)
  const [page, first, second] = path.split('/').filter(Boolean)
  switch (page) {
    case 'chat': {
      const conversation = conversationId.safeParse(first)
      if (!conversation.success) return newChat
      const message = messageId.safeParse(second)
      return {
        page: 'chat',
        conversation: conversation.data,
        message: message.success ? message.data : null,
        mark: parseMark(new URLSearchParams(query).get('mark')),
      }
    }
    case 'memory': {
      const memory = memoryId.safeParse(first)
      const view = MEMORY_PLACES.find((place) => place === first) ?? 'list'
      return { page: 'memory', memory: memory.success ? memory.data : null, view, search: query }
    }
    case 'people': {
      const entity = entityId.safeParse(first)
      return {
        page: 'people',
        entity: entity.success ? entity.data : null,
        graph: entity.success && second === 'graph',
      }
    }
    case 'stores': {
      const example = new URLSearchParams(query).get('like')
      if (first === 'new') return { page: 'storeBuilder', store: null, example }
      const store = storeId.safeParse(first)
      if (!store.success) return { page: 'stores' }
      if (second === 'edit') return { page: 'storeBuilder', store: store.data, example: null }
      return { page: 'store', store: store.data }
    }
    case 'project': {
      const project = projectId.safeParse(first)
      return project.success ? { page: 'project', project: project.data } : newChat
    }
    case 'inbox':
    case 'activity':
    case 'incognito':
    case 'models':
    case 'data':
    case 'shortcuts':
      return { page }
    case 'settings':
      return { page, target: first ?? null, find: new URLSearchParams(query).get('find') ?? '' }
    default:
      return newChat
  }
}

function parseMark(text: string | null): Mark | null {
  const match = /^(?<start>\d{1,7})-(?<end>\d{1,7})$/.exec(text ?? '')
  return match?.groups ? { start: Number(match.groups['start']), end: Number(match.groups['end']) } : null
}

export const hrefs = {
  newChat: '#/',
  memories: '#/memory',
  people: '#/people',
  incognito: '#/incognito',
  inbox: '#/inbox',
  activity: '#/activity',
  models: '#/models',
  data: '#/data',
  dataPart: (part: 'export' | 'import' | 'backups') => `#/data/${part}`,
  settings: '#/settings',
  shortcuts: '#/shortcuts',
  setting: (id: string) => `#/settings/${id}`,
  findSettings: (query: string) => `#/settings?${new URLSearchParams({ find: query })}`,
  stores: '#/stores',
  newStore: '#/stores/new',
  newStoreLike: (example: string) => `#/stores/new?${new URLSearchParams({ like: example })}`,
  store: (id: StoreId) => `#/stores/${id}`,
  editStore: (id: StoreId) => `#/stores/${id}/edit`,
  entity: (id: EntityId) => `#/people/${id}`,
  entityGraph: (id: EntityId) => `#/people/${id}/graph`,
  profile: '#/memory/profile',
  earlier: '#/memory/earlier',
  /** @param search what the list beside it is narrowed to */
  memory: (id: MemoryId, search = '') => `#/memory/${id}${search === '' ? '' : `?${search}`}`,
  /** @param search as `searchOf` of the memory page writes it */
  memoriesWith: (search: string) => `#/memory${search === '' ? '' : `?${search}`}`,
  project: (id: ProjectId) => `#/project/${id}`,
  chat: (id: ConversationId) => `#/chat/${id}`,
  message(conversation: ConversationId, message: MessageId, mark: Mark | null) {
    return `#/chat/${conversation}/${message}${mark ? `?mark=${mark.start}-${mark.end}` : ''}`
  },
}

export function navigate(href: string): void {
  window.location.hash = href
}

/** Changes the address without a step to go back to. */
export function replaceRoute(href: string): void {
  history.replaceState(null, '', href)
  window.dispatchEvent(new HashChangeEvent('hashchange'))
}

/** Calls `changed` whenever the address changes; returns what stops it. */
export function onNavigation(changed: () => void): () => void {
  window.addEventListener('hashchange', changed)
  return () => window.removeEventListener('hashchange', changed)
}

/** The address after `#`; parse it with `parseRoute`. */
export function useHash(): string {
  return useSyncExternalStore(onNavigation, () => window.location.hash)
}
