// One person's world on a profile of its own, for measuring recall: conversations and memories are written through the
// product's own write paths, and a question goes the way of a chat turn.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, systemClock } from '../src/main/app/clock.ts'
import { createLog } from '../src/main/app/log.ts'
import { recallBudget } from '../src/main/chat/prompt.ts'
import type { Database, WriteHandle } from '../src/main/database/database.ts'
import { openDatabase } from '../src/main/database/open.ts'
import { conversation, message } from '../src/main/database/schema.ts'
import type { Embedder, LanguageModel } from '../src/main/engine/engine.ts'
import type { Batch } from '../src/main/learning/change/batch.ts'
import { applyChanges } from '../src/main/learning/change/write.ts'
import { hold, note, updateRow } from '../src/main/learning/change/write-items.ts'
import { placeRecalled, recallForTurn } from '../src/main/learning/context/context.ts'
import { BUILT_IN_STORES } from '../src/main/learning/machine.ts'
import { indexMessage } from '../src/main/learning/passages/passages.ts'
import { questionOf } from '../src/main/learning/recall/question.ts'
import { TypicalRequests } from '../src/main/learning/recall/typical-requests.ts'
import { bodyOf } from '../src/main/learning/rows.ts'
import { userMemory } from '../src/main/learning/stores/user-memory.ts'
import { readViewer } from '../src/main/learning/teams/teams.ts'
import { embedMissing } from '../src/main/learning/vectors.ts'
import { type BatchId, type ConversationId, type MemoryId, type MessageId, newId } from '../src/shared/ids.ts'
import { type Doc, readDate } from './recall-lines.ts'

const OWNER = 'person'
/** Of the list that is written for scoring; a turn asks for fewer of the same. */
const RANKED = 60
const ANSWERER = /^(?:assistant|ai|bot|model|system|understudy)$/iu
const DAY_MS = 86_400_000
const FIRST_DAY = Date.UTC(2024, 0, 1)

export interface World {
  /** The text that is embedded for a question. */
  textOf(query: string): string
  ask(query: string): Promise<{ ranked: string[][]; used: number; ms: number; tokens: number }>
  readonly db: Database
  close(): Promise<void>
}

/** Counts tokens as while no model is loaded. */
type CountingModel = Pick<LanguageModel, 'countTokens' | 'contextSize' | 'prefillSpeed'> & LanguageModel

/** @param docs of one space, in order of time */
export async function makeWorld(docs: readonly Doc[], embedder: Embedder, model: CountingModel): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-eval-'))
  const log = createLog(null)
  const db = await openDatabase({ folder, log, clock: systemClock })
  const close = async () => {
    await db.close()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const writer = new Writer(db, embedder.model)
    await writer.write(docs)
    await embedMissing({ db, embedder }, OWNER, AbortSignal.timeout(86_400_000))
    const now = new Date(writer.last.getTime() + DAY_MS)
    const clock: Clock = { now: () => now, timeZone: 'UTC' }
    const requests = new TypicalRequests(embedder, log)
    await requests.prepare()
    const ports = { db, embedder, log, clock, model, requests }
    return {
      db,
      close,
      textOf: (query) => questionOf({ text: query, recent: [], floor: true, now }).text,
      async ask(query) {
        const turn = { owner: OWNER, text: query, recent: [], conversationId: newId<ConversationId>() }
        const begin = performance.now()
        const viewer = await readViewer(db.read, OWNER, turn)
        const recalled = await recallForTurn(ports, BUILT_IN_STORES, viewer, turn, RANKED)
        const ms = performance.now() - begin
        const budgetTokens = recallBudget(model.contextSize, model.prefillSpeed)
        const block = await placeRecalled(ports, BUILT_IN_STORES, recalled, { ...turn, budgetTokens })
        return {
          ranked: recalled.hits.map((hit) =>
            writer.sourcesOf(hit.kind === 'memory' ? hit.row.id : hit.passage.messageId),
          ),
          used: block?.items.length ?? 0,
          ms: Math.round(ms * 10) / 10,
          tokens: block?.tokens ?? 0,
        }
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Writes the lines of a space as its person would have: message after message, and what was kept by hand. */
class Writer {
  last = new Date(FIRST_DAY)
  readonly #db: Database
  readonly #model: string
  readonly #source = new Map<string, string>()
  readonly #memories = new Map<string, MemoryId>()
  #date: string | null = null
  #conversation: { id: ConversationId; leaf: MessageId; at: Date } | null = null

  constructor(db: Database, model: string) {
    this.#db = db
    this.#model = model
  }

  async write(docs: readonly Doc[]): Promise<void> {
    const together = 200
    for (let from = 0; from < docs.length; from += together) {
      await this.#db.write('eval.world', async (tx) => {
        for (const doc of docs.slice(from, from + together)) {
          if (doc.kind === 'memory') await this.#writeMemory(tx, doc)
          else await this.#writeMessage(tx, doc)
        }
      })
    }
  }

  /** The lines a hit was made from. */
  sourcesOf(id: string | null): string[] {
    const source = id === null ? undefined : this.#source.get(id)
    return source === undefined ? [] : [source]
  }

  /** A conversation a date; a line without one belongs to the conversation of the line before. */
  async #place(tx: WriteHandle, { date }: Doc): Promise<{ id: ConversationId; leaf: MessageId; at: Date }> {
    if (this.#conversation && (!date || date === this.#date)) return this.#conversation
    const at = this.#dayOf(date ?? null)
    const id = newId<ConversationId>()
    const leaf = newId<MessageId>()
    await tx.insert(conversation).values({ id, owner: OWNER, createdAt: at, updatedAt: at })
    await tx.insert(message).values({
      id: leaf,
      owner: OWNER,
      conversationId: id,
      role: 'root',
      text: '',
      status: 'complete',
      createdAt: at,
    })
    this.#date = date ?? null
    this.#conversation = { id, leaf, at }
    return this.#conversation
  }

  /** A date that cannot be read is the day after the last. */
  #dayOf(date: string | null): Date {
    const at = (date && readDate(date)) || new Date(this.last.getTime() + DAY_MS)
    if (at > this.last) this.last = at
    return at
  }

  async #writeMessage(tx: WriteHandle, doc: Doc): Promise<void> {
    const place = await this.#place(tx, doc)
    const role = doc.role && ANSWERER.test(doc.role) ? 'assistant' : 'user'
    place.at = new Date(place.at.getTime() + 1000)
    const [row] = await tx
      .insert(message)
      .values({
        id: newId<MessageId>(),
        owner: OWNER,
        conversationId: place.id,
        parentId: place.leaf,
        role,
        text: textOf(doc),
        status: 'complete',
        createdAt: place.at,
      })
      .returning()
    if (!row) return
    place.leaf = row.id
    this.#source.set(row.id, doc.id)
    await indexMessage(tx, row)
  }

  async #writeMemory(tx: WriteHandle, doc: Doc): Promise<void> {
    const at = doc.date ? this.#dayOf(doc.date) : this.last
    const batch: Batch = {
      owner: OWNER,
      id: newId<BatchId>(),
      actor: 'person',
      author: 'person',
      at,
      extractor: null,
      vectors: { model: this.#model, of: () => null },
    }
    const item = { ...userMemory.fromHand(doc.text, null, { at: new Date(), timeZone: 'UTC' }), validFrom: at }
    const evidence = [{ origin: 'hand' as const, quote: doc.text, at }]
    const old = doc.supersedes ? this.#memories.get(doc.supersedes) : undefined
    const before = old && (await hold(tx, OWNER, old, null))
    const change = before
      ? { action: 'supersede' as const, id: before.id, base: before.version, by: item, reason: 'replaced', evidence }
      : { action: 'add' as const, item, evidence }
    const [applied] = await applyChanges(tx, batch, userMemory, [change])
    const id = applied?.memoryId
    if (!id) return
    if (doc.pinned) {
      const plain = await hold(tx, OWNER, id, null)
      const pinned = await updateRow(tx, batch, plain, { pinned: true })
      await note(tx, batch, 'pin', bodyOf(plain), bodyOf(pinned), pinned)
    }
    this.#memories.set(doc.id, id)
    this.#source.set(id, doc.id)
  }
}

/** A speaker that is neither the person nor the assistant stands in the words, as in any pasted talk. */
function textOf({ text, role }: Doc): string {
  if (!role || ANSWERER.test(role) || /^(?:user|person|human|me)$/iu.test(role)) return text
  return text.startsWith(`${role}:`) ? text : `${role}: ${text}`
}
