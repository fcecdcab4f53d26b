// Chats of other assistants as lines of ours: a tree of messages under one root, of which some are never shown.

import { cleanText } from '../../learning/documents/clean.ts'
import { TEXT_MAX } from '../archive/format.ts'
import { idFrom } from './ids.ts'
import type { Place, SourceEvent, SourceFormat } from './source.ts'

export interface ForeignMessage {
  /** The source's own. */
  id: string
  parent: string | null
  /** Null: it is not shown, and what follows it follows the one before it. */
  shown: { role: 'user' | 'assistant'; text: string; thoughts?: string; model?: string } | null
  at: Date | null
}

export interface ForeignChat {
  format: SourceFormat
  /** The source's own. */
  id: string
  title: string
  createdAt: Date | null
  updatedAt: Date | null
  pinnedAt: Date | null
  archived: boolean
  projectId: string | null
  /** The message at the end of the branch that was shown. */
  current: string | null
  messages: ForeignMessage[]
  place: Place
}

/** Of what nobody dated. It is the same each time the file is read. */
const UNDATED = new Date(0)
const TITLE_MAX = 200

interface Node {
  id: string
  parent: Node | null
  depth: number
  at: Date
  order: number
  message: ForeignMessage
  children: Node[]
}

/** The conversation, its root and its messages, each after the one it follows. */
export function* chatLines(chat: ForeignChat): Iterable<SourceEvent> {
  const { format, place } = chat
  const { nodes, refused, byMessage } = treeOf(chat)
  yield* refused
  if (nodes.length === 0) {
    if (refused.length === 0) {
      yield { type: 'refused', kind: 'conversation', place, reason: 'It holds no message that was ever shown.' }
    }
    return
  }
  const times = nodes.map(({ at }) => at.getTime()).sort((one, other) => one - other)
  const first = new Date(times[0] ?? 0)
  const last = new Date(times.at(-1) ?? 0)
  const createdAt = chat.createdAt ?? first
  const updatedAt = chat.updatedAt ?? last
  const id = idFrom(format, 'chat', chat.id)
  const rootId = idFrom(format, 'root', chat.id)
  const title = clean(chat.title).replace(/\s+/gu, ' ').trim().slice(0, TITLE_MAX)
  yield {
    type: 'row',
    kind: 'conversation',
    place,
    row: {
      id,
      title: title || firstWords(nodes),
      title_source: title === '' ? 'auto' : 'model',
      head_id: headOf(chat, nodes, byMessage).id,
      mode: 'normal',
      tools: null,
      tool_rules: [],
      project_id: chat.projectId,
      pinned_at: chat.pinnedAt?.toISOString() ?? null,
      archived_at: chat.archived ? updatedAt.toISOString() : null,
      unread: false,
      created_at: createdAt.toISOString(),
      updated_at: updatedAt.toISOString(),
    },
  }
  const line = { conversation_id: id, status: 'complete', error: null, stats: null, calls: null } as const
  const marks = { learnable: true, imported: true }
  const root = { id: rootId, parent_id: null, depth: 0, role: 'root', text: '', thoughts: null, model: null } as const
  yield {
    type: 'row',
    kind: 'message',
    place,
    row: { ...line, ...marks, ...root, created_at: createdAt.toISOString() },
  }
  for (const node of nodes) {
    const shown = node.message.shown
    if (shown === null) continue
    yield {
      type: 'row',
      kind: 'message',
      place,
      row: {
        ...line,
        ...marks,
        id: node.id,
        parent_id: node.parent?.id ?? rootId,
        depth: node.depth,
        role: shown.role,
        text: shown.text,
        thoughts: shown.thoughts?.slice(0, TEXT_MAX) || null,
        model: shown.model?.slice(0, 200) || null,
        created_at: node.at.toISOString(),
      },
    }
  }
}

/** Id of a message's line. */
export function messageIdFrom(format: SourceFormat, chat: string, message: string): string {
  // Chats that were begun as a branch of another share their first messages with it.
  return idFrom(format, 'message', chat, message)
}

function treeOf(chat: ForeignChat) {
  const refused: SourceEvent[] = []
  const all = new Map<string, ForeignMessage>()
  for (const message of chat.messages) {
    if (all.has(message.id)) continue
    const shown = message.shown
    if (shown !== null && shown.text.length > TEXT_MAX) {
      const reason = `A message of it is longer than ${TEXT_MAX} characters. It is left out; the rest of the chat stays.`
      refused.push({ type: 'refused', kind: 'message', place: chat.place, reason })
      all.set(message.id, { ...message, shown: null })
    } else {
      const cleaned = shown && { ...shown, text: clean(shown.text), thoughts: clean(shown.thoughts ?? '') }
      all.set(message.id, { ...message, shown: cleaned })
    }
  }
  const parents = withoutCircles(all)
  const byMessage = new Map<string, Node | null>()
  const nodes: Node[] = []
  let order = 0
  for (const id of parentsFirst(all, parents)) {
    const message = all.get(id)
    const parentId = parents.get(id) ?? null
    const parent = parentId === null ? null : (byMessage.get(parentId) ?? null)
    if (!message?.shown) {
      byMessage.set(id, parent)
      continue
    }
    const at = message.at ?? (parent ? new Date(parent.at.getTime() + 1) : (chat.createdAt ?? UNDATED))
    const depth = (parent?.depth ?? 0) + 1
    const node = {
      id: messageIdFrom(chat.format, chat.id, id),
      parent,
      depth,
      at,
      order: order++,
      message,
      children: [],
    }
    parent?.children.push(node)
    byMessage.set(id, node)
    nodes.push(node)
  }
  return { nodes, refused, byMessage }
}

/** The parent of each; none where it is missing, or would lead round. */
function withoutCircles(all: ReadonlyMap<string, ForeignMessage>): Map<string, string | null> {
  const parents = new Map<string, string | null>()
  for (const start of all.keys()) {
    const way = new Set<string>()
    let id: string | null = start
    while (id !== null && !parents.has(id)) {
      way.add(id)
      const parent: string | null = all.get(id)?.parent ?? null
      const known: string | null = parent !== null && all.has(parent) ? parent : null
      const next: string | null = known !== null && way.has(known) ? null : known
      parents.set(id, next)
      id = next
    }
  }
  return parents
}

function* parentsFirst(all: ReadonlyMap<string, ForeignMessage>, parents: ReadonlyMap<string, string | null>) {
  const given = new Set<string>()
  for (const start of all.keys()) {
    const way: string[] = []
    for (let id: string | null = start; id !== null && !given.has(id); id = parents.get(id) ?? null) way.push(id)
    for (const id of way.reverse()) {
      given.add(id)
      yield id
    }
  }
}

/** The end of the branch that was shown; where that is not said, of the one written last. */
function headOf(chat: ForeignChat, nodes: readonly Node[], byMessage: ReadonlyMap<string, Node | null>): Node {
  const current = chat.current === null ? null : (byMessage.get(chat.current) ?? null)
  if (current === null) return nodes.reduce((last, node) => (later(node, last) ? node : last))
  let node = current
  while (node.children.length > 0) node = node.children.reduce((last, child) => (later(child, last) ? child : last))
  return node
}

function later(one: Node, other: Node): boolean {
  return one.at > other.at || (one.at.getTime() === other.at.getTime() && one.order > other.order)
}

function firstWords(nodes: readonly Node[]): string {
  const text = nodes.find(({ message }) => message.shown?.role === 'user')?.message.shown?.text ?? ''
  const line = text.trim().split('\n', 1)[0] ?? ''
  return line.replace(/\s+/gu, ' ').slice(0, 60)
}

function clean(text: string): string {
  return cleanText(text).text
}
