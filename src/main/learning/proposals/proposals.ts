// The inbox: suggestions wait here until the person decides. A decision is one transaction: the change, its journal entry,
// and who decided when. Nothing but a call of the person reaches this file; jobs and tools can only suggest.
import { and, asc, count, desc, eq, gt, inArray, isNull, lt, notInArray, or, type SQL, sql } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import { type BatchId, type EvidenceId, type MemoryId, newId, type ProposalId } from '../../../shared/ids.ts'
import type { StoreId } from '../../../shared/memory.ts'
import type { ProposalDecision, ProposalStatus, ProposalView } from '../../../shared/proposals.ts'
import type { ReadHandle, WriteHandle } from '../../database/database.ts'
import { journal, memory, proposal } from '../../database/schema.ts'
import {
  applyChanges,
  type Batch,
  hold,
  insertEvidence,
  note,
  setVector,
  updateRow,
  type Vectors,
} from '../change/write.ts'
import { mergeEntities } from '../entities/change.ts'
import { hasSecret } from '../extraction/secrets.ts'
import { PURGE } from '../forgetting/forget.ts'
import { UNDO_MS } from '../forgetting/undo-time.ts'
import type { LearningPorts } from '../ports.ts'
import type { Change, Evidence, ItemContent, LearningStore } from '../protocol.ts'
import {
  bodyOf,
  type EvidenceRow,
  type MemoryRow,
  needMemory,
  readMemories,
  readMemory,
  storedItem,
  viewMemory,
} from '../rows.ts'
import { EMBED, embedTexts } from '../vectors.ts'
import { fingerprintOf } from './claims.ts'
import {
  asStored,
  claimIn,
  isStale,
  type ProposalRow,
  readQuestion,
  readSuggested,
  trashedBy,
  viewProposal,
} from './rows.ts'

/** Blanks the words of what was declined, once that can no longer be undone. */
export const FORGET_DECLINED = 'proposal.blank'
/** Most suggestions one click may accept: a long list is not read. */
export const MOST_AT_ONCE = 50
/** A suggestion nobody decided on for so long has become old news. In days. */
export const EXPIRES_AFTER_DAYS = 90
const DAY_MS = 86_400_000

export interface ProposalQuery {
  status?: ProposalStatus
  store?: StoreId | null
  cursor?: string | null
  limit?: number
}

export interface ProposalPage {
  items: ProposalView[]
  /** Of this status and store. */
  total: number
  nextCursor: string | null
}

export interface BulkDecision {
  batchId: BatchId
  accepted: number
  /** Those that want a look of their own: flagged, changed since, or decided already. */
  skipped: { id: ProposalId; why: 'flagged' | 'changed' | 'decided' | 'refused' }[]
}

export interface Proposals {
  /** Open ones: unflagged first, then oldest first; decided ones newest first. */
  list(owner: string, query: ProposalQuery): Promise<ProposalPage>
  get(owner: string, id: ProposalId): Promise<ProposalView>
  /**
   * Carries out what was suggested, in the person's wording when they give one.
   * @throws AppError NOT_FOUND; CONFLICT when it was decided already or the memory changed since, and then the suggestion
   *   shows the memory as it is now
   */
  accept(owner: string, id: ProposalId, text?: string): Promise<ProposalDecision>
  /** Accepts up to fifty as one act, leaving out what should be looked at one by one. */
  acceptAll(owner: string, ids: readonly ProposalId[]): Promise<BulkDecision>
  /**
   * Says no. The same claim is not suggested again; with `never` nothing with the same words of content is.
   * Its words are erased when the time to undo is over.
   */
  decline(owner: string, id: ProposalId, never: boolean): Promise<ProposalDecision>
  /** Opens what a batch decided again. In the transaction that takes the batch back. @returns how many */
  reopen(tx: WriteHandle, owner: string, batchId: BatchId): Promise<number>
  /** Closes suggestions by rule: what they would change is gone, or nobody decided for ninety days. */
  expire(): Promise<number>
}

/**
 * @param storeOf the store of an id, null for one this version does not know
 * @param tell called with the memories a decision changed, once it is durable
 */
export function createProposals(
  ports: LearningPorts,
  storeOf: (id: StoreId) => LearningStore | null,
  tell: (owner: string, ids: readonly MemoryId[]) => Promise<void>,
): Proposals {
  ports.jobs.handle(FORGET_DECLINED, async (job, finish) => {
    await finish('proposal.blank', async (tx) => {
      const blanked = await blankDeclined(tx, job.owner, job.key as BatchId)
      return { blanked }
    })
  })
  return new Inbox(ports, storeOf, tell)
}

class Inbox implements Proposals {
  readonly #ports: LearningPorts
  readonly #storeOf: (id: StoreId) => LearningStore | null
  readonly #tell: (owner: string, ids: readonly MemoryId[]) => Promise<void>

  constructor(
    ports: LearningPorts,
    storeOf: (id: StoreId) => LearningStore | null,
    tell: (owner: string, ids: readonly MemoryId[]) => Promise<void>,
  ) {
    this.#ports = ports
    this.#storeOf = storeOf
    this.#tell = tell
  }

  async list(owner: string, query: ProposalQuery): Promise<ProposalPage> {
    const { status = 'open', store = null, cursor = null, limit = 50 } = query
    const { read } = this.#ports.db
    const all = and(
      eq(proposal.owner, owner),
      eq(proposal.status, status),
      store === null ? undefined : eq(proposal.store, store),
    )
    const flags = sql<number>`jsonb_array_length(${proposal.flags})`
    const open = status === 'open'
    const at = open ? proposal.createdAt : proposal.decidedAt
    const after = cursor === null ? undefined : afterCursor(cursor, open, flags)
    const rows = await read
      .select()
      .from(proposal)
      .where(and(all, after))
      .orderBy(...(open ? [asc(flags), asc(at), asc(proposal.id)] : [desc(at), desc(proposal.id)]))
      .limit(limit + 1)
    const [total] = await read.select({ n: count() }).from(proposal).where(all)
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return {
      items: await this.#view(read, owner, page),
      total: total?.n ?? 0,
      nextCursor: rows.length > limit && last ? cursorOf(last) : null,
    }
  }

  async get(owner: string, id: ProposalId): Promise<ProposalView> {
    const row = await this.#need(this.#ports.db.read, owner, id)
    return this.#viewOne(this.#ports.db.read, owner, row)
  }

  async accept(owner: string, id: ProposalId, text?: string): Promise<ProposalDecision> {
    const { db } = this.#ports
    if (text !== undefined && hasSecret(text)) {
      throw new AppError(
        'INVALID_INPUT',
        'This looks like a password, a key or a card number. Such things are not kept: use a password manager.',
        { field: 'text' },
      )
    }
    const waiting = await this.#need(db.read, owner, id)
    const vectors = await embedTexts(this.#ports, await this.#textsOf(db.read, waiting, text))
    const batch = this.#batch(owner, vectors)
    const result = await db.write('proposal.accept', async (tx) => {
      const row = await this.#need(tx, owner, id)
      refuseDecided(row)
      // What it was made for may have changed: the person sees that first.
      if (isStale(row, await targetOf(tx, row))) return null
      return this.#carryOut(tx, batch, row, text)
    })
    if (result === null) {
      await this.#refresh(owner, id)
      throw new AppError(
        'CONFLICT',
        'This memory was changed since it was suggested. Nothing was changed now: look at the suggestion again.',
      )
    }
    await this.#tell(owner, result.memoryId ? [result.memoryId] : [])
    return this.#decision(owner, id, result.memoryId, batch.id)
  }

  async acceptAll(owner: string, ids: readonly ProposalId[]): Promise<BulkDecision> {
    if (ids.length > MOST_AT_ONCE) {
      throw new AppError('INVALID_INPUT', `At most ${MOST_AT_ONCE} suggestions can be accepted at once.`, {
        field: 'ids',
      })
    }
    const { db } = this.#ports
    const wanted = [...new Set(ids)]
    const known = await db.read
      .select()
      .from(proposal)
      .where(and(eq(proposal.owner, owner), inArray(proposal.id, wanted)))
    const texts = await Promise.all(known.map((row) => this.#textsOf(db.read, row, undefined)))
    const batch = this.#batch(owner, await embedTexts(this.#ports, texts.flat()))
    const skipped: BulkDecision['skipped'] = []
    const changed = await db.write('proposal.acceptAll', async (tx) => {
      const memories: (MemoryId | null)[] = []
      for (const id of wanted) {
        const [row] = await tx
          .select()
          .from(proposal)
          .where(and(eq(proposal.id, id), eq(proposal.owner, owner)))
        const why = await this.#whyNot(tx, row)
        if (why || !row) skipped.push({ id, why: why ?? 'decided' })
        else memories.push((await this.#carryOut(tx, batch, row, undefined)).memoryId)
      }
      return memories
    })
    if (changed.length > 0) {
      await this.#tell(
        owner,
        changed.filter((id) => id !== null),
      )
    }
    return { batchId: batch.id, accepted: changed.length, skipped }
  }

  async decline(owner: string, id: ProposalId, never: boolean): Promise<ProposalDecision> {
    const { db } = this.#ports
    const batch = this.#batch(owner, this.#noVectors())
    const memoryId = await db.write('proposal.decline', async (tx) => {
      const row = await this.#need(tx, owner, id)
      refuseDecided(row)
      const about = { store: row.store, action: row.action as Change['action'], claim: claimIn(row) }
      const fingerprint = await fingerprintOf(tx, owner, about, never ? 'words' : 'claim')
      await this.#discard(tx, batch, row, { status: 'declined', decidedBy: 'person', fingerprint })
      return row.memoryId
    })
    await this.#tell(owner, memoryId ? [memoryId] : [])
    return this.#decision(owner, id, null, batch.id)
  }

  async reopen(tx: WriteHandle, owner: string, batchId: BatchId): Promise<number> {
    const again = await tx.$count(
      proposal,
      and(
        eq(proposal.owner, owner),
        eq(proposal.status, 'open'),
        inArray(
          proposal.batchId,
          tx
            .select({ id: journal.batchId })
            .from(journal)
            .where(and(eq(journal.owner, owner), eq(journal.undoneBy, batchId))),
        ),
      ),
    )
    if (again > 0) {
      throw new AppError('CONFLICT', 'This took a decision back. Decide on the suggestion again instead.')
    }
    const rows = await tx
      .select()
      .from(proposal)
      .where(and(eq(proposal.owner, owner), eq(proposal.batchId, batchId)))
    let opened = 0
    for (const row of rows) {
      if (row.status === 'open') continue
      if (row.after === null && row.before === null) {
        throw new AppError('CONFLICT', 'This decision is final: the words of the suggestion are gone.')
      }
      const memoryId = row.memoryId ?? (row.entityId ? null : await trashedBy(tx, owner, batchId))
      await tx
        .update(proposal)
        .set({ status: 'open', decidedAt: null, decidedBy: null, resultId: null, fingerprint: null, memoryId })
        .where(eq(proposal.id, row.id))
      opened += 1
    }
    return opened
  }

  async expire(): Promise<number> {
    const { db, clock } = this.#ports
    const before = new Date(clock.now().getTime() - EXPIRES_AFTER_DAYS * DAY_MS)
    return db.write('proposal.expire', async (tx) => {
      const rows = await tx
        .select({ row: proposal })
        .from(proposal)
        .leftJoin(memory, eq(memory.id, proposal.memoryId))
        .where(
          and(
            eq(proposal.status, 'open'),
            or(
              lt(proposal.createdAt, before),
              and(isNull(memory.id), isNull(proposal.entityId)),
              notInArray(memory.status, ['proposed', 'active', 'paused']),
            ),
          ),
        )
      for (const { row } of rows) {
        const batch = { ...this.#batch(row.owner, this.#noVectors()), actor: 'rule' }
        await this.#discard(tx, batch, row, { status: 'expired', decidedBy: 'rule' })
      }
      return rows.length
    })
  }

  /** Closes a suggestion that comes to nothing; its words go when that can no longer be undone. */
  async #discard(
    tx: WriteHandle,
    batch: Batch,
    row: ProposalRow,
    decision: { status: 'declined' | 'expired'; decidedBy: string; fingerprint?: string },
  ): Promise<void> {
    const { jobs } = this.#ports
    const { owner } = row
    const runAfter = new Date(batch.at.getTime() + UNDO_MS)
    const made = row.action === 'add' && row.memoryId ? await readMemory(tx, owner, row.memoryId) : null
    if (made?.status === 'proposed') {
      const after = await updateRow(tx, batch, made, { status: 'trashed', trashedAt: batch.at })
      await note(tx, batch, 'trash', bodyOf(made), bodyOf(after), after, decision.status)
      const payload = { ids: [made.id], passages: [], writing: [] }
      await jobs.add(tx, { owner, kind: PURGE, key: batch.id, payload, runAfter })
    }
    await tx
      .update(proposal)
      .set({
        ...decision,
        decidedAt: batch.at,
        batchId: batch.id,
        // The row of a new item goes; the decision stays.
        ...(row.action === 'add' ? { memoryId: null } : {}),
      })
      .where(eq(proposal.id, row.id))
    await jobs.add(tx, { owner, kind: FORGET_DECLINED, key: batch.id, runAfter })
  }

  /** @returns the memory that came of it; none of a question about entities */
  async #carryOut(
    tx: WriteHandle,
    batch: Batch,
    row: ProposalRow,
    text: string | undefined,
  ): Promise<{ memoryId: MemoryId | null }> {
    if (row.entityId) {
      const { from, into } = readQuestion(row).entities
      await mergeEntities(tx, batch, from, into)
      return { memoryId: null }
    }
    const store = this.#store(row)
    const { change } = readSuggested(row)
    const memoryId =
      change.action === 'add'
        ? await this.#activate(tx, batch, store, row, text)
        : await this.#apply(tx, batch, store, row, text)
    const result = await readMemory(tx, batch.owner, memoryId)
    await tx
      .update(proposal)
      .set({
        status: 'accepted',
        decidedAt: batch.at,
        decidedBy: 'person',
        batchId: batch.id,
        resultId: result ? memoryId : null,
      })
      .where(eq(proposal.id, row.id))
    if (result && !batch.vectors.of(result.text)) {
      await this.#ports.jobs.add(tx, { owner: batch.owner, kind: EMBED, key: batch.id })
    }
    return { memoryId }
  }

  /** The row of a suggested new memory becomes active. */
  async #activate(
    tx: WriteHandle,
    batch: Batch,
    store: LearningStore,
    row: ProposalRow,
    text: string | undefined,
  ): Promise<MemoryId> {
    if (!row.memoryId) throw gone()
    const before = await hold(tx, batch.owner, row.memoryId, null)
    const item = text === undefined ? null : store.fromHand(text, storedItem(before))
    const after = await updateRow(tx, batch, before, {
      status: 'active',
      ...(item ? { kind: item.kind, text: item.text, data: checked(store, item), author: 'person' } : {}),
    })
    const own = item ? [ownWords(batch, after.id, text ?? '')] : []
    await insertEvidence(tx, own)
    await note(tx, batch, 'add', bodyOf(before), bodyOf(after, own), after, 'accepted')
    await setVector(tx, batch, after)
    return after.id
  }

  /** A suggested change of what is known is carried out on the memory as it is now. */
  async #apply(
    tx: WriteHandle,
    batch: Batch,
    store: LearningStore,
    row: ProposalRow,
    text: string | undefined,
  ): Promise<MemoryId> {
    const now = await targetOf(tx, row)
    if (!now) throw gone()
    const { change } = readSuggested(row)
    const said =
      text === undefined ? change : reworded(store, row, change, { origin: 'hand', quote: text, at: batch.at })
    const based = 'base' in said ? { ...said, base: now.version } : said
    // Words that the person takes as they are do not become theirs.
    const author = text !== undefined ? 'person' : change.action === 'update' ? now.author : 'extraction'
    const [applied] = await applyChanges(tx, { ...batch, author, decided: true }, store, [based])
    if (!applied) throw gone()
    return applied.memoryId
  }

  async #textsOf(db: ReadHandle, row: ProposalRow, text: string | undefined): Promise<string[]> {
    const store = row.entityId ? null : this.#storeOf(row.store)
    if (!store) return []
    const { change, claim } = readSuggested(row)
    if (text === undefined) return [claim]
    if (change.action !== 'add') return [text]
    const before = row.memoryId ? await readMemory(db, row.owner, row.memoryId) : null
    return [store.fromHand(text, before && storedItem(before)).text]
  }

  async #whyNot(tx: WriteHandle, row: ProposalRow | undefined): Promise<BulkDecision['skipped'][number]['why'] | null> {
    if (row?.status !== 'open') return 'decided'
    if (row.flags.length > 0) return 'flagged'
    if (isStale(row, await targetOf(tx, row))) return 'changed'
    return this.#storeOf(row.store) ? null : 'refused'
  }

  /** Shows the memory as it is now, so that the person can decide again; closed when there is nothing left to change. */
  async #refresh(owner: string, id: ProposalId): Promise<void> {
    await this.#ports.db.write('proposal.refresh', async (tx) => {
      const row = await this.#need(tx, owner, id)
      const now = row.memoryId ? await readMemory(tx, owner, row.memoryId) : null
      if (row.status !== 'open') return
      const stands = now?.status === 'active' || now?.status === 'paused' || now?.status === 'proposed'
      await tx
        .update(proposal)
        .set(
          now && stands
            ? { before: row.action === 'add' ? null : bodyOf(now), baseVersion: now.version }
            : { status: 'expired', decidedAt: this.#ports.clock.now(), decidedBy: 'rule' },
        )
        .where(eq(proposal.id, id))
    })
  }

  async #decision(
    owner: string,
    id: ProposalId,
    memoryId: MemoryId | null,
    batchId: BatchId,
  ): Promise<ProposalDecision> {
    const { read } = this.#ports.db
    const row = await this.#need(read, owner, id)
    return {
      proposal: await this.#viewOne(read, owner, row),
      memory: memoryId ? viewMemory(await needMemory(read, owner, memoryId)) : null,
      batchId,
    }
  }

  async #view(db: ReadHandle, owner: string, rows: readonly ProposalRow[]): Promise<ProposalView[]> {
    const memories = await readMemories(
      db,
      owner,
      rows.flatMap(({ memoryId }) => memoryId ?? []),
    )
    return rows.map((row) => viewProposal(row, row.memoryId ? (memories.get(row.memoryId) ?? null) : null))
  }

  async #viewOne(db: ReadHandle, owner: string, row: ProposalRow): Promise<ProposalView> {
    const [view] = await this.#view(db, owner, [row])
    if (!view) throw gone()
    return view
  }

  async #need(db: ReadHandle, owner: string, id: ProposalId): Promise<ProposalRow> {
    const [row] = await db
      .select()
      .from(proposal)
      .where(and(eq(proposal.id, id), eq(proposal.owner, owner)))
    if (!row) throw gone()
    return row
  }

  #store(row: ProposalRow): LearningStore {
    const store = this.#storeOf(row.store)
    if (store) return store
    throw new AppError('NOT_ALLOWED', `This suggestion is for a store this version does not have ("${row.store}").`)
  }

  #batch(owner: string, vectors: Vectors): Batch {
    const at = this.#ports.clock.now()
    return { owner, id: newId<BatchId>(), actor: 'person', author: 'person', at, extractor: null, vectors }
  }

  #noVectors(): Vectors {
    return { model: this.#ports.embedder.model, of: () => null }
  }
}

/** The memory a suggestion is about, as it is now. */
async function targetOf(db: ReadHandle, row: ProposalRow): Promise<MemoryRow | null> {
  return row.memoryId ? readMemory(db, row.owner, row.memoryId) : null
}

/** The change in the words of the person, who stands behind them. */
function reworded(store: LearningStore, row: ProposalRow, change: Change, own: Evidence): Change {
  const evidence = [...change.evidence, own]
  const item = (as: ItemContent<Record<string, unknown>>) => ({
    ...as,
    ...store.fromHand(own.quote, asStored(row, as)),
  })
  if (change.action === 'update') return { ...change, item: item(change.item), evidence }
  if (change.action === 'supersede') return { ...change, by: item(change.by), evidence }
  if (change.action === 'merge') return { ...change, into: item(change.into), evidence }
  throw new AppError('INVALID_INPUT', 'This suggestion has no words to change. Accept or decline it as it is.', {
    field: 'text',
  })
}

function checked(store: LearningStore, { content }: ItemContent<Record<string, unknown>>): Record<string, unknown> {
  const parsed = store.schema.safeParse(content)
  if (parsed.success) return parsed.data
  throw new AppError('INVALID_INPUT', `"${store.title}" does not take these words.`, { field: 'text' })
}

function ownWords(batch: Batch, memoryId: MemoryId, quote: string): EvidenceRow {
  return {
    id: newId<EvidenceId>(),
    owner: batch.owner,
    memoryId,
    origin: 'hand',
    conversationId: null,
    messageId: null,
    documentId: null,
    quote,
    start: null,
    end: null,
    at: batch.at,
  }
}

function refuseDecided({ status }: ProposalRow): void {
  if (status !== 'open') throw new AppError('CONFLICT', 'This suggestion was decided already.')
}

function gone(): AppError {
  return new AppError('NOT_FOUND', 'This suggestion does not exist any more.')
}

/** What was declined or has expired leaves its decision and, of a "no", its fingerprint. */
async function blankDeclined(tx: WriteHandle, owner: string, batchId: BatchId): Promise<number> {
  const rows = await tx
    .update(proposal)
    .set({ before: null, after: null, reason: '', evidence: [], flags: [] })
    .where(
      and(eq(proposal.owner, owner), eq(proposal.batchId, batchId), inArray(proposal.status, ['declined', 'expired'])),
    )
    .returning({ id: proposal.id })
  return rows.length
}

function cursorOf(row: ProposalRow): string {
  const at = row.status === 'open' ? row.createdAt : (row.decidedAt ?? row.createdAt)
  return `${row.flags.length}_${at.getTime()}_${row.id}`
}

function afterCursor(cursor: string, open: boolean, flags: SQL<number>): SQL | undefined {
  const [, raised, time, id] = /^(\d{1,2})_(\d{1,16})_([0-9a-f-]{36})$/.exec(cursor) ?? []
  if (!raised || !time || !id) {
    throw new AppError('INVALID_INPUT', 'The list changed. Open it again.', { field: 'cursor' })
  }
  const at = new Date(Number(time))
  const last = id as ProposalId
  if (!open) {
    return or(lt(proposal.decidedAt, at), and(eq(proposal.decidedAt, at), lt(proposal.id, last)))
  }
  const n = Number(raised)
  return or(
    gt(flags, n),
    and(eq(flags, n), or(gt(proposal.createdAt, at), and(eq(proposal.createdAt, at), gt(proposal.id, last)))),
  )
}
