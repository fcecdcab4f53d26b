// What stands around one item: the answers it shaped, what is near it in meaning, and what speaks against it.
import { and, count, desc, eq, inArray, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Outputs } from '../../shared/contract/index.ts'
import { AppError } from '../../shared/errors.ts'
import { type MemoryId, type MessageId, messageId } from '../../shared/ids.ts'
import type { ReadHandle } from '../database/database.ts'
import { conversation, embedding, evidence, memory, message, proposal, usage } from '../database/schema.ts'
import { searchMemoriesByVector } from '../database/search.ts'
import { readVector } from '../database/vectors.ts'
import { onlyOwn } from '../database/visible.ts'
import { needMemory, readMemories, viewMemory } from './rows.ts'

/** Characters of a question that are shown beside an answer. */
const QUESTION_SHOWN = 160
const NEAR = 6
/** Cosine under which two items only share a language. */
const NEAR_ENOUGH = 0.45

/** Answers in whose prompt an item stood; ids of messages are in the order they were made. */
export async function usesOf(
  db: ReadHandle,
  owner: string,
  { id, cursor, limit }: { id: MemoryId; cursor: string | null; limit: number },
): Promise<Outputs['memory']['uses']> {
  await needMemory(db, owner, id)
  const asked = alias(message, 'asked')
  const of = and(eq(usage.memoryId, id), eq(usage.owner, owner), sql`${conversation.trashedAt} is null`)
  const rows = await db
    .select({
      answerId: usage.messageId,
      section: usage.section,
      conversationId: message.conversationId,
      conversationTitle: conversation.title,
      at: message.createdAt,
      question: sql<string>`left(coalesce(${asked.text}, ''), ${QUESTION_SHOWN})`,
    })
    .from(usage)
    .innerJoin(message, eq(message.id, usage.messageId))
    .innerJoin(conversation, eq(conversation.id, message.conversationId))
    .leftJoin(asked, eq(asked.id, message.parentId))
    .where(and(of, cursor === null ? undefined : before(cursor)))
    .orderBy(desc(usage.messageId))
    .limit(limit + 1)
  const [all] = await db
    .select({ n: count() })
    .from(usage)
    .innerJoin(message, eq(message.id, usage.messageId))
    .innerJoin(conversation, eq(conversation.id, message.conversationId))
    .where(of)
  const items = rows.slice(0, limit)
  return {
    items,
    total: all?.n ?? 0,
    nextCursor: rows.length > limit ? (items.at(-1)?.answerId ?? null) : null,
  }
}

function before(cursor: string): SQL {
  const last = messageId.safeParse(cursor)
  if (!last.success) throw new AppError('INVALID_INPUT', 'The list changed. Open it again.', { field: 'cursor' })
  return lt(usage.messageId, last.data)
}

/** @param model whose vectors are compared */
export async function relatedTo(
  db: ReadHandle,
  owner: string,
  id: MemoryId,
  model: string,
): Promise<Outputs['memory']['related']> {
  const row = await needMemory(db, owner, id)
  const said = await db
    .selectDistinct({ id: evidence.messageId })
    .from(evidence)
    .where(and(eq(evidence.memoryId, id), eq(evidence.owner, owner), sql`${evidence.messageId} is not null`))
  return { near: await nearTo(db, owner, row.id, model), contradicts: await against(db, owner, id, said) }
}

async function nearTo(
  db: ReadHandle,
  owner: string,
  id: MemoryId,
  model: string,
): Promise<Outputs['memory']['related']['near']> {
  const [own] = await db
    .select({ vector: readVector(embedding.vector) })
    .from(embedding)
    .where(and(eq(embedding.targetId, id), eq(embedding.model, model), eq(embedding.part, 0)))
  if (!own) return []
  const hits = await searchMemoriesByVector(db, {
    ...{ viewer: onlyOwn(owner), statuses: ['active'], model, vector: own.vector },
    limit: NEAR + 1,
  })
  const near = hits.filter((hit) => hit.id !== id && hit.similarity >= NEAR_ENOUGH).slice(0, NEAR)
  const rows = await readMemories(
    db,
    owner,
    near.map((hit) => hit.id),
  )
  return near.flatMap((hit) => {
    const row = rows.get(hit.id)
    return row ? [viewMemory(row)] : []
  })
}

/** Open questions whether an item still holds: this one, or one that newer words of the same message put in doubt. */
async function against(
  db: ReadHandle,
  owner: string,
  id: MemoryId,
  said: readonly { id: MessageId | null }[],
): Promise<Outputs['memory']['related']['contradicts']> {
  const messages = said.flatMap((source) => source.id ?? [])
  const rows = await db
    .select({ proposalId: proposal.id, memoryId: proposal.memoryId, evidence: proposal.evidence })
    .from(proposal)
    .where(
      and(
        eq(proposal.owner, owner),
        eq(proposal.status, 'open'),
        inArray(proposal.action, ['retire', 'supersede', 'update']),
        or(
          eq(proposal.memoryId, id),
          messages.length > 0 ? and(inArray(proposal.messageId, messages), ne(proposal.memoryId, id)) : undefined,
        ),
      ),
    )
    .orderBy(desc(proposal.createdAt))
    .limit(NEAR)
  const known = await readMemories(
    db,
    owner,
    rows.flatMap(({ memoryId }) => memoryId ?? []),
    ne(memory.status, 'trashed'),
  )
  return rows.flatMap(({ proposalId, memoryId, evidence: words }) => {
    const about = memoryId ? known.get(memoryId) : undefined
    const [first] = words as { quote?: string }[]
    return about ? [{ proposalId, memory: viewMemory(about), words: first?.quote ?? null }] : []
  })
}
