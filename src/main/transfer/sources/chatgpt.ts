// The export of ChatGPT: `conversations.json`, or since 2026 `conversations-000.json` and so on, each a list of chats whose
// messages are a tree (`mapping`).
import { chatLines, type ForeignMessage } from './chat-lines.ts'
import { withoutCitations } from './citations.ts'
import { field, listField, objectField, textField, timeOf } from './fields.ts'
import { idFrom } from './ids.ts'
import type { Input } from './input.ts'
import { isPlainObject, readItems } from './json-stream.ts'
import type { Place, Source, SourceEvent } from './source.ts'

/** Files of an export that hold chats. */
export const CHATGPT_FILE = /(^|\/)conversations(-\d+)?\.json$/u

/** @throws AppError INVALID_INPUT when a limit is passed */
export async function* readChatGpt(input: Input): Source {
  yield* input.refused
  const seen = new Set<string>()
  const projects = new Set<string>()
  const files = input.files.filter(({ path }) => input.files.length === 1 || CHATGPT_FILE.test(path))
  for (const file of files.sort((one, other) => (one.path < other.path ? -1 : 1))) {
    for await (const item of readItems(file.read(), ['conversations', 'items'])) {
      const place = { file: file.path, line: item.n }
      if ('reason' in item) yield { type: 'refused', kind: 'conversation', place, reason: item.reason }
      else yield* chat(item.value, place, seen, projects)
    }
  }
}

function* chat(value: unknown, where: Place, seen: Set<string>, projects: Set<string>): Iterable<SourceEvent> {
  const title = textField(value, 'title')
  const place = title === '' ? where : { ...where, name: title.slice(0, 100) }
  const refused = (reason: string): SourceEvent => ({ type: 'refused', kind: 'conversation', place, reason })
  const mapping = field(value, 'mapping')
  if (!isPlainObject(mapping)) return yield refused('It is no chat of ChatGPT: it has no messages.')
  const nodes = Object.entries(mapping)
  const id = textField(value, 'conversation_id') || textField(value, 'id') || nodes[0]?.[0]
  if (id === undefined) return yield refused('It holds no messages.')
  if (seen.has(id)) return yield refused('The same chat stands in this export before.')
  seen.add(id)
  const projectId = projectOf(value)
  const createdAt = timeOf(field(value, 'create_time'))
  const updatedAt = timeOf(field(value, 'update_time'))
  if (projectId !== null && !projects.has(projectId)) {
    projects.add(projectId)
    yield project(projectId, place, createdAt ?? updatedAt ?? new Date(0))
  }
  const starred = field(value, 'is_starred') === true
  const lines = chatLines({
    format: 'chatgpt',
    id,
    title,
    createdAt,
    updatedAt,
    pinnedAt: timeOf(field(value, 'pinned_time')) ?? (starred ? (updatedAt ?? createdAt) : null),
    archived: field(value, 'is_archived') === true,
    projectId: projectId === null ? null : idFrom('chatgpt', 'project', projectId),
    current: textField(value, 'current_node') || null,
    messages: messagesOf(nodes, textField(value, 'default_model_slug')),
    place,
  })
  yield* lines
}

/** Newer exports leave out the links to children, older ones those to parents. */
function messagesOf(nodes: readonly [string, unknown][], model: string): ForeignMessage[] {
  const parents = new Map<string, string>()
  for (const [id, node] of nodes) {
    for (const child of listField(node, 'children')) {
      if (typeof child === 'string' && !parents.has(child)) parents.set(child, id)
    }
  }
  const thoughts = new Map<string, string>()
  const messages = nodes.map(([id, node]): ForeignMessage => {
    const message = field(node, 'message')
    const thought = thoughtsOf(message)
    if (thought !== '') thoughts.set(id, thought)
    return {
      id,
      parent: textField(node, 'parent') || (parents.get(id) ?? null),
      shown: shownOf(message, model),
      at: timeOf(field(message, 'create_time')),
    }
  })
  if (thoughts.size > 0) giveThoughts(messages, thoughts)
  return messages
}

/** What the model thought stands in messages of their own before the answer. */
function giveThoughts(messages: readonly ForeignMessage[], thoughts: ReadonlyMap<string, string>): void {
  const byId = new Map(messages.map((message) => [message.id, message]))
  for (const { shown, parent } of messages) {
    if (shown?.role !== 'assistant') continue
    const before: string[] = []
    const way = new Set<string>()
    for (let id = parent; id !== null && !way.has(id); ) {
      way.add(id)
      const message = byId.get(id)
      if (!message || message.shown !== null) break
      const thought = thoughts.get(id)
      if (thought !== undefined) before.unshift(thought)
      id = message.parent
    }
    if (before.length > 0) shown.thoughts = before.join('\n\n')
  }
}

/** Contents that the window of ChatGPT never shows as a message. */
const NEVER_SHOWN = new Set([
  'user_editable_context',
  'model_editable_context',
  'thoughts',
  'reasoning_recap',
  'tether_browsing_display',
  'system_error',
])

function shownOf(message: unknown, model: string): ForeignMessage['shown'] {
  if (!isPlainObject(message)) return null
  const metadata = objectField(message, 'metadata')
  const role = textField(objectField(message, 'author'), 'role') || textField(message, 'role')
  const content = field(message, 'content')
  if (field(metadata, 'is_visually_hidden_from_conversation') === true || field(message, 'weight') === 0) return null
  const type = textField(content, 'content_type')
  if (NEVER_SHOWN.has(type)) return null
  const slug = textField(metadata, 'model_slug') || model
  if (role === 'tool') {
    // Pictures are drawn by a tool, and stand in the chat as an answer.
    const pictures = listField(content, 'parts').filter((part) => partText(part) === PICTURE)
    return pictures.length === 0
      ? null
      : { role: 'assistant', text: pictures.map(() => PICTURE).join('\n'), model: slug }
  }
  if (role !== 'user' && role !== 'assistant') return null
  const recipient = textField(message, 'recipient')
  if (role === 'assistant' && recipient !== '' && recipient !== 'all') return null
  const text = [withoutCitations(contentText(content, type)).trim(), ...attachments(metadata)]
    .filter(Boolean)
    .join('\n\n')
  if (text === '') return null
  return role === 'assistant' ? { role, text, model: slug } : { role, text }
}

const PICTURE = '[Image]'

function contentText(content: unknown, type: string): string {
  if (typeof content === 'string') return content
  if (type === 'code') {
    const language = textField(content, 'language')
    return `\`\`\`${language === 'unknown' ? '' : language}\n${textField(content, 'text')}\n\`\`\``
  }
  if (type === 'tether_quote') {
    const quote = textField(content, 'text')
    const from = textField(content, 'title') || textField(content, 'domain') || textField(content, 'url')
    return [from, quote.replace(/^/gmu, '> ')].filter(Boolean).join('\n')
  }
  const parts = field(content, 'parts')
  if (!Array.isArray(parts)) return textField(content, 'text') || textField(content, 'result')
  return parts.map(partText).filter(Boolean).join('\n')
}

function partText(part: unknown): string {
  if (typeof part === 'string') return part
  const type = textField(part, 'content_type')
  if (type === 'image_asset_pointer') return PICTURE
  if (type.includes('audio') && type.includes('pointer')) return ''
  return textField(part, 'text')
}

function attachments(metadata: unknown): string[] {
  return listField(metadata, 'attachments').flatMap((file) => {
    const name = textField(file, 'name')
    return name === '' || textField(file, 'mime_type').startsWith('image/') ? [] : [`[File: ${name.slice(0, 200)}]`]
  })
}

function thoughtsOf(message: unknown): string {
  const content = field(message, 'content')
  if (textField(content, 'content_type') !== 'thoughts') return ''
  return listField(content, 'thoughts')
    .map((thought) => [textField(thought, 'summary'), textField(thought, 'content')].filter(Boolean).join('\n'))
    .filter(Boolean)
    .join('\n\n')
}

/** Ids of projects begin so; those of custom assistants do not. */
const PROJECT = /^g-p-[0-9a-f]{8,}/u

function projectOf(value: unknown): string | null {
  const ids = [textField(value, 'gizmo_id'), textField(value, 'conversation_template_id')]
  return ids.find((id) => PROJECT.test(id)) ?? null
}

/** The export says no name of a project; sometimes its id ends with it. */
function project(id: string, place: Place, at: Date): SourceEvent {
  const words = id
    .replace(/^g-p-[0-9a-f]+-?/u, '')
    .replaceAll('-', ' ')
    .trim()
  const name = words || `ChatGPT project ${id.slice(-4)}`
  const time = at.toISOString()
  const row = { id: idFrom('chatgpt', 'project', id), name: name.slice(0, 200), instructions: '' }
  return { type: 'row', kind: 'project', place, row: { ...row, created_at: time, updated_at: time } }
}
