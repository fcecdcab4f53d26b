// What the prompt holds of what is known: a small core that stays byte for byte through a conversation, and what this
// message recalled, next to the person's words. What the prompt holds already is not said twice; what was forgotten,
// corrected or taken out of recall leaves it.
import { and, asc, eq, inArray, or, sql } from 'drizzle-orm'
import type { MemoryId, PassageId } from '../../../shared/ids.ts'
import type { RecallReason } from '../../../shared/memory.ts'
import { memory, type PromptBlock, type PromptItem } from '../../database/schema.ts'
import { isVisible, type Viewer } from '../../database/visible.ts'
import type { ContextRequest, PromptUse, TurnContext } from '../learning.ts'
import type { LearningPorts } from '../ports.ts'
import type { LearningStore } from '../protocol.ts'
import type { MemoryHit, Recalled, RecallHit } from '../recall/hit.ts'
import { type RecallPorts, recall } from '../recall/recall.ts'
import { type MemoryRow, readVisible } from '../rows.ts'
import { readViewer } from '../teams/teams.ts'
import { changeLines, itemId } from './blocks.ts'
import { Renderer } from './renderer.ts'
import { keepThread } from './thread.ts'

/** How much recall gives at most: some of it may stand in the prompt already, and some may not fit. */
const CANDIDATES = 40
const FOLLOW_AT_MOST = 10
const MOST_IN_CORE = 200

type RecallingPorts = Pick<LearningPorts, 'db' | 'embedder' | 'log' | 'clock' | 'embedWaitMs'> &
  Pick<RecallPorts, 'requests'>

export async function buildContext(
  ports: LearningPorts & RecallingPorts,
  stores: readonly LearningStore[],
  request: ContextRequest,
): Promise<TurnContext> {
  if (stores.length === 0) return { core: null, earlier: request.earlier.map(() => null), recalled: null, used: [] }
  const renderer = new Renderer(ports, stores, request.owner)
  const viewer = await readViewer(ports.db.read, request.owner, request)
  const [{ core, earlier }, recalled, wanted] = await Promise.all([
    standingBlocks(ports, renderer, viewer, request),
    recallForTurn(ports, stores, viewer, request),
    recallOfStores(ports, stores, viewer, request),
  ])
  const present = new Set([core, ...earlier].flatMap((block) => block?.items.map(itemId) ?? []))
  const block = await renderer.recalled(withWanted(recalled, wanted), present, request)
  return { core, earlier, recalled: block, used: usedItems(renderer, core, block, earlier) }
}

/** What does not depend on what the message recalls. */
async function standingBlocks(
  ports: LearningPorts,
  renderer: Renderer,
  viewer: Viewer,
  request: ContextRequest,
): Promise<{ core: PromptBlock; earlier: (PromptBlock | null)[] }> {
  const kept = await keepStanding(ports, renderer, viewer, request)
  const core = kept.core ?? (await buildCore(ports, renderer, viewer))
  return { core: await keepThread(ports, renderer, viewer, request, core), earlier: kept.earlier }
}

/** What a turn recalls: the one way the prompt and the evaluation ask. */
export async function recallForTurn(
  { db, embedder, log, clock, requests, embedWaitMs }: RecallingPorts,
  stores: readonly LearningStore[],
  viewer: Viewer,
  { text, recent, conversationId }: Pick<ContextRequest, 'text' | 'recent' | 'conversationId'>,
  limit = CANDIDATES,
): Promise<Recalled> {
  const recalled = await recall(
    { read: db.read, embedder, log, clock, ...(requests ? { requests } : {}), ...(embedWaitMs ? { embedWaitMs } : {}) },
    {
      viewer,
      text,
      recent,
      stores: stores.filter(({ policy }) => policy.placement !== 'thread').map(({ id }) => id),
      limit,
      floor: true,
      exceptConversation: conversationId,
    },
  )
  return withoutSilent(recalled, stores)
}

/** What is kept for the person to see alone. */
function withoutSilent({ hits, relevant }: Recalled, stores: readonly LearningStore[]): Recalled {
  const silent = new Set(stores.flatMap(({ id, policy }) => policy.silentKinds?.map((kind) => `${id}:${kind}`) ?? []))
  if (silent.size === 0) return { hits, relevant }
  const isHeard = (hit: RecallHit) => hit.kind !== 'memory' || !silent.has(`${hit.row.store}:${hit.row.kind}`)
  return { hits: hits.filter(isHeard), relevant: hits.slice(0, relevant).filter(isHeard).length }
}

/** What the stores themselves want in the prompt of this turn. */
async function recallOfStores(
  ports: LearningPorts,
  stores: readonly LearningStore[],
  viewer: Viewer,
  { owner, conversationId, text, recent }: ContextRequest,
): Promise<MemoryHit[]> {
  const turn = { owner, conversationId, text, recent, now: ports.clock.now(), timeZone: ports.clock.timeZone }
  const items = await Promise.all(stores.map(async (store) => (await store.recall(turn, ports.db.read)) ?? []))
  const reasons = new Map(items.flat().map(({ id, reason }) => [id, reason]))
  const rows = await readVisible(ports.db.read, viewer, [...reasons.keys()])
  return [...reasons].flatMap(([id, reason]): MemoryHit[] => {
    const row = rows.get(id)
    return row ? [{ kind: 'memory', row, score: 1, reason: reason ?? STANDS }] : []
  })
}

const STANDS: RecallReason = { kind: 'standing', words: [], similarity: null }

/** What the stores want comes first, and counts as relevant. */
function withWanted({ hits, relevant }: Recalled, wanted: readonly MemoryHit[]): Recalled {
  if (wanted.length === 0) return { hits, relevant }
  const ids = new Set(wanted.map(({ row }) => row.id))
  const isOther = (hit: RecallHit) => hit.kind !== 'memory' || !ids.has(hit.row.id)
  const top = hits.slice(0, relevant).filter(isOther)
  return { hits: [...wanted, ...top, ...hits.slice(relevant).filter(isOther)], relevant: wanted.length + top.length }
}

/**
 * How much of what was recalled a turn puts into its prompt: the lines of `buildContext` for a conversation that holds
 * nothing yet.
 * @param budgetTokens as in a turn (`recallBudget`)
 */
export function placeRecalled(
  ports: Pick<LearningPorts, 'db' | 'model' | 'clock'>,
  stores: readonly LearningStore[],
  recalled: Recalled,
  request: Pick<ContextRequest, 'owner' | 'conversationId' | 'budgetTokens'>,
): Promise<PromptBlock | null> {
  return new Renderer(ports, stores, request.owner).recalled(recalled, new Set(), request)
}

/** Blocks of earlier turns, the same objects while every line in them still stands. */
async function keepStanding(
  ports: LearningPorts,
  renderer: Renderer,
  viewer: Viewer,
  { core, earlier }: ContextRequest,
): Promise<{ core: PromptBlock | null; earlier: (PromptBlock | null)[] }> {
  const items = [core, ...earlier].flatMap((block) => block?.items ?? [])
  const ids = [...new Set(items.flatMap(({ memoryId }) => memoryId ?? []))]
  const passageIds = [...new Set(items.flatMap(({ passageId }) => passageId ?? []))]
  const [rows] = await Promise.all([readVisible(ports.db.read, viewer, ids), renderer.readPassages(passageIds)])
  const successors = await readSuccessors(ports, viewer, rows)
  await renderer.know([...rows.values(), ...successors.values()])
  const texts = [...rows.values(), ...successors.values()].map((row) => renderer.memoryLine(row))
  const count = await renderer.counter(texts)
  const refresh =
    (follow: boolean) =>
    (item: PromptItem): PromptItem | null => {
      if (item.memoryId === null) return renderer.passageStillReads(item) ? item : null
      const row = rows.get(item.memoryId)
      if (item.thread || item.project) return renderer.threadStillStands(row, item.line) ? item : null
      if (row && renderer.memoryStillReads(row, item.line)) return item
      const now = follow && row?.status === 'superseded' ? successors.get(row.id) : row
      if (now?.status !== 'active' || !renderer.has(now.store)) return null
      const line = renderer.memoryLine(now)
      return { ...item, memoryId: now.id, version: now.version, line, tokens: count(line) }
    }
  return {
    // A field that changed keeps its place in the core; in an earlier turn's block the old value just goes.
    core: core && changeLines(core, refresh(true)),
    earlier: earlier.map((block) => block && changeLines(block, refresh(false))),
  }
}

async function readSuccessors(
  ports: LearningPorts,
  viewer: Viewer,
  rows: Map<MemoryId, MemoryRow>,
): Promise<Map<MemoryId, MemoryRow>> {
  const found = new Map<MemoryId, MemoryRow>()
  let open = [...rows.values()].flatMap((row) =>
    row.status === 'superseded' && row.supersededBy ? [{ from: row.id, to: row.supersededBy }] : [],
  )
  for (let step = 0; open.length > 0 && step < FOLLOW_AT_MOST; step++) {
    const next = await readVisible(
      ports.db.read,
      viewer,
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
async function buildCore(ports: LearningPorts, renderer: Renderer, viewer: Viewer): Promise<PromptBlock> {
  const stores = renderer.stores
  const always = stores.filter(({ policy }) => policy.placement === 'core').map(({ id }) => id)
  const standing = stores.flatMap(({ id, policy }) => (policy.standing ? [{ id, ...policy.standing }] : []))
  const rows = await ports.db.read
    .select()
    .from(memory)
    .where(
      and(
        isVisible(viewer, sql`memory`),
        eq(memory.status, 'active'),
        inArray(
          memory.store,
          stores.map(({ id }) => id),
        ),
        or(
          always.length > 0 ? inArray(memory.store, always) : undefined,
          eq(memory.pinned, true),
          ...standing.map(({ id, kinds }) => and(eq(memory.store, id), inArray(memory.kind, [...kinds]))),
        ),
      ),
    )
    .orderBy(asc(memory.createdAt), asc(memory.id))
    .limit(MOST_IN_CORE)
  const tooMany = new Set(
    standing.flatMap(({ id, kinds, most }) => {
      const own = rows.filter(({ store, kind, pinned }) => store === id && kinds.includes(kind) && !pinned)
      return own.slice(0, Math.max(0, own.length - most))
    }),
  )
  return (await renderer.core(rows.filter((row) => !tooMany.has(row)))) ?? { text: '', tokens: 0, items: [] }
}

function usedItems(
  renderer: Renderer,
  core: PromptBlock | null,
  recalled: PromptBlock | null,
  earlier: readonly (PromptBlock | null)[],
): PromptUse[] {
  const used = new Map<MemoryId | PassageId, PromptUse>()
  const add = (block: PromptBlock | null, section: PromptUse['section']) => {
    for (const item of block?.items ?? []) {
      const id = itemId(item)
      if (used.has(id)) continue
      const { tokens } = item
      const reason: PromptUse['reason'] = section === 'carried' ? { ...item.reason, kind: 'carried' } : item.reason
      const use = { section, reason, tokens }
      if (item.memoryId === null) {
        used.set(id, { memoryId: null, memoryVersion: null, passageId: item.passageId, store: null, ...use })
        continue
      }
      const store = renderer.storeOf(item.memoryId)
      if (store === null) continue
      used.set(id, { memoryId: item.memoryId, memoryVersion: item.version, passageId: null, store, ...use })
    }
  }
  add(recalled, 'recalled')
  add(core, 'core')
  for (const block of [...earlier].reverse()) add(block, 'carried')
  return [...used.values()]
}
