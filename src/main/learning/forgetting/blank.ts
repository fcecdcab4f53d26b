// Takes sentences out of texts and puts them back. The words are gone from the text at once, so that no prompt, search or
// list needs to know of forgetting; until it is final they lie in `blanked`, which nothing but an undo reads.
import { and, eq, inArray, isNotNull, or, sql } from 'drizzle-orm'
import type { StoredCall } from '../../../shared/chat.ts'
import { blank, isBlanked } from '../../../shared/forgotten.ts'
import {
  type BatchId,
  type BlankedId,
  type ConversationId,
  type DocumentId,
  type MemoryId,
  type MessageId,
  newId,
} from '../../../shared/ids.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { WriteHandle } from '../../database/database.ts'
import {
  blanked,
  conversation,
  document,
  embedding,
  evidence,
  memory,
  message,
  proposal,
  usage,
} from '../../database/schema.ts'
import type { Batch } from '../change/batch.ts'
import { note, updateRow } from '../change/write-items.ts'
import { indexDocument, reindexMessage } from '../passages/passages.ts'
import { bodyOf } from '../rows.ts'
import { contentWords } from '../words.ts'
import type { Span } from './places.ts'
import type { ProposalRow } from './plan.ts'

/** Reason of the change of an item that lost a sentence to a forgotten one. */
export const PART_FORGOTTEN = 'part forgotten'

type Kept = typeof blanked.$inferSelect
type Stretch = Pick<Span, 'start' | 'end'>

/** Takes things away in one act of forgetting. */
export class Blanking {
  readonly #tx: WriteHandle
  readonly #batch: Batch

  constructor(tx: WriteHandle, batch: Batch) {
    this.#tx = tx
    this.#batch = batch
  }

  /** @returns whether passages have to be embedded */
  async message(id: MessageId, spans: readonly Stretch[]): Promise<boolean> {
    const [row] = await this.#tx.select({ text: message.text }).from(message).where(eq(message.id, id))
    if (!row) return false
    const text = await this.#cut('message', id, row.text, spans)
    await this.#tx.update(message).set({ text }).where(eq(message.id, id))
    return (await reindexMessage(this.#tx, id)) > 0
  }

  /** @returns whether passages have to be embedded */
  async document(id: DocumentId, spans: readonly Stretch[]): Promise<boolean> {
    const [row] = await this.#tx.select({ text: document.text }).from(document).where(eq(document.id, id))
    if (!row) return false
    const text = await this.#cut('document', id, row.text, spans)
    await this.#tx.update(document).set({ text }).where(eq(document.id, id))
    return (await reindexDocument(this.#tx, id)) > 0
  }

  /**
   * Sentences of an item that stays, with what its data repeats of them. A change like any other, in the journal: an undo
   * takes it back from there, and the purge blanks what the journal keeps of the words.
   */
  async memory(id: MemoryId, spans: readonly Stretch[]): Promise<void> {
    const [before] = await this.#tx.select().from(memory).where(eq(memory.id, id))
    if (!before || before.status === 'trashed') return
    const words = spans.map(({ start, end }) => before.text.slice(start, end))
    const text = spans.reduce(
      (left, { start, end }) => left.slice(0, start) + blank(left.slice(start, end)) + left.slice(end),
      before.text,
    )
    const data = withoutWords(before.data, words) as Record<string, unknown>
    const after = await updateRow(this.#tx, this.#batch, before, { text, data })
    // What is left rests on what it rested on before.
    const sources = await this.#tx.select().from(evidence).where(eq(evidence.memoryId, id))
    await note(this.#tx, this.#batch, 'update', bodyOf(before, sources), bodyOf(after, sources), after, PART_FORGOTTEN)
    await this.#tx.delete(embedding).where(eq(embedding.targetId, id))
  }

  async title(id: ConversationId): Promise<void> {
    const [row] = await this.#tx.select({ title: conversation.title }).from(conversation).where(eq(conversation.id, id))
    if (!row) return
    await this.#keep('title', id, row.title)
    await this.#tx
      .update(conversation)
      .set({ title: blank(row.title) })
      .where(eq(conversation.id, id))
  }

  async name(id: DocumentId): Promise<void> {
    const [row] = await this.#tx.select({ name: document.name }).from(document).where(eq(document.id, id))
    if (!row) return
    await this.#keep('name', id, row.name)
    await this.#tx
      .update(document)
      .set({ name: blank(row.name) })
      .where(eq(document.id, id))
  }

  /**
   * What tool calls of answers say of these items: their words go, that there was a call stays. A call of a tool of the
   * host names no items: it goes where its turn was forgotten, or where its answer used an item and the call holds its words.
   * @param texts what the items said
   * @param messages those whose words go
   */
  async calls(
    ids: readonly MemoryId[],
    texts: readonly string[],
    messages: readonly MessageId[],
  ): Promise<ConversationId[]> {
    if (ids.length + messages.length === 0) return []
    const used = this.#tx.select({ id: usage.messageId }).from(usage).where(isAnyOf(usage.memoryId, ids))
    const rows = await this.#tx
      .select()
      .from(message)
      .where(
        and(
          eq(message.owner, this.#batch.owner),
          isNotNull(message.calls),
          or(
            sql`exists (select 1 from jsonb_array_elements(${message.calls}) call
              where jsonb_exists_any(call -> 'memories', ${sql.param([...ids])}::text[]))`,
            isAnyOf(message.id, messages),
            isAnyOf(message.parentId, messages),
            inArray(message.id, used),
          ),
        ),
      )
    const going = new Set(ids)
    const gone = new Set<string>(messages)
    const changed = rows.flatMap(({ id, parentId, calls, conversationId }) => {
      const inTurn = gone.has(id) || gone.has(parentId ?? '')
      const goes = (call: StoredCall) =>
        call.memories.length > 0
          ? call.memories.some((one) => going.has(one))
          : Object.keys(call.arguments).length > 0 && (inTurn || holdsWords(call, texts))
      return calls?.some(goes) ? { id, calls, conversationId, goes } : []
    })
    for (const { id, calls, goes } of changed) {
      await this.#keep('calls', id, JSON.stringify(calls))
      const left = calls.map((call) =>
        goes(call) ? { ...call, arguments: {}, result: blank(call.result), memories: [] } : call,
      )
      await this.#tx.update(message).set({ calls: left }).where(eq(message.id, id))
    }
    return [...new Set(changed.map(({ conversationId }) => conversationId))]
  }

  async proposal(row: ProposalRow): Promise<void> {
    await this.#keep('proposal', row.id, JSON.stringify(row))
    await this.#tx.delete(proposal).where(eq(proposal.id, row.id))
  }

  /** Takes a message out of learning and recall; its words stay. */
  async bar(id: MessageId): Promise<void> {
    const changed = await this.#tx
      .update(message)
      .set({ learnable: false })
      .where(and(eq(message.id, id), eq(message.learnable, true)))
      .returning({ id: message.id })
    if (changed.length > 0) await this.#keep('bar', id, '')
  }

  async conversation(id: ConversationId): Promise<void> {
    const [row] = await this.#tx
      .select({ at: conversation.trashedAt })
      .from(conversation)
      .where(eq(conversation.id, id))
    if (!row) return
    await this.#keep('conversation', id, row.at?.toISOString() ?? '')
    await this.#tx
      .update(conversation)
      .set({ trashedAt: row.at ?? this.#batch.at })
      .where(eq(conversation.id, id))
  }

  async #cut(target: 'message' | 'document', id: string, text: string, spans: readonly Stretch[]): Promise<string> {
    let left = text
    for (const { start, end } of spans) {
      const words = left.slice(start, end)
      if (words === '' || isBlanked(words)) continue
      await this.#keep(target, id, words, start)
      left = left.slice(0, start) + blank(words) + left.slice(end)
    }
    return left
  }

  async #keep(target: Kept['target'], targetId: string, text: string, start = 0): Promise<void> {
    await this.#tx.insert(blanked).values({
      id: newId<BlankedId>(),
      owner: this.#batch.owner,
      batchId: this.#batch.id,
      target,
      targetId,
      start,
      text,
    })
  }
}

/**
 * Puts back what one act of forgetting took, byte for byte. A text that has another length since is no longer the one the
 * words were taken from, and stays as it is.
 * @returns how many places (none when it is final or was undone), the conversations that show them, and whether passages
 *   have to be embedded
 */
export async function putBack(
  tx: WriteHandle,
  owner: string,
  batchId: BatchId,
): Promise<{ places: number; conversations: ConversationId[]; embed: boolean }> {
  const mine = and(eq(blanked.owner, owner), eq(blanked.batchId, batchId))
  const rows = await tx.select().from(blanked).where(mine)
  for (const row of rows) await putOneBack(tx, row)
  const of = (...targets: Kept['target'][]) => [
    ...new Set(rows.filter(({ target }) => targets.includes(target)).map(({ targetId }) => targetId)),
  ]
  let made = 0
  for (const id of of('message')) made += await reindexMessage(tx, id as MessageId)
  for (const id of of('document')) made += await reindexDocument(tx, id as DocumentId)
  const messages = of('message', 'calls', 'bar') as MessageId[]
  const shown =
    messages.length > 0
      ? await tx.selectDistinct({ id: message.conversationId }).from(message).where(inArray(message.id, messages))
      : []
  await tx.delete(blanked).where(mine)
  const conversations = [
    ...new Set([...shown.map(({ id }) => id), ...(of('title', 'conversation') as ConversationId[])]),
  ]
  return { places: rows.length, conversations, embed: made > 0 }
}

async function putOneBack(tx: WriteHandle, { target, targetId, start, text }: Kept): Promise<void> {
  switch (target) {
    case 'message': {
      const id = targetId as MessageId
      const [row] = await tx.select({ text: message.text }).from(message).where(eq(message.id, id))
      if (row)
        await tx
          .update(message)
          .set({ text: filled(row.text, start, text) })
          .where(eq(message.id, id))
      return
    }
    case 'document': {
      const id = targetId as DocumentId
      const [row] = await tx.select({ text: document.text }).from(document).where(eq(document.id, id))
      if (row)
        await tx
          .update(document)
          .set({ text: filled(row.text, start, text) })
          .where(eq(document.id, id))
      return
    }
    case 'title': {
      const id = targetId as ConversationId
      // Renamed meanwhile: the new name stays.
      await tx
        .update(conversation)
        .set({ title: text })
        .where(and(eq(conversation.id, id), eq(conversation.title, blank(text))))
      return
    }
    case 'name': {
      const id = targetId as DocumentId
      await tx
        .update(document)
        .set({ name: text })
        .where(and(eq(document.id, id), eq(document.name, blank(text))))
      return
    }
    case 'proposal': {
      const row = JSON.parse(text) as ProposalRow
      // JSON has text where a row has dates.
      const dateOf = (at: Date | null) => (at === null ? null : new Date(at))
      const dates = {
        createdAt: new Date(row.createdAt),
        decidedAt: dateOf(row.decidedAt),
        snoozedUntil: dateOf(row.snoozedUntil),
      }
      await tx
        .insert(proposal)
        .values({ ...row, ...dates })
        .onConflictDoNothing()
      return
    }
    case 'calls':
      await tx
        .update(message)
        .set({ calls: JSON.parse(text) as StoredCall[] })
        .where(eq(message.id, targetId as MessageId))
      return
    case 'bar':
      await tx
        .update(message)
        .set({ learnable: true })
        .where(inArray(message.id, [targetId as MessageId]))
      return
    case 'conversation':
      await tx
        .update(conversation)
        .set({ trashedAt: text === '' ? null : new Date(text) })
        .where(eq(conversation.id, targetId as ConversationId))
  }
}

function filled(now: string, start: number, words: string): string {
  const end = start + words.length
  if (now.slice(start, end) !== blank(words)) return now
  return now.slice(0, start) + words + now.slice(end)
}

/** Most of what one of the texts is about stands in the call. */
function holdsWords(call: StoredCall, texts: readonly string[]): boolean {
  const held = new Set(contentWords(`${JSON.stringify(call.arguments)}\n${call.result}`))
  return texts.some((text) => {
    const words = contentWords(text)
    return words.length > 0 && words.filter((word) => held.has(word)).length * 2 >= words.length
  })
}

/** A value without the words, wherever a text in it holds them. */
export function withoutWords(value: unknown, words: readonly string[]): unknown {
  if (typeof value === 'string') {
    return words.reduce((text, part) => (part === '' ? text : text.replaceAll(part, blank(part))), value)
  }
  if (Array.isArray(value)) return value.map((part) => withoutWords(part, words))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutWords(part, words)]))
}

async function reindexDocument(tx: WriteHandle, id: DocumentId): Promise<number> {
  const [row] = await tx.select().from(document).where(eq(document.id, id))
  return row ? indexDocument(tx, row) : 0
}
