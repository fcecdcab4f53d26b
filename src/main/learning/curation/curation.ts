// Tidying what is known. Always a plan first; carried out when the person says so, or, of what can lose nothing, by itself
// where they allow that. All else a clean-up finds by itself waits in the inbox like any other suggestion.
import type { Inputs, Outputs } from '../../../shared/contract/index.ts'
import { AppError } from '../../../shared/errors.ts'
import { type BatchId, newId } from '../../../shared/ids.ts'
import type { StoreId } from '../../../shared/memory.ts'
import type { ReadHandle } from '../../database/database.ts'
import type { Batch } from '../change/batch.ts'
import { suggest } from '../change/suggest.ts'
import { applyChanges } from '../change/write.ts'
import type { LearningPorts } from '../ports.ts'
import type { Change, LearningStore } from '../protocol.ts'
import { readMemories, viewMemory } from '../rows.ts'
import { embedTexts } from '../vectors.ts'
import { findDuplicates } from './duplicates.ts'
import { type CurationGroup, isProtected, keyOf } from './group.ts'
import { findExpired, findUnused } from './stale.ts'

/** Work in the background: looks for what could be tidied. */
export const CURATE = 'curate'
const LISTED = 500
/** Most that one clean-up by itself puts into the inbox: more is no help. */
const MOST_SUGGESTED = 20

export interface Curation {
  plan(owner: string, query?: { store?: StoreId | null | undefined }): Promise<Outputs['curation']['plan']>
  apply(owner: string, request: Inputs['curation']['apply']): Promise<Outputs['curation']['apply']>
  /**
   * What happens when nobody asked: what is safe is carried out if that is allowed, the rest is suggested.
   * @returns counts of both
   */
  tidy(owner: string): Promise<{ applied: number; suggested: number }>
}

/**
 * @param stores those that may be read now; asked at each use
 * @param tell called with what changed
 */
export function createCuration(
  ports: LearningPorts,
  stores: (owner: string) => readonly LearningStore[],
  tell: (owner: string, batch: BatchId) => Promise<void>,
): Curation {
  const { db, clock } = ports

  async function groupsOf(read: ReadHandle, owner: string, only: StoreId | null = null): Promise<CurationGroup[]> {
    const groups: CurationGroup[] = []
    for (const store of stores(owner).filter(({ id }) => only === null || id === only)) {
      const now = clock.now()
      const found = await Promise.all([
        findDuplicates(read, owner, store),
        findExpired(read, owner, store, now),
        findUnused(read, owner, store, now),
        byStore(read, owner, store, now),
      ])
      groups.push(...withoutOverlap(found.flat()))
    }
    return groups
  }

  /** A store's own suggestions; those that name another store's items, or items that are gone, are none. */
  async function byStore(read: ReadHandle, owner: string, store: LearningStore, now: Date): Promise<CurationGroup[]> {
    const changes = (await store.curate?.({ owner, now, db: read })) ?? []
    const known = await readMemories(read, owner, changes.flatMap(idsOf))
    return changes.flatMap((change): CurationGroup[] => {
      const items = idsOf(change).flatMap((id) => known.get(id) ?? [])
      if (items.length === 0 || items.some((row) => row.store !== store.id)) return []
      return [{ kind: 'store', store: store.id, items, after: afterOf(change), safe: false, change }]
    })
  }

  async function carryOut(owner: string, chosen: readonly CurationGroup[], actor: string) {
    const texts = chosen.flatMap(({ after }) => after ?? [])
    const vectors = await embedTexts(ports, texts)
    const at = clock.now()
    // Carried out as decided: what it changes keeps its own author and words.
    const batch: Batch = {
      owner,
      id: newId<BatchId>(),
      actor,
      author: 'extraction',
      at,
      extractor: null,
      vectors,
      decided: true,
    }
    const done: CurationGroup[] = []
    const skipped: string[] = []
    await db.write('curation.apply', async (tx) => {
      for (const group of chosen) {
        const now = await readMemories(
          tx,
          owner,
          group.items.map(({ id }) => id),
        )
        const stands = group.items.every(({ id, version }) => {
          const row = now.get(id)
          return row?.version === version && row.status === 'active'
        })
        const store = stores(owner).find(({ id }) => id === group.store)
        if (!stands || !store) {
          skipped.push(keyOf(group))
          continue
        }
        await applyChanges(tx, batch, store, [group.change])
        done.push(group)
      }
    })
    if (done.length > 0) await tell(owner, batch.id)
    return { batchId: batch.id, applied: done.length, skipped }
  }

  return {
    async plan(owner, { store = null } = {}) {
      const groups = await groupsOf(db.read, owner, store)
      return { groups: groups.slice(0, LISTED).map(viewGroup), count: groups.length }
    },

    async apply(owner, { keys }) {
      const wanted = new Set(keys)
      const groups = (await groupsOf(db.read, owner)).filter((group) => wanted.has(keyOf(group)))
      const found = new Set(groups.map(keyOf))
      const gone = keys.filter((key) => !found.has(key))
      if (groups.length === 0) {
        throw new AppError('CONFLICT', 'What was to be tidied has changed since. Nothing was changed: look again.')
      }
      const { batchId, applied, skipped } = await carryOut(owner, groups, 'person')
      return { batchId, applied, skipped: [...gone, ...skipped] }
    },

    async tidy(owner) {
      const groups = (await groupsOf(db.read, owner)).filter((group) => !isProtected(group))
      const allowed = ports.settings().tidyByItself === true
      const safe = allowed ? groups.filter((group) => group.safe) : []
      const { applied } = safe.length > 0 ? await carryOut(owner, safe, `job:${CURATE}`) : { applied: 0 }
      const rest = groups.filter((group) => !safe.includes(group)).slice(0, MOST_SUGGESTED)
      const suggested = rest.length > 0 ? await suggestAll(owner, rest) : 0
      return { applied, suggested }
    },
  }

  async function suggestAll(owner: string, groups: readonly CurationGroup[]): Promise<number> {
    const at = clock.now()
    const batch: Batch = {
      owner,
      id: newId<BatchId>(),
      actor: `job:${CURATE}`,
      author: 'extraction',
      at,
      extractor: null,
      vectors: { model: ports.embedder.model, of: () => null },
    }
    let count = 0
    await db.write('curation.suggest', async (tx) => {
      for (const group of groups) {
        const store = stores(owner).find(({ id }) => id === group.store)
        if (store && (await suggest(tx, batch, store, group.change))) count += 1
      }
    })
    if (count > 0) await tell(owner, batch.id)
    return count
  }
}

function viewGroup(group: CurationGroup): Outputs['curation']['plan']['groups'][number] {
  const { kind, store, items, after, safe, change } = group
  return {
    key: keyOf(group),
    kind,
    store,
    reason: 'reason' in change ? change.reason : '',
    items: items.map(viewMemory),
    after,
    safe,
    protected: isProtected(group),
  }
}

/** An item is tidied in one way at a time: the first that was found. */
function withoutOverlap(groups: readonly CurationGroup[]): CurationGroup[] {
  const taken = new Set<string>()
  return groups.filter(({ items }) => {
    if (items.some(({ id }) => taken.has(id))) return false
    for (const { id } of items) taken.add(id)
    return true
  })
}

function idsOf(change: Change) {
  if (change.action === 'merge') return change.ids
  return 'id' in change ? [change.id] : []
}

function afterOf(change: Change): string | null {
  if (change.action === 'merge') return change.into.text
  if (change.action === 'update') return change.item.text
  return change.action === 'supersede' ? change.by.text : null
}
