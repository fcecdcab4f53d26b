// Stretches of the shown branch, as a window asks for them: a long conversation is never sent as a whole.
import { and, eq } from 'drizzle-orm'
import type { BranchPage } from '../../shared/chat.ts'
import { AppError } from '../../shared/errors.ts'
import type { ConversationId, MessageId } from '../../shared/ids.ts'
import type { ReadHandle } from '../database/database.ts'
import { message } from '../database/schema.ts'
import { branchLength, readBranch, type Stretch, type ViewedLearning, viewMessages } from './messages.ts'

/** Messages a window gets at first. */
const PAGE = 30
/** Of those, how many stand before a message it asks for. */
const BEFORE = 10

/** A conversation and the end of its shown branch. */
interface Shown {
  id: ConversationId
  headId: MessageId | null
}

/**
 * @param around a message to show; null, or one of another branch: the end
 * @returns the stretch around it, or the last one
 */
export async function readPage(
  db: ReadHandle,
  learning: ViewedLearning,
  owner: string,
  shown: Shown,
  around: MessageId | null,
): Promise<BranchPage> {
  const length = await branchLength(db, owner, shown.headId)
  const place = around === null ? null : await depthInBranch(db, owner, shown, around)
  const from = Math.max(1, place === null ? length - PAGE + 1 : Math.min(place - BEFORE, length - PAGE + 1))
  return readStretch(db, learning, owner, shown, length, { from, to: from + PAGE - 1 })
}

export interface NextPage {
  messageId: MessageId
  direction: 'before' | 'after'
  limit: number
}

/**
 * The stretch next to a message.
 * @throws AppError NOT_FOUND when the message is not of the shown branch
 */
export async function readNextPage(
  db: ReadHandle,
  learning: ViewedLearning,
  owner: string,
  shown: Shown,
  { messageId, direction, limit }: NextPage,
): Promise<BranchPage> {
  const place = await depthInBranch(db, owner, shown, messageId)
  if (place === null) throw new AppError('NOT_FOUND', 'This message is not shown any more. Open the chat again.')
  const stretch =
    direction === 'before'
      ? { from: Math.max(1, place - limit), to: place - 1 }
      : { from: place + 1, to: place + limit }
  return readStretch(db, learning, owner, shown, await branchLength(db, owner, shown.headId), stretch)
}

async function readStretch(
  db: ReadHandle,
  learning: ViewedLearning,
  owner: string,
  { id, headId }: Shown,
  length: number,
  stretch: Stretch,
): Promise<BranchPage> {
  const rows = stretch.to < stretch.from ? [] : await readBranch(db, owner, id, headId, stretch)
  return {
    messages: await viewMessages(db, learning, owner, rows),
    earlier: Math.min(length, stretch.from - 1),
    later: Math.max(0, length - stretch.to),
  }
}

/** Where in the shown branch a message stands, from 1; null when it is not of it. */
async function depthInBranch(
  db: ReadHandle,
  owner: string,
  { id: conversationId, headId }: Shown,
  id: MessageId,
): Promise<number | null> {
  const [row] = await db
    .select({ depth: message.depth })
    .from(message)
    .where(and(eq(message.id, id), eq(message.owner, owner), eq(message.conversationId, conversationId)))
  if (!row || row.depth === 0) return null
  const [there] = await readBranch(db, owner, conversationId, headId, { from: row.depth, to: row.depth })
  return there?.id === id ? row.depth : null
}
