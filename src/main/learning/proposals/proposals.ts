// The inbox: suggestions wait here until the person decides. A decision is one transaction: the change, its journal entry,
// and who decided when. Nothing but a call of the person reaches this file; jobs and tools can only suggest.
import { and, asc, eq, inArray, isNull, lt, notInArray, or } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import { type BatchId, type MemoryId, type MessageId, newId, type ProposalId } from '../../../shared/ids.ts'
import type { StoreId } from '../../../shared/memory.ts'
import type { ProposalDecision, ProposalStatus, ProposalView } from '../../../shared/proposals.ts'
import type { ReadHandle, WriteHandle } from '../../database/database.ts'
import { memory, proposal } from '../../database/schema.ts'
import type { Batch, Vectors } from '../change/write.ts'
import { refuseSecret } from '../extraction/secrets.ts'
import { PROPOSED_BY_MODE } from '../modes.ts'
import type { LearningPorts } from '../ports.ts'
import type { Change, LearningStore } from '../protocol.ts'
import { bodyOf, needMemory, readMemories, readMemory, storedItem, viewMemory } from '../rows.ts'
import { embedTexts } from '../vectors.ts'
import { carryOut, gone, targetOf } from './carry-out.ts'
import { fingerprintOf } from './claims.ts'
import { blankDeclined, discard, FORGET_DECLINED, reopen } from './close.ts'
import { listRows, type ProposalQuery } from './list.ts'
import { claimIn, isStale, type ProposalRow, readSuggested, viewProposal } from './rows.ts'

/** Most suggestions one click may accept: a long list is not read. */
export const MOST_AT_ONCE = 50
/** A suggestion nobody decided on for so long has become old news. In days. */
export const EXPIRES_AFTER_DAYS = 90
const DAY_MS = 86_400_000

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
  skipped: { id: ProposalId; why: 'flagged' | 'changed' | 'decided' | 'refused' | 'asked' }[]
}

export interface Proposals {
  /** Open ones: unflagged first, then oldest first; decided ones newest first. */
  list(owner: string, query: ProposalQuery): Promise<ProposalPage>
  get(owner: string, id: ProposalId): Promise<ProposalView>
  /** Open suggestions of these messages' turns that ask for a decision at once, oldest first. */
  askedIn(owner: string, messages: readonly MessageId[]): Promise<Map<MessageId, ProposalView[]>>
  /** How these ended; those that wait still are `open`. */
  outcomes(owner: string, ids: readonly ProposalId[]): Promise<{ status: ProposalStatus; batchId: BatchId | null }[]>
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
    const { read } = this.#ports.db
    const { rows, total, nextCursor } = await listRows(read, owner, query)
    return { items: await this.#view(read, owner, rows), total, nextCursor }
  }

  async get(owner: string, id: ProposalId): Promise<ProposalView> {
    const row = await this.#need(this.#ports.db.read, owner, id)
    return this.#viewOne(this.#ports.db.read, owner, row)
  }

  async askedIn(owner: string, messages: readonly MessageId[]): Promise<Map<MessageId, ProposalView[]>> {
    const asked = new Map<MessageId, ProposalView[]>()
    if (messages.length === 0) return asked
    const { read } = this.#ports.db
    const rows = await read
      .select()
      .from(proposal)
      .where(
        and(
          eq(proposal.owner, owner),
          eq(proposal.status, 'open'),
          eq(proposal.reason, PROPOSED_BY_MODE.ask),
          inArray(proposal.messageId, [...messages]),
        ),
      )
      .orderBy(asc(proposal.createdAt), asc(proposal.id))
    const views = await this.#view(read, owner, rows)
    for (const [index, { messageId }] of rows.entries()) {
      const view = views[index]
      if (messageId && view) asked.set(messageId, [...(asked.get(messageId) ?? []), view])
    }
    return asked
  }

  async outcomes(
    owner: string,
    ids: readonly ProposalId[],
  ): Promise<{ status: ProposalStatus; batchId: BatchId | null }[]> {
    if (ids.length === 0) return []
    return this.#ports.db.read
      .select({ status: proposal.status, batchId: proposal.batchId })
      .from(proposal)
      .where(and(eq(proposal.owner, owner), inArray(proposal.id, [...ids])))
  }

  async accept(owner: string, id: ProposalId, text?: string): Promise<ProposalDecision> {
    const { db } = this.#ports
    if (text !== undefined) refuseSecret(text)
    const waiting = await this.#need(db.read, owner, id)
    const vectors = await embedTexts(this.#ports, await this.#textsOf(db.read, waiting, text))
    const batch = this.#batch(owner, vectors)
    const result = await db.write('proposal.accept', async (tx) => {
      const row = await this.#need(tx, owner, id)
      refuseDecided(row)
      // What it was made for may have changed: the person sees that first.
      if (isStale(row, await targetOf(tx, row))) return null
      return carryOut(tx, this.#ports.jobs, batch, () => this.#store(row), row, text)
    })
    if (result === null) {
      await this.#refresh(owner, id)
      throw new AppError(
        'CONFLICT',
        'This memory was changed since it was suggested. Nothing was changed now: look at the suggestion again.',
      )
    }
    await this.#tell(owner, result.memoryId ? [result.memoryId] : [])
    await this.#ports.answers?.decided?.(owner, [id])
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
        else
          memories.push((await carryOut(tx, this.#ports.jobs, batch, () => this.#store(row), row, undefined)).memoryId)
      }
      return memories
    })
    if (changed.length > 0) {
      await this.#tell(
        owner,
        changed.filter((id) => id !== null),
      )
      await this.#ports.answers?.decided?.(owner, wanted)
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
      await discard(tx, this.#ports.jobs, batch, row, { status: 'declined', decidedBy: 'person', fingerprint })
      return row.memoryId
    })
    await this.#tell(owner, memoryId ? [memoryId] : [])
    await this.#ports.answers?.decided?.(owner, [id])
    return this.#decision(owner, id, null, batch.id)
  }

  reopen(tx: WriteHandle, owner: string, batchId: BatchId): Promise<number> {
    return reopen(tx, owner, batchId)
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
        await discard(tx, this.#ports.jobs, batch, row, { status: 'expired', decidedBy: 'rule' })
      }
      return rows.length
    })
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
    // A mode that asks wants each one looked at.
    if (row.reason === PROPOSED_BY_MODE.ask) return 'asked'
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

function refuseDecided({ status }: ProposalRow): void {
  if (status !== 'open') throw new AppError('CONFLICT', 'This suggestion was decided already.')
}
