// Where the words stand: sentences of messages, documents and longer items, titles and names.
import { createHash } from 'node:crypto'
import { and, asc, eq, gt, inArray, isNotNull, ne, or, sql } from 'drizzle-orm'
import type { ForgetSentence } from '../../../shared/contract/memory.ts'
import { isBlanked } from '../../../shared/forgotten.ts'
import type { ConversationId, DocumentId, MemoryId, MessageId } from '../../../shared/ids.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { ReadHandle } from '../../database/database.ts'
import { conversation, document, message, usage } from '../../database/schema.ts'
import { splitSentences } from '../extraction/sentences.ts'
import type { EvidenceRow } from '../rows.ts'
import { type Going, holdsPart, mayBeSaidIn, readAll } from './items.ts'

/** A stretch of one text, with the item it says. */
export interface Span extends ForgetSentence {
  targetId: string
  start: number
  end: number
}

/** Which items a text is tied to, so that fewer words tell that it says them. */
interface Ties {
  messages: Map<MessageId, Set<MemoryId>>
  conversations: Map<ConversationId, Set<MemoryId>>
  documents: Map<DocumentId, Set<MemoryId>>
}

const PAGE = 2000

/** @param without a conversation that goes as a whole */
export async function findPlaces(
  db: ReadHandle,
  owner: string,
  going: Going,
  without: ConversationId | null,
): Promise<Span[]> {
  if (going.items.size === 0) return []
  const ties = await readTies(db, owner, going)
  return [
    ...(await inMessages(db, owner, going, ties, without)),
    ...(await inTitles(db, owner, going, ties, without)),
    ...(await inDocuments(db, owner, going, ties)),
    ...inItems(going, ties),
  ]
}

async function readTies(db: ReadHandle, owner: string, { items, evidence }: Going): Promise<Ties> {
  const ties: Ties = { messages: new Map(), conversations: new Map(), documents: new Map() }
  const tie = <Key>(map: Map<Key, Set<MemoryId>>, key: Key, id: MemoryId) =>
    map.set(key, (map.get(key) ?? new Set<MemoryId>()).add(items.get(id)?.as ?? id))
  for (const { memoryId, messageId, conversationId, documentId } of evidence) {
    if (messageId) tie(ties.messages, messageId, memoryId)
    if (conversationId) tie(ties.conversations, conversationId, memoryId)
    if (documentId) tie(ties.documents, documentId, memoryId)
  }
  for (const { row } of items.values()) if (row.conversationId) tie(ties.conversations, row.conversationId, row.id)
  const used = await db
    .select({ messageId: usage.messageId, memoryId: usage.memoryId, question: message.parentId })
    .from(usage)
    .innerJoin(message, eq(message.id, usage.messageId))
    .where(and(eq(usage.owner, owner), isNotNull(usage.memoryId), isAnyOf(usage.memoryId, [...items.keys()])))
  for (const { messageId, memoryId, question } of used) {
    if (memoryId) tie(ties.messages, messageId, memoryId)
    if (memoryId && question) tie(ties.messages, question, memoryId)
  }
  return ties
}

async function inMessages(
  db: ReadHandle,
  owner: string,
  going: Going,
  ties: Ties,
  without: ConversationId | null,
): Promise<Span[]> {
  const parts = going.statements.searchParts()
  const quoted = [...new Set(going.evidence.flatMap(({ messageId }) => messageId ?? []))]
  const said = and(
    eq(message.owner, owner),
    ne(message.role, 'root'),
    without ? ne(message.conversationId, without) : undefined,
  )
  const named = parts
    ? holdsPart(message.text, parts)
    : isAnyOf(message.id, await mayBeSaidIn(db, message, said, going.statements))
  const rows = await readAll((after) =>
    db
      .select({
        id: message.id,
        role: message.role,
        text: message.text,
        at: message.createdAt,
        conversationId: message.conversationId,
        title: conversation.title,
      })
      .from(message)
      .innerJoin(conversation, eq(conversation.id, message.conversationId))
      .where(
        and(
          said,
          or(named, quoted.length > 0 ? isAnyOf(message.id, quoted) : undefined),
          after ? gt(message.id, after as MessageId) : undefined,
        ),
      )
      .orderBy(asc(message.id))
      .limit(PAGE),
  )
  return rows.flatMap((row) => {
    if (row.role === 'root') return []
    const tied = new Set([...(ties.messages.get(row.id) ?? []), ...(ties.conversations.get(row.conversationId) ?? [])])
    const quotes = going.evidence.filter(({ messageId }) => messageId === row.id)
    return spansOf(row.text, going, tied, quotes).map((span) => ({
      ...span,
      ref: refOf('message', row.id, span.text),
      place: 'message' as const,
      targetId: row.id,
      role: row.role === 'user' ? ('user' as const) : ('assistant' as const),
      conversationId: row.conversationId,
      conversationTitle: row.title,
      messageId: row.id,
      documentId: null,
      at: row.at,
    }))
  })
}

async function inTitles(
  db: ReadHandle,
  owner: string,
  { statements }: Going,
  ties: Ties,
  without: ConversationId | null,
): Promise<Span[]> {
  const rows = await readAll((after) =>
    db
      .select({ id: conversation.id, title: conversation.title, at: conversation.createdAt })
      .from(conversation)
      .where(
        and(
          eq(conversation.owner, owner),
          without ? ne(conversation.id, without) : undefined,
          holdsPart(conversation.title, statements.searchParts()),
          after ? gt(conversation.id, after as ConversationId) : undefined,
        ),
      )
      .orderBy(asc(conversation.id))
      .limit(PAGE),
  )
  return rows.flatMap((row) => {
    if (isBlanked(row.title)) return []
    // A title made of the first words of a message breaks off where the sentence goes on.
    const found = statements.judge(row.title.replace(/…$/, ''), ties.conversations.get(row.id))
    return found
      ? [{ ...whole('title', row, row.title, found.verdict), conversationId: row.id, conversationTitle: row.title }]
      : []
  })
}

async function inDocuments(db: ReadHandle, owner: string, going: Going, ties: Ties): Promise<Span[]> {
  const parts = going.statements.searchParts()
  const quoted = [...ties.documents.keys()]
  const rows = await readAll((after) =>
    db
      .select({ id: document.id, name: document.name, text: document.text, at: document.createdAt })
      .from(document)
      .where(
        and(
          eq(document.owner, owner),
          or(
            parts ? or(holdsPart(document.text, parts), holdsPart(document.name, parts)) : sql`true`,
            quoted.length > 0 ? inArray(document.id, quoted) : undefined,
          ),
          after ? gt(document.id, after as DocumentId) : undefined,
        ),
      )
      .orderBy(asc(document.id))
      .limit(PAGE),
  )
  return rows.flatMap((row) => {
    const tied = ties.documents.get(row.id) ?? new Set()
    const quotes = going.evidence.filter(({ documentId }) => documentId === row.id)
    const spans = spansOf(row.text, going, tied, quotes).map((span) => ({
      ...whole('document', row, span.text, 'same'),
      ...span,
      documentId: row.id,
    }))
    const named = isBlanked(row.name) ? null : going.statements.judge(row.name, tied)
    return named ? [...spans, { ...whole('name', row, row.name, named.verdict), documentId: row.id }] : spans
  })
}

/** Items of several sentences, such as the summary of a conversation: the sentence goes, the rest stays. */
function inItems({ keptRows, statements }: Going, ties: Ties): Span[] {
  return keptRows.flatMap((row) => {
    const sentences = splitSentences(row.text)
    if (sentences.length < 2) return []
    const tied = row.conversationId ? ties.conversations.get(row.conversationId) : undefined
    return sentences.flatMap(({ text, start, end }) => {
      const found = isBlanked(text) ? null : statements.judge(text, tied)
      if (found?.verdict !== 'same') return []
      const at = row.createdAt
      return [{ ...whole('memory', { id: row.id, at }, text, 'same'), conversationId: row.conversationId, start, end }]
    })
  })
}

type Stretch = Pick<Span, 'start' | 'end' | 'text' | 'why' | 'selected'>

/** The stretches of a text that say an item: what it rests on word for word, and sentences by the rules. */
function spansOf(
  text: string,
  { statements }: Going,
  tied: ReadonlySet<string>,
  quotes: readonly EvidenceRow[],
): Stretch[] {
  const exact = quotes.flatMap((quote) => locate(text, quote) ?? [])
  const spans: Stretch[] = []
  const add = (start: number, end: number, why: Stretch['why']) =>
    spans.push({ start, end, text: text.slice(start, end), why, selected: why !== 'mentions' })
  for (const sentence of splitSentences(text)) {
    const trimmed = withoutEmphasis(sentence)
    if (isBlanked(trimmed.text)) continue
    const inside = exact.filter(({ start, end }) => start < trimmed.end && trimmed.start < end)
    if (inside.length === 0) {
      const found = statements.judge(trimmed.text, tied)
      if (found) add(trimmed.start, trimmed.end, found.verdict)
      continue
    }
    // What is left of the sentence may say it too.
    const rest = cutOut(trimmed, inside, text)
    if (statements.judge(rest, tied)?.verdict === 'same') {
      add(
        Math.min(trimmed.start, ...inside.map(({ start }) => start)),
        Math.max(trimmed.end, ...inside.map(({ end }) => end)),
        'quote',
      )
    } else for (const { start, end } of inside) add(start, end, 'quote')
  }
  return merge(spans, text)
}

/** Where a quote stands now; null when the text does not hold it (any more). */
function locate(text: string, { quote, start, end }: EvidenceRow): { start: number; end: number } | null {
  if (quote === '' || isBlanked(quote)) return null
  if (start !== null && end !== null && text.slice(start, end) === quote) return { start, end }
  const at = text.indexOf(quote)
  return at < 0 ? null : { start: at, end: at + quote.length }
}

/** Marks of emphasis at the ends stay where they are, so that the text beside keeps its form. */
function withoutEmphasis({ text, start, end }: { text: string; start: number; end: number }) {
  const front = /^[\s>#*_`~|"“”'([-]+/u.exec(text)?.[0].length ?? 0
  const back = /[\s*_`~|"“”')\]]+$/u.exec(text.slice(front))?.[0].length ?? 0
  return { text: text.slice(front, text.length - back), start: start + front, end: end - back }
}

function cutOut(
  { start, end }: { start: number; end: number },
  inside: readonly { start: number; end: number }[],
  text: string,
): string {
  let rest = ''
  let from = start
  for (const piece of [...inside].sort((a, b) => a.start - b.start)) {
    if (piece.start > from) rest += `${text.slice(from, piece.start)} `
    from = Math.max(from, piece.end)
  }
  return rest + text.slice(from, end)
}

/** Overlapping stretches as one, in order. */
function merge(spans: readonly Stretch[], text: string): Stretch[] {
  const merged: Stretch[] = []
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1)
    if (!last || span.start >= last.end) merged.push({ ...span })
    else {
      last.end = Math.max(last.end, span.end)
      last.text = text.slice(last.start, last.end)
      last.selected ||= span.selected
      if (span.why === 'quote') last.why = 'quote'
    }
  }
  return merged
}

function whole(place: Span['place'], { id, at }: { id: string; at: Date }, text: string, why: Span['why']): Span {
  return {
    ref: refOf(place, id, text),
    place,
    targetId: id,
    role: null,
    conversationId: null,
    conversationTitle: null,
    messageId: null,
    documentId: null,
    text,
    at,
    why,
    selected: why !== 'mentions',
    start: 0,
    end: text.length,
  }
}

/** Names a sentence by its place and a digest of its words: it stays the same while other words around it change. */
export function refOf(place: Span['place'], id: string, text: string): string {
  return `${place}:${id}:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
}
