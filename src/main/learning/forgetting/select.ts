// What a person asks to forget, as items: those they chose, all of a conversation, of a person or thing, of a time.
import { and, asc, eq, gte, inArray, lt, ne, or, type SQL } from 'drizzle-orm'
import type { ForgetSelection } from '../../../shared/contract/memory.ts'
import { AppError } from '../../../shared/errors.ts'
import type { ConversationId, EntityId, MemoryId } from '../../../shared/ids.ts'
import type { ReadHandle } from '../../database/database.ts'
import { conversation, entity, evidence, memory } from '../../database/schema.ts'
import type { MemoryRow } from '../rows.ts'

/** Most items of one act: more is done in parts, so that no transaction blocks the app for long. */
export const MOST_ITEMS = 1000

export interface Selected {
  rows: MemoryRow[]
  /** Goes as a whole, with every message. */
  conversationId: ConversationId | null
  /** The person or thing meant, and what was merged into it. */
  entityIds: EntityId[]
}

/** @throws AppError NOT_FOUND when there is nothing of the kind, INVALID_INPUT when it is too much for one act */
export async function readSelection(db: ReadHandle, owner: string, wanted: ForgetSelection): Promise<Selected> {
  const none: Selected = { rows: [], conversationId: null, entityIds: [] }
  if (wanted.ids) return { ...none, rows: await readRows(db, owner, inArray(memory.id, wanted.ids)) }
  if (wanted.conversationId) {
    const { conversationId } = wanted
    const [there] = await db
      .select({ id: conversation.id })
      .from(conversation)
      .where(and(eq(conversation.id, conversationId), eq(conversation.owner, owner)))
    if (!there) throw new AppError('NOT_FOUND', 'This conversation does not exist on this computer.')
    const rows = await readRows(
      db,
      owner,
      or(
        eq(memory.conversationId, conversationId),
        inArray(
          memory.id,
          db
            .select({ id: evidence.memoryId })
            .from(evidence)
            .where(and(eq(evidence.owner, owner), eq(evidence.conversationId, conversationId))),
        ),
      ),
    )
    return { ...none, rows: await withoutOtherSources(db, rows, conversationId), conversationId }
  }
  if (wanted.entityId) {
    const { entityId } = wanted
    const entities = await db
      .select({ id: entity.id })
      .from(entity)
      .where(and(eq(entity.owner, owner), or(eq(entity.id, entityId), eq(entity.mergedInto, entityId))))
    if (!entities.some(({ id }) => id === entityId)) {
      throw new AppError('NOT_FOUND', 'This person or thing is not known any more.')
    }
    const entityIds = entities.map(({ id }) => id)
    const rows = await readRows(
      db,
      owner,
      or(inArray(memory.subjectId, entityIds), inArray(memory.objectId, entityIds)),
    )
    return { ...none, rows, entityIds }
  }
  const span = and(
    wanted.from ? gte(memory.createdAt, wanted.from) : undefined,
    wanted.to ? lt(memory.createdAt, wanted.to) : undefined,
  )
  return { ...none, rows: await readRows(db, owner, span) }
}

/** An item that was said elsewhere too stays: it loses the words of this conversation only. */
async function withoutOtherSources(db: ReadHandle, rows: MemoryRow[], id: ConversationId): Promise<MemoryRow[]> {
  if (rows.length === 0) return rows
  const others = await db
    .selectDistinct({ memoryId: evidence.memoryId })
    .from(evidence)
    .where(
      and(
        inArray(
          evidence.memoryId,
          rows.map((row) => row.id),
        ),
        or(ne(evidence.conversationId, id), eq(evidence.origin, 'hand')),
      ),
    )
  const kept = new Set<MemoryId>(others.map(({ memoryId }) => memoryId))
  return rows.filter((row) => row.conversationId === id || !kept.has(row.id))
}

async function readRows(db: ReadHandle, owner: string, which: SQL | undefined): Promise<MemoryRow[]> {
  const rows = await db
    .select()
    .from(memory)
    .where(and(eq(memory.owner, owner), ne(memory.status, 'trashed'), which))
    .orderBy(asc(memory.createdAt), asc(memory.id))
    .limit(MOST_ITEMS + 1)
  if (rows.length > MOST_ITEMS) {
    throw new AppError(
      'INVALID_INPUT',
      `This is more than ${MOST_ITEMS.toLocaleString('en')} memories at once. Nothing was forgotten. Forget it in parts.`,
    )
  }
  return rows
}
