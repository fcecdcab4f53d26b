// Several items become one in the person's words, and one becomes several. Both keep all the words they rest on.
import type { MemorySeen } from '../../../shared/contract/memory.ts'
import { AppError } from '../../../shared/errors.ts'
import type { MemoryId } from '../../../shared/ids.ts'
import type { WriteHandle } from '../../database/database.ts'
import { type Batch, momentOf } from '../change/batch.ts'
import { applyChanges } from '../change/write.ts'
import { close, hold, insertItem, newRow, sourcesOf } from '../change/write-items.ts'
import type { Evidence, LearningStore } from '../protocol.ts'
import { type MemoryRow, storedItem } from '../rows.ts'

/** @returns items in states in which the person can change them, as they saw them */
async function holdAll(tx: WriteHandle, owner: string, seen: readonly MemorySeen[]): Promise<MemoryRow[]> {
  const rows: MemoryRow[] = []
  for (const { id, version } of seen) {
    const row = await hold(tx, owner, id, version)
    if (row.status === 'proposed' || row.status === 'superseded') {
      throw new AppError('NOT_ALLOWED', 'This holds no longer, or not yet. Nothing was changed.')
    }
    rows.push(row)
  }
  return rows
}

/**
 * The first of the items, or a pinned one, says from now on what all of them said.
 * @returns the item that is left
 * @throws AppError INVALID_INPUT naming the field, CONFLICT when one changed since it was seen
 */
export async function mergeItems(
  tx: WriteHandle,
  batch: Batch,
  storeOf: (row: MemoryRow) => LearningStore,
  { items, text }: { items: readonly MemorySeen[]; text: string },
): Promise<MemoryId> {
  const rows = await holdAll(tx, batch.owner, items)
  const first = rows.find(({ pinned }) => pinned) ?? rows[0]
  if (!first || new Set(rows.map(({ id }) => id)).size < 2) {
    throw new AppError('INVALID_INPUT', 'Choose two memories at least.', { field: 'items' })
  }
  if (rows.some(({ store }) => store !== first.store)) {
    throw new AppError('INVALID_INPUT', 'Only memories of one store can be merged. Nothing was changed.', {
      field: 'items',
    })
  }
  if (rows.some((row) => placeOf(row) !== placeOf(first))) {
    throw new AppError('INVALID_INPUT', 'These hold in different places, so they stay apart. Nothing was changed.', {
      field: 'items',
    })
  }
  const evidence: Evidence[] = []
  for (const row of rows) {
    for (const source of await sourcesOf(tx, row)) {
      const known = evidence.some(({ quote, messageId }) => quote === source.quote && messageId === source.messageId)
      if (!known) evidence.push(source)
    }
  }
  const same = rows.find((row) => row.text === text)
  if (!same || evidence.length === 0) evidence.push(byHand(batch, text))
  const store = storeOf(first)
  const item = store.fromHand(text, storedItem(first), momentOf(batch))
  const since = rows.flatMap(({ validFrom }) => validFrom ?? []).sort((a, b) => a.getTime() - b.getTime())
  const [applied] = await applyChanges(tx, { ...batch, decided: true, author: same?.author ?? batch.author }, store, [
    {
      action: 'merge',
      ids: [first.id, ...rows.flatMap(({ id }) => (id === first.id ? [] : id))],
      into: { ...item, validFrom: since[0] ?? null, confidence: Math.max(...rows.map((row) => row.confidence)) },
      evidence,
    },
  ])
  if (!applied) throw new AppError('NOT_FOUND', 'These memories do not exist any more.')
  return applied.memoryId
}

/** Where an item holds, and for whom. */
function placeOf({ namespace, projectId, conversationId }: MemoryRow): string {
  return [namespace, projectId, conversationId].join(' ')
}

/**
 * One item becomes several, each resting on all its words.
 * @returns the first of them
 * @throws AppError INVALID_INPUT naming the field, CONFLICT when it changed since it was seen
 */
export async function splitItem(
  tx: WriteHandle,
  batch: Batch,
  storeOf: (row: MemoryRow) => LearningStore,
  { id, version, texts }: MemorySeen & { texts: readonly string[] },
): Promise<MemoryId> {
  const [before] = await holdAll(tx, batch.owner, [{ id, version }])
  if (!before) throw new AppError('NOT_FOUND', 'This memory does not exist any more.')
  const store = storeOf(before)
  if (store.policy.compareBy === 'kind') {
    throw new AppError('NOT_ALLOWED', 'A field of the profile holds one value. Nothing was changed.')
  }
  if (new Set(texts).size < texts.length) {
    throw new AppError('INVALID_INPUT', 'Two of the parts say the same.', { field: 'texts' })
  }
  const sources = await sourcesOf(tx, before)
  const rows = texts.map((text): MemoryRow => {
    const item = store.fromHand(text, storedItem(before), momentOf(batch))
    return {
      ...newRow(
        batch,
        store,
        { ...item, validFrom: before.validFrom, confidence: before.confidence },
        undefined,
        before,
      ),
      status: before.status,
    }
  })
  const [first] = rows
  if (!first) throw new AppError('INVALID_INPUT', 'Write two parts at least.', { field: 'texts' })
  await close(tx, batch, before, { ...first, validFrom: null }, 'split')
  for (const row of rows) await insertItem(tx, batch, row, [...sources, byHand(batch, row.text)], 'add', 'split')
  return first.id
}

function byHand({ at }: Batch, quote: string): Evidence {
  return { origin: 'hand', quote, at }
}
