// Writes of the message tree: a message of the person with the answer to come, another answer beside one, another end
// that is shown, and a new conversation made of a branch.
import { and, desc, eq, inArray, isNull } from 'drizzle-orm'
import type { ConversationMode, ConversationView, MessageStatus } from '../../shared/chat.ts'
import { AppError } from '../../shared/errors.ts'
import { type ConversationId, type DocumentId, type MessageId, newId, type ProjectId } from '../../shared/ids.ts'
import type { ReadHandle, WriteHandle } from '../database/database.ts'
import { conversation, message, project, usage } from '../database/schema.ts'
import { readConversation, titleFrom, viewConversation } from './conversations.ts'
import { lastLeafBelow, type MessageRow, readBranch } from './messages.ts'

/** A message as it is sent; where it makes its conversation, with what that one starts as. */
export interface Sent {
  conversationId: ConversationId
  messageId: MessageId
  text: string
  mode?: ConversationMode | undefined
  projectId?: ProjectId | null | undefined
  documents?: DocumentId[] | undefined
  /** A message of the person in whose place this one comes. */
  replaces?: MessageId | null | undefined
}

/** @throws AppError NOT_FOUND when the answer is gone */
export async function readAnswer(
  db: ReadHandle,
  owner: string,
  { conversationId, messageId }: { conversationId: ConversationId; messageId: MessageId },
): Promise<MessageRow & { parentId: MessageId }> {
  const [row] = await db
    .select()
    .from(message)
    .where(and(eq(message.id, messageId), eq(message.owner, owner), eq(message.conversationId, conversationId)))
  if (row?.role !== 'assistant' || row.parentId === null) {
    throw new AppError('NOT_FOUND', 'This answer does not exist any more.')
  }
  return { ...row, parentId: row.parentId }
}

/** The answer that a message sent before already has: a repeated call is the same message. */
export async function findAnswer(db: ReadHandle, owner: string, questionId: MessageId): Promise<MessageId | null> {
  const rows = await db
    .select({ id: message.id })
    .from(message)
    .where(and(eq(message.parentId, questionId), eq(message.owner, owner)))
    .orderBy(desc(message.createdAt))
    .limit(1)
  return rows[0]?.id ?? null
}

/**
 * Writes a message of the person and its empty answer, and the conversation where there is none yet.
 * @param tools what a conversation made by it starts with
 * @throws AppError NOT_FOUND when the conversation is somebody else's, or the message to replace or the project is gone
 */
export async function insertTurn(
  tx: WriteHandle,
  now: Date,
  owner: string,
  sent: Sent,
  answerId: MessageId,
  tools: string[],
): Promise<ConversationView> {
  const { conversationId, messageId, text } = sent
  const [existing] = await tx.select().from(conversation).where(eq(conversation.id, conversationId))
  if (existing && existing.owner !== owner) {
    throw new AppError('NOT_FOUND', 'This conversation does not exist on this computer.')
  }
  const mode = existing?.mode ?? sent.mode ?? 'normal'
  const parentId = existing
    ? await parentFor(tx, owner, existing, sent.replaces ?? null)
    : await insertConversation(tx, now, owner, sent, mode, tools)
  await tx.insert(message).values({
    ...{ id: messageId, owner, conversationId, parentId, role: 'user', text, status: 'complete', createdAt: now },
    learnable: mode === 'normal',
  })
  await insertAnswer(tx, now, owner, conversationId, messageId, answerId)
  return viewConversation(await readConversation(tx, owner, conversationId))
}

/** A conversation in which nothing was said yet. */
export async function insertEmptyConversation(
  tx: WriteHandle,
  now: Date,
  owner: string,
  conversationId: ConversationId,
  mode: ConversationMode,
): Promise<void> {
  const nothing = { conversationId, messageId: newId<MessageId>(), text: '' }
  const rootId = await insertConversation(tx, now, owner, nothing, mode, [])
  await tx.update(conversation).set({ headId: rootId }).where(eq(conversation.id, conversationId))
}

async function insertConversation(
  tx: WriteHandle,
  now: Date,
  owner: string,
  { conversationId, text, projectId = null }: Sent,
  mode: ConversationMode,
  tools: string[],
): Promise<MessageId> {
  if (projectId !== null) await needProject(tx, owner, projectId)
  const rootId = newId<MessageId>()
  await tx.insert(conversation).values({
    id: conversationId,
    owner,
    title: titleFrom(text),
    createdAt: now,
    updatedAt: now,
    mode,
    tools,
    projectId,
  })
  await tx
    .insert(message)
    .values({ id: rootId, owner, conversationId, role: 'root', text: '', status: 'complete', createdAt: now })
  return rootId
}

/** @throws AppError NOT_FOUND */
export async function needProject(db: ReadHandle, owner: string, id: ProjectId): Promise<void> {
  const there = and(eq(project.id, id), eq(project.owner, owner), isNull(project.trashedAt))
  if ((await db.$count(project, there)) === 0) {
    throw new AppError('NOT_FOUND', 'This project does not exist any more. Choose another one, or none.', {
      field: 'projectId',
    })
  }
}

/** Where a message comes: after the end that is shown, or beside the one it replaces. */
async function parentFor(
  tx: WriteHandle,
  owner: string,
  { id, headId }: typeof conversation.$inferSelect,
  replaces: MessageId | null,
): Promise<MessageId> {
  if (replaces === null) {
    if (headId === null) throw new AppError('INTERNAL', 'The conversation has lost its last message.')
    return headId
  }
  const [old] = await tx
    .select()
    .from(message)
    .where(and(eq(message.id, replaces), eq(message.owner, owner), eq(message.conversationId, id)))
  if (old?.role !== 'user' || old.parentId === null) {
    throw new AppError(
      'NOT_FOUND',
      'The message you edited does not exist any more. Your text is kept; send it anew.',
      {
        field: 'replaces',
      },
    )
  }
  return old.parentId
}

/** An empty answer to be written, shown from now on. */
export async function insertAnswer(
  tx: WriteHandle,
  now: Date,
  owner: string,
  conversationId: ConversationId,
  questionId: MessageId,
  answerId: MessageId,
): Promise<void> {
  const { mode } = await readConversation(tx, owner, conversationId)
  await tx.insert(message).values({
    id: answerId,
    owner,
    conversationId,
    parentId: questionId,
    role: 'assistant',
    text: '',
    status: 'pending',
    learnable: mode === 'normal',
    createdAt: now,
  })
  await tx
    .update(conversation)
    .set({ headId: answerId, updatedAt: now, trashedAt: null })
    .where(eq(conversation.id, conversationId))
}

/** Statuses of an answer that has more to say. */
const UNFINISHED: readonly MessageStatus[] = ['cut', 'stopped', 'interrupted']

/**
 * Makes an answer that was not finished one that is being written again.
 * @throws AppError CONFLICT when it is complete, or not the end of the shown branch
 */
export async function reopenAnswer(tx: WriteHandle, owner: string, answer: MessageRow): Promise<void> {
  const { headId } = await readConversation(tx, owner, answer.conversationId)
  if (headId !== answer.id) {
    throw new AppError('CONFLICT', 'Only the last answer can be gone on with. Show its branch first.')
  }
  if (!UNFINISHED.includes(answer.status) || answer.text === '') {
    throw new AppError('CONFLICT', 'There is nothing to go on with: this answer is complete, or empty.')
  }
  await tx.update(message).set({ status: 'pending', error: null }).where(eq(message.id, answer.id))
}

/** Shows the branch a message stands in. @throws AppError NOT_FOUND */
export async function showBranch(
  tx: WriteHandle,
  owner: string,
  { conversationId, messageId }: { conversationId: ConversationId; messageId: MessageId },
): Promise<void> {
  const headId = await lastLeafBelow(tx, owner, messageId)
  if (headId === null) throw new AppError('NOT_FOUND', 'This message does not exist any more.')
  await tx
    .update(conversation)
    .set({ headId })
    .where(and(eq(conversation.id, conversationId), eq(conversation.owner, owner)))
}

/** Rows of one statement. */
const COPIED_AT_ONCE = 200

/**
 * Copies the branch up to a message into a conversation of its own. What was learned from the messages is learned; the
 * copies teach nothing anew.
 * @param copyFiles copies the files that came with the messages, once these are copied
 * @throws AppError NOT_FOUND, CONFLICT while that message is being written
 */
export async function forkConversation(
  tx: WriteHandle,
  now: Date,
  owner: string,
  { conversationId, messageId }: { conversationId: ConversationId; messageId: MessageId },
  copyFiles: (conversationId: ConversationId, copies: ReadonlyMap<MessageId, MessageId>) => Promise<void>,
): Promise<ConversationView> {
  const source = await readConversation(tx, owner, conversationId)
  const branch = await readBranch(tx, owner, conversationId, messageId)
  const end = branch.at(-1)
  if (!end) throw new AppError('NOT_FOUND', 'This message does not exist any more.')
  if (end.status === 'pending') throw new AppError('CONFLICT', 'Wait until the answer is written, then fork the chat.')
  const id = newId<ConversationId>()
  const rootId = newId<MessageId>()
  const copies = new Map<MessageId, MessageId>()
  for (const { id: old } of branch) copies.set(old, newId())
  const { title, titleSource, coreBlock, mode, tools, projectId } = source
  await tx
    .insert(conversation)
    .values({ id, owner, title, titleSource, coreBlock, mode, tools, projectId, createdAt: now, updatedAt: now })
  await tx
    .insert(message)
    .values({ id: rootId, owner, conversationId: id, role: 'root', text: '', status: 'complete', createdAt: now })
  const copied = branch.map((row) => {
    const parentId = (row.parentId && copies.get(row.parentId)) ?? rootId
    return { ...row, id: copyOf(copies, row.id), conversationId: id, parentId }
  })
  for (let first = 0; first < copied.length; first += COPIED_AT_ONCE) {
    await tx.insert(message).values(copied.slice(first, first + COPIED_AT_ONCE))
  }
  await tx
    .update(conversation)
    .set({ headId: copyOf(copies, end.id) })
    .where(eq(conversation.id, id))
  await copyUsage(tx, owner, copies)
  await copyFiles(id, copies)
  return viewConversation(await readConversation(tx, owner, id))
}

function copyOf(copies: ReadonlyMap<MessageId, MessageId>, id: MessageId): MessageId {
  const copy = copies.get(id)
  if (copy === undefined) throw new AppError('INTERNAL', 'A message was left out of the copy. Nothing was changed.')
  return copy
}

/** What shaped an answer shaped its copy. */
async function copyUsage(tx: WriteHandle, owner: string, copies: ReadonlyMap<MessageId, MessageId>): Promise<void> {
  const rows = await tx
    .select()
    .from(usage)
    .where(and(eq(usage.owner, owner), inArray(usage.messageId, [...copies.keys()])))
  if (rows.length > 0) {
    await tx.insert(usage).values(rows.map((row) => ({ ...row, messageId: copyOf(copies, row.messageId) })))
  }
}
