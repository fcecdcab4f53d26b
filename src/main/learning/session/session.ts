// The thread of one conversation in a person's hands: what is kept of it, lines written by hand, steps done, and which
// memories its answers used. What is learned of it by itself is the work of its store (`stores/session-context.ts`).
import { and, eq, ne, sql } from 'drizzle-orm'
import type { Inputs, Outputs } from '../../../shared/contract/index.ts'
import { AppError } from '../../../shared/errors.ts'
import { type BatchId, type ConversationId, type MemoryId, newId } from '../../../shared/ids.ts'
import type { StoreMode } from '../../../shared/memory.ts'
import type { ReadHandle, WriteHandle } from '../../database/database.ts'
import { conversation, memory, message, usage } from '../../database/schema.ts'
import type { Batch } from '../change/batch.ts'
import { applyChanges } from '../change/write.ts'
import { refuseSecret } from '../extraction/secrets.ts'
import type { LearningPorts } from '../ports.ts'
import type { Change, LearningStore } from '../protocol.ts'
import { needMemory, readMemories, viewMemory } from '../rows.ts'
import { itemsOf } from '../stores/items.ts'
import { dayOf } from '../stores/said.ts'
import {
  inThreadOrder,
  NOTHING_OF_A_STEP,
  SESSION_STORE,
  type SessionContent,
  sessionContent,
} from '../stores/session-context.ts'

type Calls = Inputs['session']
type Results = Outputs['session']

/** Lines of one conversation that are shown, and memories in play. */
const SHOWN = 200
const IN_PLAY = 50

export interface Sessions {
  get(owner: string, conversationId: ConversationId): Promise<Results['get']>
  add(owner: string, line: Calls['add'] & { conversationId: ConversationId }): Promise<Results['add']>
  check(owner: string, step: { id: MemoryId; version: number; done: boolean }): Promise<Results['check']>
}

interface SessionPorts extends Pick<LearningPorts, 'db' | 'clock' | 'embedder'> {
  /** The store of threads. */
  store(): LearningStore
  mode(): StoreMode
  /** Called when items changed. */
  tell(owner: string, ids: readonly MemoryId[]): Promise<void>
}

export function createSessions({ db, clock, embedder, store, mode, tell }: SessionPorts): Sessions {
  const write = async (
    owner: string,
    name: string,
    change: (tx: WriteHandle) => Promise<Change>,
  ): Promise<Results['add']> => {
    const batch: Batch = {
      owner,
      id: newId<BatchId>(),
      actor: 'person',
      author: 'person',
      at: clock.now(),
      extractor: null,
      // Lines of a thread are read with their conversation, never searched by meaning.
      vectors: { model: embedder.model, of: () => null },
    }
    const row = await db.write(name, async (tx) => {
      const [applied] = await applyChanges(tx, batch, store(), [await change(tx)])
      if (!applied) throw new AppError('NOT_FOUND', 'This line does not exist any more.')
      return needMemory(tx, owner, applied.memoryId)
    })
    await tell(owner, [row.id])
    return { memory: viewMemory(row), batchId: batch.id }
  }

  return {
    async get(owner, conversationId) {
      const items = (
        await itemsOf<SessionContent>(db.read, { owner, store: SESSION_STORE, conversationId, limit: SHOWN })
      ).sort(inThreadOrder)
      const rows = await readMemories(
        db.read,
        owner,
        items.map(({ id }) => id),
      )
      return {
        mode: mode(),
        items: items.flatMap(({ id, kind, content }) => {
          const row = rows.get(id)
          const shown = KINDS.find((one) => one === kind)
          if (!row || !shown) return []
          return [{ memory: viewMemory(row), kind: shown, n: content.n, done: content.done, field: content.field }]
        }),
        ...(await inPlayOf(db.read, owner, conversationId)),
      }
    },

    async add(owner, { conversationId, kind, text }) {
      refuseSecret(text)
      await needConversation(db.read, owner, conversationId)
      const evidence = [{ origin: 'hand' as const, quote: text, at: clock.now() }]
      return write(owner, 'session.add', async (tx) => {
        const [goal] = kind === 'goal' ? await threadOf(tx, owner, conversationId, 'goal') : []
        if (goal) {
          const item = { kind, text, content: goal.content }
          return { action: 'update', id: goal.id, base: goal.version, item, evidence }
        }
        const n = kind === 'step' ? (await lastStep(tx, owner, conversationId)) + 1 : null
        return {
          action: 'add',
          item: { kind, text, content: { ...NOTHING_OF_A_STEP, n } },
          evidence,
          scope: { namespace: 'user', conversationId },
        }
      })
    },

    async check(owner, { id, version, done }) {
      const row = await needMemory(db.read, owner, id)
      if (row.store !== SESSION_STORE || row.kind !== 'step') {
        throw new AppError('INVALID_INPUT', 'This is no step of a plan.', { field: 'id' })
      }
      const content = sessionContent.parse(row.data)
      const item = {
        kind: row.kind,
        text: row.text,
        content: { ...content, done: done ? dayOf(clock.now(), clock.timeZone) : null },
      }
      const evidence = [{ origin: 'hand' as const, quote: row.text, at: clock.now() }]
      return write(owner, 'session.check', async () => ({ action: 'update', id, base: version, item, evidence }))
    },
  }
}

const KINDS = ['goal', 'step', 'field', 'point', 'question'] as const

/** @throws AppError NOT_FOUND; an incognito chat is in no table, and nothing of it is kept */
async function needConversation(db: ReadHandle, owner: string, id: ConversationId): Promise<void> {
  const [row] = await db
    .select({ id: conversation.id })
    .from(conversation)
    .where(and(eq(conversation.id, id), eq(conversation.owner, owner)))
  if (!row) throw new AppError('NOT_FOUND', 'This chat does not exist any more.')
}

async function threadOf(db: ReadHandle, owner: string, conversationId: ConversationId, kind: string) {
  return itemsOf<SessionContent>(db, { owner, store: SESSION_STORE, kinds: [kind], conversationId, limit: SHOWN })
}

/** A place in the plan is never given twice, whatever became of the step that had it. */
async function lastStep(db: ReadHandle, owner: string, conversationId: ConversationId): Promise<number> {
  const [row] = await db
    .select({ n: sql<number | null>`max((${memory.data} ->> 'n')::int)` })
    .from(memory)
    .where(
      and(
        eq(memory.owner, owner),
        eq(memory.store, SESSION_STORE),
        eq(memory.kind, 'step'),
        eq(memory.conversationId, conversationId),
      ),
    )
  return row?.n ?? 0
}

async function inPlayOf(
  db: ReadHandle,
  owner: string,
  conversationId: ConversationId,
): Promise<Pick<Results['get'], 'inPlay' | 'inPlayCount'>> {
  const used = await db
    .select({
      id: sql<MemoryId>`${usage.memoryId}`,
      answers: sql<number>`count(distinct ${message.id})::int`,
      lastAt: sql<string>`max(${message.createdAt})`,
    })
    .from(message)
    .innerJoin(usage, eq(usage.messageId, message.id))
    .innerJoin(memory, eq(memory.id, usage.memoryId))
    .where(
      and(
        eq(message.conversationId, conversationId),
        eq(usage.owner, owner),
        ne(memory.store, SESSION_STORE),
        ne(memory.status, 'trashed'),
      ),
    )
    .groupBy(usage.memoryId)
    .orderBy(sql`max(${message.createdAt}) desc`, sql`${usage.memoryId}`)
  const rows = await readMemories(
    db,
    owner,
    used.slice(0, IN_PLAY).map(({ id }) => id),
  )
  return {
    inPlay: used.slice(0, IN_PLAY).flatMap(({ id, answers, lastAt }) => {
      const row = rows.get(id)
      return row ? [{ memory: viewMemory(row), answers, lastAt: new Date(lastAt) }] : []
    }),
    inPlayCount: used.length,
  }
}
