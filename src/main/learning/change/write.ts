// The one write path of learning: every change to a memory goes through here, with its evidence, its vector and its
// journal entry, in the caller's transaction. A change that started from an older version is refused.

import { AppError } from '../../../shared/errors.ts'
import type { WriteHandle } from '../../database/database.ts'
import { wasMarkedWrong } from '../acts/wrong.ts'
import { nextContent } from '../contained/content.ts'
import { PROPOSED_BY_MODE } from '../modes.ts'
import { isForbidden } from '../never-keep.ts'
import type { Change, ItemContent, LearningStore } from '../protocol.ts'
import { bodyOf, type MemoryRow } from '../rows.ts'
import type { Applied, Batch } from './batch.ts'
import { ask, BY_HAND, IMPORTED, propose, targetOf, UNCERTAIN } from './suggest.ts'
import {
  check,
  close,
  closed,
  evidenceRows,
  hold,
  insertEvidence,
  insertItem,
  keep,
  newRow,
  note,
  setVector,
  sourcesOf,
  updateRow,
} from './write-items.ts'

const CONFIRMED = 0.1
/**
 * Applies the changes of a store in order.
 * @throws AppError CONFLICT when an item changed since the change was made, INVALID_INPUT when the store's schema refuses it
 */
export async function applyChanges(
  tx: WriteHandle,
  batch: Batch,
  store: LearningStore,
  changes: readonly Change[],
): Promise<Applied[]> {
  const applied: Applied[] = []
  const ofStore = store.policy.placement === 'thread' ? { ...batch, isNoNews: true as const } : batch
  for (const change of changes) {
    const one = await applyChange(tx, ofStore, store, change)
    if (one) applied.push(one.proposalId && store.policy.triedOut ? { ...one, triedOut: true } : one)
  }
  return applied
}

/** @returns null when it was not even suggested, because the person declined it before or it waits already */
async function applyChange(
  tx: WriteHandle,
  batch: Batch,
  store: LearningStore,
  change: Change,
): Promise<Applied | null> {
  if (await isKnownToBeWrong(tx, batch, store, change)) return null
  const verdict = await judge(tx, batch, store, change)
  if (verdict === 'refused') return null
  if (verdict === 'imported' && change.action === 'confirm') return null
  if (verdict !== 'written' && change.action !== 'confirm') {
    // History of what is known already is no news to decide on.
    if (change.action === 'add' && change.outdated) return null
    return propose(tx, batch, store, change, verdict === 'imported' ? IMPORTED : PROPOSED_BY_MODE[verdict])
  }
  if (!isTrusted(store, change) && !batch.decided) return propose(tx, batch, store, change)
  switch (change.action) {
    case 'add': {
      const made = newRow(batch, store, change.item, change.scope)
      const newer = change.outdated && (await hold(tx, batch.owner, change.outdated.by.id, change.outdated.by.base))
      const row = newer ? closed(made, newer.id, newer.validFrom ?? batch.at) : made
      await insertItem(tx, batch, row, change.evidence, 'add', newer ? 'outdated' : null)
      for (const { id, base } of change.contests ?? []) {
        await ask(tx, batch, store, await hold(tx, batch.owner, id, base), change.evidence, UNCERTAIN)
      }
      return { action: 'add', memoryId: row.id, outcome: 'written' }
    }
    case 'confirm': {
      const before = await hold(tx, batch.owner, change.id, change.base)
      const added = evidenceRows(batch, change.id, change.evidence)
      const after = await updateRow(tx, batch, before, {
        confidence: Math.min(1, before.confidence + (1 - before.confidence) * CONFIRMED),
      })
      await insertEvidence(tx, added)
      await note(tx, batch, 'confirm', bodyOf(before), bodyOf(after, added), after)
      return { action: 'confirm', memoryId: change.id, outcome: 'written' }
    }
    case 'update': {
      const before = await hold(tx, batch.owner, change.id, change.base)
      const added = evidenceRows(batch, change.id, change.evidence)
      const { kind, text, content, confidence, validFrom, validTo } = change.item
      const after = await updateRow(tx, batch, before, {
        kind,
        text,
        // Where an item comes from stays, but for what the person makes theirs.
        author: [batch.author, before.author].includes('person') ? batch.author : before.author,
        data: nextContent(store.schema, before.data, content, () => check(batch, store, content)),
        confidence: confidence ?? before.confidence,
        validFrom: validFrom === undefined ? before.validFrom : validFrom,
        validTo: validTo === undefined ? before.validTo : validTo,
      })
      await insertEvidence(tx, added)
      await setVector(tx, batch, after)
      await note(tx, batch, 'update', bodyOf(before), bodyOf(after, added), after)
      return { action: 'update', memoryId: change.id, outcome: 'written' }
    }
    case 'supersede': {
      const before = await hold(tx, batch.owner, change.id, change.base)
      if (isProtected(batch, store, before)) {
        const { by, evidence: found } = change
        const contests = [{ id: change.id, base: change.base }]
        return applyChange(tx, batch, store, { action: 'add', item: by, evidence: found, contests })
      }
      const row = newRow(batch, store, change.by, undefined, before)
      const sources = change.keepsSources ? [...change.evidence, ...(await sourcesOf(tx, before))] : change.evidence
      await close(tx, batch, before, row, change.reason)
      await insertItem(tx, batch, row, sources, 'supersede', change.reason)
      await keep(tx, batch, before, change.keeps)
      return { action: 'supersede', memoryId: row.id, outcome: 'written' }
    }
    case 'retire': {
      const before = await hold(tx, batch.owner, change.id, change.base)
      const byHand = isProtected(batch, store, before)
      if (byHand || change.ask) {
        return ask(tx, batch, store, before, change.evidence, byHand ? BY_HAND : UNCERTAIN)
      }
      const by = change.by ? await hold(tx, batch.owner, change.by, null) : null
      await close(tx, batch, before, by, change.reason)
      await keep(tx, batch, before, change.keeps)
      return { action: 'retire', memoryId: change.id, outcome: 'written' }
    }
    case 'archive': {
      const before = await hold(tx, batch.owner, change.id, change.base)
      if (isProtected(batch, store, before)) return propose(tx, batch, store, change, BY_HAND)
      const after = await updateRow(tx, batch, before, { status: 'archived' })
      await note(tx, batch, 'archive', bodyOf(before), bodyOf(after), after, change.reason)
      return { action: 'archive', memoryId: change.id, outcome: 'written' }
    }
    case 'merge': {
      const [first] = change.ids
      const replaces = first ? await hold(tx, batch.owner, first, null) : null
      const row = newRow(batch, store, change.into, undefined, replaces)
      for (const id of change.ids) await close(tx, batch, await hold(tx, batch.owner, id, null), row, 'merged')
      await insertItem(tx, batch, row, change.evidence, 'merge', null)
      return { action: 'merge', memoryId: row.id, outcome: 'written' }
    }
    case 'link':
      throw new AppError('NOT_ALLOWED', `The store "${store.title}" does not link items.`)
  }
}

/**
 * What the modes make of a change that is no act of the person. It may touch an item of another store than the one that
 * suggests it: the stricter of the two modes counts, and a store that does not learn by itself is changed by a proposal.
 * @returns `propose` and `ask`: it waits, and which mode says so; `imported`: whatever the mode
 */
async function judge(
  tx: WriteHandle,
  batch: Batch,
  store: LearningStore,
  change: Change,
): Promise<'written' | 'refused' | 'propose' | 'ask' | 'imported'> {
  if (!batch.gate || batch.decided) return 'written'
  const { gate, who } = batch.gate
  const own = gate.outcome(store.id, who)
  if (own === 'refused') return 'refused'
  const item = itemOf(change)
  if (item && isForbidden({ item, evidence: change.evidence }, gate.neverKeep(store.id))) return 'refused'
  if (batch.imported) return 'imported'
  const target = targetOf(change)
  const row = target ? await hold(tx, batch.owner, target, null) : null
  const other = row && row.store !== store.id ? gate.outcome(row.store, who) : 'written'
  if (own === 'written' && other === 'written') return 'written'
  if (change.asked && gate.modeOf(store.id) === 'propose') return 'written'
  const mode = gate.modeOf(own === 'proposed' || !row ? store.id : row.store)
  return mode === 'ask' ? 'ask' : 'propose'
}

/** What a change writes; null where it writes no words. */
function itemOf(change: Change): ItemContent<Record<string, unknown>> | null {
  if (change.action === 'add' || change.action === 'update') return change.item
  return change.action === 'supersede' ? change.by : null
}

/** Whether what this batch suggests for a store waits for the person, so that nothing of it is known before. */
export function waits(batch: Batch, store: LearningStore): boolean {
  if (batch.imported && !batch.decided) return true
  return batch.gate !== undefined && !batch.decided && batch.gate.gate.outcome(store.id, batch.gate.who) !== 'written'
}

/** What the person said is wrong is learned again only from themselves: by hand, or because they ask for it. */
async function isKnownToBeWrong(tx: WriteHandle, batch: Batch, store: LearningStore, change: Change): Promise<boolean> {
  if (batch.author === 'person' || batch.decided || (change.asked && !batch.imported)) return false
  if (change.action === 'add') return wasMarkedWrong(tx, batch.owner, store.id, change.item.text)
  return change.action === 'supersede' && wasMarkedWrong(tx, batch.owner, store.id, change.by.text)
}

/** Whether what a change rests on may become active without a decision. */
function isTrusted(store: LearningStore, change: Change): boolean {
  if (!('evidence' in change) || (change.action === 'add' && change.waits)) return false
  const item = change.action === 'add' || change.action === 'update' ? change.item : null
  const origins = (item && store.policy.trustedByKind?.[item.kind]) ?? store.policy.trusted
  return change.evidence.some(({ origin }) => origins.includes(origin))
}

/**
 * What a person wrote, corrected or pinned is not taken away on the strength of a comparison of sentences. A field of one
 * value is: there it is certain that the newer words are about the same thing.
 */
function isProtected(batch: Batch, store: LearningStore, row: MemoryRow): boolean {
  return (
    !batch.decided &&
    batch.author !== 'person' &&
    store.policy.compareBy !== 'kind' &&
    (row.pinned || row.author === 'person')
  )
}
