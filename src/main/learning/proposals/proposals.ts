// The inbox: suggestions wait here until the person decides. A decision is one transaction: the change, its journal entry,
// and who decided when. Nothing but a call of the person reaches this file; jobs and tools can only suggest.
import { and, asc, eq, inArray, isNull, lt, notInArray, or } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import { type BatchId, type MemoryId, type MessageId, newId, type ProposalId } from '../../../shared/ids.ts'
import type { StoreId } from '../../../shared/memory.ts'
import {
  MOST_AT_ONCE,
  type NearMemory,
  type ProposalDecision,
  type ProposalStatus,
  type ProposalView,
} from '../../../shared/proposals.ts'
import type { ReadHandle, WriteHandle } from '../../database/database.ts'
import { memory, proposal } from '../../database/schema.ts'
import type { Batch, Vectors } from '../change/batch.ts'
import { refuseSecret } from '../extraction/secrets.ts'
import { PROPOSED_BY_MODE } from '../modes.ts'
import type { LearningPorts } from '../ports.ts'
import type { Change, LearningStore } from '../protocol.ts'
import { bodyOf, type MemoryRow, needMemory, readMemories, readMemory, storedItem, viewMemory } from '../rows.ts'
import { embedTexts } from '../vectors.ts'
import { carryOut, gone, targetOf } from './carry-out.ts'
import { fingerprintOf, type Reach } from './claims.ts'
import { blankDeclined, discard, FORGET_DECLINED, reopen } from './close.ts'
import { countWaiting, listRows, type ProposalQuery, type ProposalRows } from './list.ts'
import { nearTo } from './near.ts'
import { claimIn, isStale, memoriesIn, type ProposalRow, readSuggested, viewProposal } from './rows.ts'

/** A suggestion nobody decided on for so long has become old news. In days. */
export const EXPIRES_AFTER_DAYS = 90
/** What was put off waits again: who shows how much waits is told so. */
const DUE = 'proposal.due'
const DAY_MS = 86_400_000

export interface ProposalPage extends Omit<ProposalRows, 'rows'> {
  items: (ProposalView & { group: string | null; first: boolean })[]
}

export interface BulkDecision {
  batchId: BatchId
  accepted: number
  /** Those that want a look of their own: flagged, changed since, or decided already. */
  skipped: { id: ProposalId; why: 'flagged' | 'changed' | 'decided' | 'refused' | 'asked' | 'instruction' }[]
}

export interface Proposals {
  /** Open ones by where they came from, oldest first, flagged ones behind all others; decided ones newest first. */
  list(owner: string, query: ProposalQuery): Promise<ProposalPage>
  get(owner: string, id: ProposalId): Promise<ProposalView>
  /** Known memories that say the same as what waits, or contradict it. */
  near(owner: string, id: ProposalId): Promise<NearMemory[]>
  /** Open suggestions of these messages' turns that ask for a decision at once, oldest first. */
  askedIn(owner: string, messages: readonly MessageId[]): Promise<Map<MessageId, ProposalView[]>>
  /** How these ended; those that wait still are `open`. */
  outcomes(owner: string, ids: readonly ProposalId[]): Promise<{ status: ProposalStatus; batchId: BatchId | null }[]>
  /**
   * Carries out what was suggested, in the person's wording when they give one.
   * @param seen version of the memory the person looked at, where it was changed since it was suggested
   * @throws AppError NOT_FOUND; CONFLICT when it was decided already or the memory is not as it was seen, and then the
   *   suggestion shows it as it is now
   */
  accept(owner: string, id: ProposalId, text?: string, seen?: number | null): Promise<ProposalDecision>
  /** Accepts up to fifty as one act, leaving out what should be looked at one by one. */
  acceptAll(owner: string, ids: readonly ProposalId[]): Promise<BulkDecision>
  /** Open ones that wait now: those put off are not counted. */
  waiting(owner: string): Promise<number>
  /** Puts open ones off until a time, or (null) brings them back. @returns how many */
  snooze(owner: string, ids: readonly ProposalId[], until: Date | null): Promise<number>
  /**
   * Says no. The same claim is not suggested again; with `never` nothing with the same words of content is.
   * Its words are erased when the time to undo is over.
   */
  decline(owner: string, id: ProposalId, never: boolean): Promise<ProposalDecision>
  /** Declines them as one act, leaving out what is decided. */
  declineAll(owner: string, ids: readonly ProposalId[]): Promise<{ batchId: BatchId; declined: number }>
  /** Opens what a batch decided again. In the transaction that takes the batch back. @returns how many */
  reopen(tx: WriteHandle, owner: string, batchId: BatchId): Promise<number>
  /** Closes suggestions by rule: what they would change is gone, or nobody decided for ninety days. */
  expire(): Promise<number>
}

/**
 * @param stores the machine's stores by id; one that is not among them belongs to another version
 * @param tell called with the memories a decision changed, once it is durable
 */
export function createProposals(
  ports: LearningPorts,
  stores: ReadonlyMap<StoreId, LearningStore>,
  tell: (owner: string, ids: readonly MemoryId[]) => Promise<void>,
): Proposals {
  ports.jobs.handle(FORGET_DECLINED, async (job, finish) => {
    await finish('proposal.blank', async (tx) => {
      const blanked = await blankDeclined(tx, job.owner, job.key as BatchId)
      return { blanked }
    })
  })
  ports.jobs.handle(DUE, async (job, finish) => {
    await finish('proposal.due', async () => undefined)
    await tell(job.owner, [])
  })
  return new Inbox(ports, stores, tell)
}

class Inbox implements Proposals {
  readonly #ports: LearningPorts
  readonly #stores: ReadonlyMap<StoreId, LearningStore>
  readonly #tell: (owner: string, ids: readonly MemoryId[]) => Promise<void>

  constructor(
    ports: LearningPorts,
    stores: ReadonlyMap<StoreId, LearningStore>,
    tell: (owner: string, ids: readonly MemoryId[]) => Promise<void>,
  ) {
    this.#ports = ports
    this.#stores = stores
    this.#tell = tell
  }

  async list(owner: string, query: ProposalQuery): Promise<ProposalPage> {
    const { read } = this.#ports.db
    const place = { owner, now: this.#ports.clock.now(), instructions: this.#instructions() }
    const { rows, ...page } = await listRows(read, place, query)
    const memories = await this.#memoriesOf(
      read,
      owner,
      rows.map(({ row }) => row),
    )
    return { ...page, items: rows.map(({ row, ...where }) => ({ ...viewProposal(row, memories), ...where })) }
  }

  async get(owner: string, id: ProposalId): Promise<ProposalView> {
    const row = await this.#need(this.#ports.db.read, owner, id)
    return this.#viewOne(this.#ports.db.read, owner, row)
  }

  async near(owner: string, id: ProposalId): Promise<NearMemory[]> {
    const { db, embedder } = this.#ports
    const row = await this.#need(db.read, owner, id)
    const store = this.#storeOf(row.store)
    return store ? nearTo(db.read, embedder.model, store, row) : []
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

  async accept(owner: string, id: ProposalId, text?: string, seen: number | null = null): Promise<ProposalDecision> {
    const { db } = this.#ports
    if (text !== undefined) refuseSecret(text)
    const waiting = await this.#need(db.read, owner, id)
    const vectors = await embedTexts(this.#ports, await this.#textsOf(db.read, waiting, text))
    const batch = this.#batch(owner, vectors)
    const result = await db.write('proposal.accept', async (tx) => {
      const row = await this.#need(tx, owner, id)
      refuseDecided(row)
      // What it was made for may have changed: the person sees that first.
      const now = await targetOf(tx, row)
      if (isStale(row, now) && (row.action === 'add' || now?.version !== seen)) return null
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
    const instructions = this.#instructions()
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
        const why = instructions.includes(row?.store ?? '') ? 'instruction' : await this.#whyNot(tx, row)
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

  waiting(owner: string): Promise<number> {
    return countWaiting(this.#ports.db.read, owner, this.#ports.clock.now())
  }

  async snooze(owner: string, ids: readonly ProposalId[], until: Date | null): Promise<number> {
    const { db, clock, jobs } = this.#ports
    if (until !== null && until <= clock.now()) {
      throw new AppError('INVALID_INPUT', 'This time is over. Choose a later one.', { field: 'until' })
    }
    const put = await db.write('proposal.snooze', async (tx) => {
      if (until) await jobs.add(tx, { owner, kind: DUE, key: until.toISOString(), runAfter: until })
      return tx
        .update(proposal)
        .set({ snoozedUntil: until })
        .where(and(eq(proposal.owner, owner), eq(proposal.status, 'open'), inArray(proposal.id, [...ids])))
        .returning({ id: proposal.id })
    })
    await this.#tell(owner, [])
    return put.length
  }

  async decline(owner: string, id: ProposalId, never: boolean): Promise<ProposalDecision> {
    const { db } = this.#ports
    const batch = this.#batch(owner, this.#noVectors())
    const memoryId = await db.write('proposal.decline', async (tx) => {
      const row = await this.#need(tx, owner, id)
      refuseDecided(row)
      await this.#sayNo(tx, batch, row, never ? 'words' : 'claim')
      return row.memoryId
    })
    await this.#tell(owner, memoryId ? [memoryId] : [])
    await this.#ports.answers?.decided?.(owner, [id])
    return this.#decision(owner, id, null, batch.id)
  }

  async declineAll(owner: string, ids: readonly ProposalId[]): Promise<{ batchId: BatchId; declined: number }> {
    const { db } = this.#ports
    const batch = this.#batch(owner, this.#noVectors())
    const declined = await db.write('proposal.declineAll', async (tx) => {
      const rows = await tx
        .select()
        .from(proposal)
        .where(and(eq(proposal.owner, owner), eq(proposal.status, 'open'), inArray(proposal.id, [...ids])))
      for (const row of rows) await this.#sayNo(tx, batch, row, 'claim')
      return rows
    })
    await this.#tell(
      owner,
      declined.flatMap(({ memoryId }) => memoryId ?? []),
    )
    await this.#ports.answers?.decided?.(
      owner,
      declined.map(({ id }) => id),
    )
    return { batchId: batch.id, declined: declined.length }
  }

  async #sayNo(tx: WriteHandle, batch: Batch, row: ProposalRow, reach: Reach): Promise<void> {
    const about = { store: row.store, action: row.action as Change['action'], claim: claimIn(row) }
    const fingerprint = await fingerprintOf(tx, batch.owner, about, reach)
    await discard(tx, this.#ports.jobs, batch, row, { status: 'declined', decidedBy: 'person', fingerprint })
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
    const { clock } = this.#ports
    const moment = { at: clock.now(), timeZone: clock.timeZone }
    return [store.fromHand(text, before && storedItem(before), moment).text]
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
    const memories = await this.#memoriesOf(db, owner, rows)
    return rows.map((row) => viewProposal(row, memories))
  }

  #memoriesOf(db: ReadHandle, owner: string, rows: readonly ProposalRow[]): Promise<Map<MemoryId, MemoryRow>> {
    return readMemories(db, owner, [...new Set(rows.flatMap(memoriesIn))])
  }

  async #viewOne(db: ReadHandle, owner: string, row: ProposalRow): Promise<ProposalView> {
    return viewProposal(row, await this.#memoriesOf(db, owner, [row]))
  }

  async #need(db: ReadHandle, owner: string, id: ProposalId): Promise<ProposalRow> {
    const [row] = await db
      .select()
      .from(proposal)
      .where(and(eq(proposal.id, id), eq(proposal.owner, owner)))
    if (!row) throw gone()
    return row
  }

  #storeOf(id: StoreId): LearningStore | null {
    return this.#stores.get(id) ?? null
  }

  /** Stores whose suggestions change the assistant itself: each is tried out and decided alone. */
  #instructions(): StoreId[] {
    return [...this.#stores.values()].flatMap(({ id, policy }) => (policy.triedOut ? [id] : []))
  }

  #store(row: ProposalRow): LearningStore {
    const store = this.#storeOf(row.store)
    if (store) return store
    throw new AppError('NOT_ALLOWED', `This suggestion is for a store this version does not have ("${row.store}").`)
  }

  #batch(owner: string, vectors: Vectors): Batch {
    const at = this.#ports.clock.now()
    const { timeZone } = this.#ports.clock
    return { owner, id: newId<BatchId>(), actor: 'person', author: 'person', at, timeZone, extractor: null, vectors }
  }

  #noVectors(): Vectors {
    return { model: this.#ports.embedder.model, of: () => null }
  }
}

function refuseDecided({ status }: ProposalRow): void {
  if (status !== 'open') throw new AppError('CONFLICT', 'This suggestion was decided already.')
}
