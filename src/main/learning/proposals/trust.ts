// Trust grows and shrinks: after many approvals of a kind without a change of words the person may let it learn by itself,
// and after many corrections have it ask again. It is offered once each way and never done unasked. What was decided is
// read from the suggestions and the journal themselves, so that an undo counts; only the answers are kept.
import { and, desc, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import type { StoreId, StoreMode } from '../../../shared/memory.ts'
import type { TrustOffer } from '../../../shared/proposals.ts'
import type { ReadHandle } from '../../database/database.ts'
import { proposal, setting } from '../../database/schema.ts'
import { WRONG } from '../acts/wrong.ts'
import type { Gate } from '../modes.ts'
import type { LearningPorts } from '../ports.ts'
import type { LearningStore } from '../protocol.ts'

/** So many approvals in a row, none in other words, are trust… */
export const APPROVALS = 20
/** …when they were given in at least so many acts: one click on a long list is no sign of reading it. */
export const ACTS = 5
/** Of the latest so many things a kind learned by itself… */
const LEARNED = 20
/** …so many were taken back or put right, or the person said no to its doubts: it should ask. */
export const CORRECTIONS = 5

const ANSWERED = 'proposal.offers'
const answers = z.array(z.string()).catch([])

export interface Trust {
  /** What to offer now; null for nothing. With learning off nothing is. */
  offer(owner: string): Promise<TrustOffer | null>
  /**
   * Notes the answer, which ends this offer for good, and after a yes sets the mode.
   * @throws AppError CONFLICT when this is not on offer any more
   */
  answer(owner: string, given: { store: StoreId; to: StoreMode; accept: boolean }): Promise<void>
}

/** @param setMode sets a store's mode as the person would */
export function createTrust(
  { db }: Pick<LearningPorts, 'db'>,
  gate: Gate,
  stores: ReadonlyMap<StoreId, LearningStore>,
  setMode: (owner: string, store: StoreId, mode: StoreMode) => Promise<unknown>,
): Trust {
  return { offer, answer }

  async function offer(owner: string): Promise<TrustOffer | null> {
    const answered = await readAnswers(db.read, owner)
    for (const store of stores.values()) {
      if (store.ownedBy !== undefined && store.ownedBy !== owner) continue
      const from = gate.modeOf(store.id)
      const to = otherWay(store, from)
      if (!to || answered.includes(keyOf(store.id, to))) continue
      const count =
        to === 'always' ? await approvals(db.read, owner, store.id) : await corrections(db.read, owner, store.id)
      if (count > 0) return { store: store.id, from, to, count }
    }
    return null
  }

  async function answer(
    owner: string,
    { store, to, accept }: { store: StoreId; to: StoreMode; accept: boolean },
  ): Promise<void> {
    const now = await offer(owner)
    if (now?.store !== store || now.to !== to) {
      throw new AppError('CONFLICT', 'This is not on offer any more. Nothing was changed.')
    }
    if (accept) await setMode(owner, store, to)
    await db.write('proposal.offer', async (tx) => {
      const value = [...(await readAnswers(tx, owner)), keyOf(store, to)]
      await tx
        .insert(setting)
        .values({ owner, key: ANSWERED, value })
        .onConflictDoUpdate({ target: [setting.owner, setting.key], set: { value } })
    })
  }
}

/** The mode that would ask less, or more; null where there is none. What changes the assistant itself is always asked. */
function otherWay({ policy }: LearningStore, from: StoreMode): StoreMode | null {
  const to = from === 'propose' || from === 'ask' ? 'always' : from === 'always' ? 'propose' : null
  return to && policy.modes.includes(to) && !policy.triedOut ? to : null
}

/** How many suggestions a mode made were approved in a row, as they were; 0 when that is no trust yet. */
async function approvals(read: ReadHandle, owner: string, store: StoreId): Promise<number> {
  const latest = await read
    .select({
      as: sql<boolean>`${proposal.status} = 'accepted' and not coalesce(${proposal.after} ? 'edited', false)`,
      batchId: proposal.batchId,
    })
    .from(proposal)
    .where(
      and(
        eq(proposal.owner, owner),
        eq(proposal.store, store),
        eq(proposal.decidedBy, 'person'),
        sql`${proposal.reason} in ('mode-propose', 'mode-ask', '')`,
      ),
    )
    .orderBy(desc(proposal.decidedAt), desc(proposal.id))
    .limit(APPROVALS)
  const acts = new Set(latest.map(({ batchId }) => batchId)).size
  return latest.length === APPROVALS && latest.every((row) => row.as) && acts >= ACTS ? latest.length : 0
}

/** How many of the latest things learned by itself the person put right, and of its doubts declined; 0 when few. */
async function corrections(read: ReadHandle, owner: string, store: StoreId): Promise<number> {
  const { rows } = await read.execute<{ put_right: number; declined: number }>(sql`
    with learned as (
      select memory_id, seq, undone_by from journal
      where owner = ${owner} and store = ${store} and target = 'memory' and action in ('add', 'supersede')
        and actor <> 'person' and coalesce(reason, '') <> 'proposed'
      order by seq desc limit ${LEARNED})
    select
      (select count(*) from learned where undone_by is not null or exists (
        select 1 from journal later where later.memory_id = learned.memory_id and later.seq > learned.seq
          and later.actor = 'person' and later.undone_by is null
          -- A to-do that is ticked off or moved was learned well: only other words put it right.
          and (later.action in ('trash', 'retire') or (later.action = 'update'
            and later.before #>> '{memory,text}' is distinct from later.after #>> '{memory,text}'))))::int
        as put_right,
      (select count(*) from (
        select status from proposal where owner = ${owner} and store = ${store} and decided_by = 'person'
          and action in ('add', 'update', 'supersede') and reason <> ${WRONG}
        order by decided_at desc limit ${LEARNED}) decided where status = 'declined')::int as declined`)
  const count = (rows[0]?.put_right ?? 0) + (rows[0]?.declined ?? 0)
  return count >= CORRECTIONS ? count : 0
}

async function readAnswers(db: ReadHandle, owner: string): Promise<string[]> {
  const [row] = await db
    .select({ value: setting.value })
    .from(setting)
    .where(and(eq(setting.owner, owner), eq(setting.key, ANSWERED)))
  return answers.parse(row?.value ?? [])
}

function keyOf(store: StoreId, to: StoreMode): string {
  return `${store} ${to}`
}
