// What a person asks to forget, as items: those they chose, all of a conversation, of a person or thing, of a time.
import { and, asc, eq, gte, inArray, lt, ne, notExists, or, type SQL } from 'drizzle-orm'
import type { ForgetSelection } from '../../../shared/contract/memory.ts'
import { AppError } from '../../../shared/errors.ts'
import type { ConversationId, EntityId } from '../../../shared/ids.ts'
import { isAnyOf } from '../../database/any-of.ts'
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
  if (wanted.ids) return { ...none, rows: await readRows(db, owner, isAnyOf(memory.id, wanted.ids)) }
  if (wanted.conversationId) {
    const { conversationId } = wanted
    const [there] = await db
      .select({ id: conversation.id })
      .from(conversation)
      .where(and(eq(conversation.id, conversationId), eq(conversation.owner, owner)))
    if (!there) throw new AppError('NOT_FOUND', 'This conversation does not exist on this computer.')
    const alone = and(isLearnedFrom(db, owner, conversationId), hasNoOtherSource(db, conversationId))
    return { ...none, rows: await readRows(db, owner, alone), conversationId }
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

/** The condition on a row of `memory`: it was learned from this conversation, or holds for it alone. */
export function isLearnedFrom(db: ReadHandle, owner: string, id: ConversationId): SQL | undefined {
  const quoted = db
    .select({ id: evidence.memoryId })
    .from(evidence)
    .where(and(eq(evidence.owner, owner), eq(evidence.conversationId, id)))
  return or(eq(memory.conversationId, id), inArray(memory.id, quoted))
}

/** An item that was said elsewhere too stays: it loses the words of this conversation only. */
function hasNoOtherSource(db: ReadHandle, id: ConversationId): SQL | undefined {
  const elsewhere = db
    .select({ id: evidence.id })
    .from(evidence)
    .where(and(eq(evidence.memoryId, memory.id), or(ne(evidence.conversationId, id), eq(evidence.origin, 'hand'))))
  return or(eq(memory.conversationId, id), notExists(elsewhere))
}

/** How many items `readSelection` finds for this conversation. */
export function countLearnedFrom(db: ReadHandle, owner: string, id: ConversationId): Promise<number> {
  const alone = and(isLearnedFrom(db, owner, id), hasNoOtherSource(db, id))
  return db.$count(memory, and(eq(memory.owner, owner), ne(memory.status, 'trashed'), alone))
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
