// The memories of a prompt: a small core that stays byte for byte through a conversation, and what this message recalled,
// next to the person's words. What the prompt holds already is not said twice; what was forgotten or corrected leaves it.
import { and, asc, eq, inArray, or } from 'drizzle-orm'
import type { MemoryId } from '../../../shared/ids.ts'
import type { RecallReason, StoreId } from '../../../shared/memory.ts'
import { memory, type PromptBlock } from '../../database/schema.ts'
import type { ContextRequest, TurnContext, UsedItem } from '../learning.ts'
import type { LearningPorts } from '../ports.ts'
import type { LearningStore } from '../protocol.ts'
import { recall } from '../recall/recall.ts'
import { type MemoryRow, readMemories, storedItem } from '../rows.ts'
import { type BlockLine, BREAK_TOKENS, blockText, changeLines } from './blocks.ts'

const CORE_HEADING = '[About the user, in their own account:'
/** Short, because every token of it is taken from what can be recalled. The prompt says what brackets mean. */
const RECALLED_HEADING = '[The user said earlier, newest first:'
/** Most tokens of the core block: it is read into every conversation. */
const CORE_TOKENS = 400
/** Most items one message recalls. */
const MOST_RECALLED = 8
const FOLLOW_AT_MOST = 10

export async function buildContext(
  ports: LearningPorts,
  stores: readonly LearningStore[],
  request: ContextRequest,
): Promise<TurnContext> {
  if (stores.length === 0) return { core: null, earlier: request.earlier.map(() => null), recalled: null, used: [] }
  const renderer = new Renderer(ports, stores)
  const [kept, hits] = await Promise.all([
    keepStanding(ports, renderer, request),
    recall(
      { read: ports.db.read, embedder: ports.embedder, log: ports.log },
      {
        owner: request.owner,
        text: request.text,
        recent: request.recent,
        stores: stores.map(({ id }) => id),
        // Some may stand in the prompt already.
        limit: MOST_RECALLED * 3,
        floor: true,
      },
    ),
  ])
  const core = kept.core ?? (await buildCore(ports, renderer, request.owner))
  const present = new Set(
    [core, ...kept.earlier].flatMap((block) => block?.items.map(({ memoryId }) => memoryId) ?? []),
  )
  const fresh = hits.filter(({ row }) => !present.has(row.id)).slice(0, MOST_RECALLED)
  const recalled = await renderer.recalled(fresh, request.budgetTokens)
  return { core, earlier: kept.earlier, recalled, used: usedItems(renderer, core, recalled, kept.earlier) }
}

/** Blocks of earlier turns, the same objects while every line in them still stands. */
async function keepStanding(
  ports: LearningPorts,
  renderer: Renderer,
  { owner, core, earlier }: ContextRequest,
): Promise<{ core: PromptBlock | null; earlier: (PromptBlock | null)[] }> {
  const blocks = [core, ...earlier].filter((block) => block !== null)
  const ids = [...new Set(blocks.flatMap((block) => block.items.map(({ memoryId }) => memoryId)))]
  const rows = await readMemories(ports.db.read, owner, ids)
  const successors = await readSuccessors(ports, owner, rows)
  renderer.know([...rows.values(), ...successors.values()])
  const count = await renderer.counter([...rows.values(), ...successors.values()].map((row) => renderer.line(row)))
  const refresh =
    (follow: boolean) =>
    (line: BlockLine): BlockLine | null => {
      let row = rows.get(line.memoryId)
      if (follow && row?.status === 'superseded') row = successors.get(row.id)
      if (row?.status !== 'active' || !renderer.has(row.store)) return null
      const text = renderer.line(row)
      if (row.id === line.memoryId && text === line.line) return line
      return { ...line, memoryId: row.id, version: row.version, line: text, tokens: count(text) }
    }
  return {
    // A field that changed keeps its place in the core; in an earlier turn's block the old value just goes.
    core: core && changeLines(core, refresh(true)),
    earlier: earlier.map((block) => block && changeLines(block, refresh(false))),
  }
}

async function readSuccessors(
  ports: LearningPorts,
  owner: string,
  rows: Map<MemoryId, MemoryRow>,
): Promise<Map<MemoryId, MemoryRow>> {
  const found = new Map<MemoryId, MemoryRow>()
  let open = [...rows.values()].flatMap((row) =>
    row.status === 'superseded' && row.supersededBy ? [{ from: row.id, to: row.supersededBy }] : [],
  )
  for (let step = 0; open.length > 0 && step < FOLLOW_AT_MOST; step++) {
    const next = await readMemories(
      ports.db.read,
      owner,
      open.map(({ to }) => to),
    )
    const further: typeof open = []
    for (const { from, to } of open) {
      const row = next.get(to)
      if (row?.status === 'active') found.set(from, row)
      else if (row?.supersededBy) further.push({ from, to: row.supersededBy })
    }
    open = further
  }
  return found
}

/**
 * Profile first, then what the person pinned, oldest first, so that the block is the same however it was reached.
 * With nothing known yet an empty block: it is kept like any other, so that what the first turn teaches does not rewrite
 * the beginning of the prompt in the second. Those words stand in the conversation anyway.
 */
async function buildCore(ports: LearningPorts, renderer: Renderer, owner: string): Promise<PromptBlock> {
  const stores = renderer.stores
  const always = stores.filter(({ policy }) => policy.placement === 'core').map(({ id }) => id)
  const rows = await ports.db.read
    .select()
    .from(memory)
    .where(
      and(
        eq(memory.owner, owner),
        eq(memory.status, 'active'),
        inArray(
          memory.store,
          stores.map(({ id }) => id),
        ),
        or(always.length > 0 ? inArray(memory.store, always) : undefined, eq(memory.pinned, true)),
      ),
    )
    .orderBy(asc(memory.createdAt), asc(memory.id))
    .limit(200)
  renderer.know(rows)
  return (await renderer.core(rows)) ?? { text: '', tokens: 0, items: [] }
}

function usedItems(
  renderer: Renderer,
  core: PromptBlock | null,
  recalled: PromptBlock | null,
  earlier: readonly (PromptBlock | null)[],
): UsedItem[] {
  const used = new Map<MemoryId, UsedItem>()
  const add = (block: PromptBlock | null, section: UsedItem['section']) => {
    for (const { memoryId, version, tokens, reason } of block?.items ?? []) {
      const store = renderer.storeOf(memoryId)
      if (!store || used.has(memoryId)) continue
      used.set(memoryId, {
        memoryId,
        memoryVersion: version,
        store,
        section,
        reason: section === 'carried' ? { ...reason, kind: 'carried' } : reason,
        tokens,
      })
    }
  }
  add(recalled, 'recalled')
  add(core, 'core')
  for (const block of [...earlier].reverse()) add(block, 'carried')
  return [...used.values()]
}

/** Turns rows into lines and blocks within a budget. */
class Renderer {
  readonly stores: readonly LearningStore[]
  readonly #ports: LearningPorts
  readonly #byId: Map<StoreId, LearningStore>
  readonly #rows = new Map<MemoryId, MemoryRow>()
  readonly #day: Intl.DateTimeFormat

  constructor(ports: LearningPorts, stores: readonly LearningStore[]) {
    this.#ports = ports
    this.stores = stores
    this.#byId = new Map(stores.map((store) => [store.id, store]))
    this.#day = new Intl.DateTimeFormat('en-GB', {
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      timeZone: ports.clock.timeZone,
    })
  }

  know(rows: readonly MemoryRow[]): void {
    for (const row of rows) this.#rows.set(row.id, row)
  }

  has(store: StoreId): boolean {
    return this.#byId.has(store)
  }

  storeOf(id: MemoryId): StoreId | null {
    return this.#rows.get(id)?.store ?? null
  }

  /** The line of an item; its bytes depend on the item alone. */
  line(row: MemoryRow): string {
    const store = this.#byId.get(row.store)
    if (!store) return ''
    const block = store.render([storedItem(row)], { tokens: Number.POSITIVE_INFINITY, count: () => 0 })
    const text = block.lines[0]?.line ?? ''
    return store.policy.placement === 'core' ? text : `${text} (${this.#day.format(row.validFrom ?? row.createdAt)})`
  }

  /** Counts texts under the model's tokenizer, all in one call. */
  async counter(texts: readonly string[]): Promise<(text: string) => number> {
    const unique = [...new Set(texts)]
    const counts = unique.length > 0 ? await this.#ports.model.countTokens(unique.map((text) => `- ${text}\n`)) : []
    const byText = new Map(unique.map((text, index) => [text, (counts[index] ?? 0) + BREAK_TOKENS]))
    return (text) => byText.get(text) ?? Math.ceil(Buffer.byteLength(text) / 3)
  }

  async core(rows: readonly MemoryRow[]): Promise<PromptBlock | null> {
    const order = this.stores.flatMap((store) => {
      const own = rows.filter((row) => row.store === store.id)
      const lines = store.render(own.map(storedItem), { tokens: Number.POSITIVE_INFINITY, count: () => 0 }).lines
      return lines.flatMap(({ id }) => this.#rows.get(id) ?? [])
    })
    const reason = (row: MemoryRow): RecallReason => ({
      kind: row.pinned ? 'pinned' : 'profile',
      words: [],
      similarity: null,
    })
    return this.#block(
      CORE_HEADING,
      order.map((row) => ({ row, reason: reason(row) })),
      CORE_TOKENS,
    )
  }

  async recalled(
    hits: readonly { row: MemoryRow; reason: RecallReason }[],
    tokens: number,
  ): Promise<PromptBlock | null> {
    this.know(hits.map(({ row }) => row))
    const block = await this.#block(RECALLED_HEADING, hits, tokens)
    if (!block) return null
    // Chosen by rank, read by date: of two that differ the newer one comes first.
    const day = ({ memoryId }: BlockLine) => {
      const row = this.#rows.get(memoryId)
      return (row?.validFrom ?? row?.createdAt)?.getTime() ?? 0
    }
    const items = [...block.items].sort((a, b) => day(b) - day(a) || a.rank - b.rank)
    return { ...block, text: blockText(RECALLED_HEADING, items), items }
  }

  async #block(
    heading: string,
    items: readonly { row: MemoryRow; reason: RecallReason }[],
    budget: number,
  ): Promise<PromptBlock | null> {
    if (items.length === 0) return null
    const lines = items.map(({ row }) => this.line(row))
    const frame = blockText(heading, [])
    const count = await this.counter([frame, ...lines])
    let left = budget - count(frame)
    const taken: BlockLine[] = []
    for (const [index, { row, reason }] of items.entries()) {
      const line = lines[index] ?? ''
      const tokens = count(line)
      if (line === '' || tokens > left) continue
      left -= tokens
      taken.push({ memoryId: row.id, version: row.version, tokens, line, reason, rank: taken.length })
    }
    if (taken.length === 0) return null
    return { text: blockText(heading, taken), tokens: budget - left, items: taken }
  }
}
