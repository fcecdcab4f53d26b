// Where the window is: the part of the address after `#`, which works alike under http and app://.
import { useSyncExternalStore } from 'react'
import type { ConversationId, MemoryId, MessageId, ProjectId } from '../../shared/ids.ts'
import { conversationId, memoryId, messageId, projectId } from '../../shared/ids.ts'

export type Route =
  /** Without a conversation: a new chat. `mark`: words to point out in the message, as UTF-16 offsets. */
  | { page: 'chat'; conversation: ConversationId | null; message: MessageId | null; mark: Mark | null }
  | { page: 'memory'; memory: MemoryId | null }
  /** Without an id: the address may be kept by the browser. */
  | { page: 'incognito' }
  | { page: 'project'; project: ProjectId }
  | { page: 'models' }
  | { page: 'shortcuts' }
  /** `target`: the id of a setting or section to go to; `find`: what is looked for. */
  | { page: 'settings'; target: string | null; find: string }

export interface Mark {
  start: number
  end: number
}

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
      return { page: 'memory', memory: memory.success ? memory.data : null }
    }
    case 'project': {
      const project = projectId.safeParse(first)
      return project.success ? { page: 'project', project: project.data } : newChat
    }
    case 'incognito':
    case 'models':
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
  incognito: '#/incognito',
  models: '#/models',
  settings: '#/settings',
  shortcuts: '#/shortcuts',
  setting: (id: string) => `#/settings/${id}`,
  findSettings: (query: string) => `#/settings?${new URLSearchParams({ find: query })}`,
  memory: (id: MemoryId) => `#/memory/${id}`,
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
