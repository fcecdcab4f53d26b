// Turns memories and passages into lines, and lines into the blocks of one prompt. Knows the rows it was given, so that
// every line is made in one place.

import { withoutMarks } from '../../../shared/forgotten.ts'
import type { ConversationId, MemoryId, PassageId } from '../../../shared/ids.ts'
import type { RecallReason, StoreId } from '../../../shared/memory.ts'
import type { PromptBlock, PromptItem, PromptPassage } from '../../database/schema.ts'
import { oneLine } from '../define-store.ts'
import type { LearningPorts } from '../ports.ts'
import type { LearningStore } from '../protocol.ts'
import type { PassageHit, Recalled, RecallHit } from '../recall/hit.ts'
import { type MemoryRow, storedItem } from '../rows.ts'
import { namesOf } from '../teams/teams.ts'
import { contentWords } from '../words.ts'
import { BREAK_TOKENS, blockText, type CorePart, PART_HEADINGS } from './blocks.ts'
import { type Candidate, choose } from './choose.ts'
import {
  dayFormat,
  type FormatDay,
  LONGEST_PASSAGE,
  memoryDay,
  memoryLine,
  passageLine,
  type Stretch,
  stretchOf,
} from './lines.ts'
import { type KnownPassage, type MemorySources, readMemorySources, readPassages, stands } from './sources.ts'

const CORE_HEADING = '[About the user, in their own account:'
/** The same with what stands for every answer: open goals, how answers are wanted, instructions the user approved. */
const WIDE_CORE_HEADING = '[About the user, and what they want of every answer:'
/** Short, because every token of it is taken from what can be recalled. The prompt says what brackets mean. */
const OWN_HEADING = '[The user said earlier, newest first:'
const MIXED_HEADING = '[From earlier, newest first:'
/** Most tokens of the core block: it is read into every conversation. */
const CORE_TOKENS = 400
/** Most items one message recalls. */
const MOST_RECALLED = 12
/** Share of a passage's words that memories from the same message may say already. */
const COVERED = 0.7

type Line = { item: PromptItem; at: Date; own: boolean }

export class Renderer {
  readonly stores: readonly LearningStore[]
  readonly #ports: Pick<LearningPorts, 'db' | 'model'>
  readonly #owner: string
  readonly #byId: Map<StoreId, LearningStore>
  readonly #rows = new Map<MemoryId, MemoryRow>()
  readonly #sources = new Map<MemoryId, MemorySources>()
  /** Of people who share something, by owner. */
  readonly #names = new Map<string, string>()
  readonly #passages = new Map<PassageId, KnownPassage>()
  readonly #day: FormatDay

  constructor(ports: Pick<LearningPorts, 'db' | 'model' | 'clock'>, stores: readonly LearningStore[], owner: string) {
    this.#ports = ports
    this.#owner = owner
    this.stores = stores
    this.#byId = new Map(stores.map((store) => [store.id, store]))
    this.#day = dayFormat(ports.clock.timeZone)
  }

  /** Reads what the memories rest on; only known ones have lines. */
  async know(rows: readonly MemoryRow[]): Promise<void> {
    const unknown = rows.filter(({ id }) => !this.#rows.has(id))
    for (const row of unknown) this.#rows.set(row.id, row)
    const sources = await readMemorySources(
      this.#ports.db.read,
      this.#owner,
      unknown.map(({ id }) => id),
    )
    for (const [id, entry] of sources) this.#sources.set(id, entry)
    const others = unknown.flatMap(({ owner }) => (owner === this.#owner || this.#names.has(owner) ? [] : owner))
    for (const [owner, name] of await namesOf(this.#ports.db.read, others)) this.#names.set(owner, name)
  }

  #sharedBy({ owner }: MemoryRow): string | null {
    return owner === this.#owner ? null : (this.#names.get(owner) ?? 'somebody else')
  }

  async readPassages(ids: readonly PassageId[]): Promise<void> {
    const found = await readPassages(this.#ports.db.read, this.#owner, ids)
    for (const [id, known] of found) this.#passages.set(id, known)
  }

  has(store: StoreId): boolean {
    return this.#byId.has(store)
  }

  storeOf(id: MemoryId): StoreId | null {
    return this.#rows.get(id)?.store ?? null
  }

  memoryLine(row: MemoryRow): string {
    const store = this.#byId.get(row.store)
    if (!store) return ''
    const { said = true, inDoubt = false } = this.#sources.get(row.id) ?? {}
    return memoryLine(store, row, { said, inDoubt, sharedBy: this.#sharedBy(row) }, this.#day)
  }

  /** Whether the line of a memory is what it would be now. What was replaced stands only where its line says so. */
  memoryStillReads(row: MemoryRow, line: string): boolean {
    const store = this.#byId.get(row.store)
    const shows = row.status === 'active' || (row.status === 'superseded' && store?.policy.placement === 'recalled')
    return store !== undefined && shows && this.memoryLine(row) === line
  }

  /** Whether the line of a passage is what it would be now. */
  passageStillReads(item: PromptPassage): boolean {
    const known = this.#passages.get(item.passageId)
    return stands(known) && this.#passageLine(known, item) === item.line
  }

  #passageLine({ row, documentName, over }: KnownPassage, stretch: Stretch): string {
    return passageLine(row, documentName, stretch, this.#day, over)
  }

  /** Counts texts as lines of a block under the model's tokenizer, all in one call. */
  async counter(texts: readonly string[]): Promise<(text: string) => number> {
    const unique = [...new Set(texts)]
    const counts = unique.length > 0 ? await this.#ports.model.countTokens(unique.map((text) => `- ${text}\n`)) : []
    const byText = new Map(unique.map((text, index) => [text, (counts[index] ?? 0) + BREAK_TOKENS]))
    return (text) => byText.get(text) ?? Math.ceil(Buffer.byteLength(text) / 3)
  }

  async core(rows: readonly MemoryRow[]): Promise<PromptBlock | null> {
    await this.know(rows)
    const order = this.stores.flatMap((store) => {
      const own = rows.filter((row) => row.store === store.id)
      const lines = store.render(own.map(storedItem), { tokens: Number.POSITIVE_INFINITY, count: () => 0 }).lines
      return lines.flatMap(({ id }) => this.#rows.get(id) ?? [])
    })
    const reason = (row: MemoryRow): RecallReason => ({
      kind: row.pinned ? 'pinned' : this.#stands(row) ? 'standing' : 'profile',
      words: [],
      similarity: null,
    })
    const candidates = order.map((row) => this.#memoryCandidate(row, reason(row)))
    const heading = order.some((row) => this.#stands(row)) ? WIDE_CORE_HEADING : CORE_HEADING
    const chosen = await this.#choose([heading], candidates, CORE_TOKENS, candidates.length)
    return chosen && this.#block(heading, chosen.frame, chosen.lines)
  }

  /** The part of the core block that keeps the thread of conversations; its stores say what is left out. */
  async thread(part: CorePart, rows: readonly MemoryRow[], tokens: number): Promise<PromptBlock | null> {
    await this.know(rows)
    const heading = PART_HEADINGS[part]
    const frame = blockText(heading, [])
    const count = await this.counter([frame, ...rows.map((row) => this.memoryLine(row))])
    const room = { tokens: tokens - count(frame), count }
    const order = this.stores.flatMap((store) => {
      const own = rows.filter((row) => row.store === store.id)
      return store.render(own.map(storedItem), room).lines.flatMap(({ id }) => this.#rows.get(id) ?? [])
    })
    const reason: RecallReason = { kind: 'thread', words: [], similarity: null }
    // All of it is of one kind: no source can take more than its share.
    const candidates = order.map((row) => ({ ...this.#memoryCandidate(row, reason), source: null }))
    const chosen = await this.#choose([heading], candidates, tokens, candidates.length)
    return chosen && this.#block(heading, chosen.frame, chosen.lines)
  }

  /** Whether a line of the thread may stay: it tells of then, and is not written anew for what became of it. */
  threadStillStands(row: MemoryRow | undefined, line: string): boolean {
    if (!row || !this.has(row.store) || !['active', 'superseded'].includes(row.status)) return false
    return line.includes(oneLine(withoutMarks(row.text)))
  }

  #stands({ store, kind }: MemoryRow): boolean {
    return this.#byId.get(store)?.policy.standing?.kinds.includes(kind) ?? false
  }

  /**
   * The block for what a message recalled: what is relevant and fits, each thing once, newest first.
   * @param present what stands in the prompt already
   */
  async recalled(
    { hits, relevant }: Recalled,
    present: ReadonlySet<MemoryId | PassageId>,
    { conversationId, budgetTokens }: { conversationId: ConversationId; budgetTokens: number },
  ): Promise<PromptBlock | null> {
    const fresh = hits.slice(0, relevant).filter((hit) => !present.has(idOf(hit)))
    const memories = fresh.flatMap((hit) => (hit.kind === 'memory' ? hit.row : []))
    const passages = fresh.flatMap((hit) => (hit.kind === 'passage' ? hit.passage.id : []))
    await Promise.all([this.know(memories), this.readPassages(passages)])
    const said = [...memories, ...[...this.#rows.values()].filter(({ id }) => present.has(id))]
    const candidates = fresh.flatMap((hit): Candidate<Line>[] => {
      if (hit.kind === 'memory') return [this.#memoryCandidate(hit.row, hit.reason)]
      const known = this.#passages.get(hit.passage.id)
      // This conversation is in the prompt as it was said.
      if (!stands(known) || known.row.conversationId === conversationId) return []
      return this.#isCovered(hit, said) ? [] : [this.#passageCandidate(known, hit.reason)]
    })
    const chosen = await this.#choose([OWN_HEADING, MIXED_HEADING], candidates, budgetTokens, MOST_RECALLED)
    if (!chosen) return null
    // Chosen by rank, read by date: of two that differ the newer one comes first.
    const lines = chosen.lines.toSorted((a, b) => b.at.getTime() - a.at.getTime() || a.item.rank - b.item.rank)
    return this.#block(lines.every(({ own }) => own) ? OWN_HEADING : MIXED_HEADING, chosen.frame, lines)
  }

  /** Whether memories that stand in the prompt or were recalled too, from the same message, say what the passage says. */
  #isCovered({ passage }: PassageHit, memories: readonly MemoryRow[]): boolean {
    if (passage.messageId === null || passage.voice !== 'person') return false
    const said = memories.flatMap(({ id, text }) => {
      const quotes = this.#sources.get(id)?.quotes.filter(({ messageId }) => messageId === passage.messageId) ?? []
      return quotes.length === 0 ? [] : [text, ...quotes.map(({ quote }) => quote)]
    })
    if (said.length === 0) return false
    const covered = new Set(contentWords(said.join('\n')))
    const words = contentWords(passage.text)
    return words.filter((word) => covered.has(word)).length >= words.length * COVERED
  }

  #memoryCandidate(row: MemoryRow, reason: RecallReason): Candidate<Line> {
    const line = this.memoryLine(row)
    const sources = this.#sources.get(row.id)
    return {
      item: {
        item: { memoryId: row.id, version: row.version, tokens: 0, line, reason, rank: 0 },
        at: memoryDay(row),
        own: row.owner === this.#owner && (sources?.said ?? true),
      },
      source: row.owner === this.#owner ? (sources?.from ?? null) : row.owner,
      own: true,
      line,
      shorten: null,
    }
  }

  #passageCandidate(known: KnownPassage, reason: RecallReason): Candidate<Line> {
    const { row } = known
    const own = row.voice === 'person'
    const to = (characters: number) => {
      const stretch = stretchOf(row.text, reason.words, characters)
      const line = this.#passageLine(known, stretch)
      return {
        item: {
          item: { memoryId: null, passageId: row.id, ...stretch, tokens: 0, line, reason, rank: 0 },
          at: row.at,
          own,
        },
        line,
      }
    }
    const characters = Math.min(row.text.length, LONGEST_PASSAGE)
    return { ...to(characters), source: row.documentId ?? row.conversationId, own, shorten: { characters, to } }
  }

  async #choose(
    headings: readonly string[],
    candidates: readonly Candidate<Line>[],
    budget: number,
    most: number,
  ): Promise<{ frame: number; lines: Line[] } | null> {
    if (candidates.length === 0) return null
    const frames = headings.map((heading) => blockText(heading, []))
    const count = await this.counter(frames)
    const frame = Math.max(...frames.map(count))
    const chosen = await choose(candidates, budget - frame, most, (texts) => this.counter(texts))
    if (chosen.length === 0) return null
    const lines = chosen.map(({ item: { item, ...rest }, line, tokens }, rank) => ({
      ...rest,
      item: { ...item, line, tokens, rank },
    }))
    return { frame, lines }
  }

  #block(heading: string, frame: number, lines: readonly Line[]): PromptBlock {
    const items = lines.map(({ item }) => item)
    return { text: blockText(heading, items), tokens: items.reduce((sum, { tokens }) => sum + tokens, frame), items }
  }
}

function idOf(hit: RecallHit): MemoryId | PassageId {
  return hit.kind === 'memory' ? hit.row.id : hit.passage.id
}
