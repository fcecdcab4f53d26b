// What happens when the person reacts to an answer with a button or an edit: every store that wants to know is told, and
// what the answer used is credited or questioned.
import { and, eq, isNotNull } from 'drizzle-orm'
import { AppError } from '../../shared/errors.ts'
import { type BatchId, type MemoryId, type MessageId, newId } from '../../shared/ids.ts'
import { message, usage } from '../database/schema.ts'
import type { Batch } from './change/batch.ts'
import { planFind } from './change/plan.ts'
import { applyChanges } from './change/write.ts'
import { StoreFailed } from './contained/contain.ts'
import { asImported } from './evidence.ts'
import { refuseSecret } from './extraction/secrets.ts'
import type { Gate } from './modes.ts'
import type { LearningPorts } from './ports.ts'
import type { Evidence, Reaction, StoredItem } from './protocol.ts'
import { readMemories, storedItem } from './rows.ts'
import { TRIAL } from './trial.ts'
import { readTurn } from './turns.ts'
import { EMBED } from './vectors.ts'

/** A reaction as the contract takes it. */
export interface ReactionRequest {
  answerId: MessageId
  signal: Reaction['signal']
  comment?: string | undefined
  edited?: string | undefined
  memoryId?: MemoryId | undefined
}

/**
 * @returns what was kept, to be taken back as one; null when nothing was, because no store that learns wants to know
 * @throws AppError NOT_FOUND when there is no such answer, INVALID_INPUT when the words hold a secret
 */
export async function react(
  { db, jobs, clock, embedder }: LearningPorts,
  gate: Gate,
  owner: string,
  { answerId, signal, comment = '', edited, memoryId }: ReactionRequest,
): Promise<{ batchId: BatchId | null; memories: MemoryId[] }> {
  refuseSecret(comment, 'comment')
  refuseSecret(edited ?? '', 'edited')
  const [answer] = await db.read
    .select()
    .from(message)
    .where(and(eq(message.id, answerId), eq(message.owner, owner), eq(message.role, 'assistant')))
  const turn = answer?.parentId ? await readTurn(db.read, owner, answer.parentId, clock.timeZone) : null
  if (!answer || !turn)
    throw new AppError('NOT_FOUND', 'This answer does not exist any more, or is not to be learned from.')
  const at = clock.now()
  const reaction: Reaction = {
    turn: { ...turn, answerText: answer.text },
    answerId,
    signal,
    comment: comment.trim() === '' ? null : comment.trim(),
    edited: edited ?? null,
    memoryId: memoryId ?? null,
    at,
  }
  return db.write('learning.reaction', async (tx) => {
    const batch: Batch = {
      owner,
      id: newId<BatchId>(),
      actor: 'person',
      author: 'extraction',
      at,
      extractor: null,
      gate: { who: 'extraction', gate },
      vectors: { model: embedder.model, of: () => null },
    }
    const memories: MemoryId[] = []
    for (const store of gate.extracting()) {
      const { capture } = store
      if (!capture?.reaction) continue
      const known = capture.known ? await knownOf(capture.known(reaction.turn, tx)) : []
      if (!known) continue
      for (const read of capture.reaction(reaction, known)) {
        const found = turn.imported ? { ...read, evidence: asImported(read.evidence) } : read
        const changes = await planFind(tx, owner, reaction.turn, { store, found }, batch.vectors, gate.reading())
        const applied = await applyChanges(tx, batch, store, changes)
        memories.push(...applied.map((one) => one.memoryId))
        for (const { proposalId, triedOut } of applied) {
          if (proposalId && triedOut) await jobs.add(tx, { owner, kind: TRIAL, key: proposalId })
        }
      }
    }
    if (signal === 'up' || signal === 'down') {
      const evidence: Evidence = { origin: 'hand', quote: comment || signal, conversationId: turn.conversationId, at }
      const used = await tx
        .select({ id: usage.memoryId })
        .from(usage)
        .where(and(eq(usage.messageId, answerId), eq(usage.owner, owner), isNotNull(usage.memoryId)))
      const rows = await readMemories(
        tx,
        owner,
        used.flatMap(({ id }) => id ?? []),
      )
      for (const row of rows.values()) {
        const store = gate.extracting().find(({ id }) => id === row.store)
        const item = row.status === 'active' ? store?.credit?.(storedItem(row) as StoredItem, signal === 'up') : null
        if (!store || !item) continue
        const change = {
          action: 'update' as const,
          id: row.id,
          base: row.version,
          item,
          evidence: [evidence],
          asked: true,
        }
        memories.push(...(await applyChanges(tx, batch, store, [change])).map((one) => one.memoryId))
      }
    }
    if (memories.length === 0) return { batchId: null, memories }
    await jobs.add(tx, { owner, kind: EMBED, key: batch.id })
    return { batchId: batch.id, memories }
  })
}

/** @returns null when the store could not say: it is left out */
async function knownOf(asked: Promise<StoredItem[]>): Promise<StoredItem[] | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof StoreFailed) return null
    throw error
  }
}
