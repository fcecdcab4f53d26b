// The one write path of learning: every change to a memory goes through here, with its evidence, its vector and its
// journal entry, in the caller's transaction. A change that started from an older version is refused.

import { and, eq } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import {
  type BatchId,
  type ConversationId,
  type EvidenceId,
  type MemoryId,
  type MessageId,
  newId,
  type ProposalId,
} from '../../../shared/ids.ts'
import type { ChangeAction } from '../../../shared/memory.ts'
import type { WriteHandle } from '../../database/database.ts'
import { embedding, evidence, journal, memory, message, proposal } from '../../database/schema.ts'
import { spaceOf } from '../../database/visible.ts'
import { fitContent, nextContent } from '../contained/content.ts'
import { evidenceOf } from '../evidence.ts'
import { type Gate, PROPOSED_BY_MODE, type Suggester } from '../modes.ts'
import { claimOf, joinWaiting, wasDeclined } from '../proposals/claims.ts'
import { flagsOf } from '../proposals/flags.ts'
import type { Change, Evidence, ItemContent, LearningStore } from '../protocol.ts'
import { bodyOf, type EvidenceRow, type MemoryRow } from '../rows.ts'

/** What all changes of one act share: an undo takes back a batch. */
export interface Batch {
  owner: string
  id: BatchId
  /** person, job:<kind>, tool, import, … */
  actor: string
  author: string
  at: Date
  /** Model and prompt version the items were extracted with. */
  extractor: string | null
  conversationId?: ConversationId
  messageId?: MessageId
  vectors: Vectors
  /** The changes carry out what the person decided on a suggestion, so they need no words of theirs. */
  decided?: true
  /** No chip in the chat tells of them. */
  isNoNews?: true
  /** By which modes changes are judged that are no act of the person; absent on the person's own acts. */
  gate?: { who: Suggester; gate: Pick<Gate, 'outcome' | 'modeOf'> }
}

/** What is kept of a suggested change until it is decided. */
export interface Suggested {
  change: Change
  /** What a person decides on, in one sentence. */
  claim: string
}

/** Vectors of texts, made before the transaction: no model is waited for inside. */
export interface Vectors {
  model: string
  of(text: string): Float32Array | null
}

export interface Applied {
  action: ChangeAction
  memoryId: MemoryId
  /** `proposed`: it waits for a person. */
  outcome: 'written' | 'proposed'
  /** What waits, when it was proposed. */
  proposalId?: ProposalId
  /** It is to be tried out on past turns before the person decides. */
  triedOut?: boolean
}

const CONFIRMED = 0.1
/** Reason of a change that no chip tells of. */
export const NO_NEWS = 'thread'
/** Why a change waits: nobody with a say has said it, it is not sure, or the item was written or pinned by the person. */
export const UNCERTAIN = 'uncertain'
const BY_HAND = 'by-hand'

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
  const verdict = await judge(tx, batch, store, change)
  if (verdict === 'refused') return null
  if (verdict !== 'written' && change.action !== 'confirm') {
    // History of what is known already is no news to decide on.
    if (change.action === 'add' && change.outdated) return null
    return propose(tx, batch, store, change, PROPOSED_BY_MODE[verdict])
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
 * @returns `propose` and `ask`: it waits, and which mode says so
 */
async function judge(
  tx: WriteHandle,
  batch: Batch,
  store: LearningStore,
  change: Change,
): Promise<'written' | 'refused' | 'propose' | 'ask'> {
  if (!batch.gate || batch.decided) return 'written'
  const { gate, who } = batch.gate
  const own = gate.outcome(store.id, who)
  if (own === 'refused') return 'refused'
  const target = targetOf(change)
  const row = target ? await hold(tx, batch.owner, target, null) : null
  const other = row && row.store !== store.id ? gate.outcome(row.store, who) : 'written'
  if (own === 'written' && other === 'written') return 'written'
  if (change.asked && gate.modeOf(store.id) === 'propose') return 'written'
  const mode = gate.modeOf(own === 'proposed' || !row ? store.id : row.store)
  return mode === 'ask' ? 'ask' : 'propose'
}

/** Whether what this batch suggests for a store waits for the person, so that nothing of it is known before. */
export function waits(batch: Batch, store: LearningStore): boolean {
  return batch.gate !== undefined && !batch.decided && batch.gate.gate.outcome(store.id, batch.gate.who) !== 'written'
}

/** Whether what a change rests on may become active without a decision. */
function isTrusted(store: LearningStore, change: Change): boolean {
  if (!('evidence' in change) || (change.action === 'add' && change.waits)) return false
  const item = change.action === 'add' || change.action === 'update' ? change.item : null
  const origins = (item && store.policy.trustedByKind?.[item.kind]) ?? store.policy.trusted
  return change.evidence.some(({ origin }) => origins.includes(origin))
}

/** Reads the row a change started from. `base` null takes any version. */
export async function hold(tx: WriteHandle, owner: string, id: MemoryId, base: number | null): Promise<MemoryRow> {
  const [row] = await tx
    .select()
    .from(memory)
    .where(and(eq(memory.id, id), eq(memory.owner, owner)))
  if (!row || row.status === 'trashed') throw new AppError('NOT_FOUND', 'This memory does not exist any more.')
  if (base !== null && row.version !== base) {
    throw new AppError('CONFLICT', 'This memory was changed meanwhile. Nothing was overwritten: look at it again.', {
      version: row.version,
    })
  }
  return row
}

export async function updateRow(
  tx: WriteHandle,
  batch: Batch,
  before: MemoryRow,
  set: Partial<MemoryRow>,
): Promise<MemoryRow> {
  const [after] = await tx
    .update(memory)
    .set({ ...set, version: before.version + 1, updatedAt: batch.at })
    .where(and(eq(memory.id, before.id), eq(memory.version, before.version)))
    .returning()
  if (!after) throw new AppError('CONFLICT', 'This memory was changed meanwhile. Nothing was overwritten.')
  return after
}

/** Writes the journal entry of one change. Reasons name what kind of change it was; they never hold a memory's words. */
export async function note(
  tx: WriteHandle,
  batch: Batch,
  action: ChangeAction,
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
  row: MemoryRow,
  reason: string | null = null,
): Promise<void> {
  await tx.insert(journal).values({
    owner: batch.owner,
    batchId: batch.id,
    at: batch.at,
    actor: batch.actor,
    memoryId: row.id,
    store: row.store,
    action,
    before,
    after,
    reason: batch.isNoNews ? NO_NEWS : reason,
    conversationId: batch.conversationId ?? null,
    messageId: batch.messageId ?? null,
  })
}

/** Puts the row's vector in the place of the old one; without one, the embedding job finds the gap. */
export async function setVector(
  tx: WriteHandle,
  batch: Pick<Batch, 'owner' | 'vectors'>,
  row: MemoryRow,
): Promise<void> {
  await tx.delete(embedding).where(eq(embedding.targetId, row.id))
  const vector = batch.vectors.of(row.text)
  if (!vector) return
  await tx
    .insert(embedding)
    .values({ targetKind: 'memory', targetId: row.id, owner: spaceOf(row), model: batch.vectors.model, vector })
}

export async function insertEvidence(tx: WriteHandle, rows: EvidenceRow[]): Promise<void> {
  if (rows.length > 0) await tx.insert(evidence).values(rows)
}

async function insertItem(
  tx: WriteHandle,
  batch: Batch,
  row: MemoryRow,
  found: readonly Evidence[],
  action: ChangeAction,
  reason: string | null,
): Promise<void> {
  const rows = evidenceRows(batch, row.id, found)
  await tx.insert(memory).values(row)
  await insertEvidence(tx, rows)
  await setVector(tx, batch, row)
  await note(tx, batch, action, null, bodyOf(row, rows), row, reason)
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

/** An item that no longer holds: kept as history, with the time it held. It ends where its successor begins. */
async function close(
  tx: WriteHandle,
  batch: Batch,
  before: MemoryRow,
  by: MemoryRow | null,
  reason: string,
): Promise<void> {
  const { status, validTo, supersededBy } = closed(before, by?.id ?? null, by?.validFrom ?? batch.at)
  const after = await updateRow(tx, batch, before, { status, validTo, supersededBy })
  await note(tx, batch, 'retire', bodyOf(before), bodyOf(after), after, reason)
}

function closed(row: MemoryRow, supersededBy: MemoryId | null, until: Date): MemoryRow {
  // A clock that went back must not make an item end before it began.
  const validTo = row.validFrom && row.validFrom > until ? row.validFrom : until
  return { ...row, status: 'superseded', validTo, supersededBy }
}

/** What stays true of an item that went is one of its own, resting on the same words. */
async function keep(tx: WriteHandle, batch: Batch, before: MemoryRow, text: string | null | undefined): Promise<void> {
  if (!text) return
  const sources = await sourcesOf(tx, before)
  if (sources.length === 0) return
  const row: MemoryRow = {
    ...before,
    id: newId<MemoryId>(),
    version: 1,
    text,
    author: batch.author,
    extractor: batch.extractor,
    createdAt: batch.at,
    updatedAt: batch.at,
    lastUsedAt: null,
    useCount: 0,
  }
  await insertItem(tx, batch, row, sources, 'add', 'kept')
}

/** Asks whether an item still holds; once, however often the doubt comes up. */
async function ask(
  tx: WriteHandle,
  batch: Batch,
  store: LearningStore,
  about: MemoryRow,
  found: readonly Evidence[],
  reason: string,
): Promise<Applied | null> {
  const change = { action: 'retire' as const, id: about.id, base: about.version, reason, evidence: [...found] }
  return propose(tx, batch, store, change)
}

/** The sources of an item that can be found in the messages still. */
async function sourcesOf(tx: WriteHandle, { id, owner }: MemoryRow): Promise<Evidence[]> {
  const rows = await tx
    .select({ source: evidence, text: message.text })
    .from(evidence)
    .leftJoin(message, and(eq(message.id, evidence.messageId), eq(message.owner, evidence.owner)))
    .where(and(eq(evidence.memoryId, id), eq(evidence.owner, owner)))
  return rows
    .filter(({ source, text }) => source.origin !== 'user' || text?.includes(source.quote))
    .map(({ source }) => evidenceOf(source))
}

function newRow(
  batch: Batch,
  store: LearningStore,
  item: ItemContent<Record<string, unknown>>,
  scope = store.policy.scope,
  replaces: MemoryRow | null = null,
): MemoryRow {
  return {
    id: newId<MemoryId>(),
    owner: batch.owner,
    version: 1,
    store: store.id,
    namespace: replaces?.namespace ?? scope.namespace,
    projectId: replaces?.projectId ?? scope.projectId ?? null,
    conversationId: replaces?.conversationId ?? scope.conversationId ?? null,
    kind: item.kind,
    subjectId: item.subjectId === undefined ? (replaces?.subjectId ?? null) : item.subjectId,
    objectId: item.objectId === undefined ? (replaces?.objectId ?? null) : item.objectId,
    text: item.text,
    data: check(batch, store, item.content),
    status: 'active',
    confidence: item.confidence ?? 0.9,
    pinned: replaces?.pinned ?? false,
    localOnly: replaces?.localOnly ?? false,
    validFrom: item.validFrom === undefined ? batch.at : item.validFrom,
    validTo: item.validTo ?? null,
    supersededBy: null,
    author: item.author ?? batch.author,
    extractor: batch.extractor,
    createdAt: batch.at,
    updatedAt: batch.at,
    lastUsedAt: null,
    useCount: 0,
    trashedAt: null,
  }
}

function check(batch: Batch, store: LearningStore, content: unknown): Record<string, unknown> {
  const parsed = store.schema.safeParse(content)
  // What the person decides on may have been suggested under an earlier schema.
  const fitted = batch.decided && !parsed.success ? fitContent(store.schema, content) : null
  if (fitted) return fitted
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.') ?? ''
    throw new AppError('INVALID_INPUT', `"${store.title}" does not take this: ${field || 'content'} is not valid.`, {
      field,
    })
  }
  return parsed.data
}

function evidenceRows(batch: Batch, memoryId: MemoryId, found: readonly Evidence[]): EvidenceRow[] {
  return found.map((item) => ({
    id: newId<EvidenceId>(),
    owner: batch.owner,
    memoryId,
    origin: item.origin,
    conversationId: item.conversationId ?? null,
    messageId: item.messageId ?? null,
    documentId: item.documentId ?? null,
    quote: item.quote,
    start: item.start ?? null,
    end: item.end ?? null,
    at: item.at,
  }))
}

/** What nobody with a say has said waits for a person; until then it is in no prompt and no list of what is known. */
async function propose(
  tx: WriteHandle,
  batch: Batch,
  store: LearningStore,
  change: Change,
  byMode: string | null = null,
): Promise<Applied | null> {
  const found = change.evidence
  const id = targetOf(change)
  const before = id ? await hold(tx, batch.owner, id, 'base' in change ? change.base : null) : null
  const about = { store: store.id, action: change.action, claim: claimOf(change, before) }
  if (await wasDeclined(tx, batch.owner, about)) return null
  const waiting = await joinWaiting(tx, batch.owner, about, found)
  if (waiting) return { action: change.action, memoryId: waiting.memoryId, outcome: 'proposed', proposalId: waiting.id }
  const suggested = {
    id: newId<ProposalId>(),
    owner: batch.owner,
    store: store.id,
    action: change.action,
    after: { change, claim: about.claim } satisfies Suggested,
    reason: byMode ?? ('reason' in change ? change.reason : ''),
    evidence: [...found],
    flags: flagsOf(change.action, [about.claim, ...found.map(({ quote }) => quote)]),
    messageId: batch.messageId ?? null,
    createdAt: batch.at,
  }
  if (change.action === 'add') {
    const row: MemoryRow = { ...newRow(batch, store, change.item, change.scope), status: 'proposed' }
    await insertItem(tx, batch, row, found, 'add', 'proposed')
    await tx.insert(proposal).values({ ...suggested, memoryId: row.id, baseVersion: row.version })
    return { action: 'add', memoryId: row.id, outcome: 'proposed', proposalId: suggested.id }
  }
  if (!id || !before) throw new AppError('INVALID_INPUT', 'A merge needs items.')
  await tx.insert(proposal).values({ ...suggested, memoryId: id, baseVersion: before.version, before: bodyOf(before) })
  return { action: change.action, memoryId: id, outcome: 'proposed', proposalId: suggested.id }
}

/** Suggests a change whatever the store's mode: a clean-up that a person decides on. */
export function suggest(tx: WriteHandle, batch: Batch, store: LearningStore, change: Change): Promise<Applied | null> {
  return propose(tx, batch, store, change)
}

/** The item a change is about; of a merge the first, of something new none. */
function targetOf(change: Change): MemoryId | null {
  if (change.action === 'add') return null
  if (change.action === 'merge') return change.ids[0] ?? null
  return change.action === 'link' ? change.from : change.id
}
