// The end of forgetting, in one transaction: rows, evidence, vectors, what the journal keeps of them, suggestions, and the
// lines of stored prompts. Nothing of it can be undone.
import { and, desc, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import { blank, isBlanked } from '../../../shared/forgotten.ts'
import {
  type BatchId,
  type ConversationId,
  type EntityId,
  type EvidenceId,
  type MemoryId,
  type MessageId,
  newId,
  type PassageId,
} from '../../../shared/ids.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { WriteHandle } from '../../database/database.ts'
import {
  blanked,
  conversation,
  document,
  embedding,
  entity,
  evidence,
  importRow,
  job,
  journal,
  memory,
  message,
  proposal,
  usage,
} from '../../database/schema.ts'
import { splitSentences } from '../extraction/sentences.ts'
import { deletePassages, reindexMessage } from '../passages/passages.ts'
import { type EvidenceRow, type MemoryRow, readBody, readMemories } from '../rows.ts'
import { PART_FORGOTTEN } from './blank.ts'
import type { PurgePayload } from './forget.ts'
import { holdsPart, statementsOf } from './items.ts'
import { findProposals } from './plan.ts'
import { eraseFromPrompts } from './prompts.ts'
import type { Statements } from './statements.ts'

type Kept = typeof blanked.$inferSelect

export interface Purged {
  /** Items that are gone. */
  purged: number
  /** Places in texts that are final now. */
  places: number
  /** Chats that are gone. */
  conversations: ConversationId[]
  /** Passages that have no vector yet. */
  embed: boolean
}

/**
 * Makes a forget final, unless it was undone since.
 * @param forgottenBy the batch of the forget
 */
export async function purge(
  tx: WriteHandle,
  owner: string,
  forgottenBy: BatchId,
  payload: PurgePayload,
  at: Date,
): Promise<Purged> {
  const mine = and(eq(blanked.owner, owner), eq(blanked.batchId, forgottenBy))
  const places = await tx.select().from(blanked).where(mine)
  const stands = await lastChanges(tx, owner, forgottenBy, [
    ...payload.ids,
    ...(payload.entities as string[] as MemoryId[]),
  ])
  const rows = [...(await readMemories(tx, owner, payload.ids)).values()].filter(
    ({ id, status }) => status === 'trashed' && stands.has(id),
  )
  const entities = payload.entities.filter((id) => stands.has(id))
  if (rows.length === 0 && places.length === 0 && entities.length === 0)
    return { purged: 0, places: 0, conversations: [], embed: false }
  const purging = new Purging(tx, owner, { rows, places, entities, chosen: payload.chosen }, at)
  const embed = await purging.lateAnswers(payload.writing)
  await purging.quotes()
  await purging.journal(forgottenBy)
  await purging.blocks(forgottenBy, payload.passages)
  await purging.reasons()
  await purging.decisions()
  await purging.imports()
  await purging.items()
  await purging.entities()
  const conversations = await purging.conversations()
  await tx.delete(blanked).where(mine)
  return { purged: rows.length, places: places.length, conversations, embed }
}

/** Items whose last change is this very act: one that was brought back, and perhaps forgotten again, is not its business. */
async function lastChanges(
  tx: WriteHandle,
  owner: string,
  forgottenBy: BatchId,
  ids: readonly MemoryId[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const last = await tx
    .selectDistinctOn([journal.memoryId], { id: journal.memoryId, batchId: journal.batchId })
    .from(journal)
    .where(and(eq(journal.owner, owner), isAnyOf(journal.memoryId, [...ids])))
    .orderBy(journal.memoryId, desc(journal.seq))
  return new Set(last.filter(({ batchId }) => batchId === forgottenBy).map(({ id }) => id))
}

class Purging {
  readonly #tx: WriteHandle
  readonly #owner: string
  readonly #rows: readonly MemoryRow[]
  readonly #gone: ReadonlySet<MemoryId>
  readonly #places: readonly Kept[]
  readonly #entities: readonly EntityId[]
  readonly #chosen: ReadonlySet<MemoryId>
  readonly #at: Date
  #statements: Statements | null = null

  constructor(
    tx: WriteHandle,
    owner: string,
    { rows, places, entities, chosen }: { rows: MemoryRow[]; places: Kept[]; entities: EntityId[]; chosen: MemoryId[] },
    at: Date,
  ) {
    this.#entities = entities
    this.#chosen = new Set(chosen)
    this.#tx = tx
    this.#owner = owner
    this.#rows = rows
    this.#gone = new Set(rows.map(({ id }) => id))
    this.#places = places
    this.#at = at
  }

  /** Answers that were being written when the person forgot: what they say of the items goes as well. */
  async lateAnswers(ids: readonly MessageId[]): Promise<boolean> {
    let embed = false
    if (ids.length === 0 || this.#rows.length === 0) return embed
    const statements = await this.#says()
    const tied: ReadonlySet<string> = this.#chosen
    const used = await this.#tx
      .selectDistinct({ id: message.id, text: message.text })
      .from(message)
      .innerJoin(usage, eq(usage.messageId, message.id))
      .where(
        and(eq(message.owner, this.#owner), inArray(message.id, [...ids]), isAnyOf(usage.memoryId, [...this.#gone])),
      )
    for (const { id, text } of used) {
      const spans = splitSentences(text).filter((part) => statements.judge(part.text, tied)?.verdict === 'same')
      if (spans.length === 0) continue
      const left = spans.reduce((now, part) => now.slice(0, part.start) + blank(part.text) + now.slice(part.end), text)
      await this.#tx.update(message).set({ text: left }).where(eq(message.id, id))
      embed = (await reindexMessage(this.#tx, id)) > 0 || embed
    }
    return embed
  }

  /** Items that stay may rest on words that went: their quotes get the same gap, and the journal loses those quotes. */
  async quotes(): Promise<void> {
    const touched = this.#touched()
    const binned = this.#of('conversation')
    if (touched.length === 0 && binned.length === 0) return
    const rows = await this.#tx
      .select()
      .from(evidence)
      .where(
        and(
          eq(evidence.owner, this.#owner),
          or(
            touched.length > 0 ? inArray(evidence.messageId, touched as MessageId[]) : undefined,
            touched.length > 0 ? inArray(evidence.documentId, touched as never[]) : undefined,
            binned.length > 0 ? inArray(evidence.conversationId, binned as ConversationId[]) : undefined,
          ),
        ),
      )
    const texts = await this.#textsNow(touched)
    const changed: EvidenceRow[] = []
    for (const row of rows) {
      if (this.#gone.has(row.memoryId)) continue
      const isBinned = row.conversationId !== null && binned.includes(row.conversationId)
      const quote = isBinned ? '' : this.#quoteNow(row, texts.get(row.messageId ?? row.documentId ?? '') ?? '')
      if (quote === row.quote) continue
      changed.push(row)
      await this.#tx.delete(evidence).where(eq(evidence.id, row.id))
      if (quote !== '') await this.#tx.insert(evidence).values({ ...row, id: newId<EvidenceId>(), quote })
    }
    for (const { id, memoryId } of changed) await this.#dropQuote(memoryId, id)
  }

  #quoteNow(row: EvidenceRow, text: string): string {
    const { start, end, quote } = row
    if (start !== null && end !== null && end - start === quote.length) {
      const now = text.slice(start, end)
      // Only what was blanked may differ.
      if ([...now].every((unit, index) => unit === quote[index] || isBlanked(unit))) return now
    }
    const words = this.#places
      .filter(({ targetId }) => targetId === row.messageId || targetId === row.documentId)
      .map((place) => place.text)
    if (words.some((part) => part.includes(quote))) return blank(quote)
    return words.reduce((left, part) => left.replaceAll(part, blank(part)), quote)
  }

  async #textsNow(ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map()
    const messages = await this.#tx
      .select({ id: message.id, text: message.text })
      .from(message)
      .where(inArray(message.id, ids as MessageId[]))
    const documents = await this.#tx
      .select({ id: document.id, text: document.text })
      .from(document)
      .where(inArray(document.id, ids as never[]))
    return new Map([...messages, ...documents].map(({ id, text }) => [id as string, text]))
  }

  async #dropQuote(memoryId: MemoryId, id: EvidenceId): Promise<void> {
    const holds = JSON.stringify([{ id }])
    const without = (side: typeof journal.before | typeof journal.after) =>
      sql`case when ${side} -> 'evidence' @> ${holds}::jsonb then jsonb_set(${side}, '{evidence}', '[]', false) else ${side} end`
    await this.#tx
      .update(journal)
      .set({ before: without(journal.before), after: without(journal.after) })
      .where(
        and(
          eq(journal.owner, this.#owner),
          eq(journal.memoryId, memoryId),
          or(
            sql`${journal.before} -> 'evidence' @> ${holds}::jsonb`,
            sql`${journal.after} -> 'evidence' @> ${holds}::jsonb`,
          ),
        ),
      )
  }

  /** Blanks what the journal keeps of the items, and of earlier words of items that stay. */
  async journal(forgottenBy: BatchId): Promise<void> {
    const ids = [...this.#gone, ...(this.#entities as readonly string[] as MemoryId[])]
    if (ids.length > 0) {
      await this.#tx
        .update(journal)
        .set({ before: null, after: null, reason: null, purgedAt: this.#at })
        .where(and(eq(journal.owner, this.#owner), isAnyOf(journal.memoryId, ids)))
    }
    if (this.#rows.length === 0) return
    const statements = await this.#says()
    const text = (side: typeof journal.before | typeof journal.after) => sql`(${side} -> 'memory' ->> 'text')`
    const parts = statements.searchParts()
    const found = await this.#tx
      .select({
        seq: journal.seq,
        memoryId: journal.memoryId,
        batchId: journal.batchId,
        reason: journal.reason,
        before: journal.before,
        after: journal.after,
        now: memory.text,
      })
      .from(journal)
      .leftJoin(memory, eq(memory.id, journal.memoryId))
      .where(
        and(
          eq(journal.owner, this.#owner),
          eq(journal.target, 'memory'),
          isNull(journal.purgedAt),
          parts ? or(holdsPart(text(journal.before), parts), holdsPart(text(journal.after), parts)) : undefined,
        ),
      )
    const parted = new Set(
      found
        .filter((entry) => entry.batchId === forgottenBy && entry.reason === PART_FORGOTTEN)
        .map((entry) => entry.memoryId),
    )
    for (const entry of found) {
      if (this.#gone.has(entry.memoryId)) continue
      // An item that still says it was left alone by the person, and keeps its history.
      if (!parted.has(entry.memoryId) && says(statements, entry.now ?? '')) continue
      const blanks = (body: unknown) => {
        const was = readBody(body)?.memory.text ?? ''
        return was !== entry.now && says(statements, was)
      }
      const [before, after] = [blanks(entry.before), blanks(entry.after)]
      if (!before && !after) continue
      await this.#tx
        .update(journal)
        .set({ purgedAt: this.#at, ...(before ? { before: null } : {}), ...(after ? { after: null } : {}) })
        .where(eq(journal.seq, entry.seq))
    }
  }

  /** Stored prompts repeat memories and passages, so that the model's cache stays warm. */
  async blocks(forgottenBy: BatchId, passages: readonly PassageId[]): Promise<void> {
    const parts = await this.#tx
      .select({ id: journal.memoryId })
      .from(journal)
      .where(and(eq(journal.owner, this.#owner), eq(journal.reason, PART_FORGOTTEN), eq(journal.batchId, forgottenBy)))
    const ids = new Set<MemoryId | PassageId>([...this.#gone, ...parts.map(({ id }) => id), ...passages])
    await eraseFromPrompts(this.#tx, this.#owner, ids, new Set(this.#of('message') as MessageId[]))
  }

  /** What an import keeps of a row it replaced: undone it would bring the words back. The row stays as the import made it. */
  async imports(): Promise<void> {
    const ids = [...this.#gone, ...this.#entities, ...this.#places.map(({ targetId }) => targetId)]
    await this.#tx
      .update(importRow)
      .set({ before: null })
      .where(and(isAnyOf(importRow.id, ids), isNotNull(importRow.before)))
  }

  /** Why recall chose something is told with words of the question that stand in it. */
  async reasons(): Promise<void> {
    const touched = this.#touched() as MessageId[]
    const answers =
      touched.length > 0
        ? await this.#tx.select({ id: message.id }).from(message).where(inArray(message.parentId, touched))
        : []
    const messages = [...touched, ...answers.map(({ id }) => id)]
    await this.#tx
      .update(usage)
      .set({ reason: sql`jsonb_set(${usage.reason}, '{words}', '[]', false)` })
      .where(
        and(
          eq(usage.owner, this.#owner),
          or(
            this.#gone.size > 0 ? isAnyOf(usage.memoryId, [...this.#gone]) : undefined,
            messages.length > 0 ? inArray(usage.messageId, messages) : undefined,
            // Of passages that are gone: the words of what was made again without its sentence.
            and(isNull(usage.memoryId), isNull(usage.passageId)),
          ),
        ),
      )
  }

  /** A decision a kept item rests on stays a decision; the words it was taken on go. */
  async decisions(): Promise<void> {
    if (this.#rows.length === 0) return
    const items = new Map(this.#rows.map((row) => [row.id, { row, why: 'chosen' as const, as: row.id }]))
    const rows = await findProposals(this.#tx, this.#owner, { items, statements: await this.#says() })
    const kept = rows.filter(({ resultId }) => resultId !== null && !this.#gone.has(resultId)).map(({ id }) => id)
    if (kept.length === 0) return
    await this.#tx
      .update(proposal)
      .set({ before: null, after: null, reason: '', evidence: [], flags: [] })
      .where(inArray(proposal.id, kept))
  }

  /** Evidence and suggestions go with the row; the used line of old answers keeps its place without the item. */
  async items(): Promise<void> {
    if (this.#gone.size === 0) return
    const ids = [...this.#gone]
    await this.#tx.delete(embedding).where(isAnyOf(embedding.targetId, ids))
    await this.#tx
      .update(memory)
      .set({ supersededBy: null })
      .where(and(eq(memory.owner, this.#owner), isAnyOf(memory.supersededBy, ids)))
    await this.#tx.delete(memory).where(and(eq(memory.owner, this.#owner), isAnyOf(memory.id, ids)))
  }

  /** One of whom something was learned meanwhile stays, with its name. */
  async entities(): Promise<void> {
    for (const id of this.#entities) {
      const known = await this.#tx.$count(memory, eq(memory.subjectId, id))
      const there = and(eq(entity.id, id), eq(entity.owner, this.#owner), eq(entity.status, 'trashed'))
      if (known === 0) await this.#tx.delete(entity).where(there)
      else await this.#tx.update(entity).set({ status: 'active' }).where(there)
    }
  }

  /** A conversation that was named goes with its messages, and the jobs that were about them. */
  async conversations(): Promise<ConversationId[]> {
    const gone = this.#of('conversation') as ConversationId[]
    for (const id of gone) {
      const messages = await this.#tx.select({ id: message.id }).from(message).where(eq(message.conversationId, id))
      const documents = await this.#tx.select({ id: document.id }).from(document).where(eq(document.conversationId, id))
      await deletePassages(this.#tx, {
        messages: messages.map((row) => row.id),
        documents: documents.map((row) => row.id),
      })
      const keys = [...messages, ...documents].map((row) => row.id as string)
      if (keys.length > 0) await this.#tx.delete(job).where(and(eq(job.owner, this.#owner), inArray(job.key, keys)))
      await this.#tx.delete(conversation).where(and(eq(conversation.id, id), eq(conversation.owner, this.#owner)))
    }
    return gone
  }

  async #says(): Promise<Statements> {
    const chosen = this.#rows.filter(({ id }) => this.#chosen.has(id))
    this.#statements ??= await statementsOf(this.#tx, this.#owner, chosen)
    return this.#statements
  }

  #of(target: Kept['target']): string[] {
    return [...new Set(this.#places.filter((place) => place.target === target).map(({ targetId }) => targetId))]
  }

  /** Messages and documents that lost words. */
  #touched(): string[] {
    return [...new Set([...this.#of('message'), ...this.#of('document')])]
  }
}

function says(statements: Statements, text: string): boolean {
  return splitSentences(text).some((part) => !isBlanked(part.text) && statements.judge(part.text)?.verdict === 'same')
}
