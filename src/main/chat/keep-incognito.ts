// Takes an incognito chat into the profile: a copy of everything said and attached in it, as a chat that has never been
// anything else, in one transaction. What was said until then is not to be learned from, as in a chat that only read.
import { and, asc, eq, inArray, isNull, or } from 'drizzle-orm'
import type { ConversationView } from '../../shared/chat.ts'
import { AppError } from '../../shared/errors.ts'
import {
  type BatchId,
  type ConversationId,
  type DocumentId,
  type MessageId,
  newId,
  type PassageId,
} from '../../shared/ids.ts'
import type { Clock } from '../app/clock.ts'
import type { Database, ReadHandle, WriteHandle } from '../database/database.ts'
import { conversation, document, message, passage, queuedMessage, usage } from '../database/schema.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { indexDocument } from '../learning/passages/passages.ts'
import { EMBED } from '../learning/vectors.ts'
import { readConversation, titleFrom, viewConversation } from './conversations.ts'
import { messageTime } from './message-time.ts'

/** The profile a chat is taken into. */
export interface ProfilePorts {
  db: Database
  jobs: Pick<JobQueue, 'add'>
  /** Names of the tools a chat starts with that is begun now. */
  tools(): string[]
  /** Told of a chat that is there now. */
  kept(view: ConversationView): void
}

/** Rows of one statement. */
const COPIED_AT_ONCE = 200

/**
 * @param from the database in memory
 * @returns the conversation, under an id of its own
 * @throws AppError CONFLICT when nothing was said in it, BUSY while an answer is written
 */
export async function keepInProfile(
  from: Database,
  { db, jobs, tools, kept }: ProfilePorts,
  clock: Clock,
  owner: string,
  id: ConversationId,
): Promise<ConversationView> {
  const said = await readAll(from.read, owner, id)
  const first = said.messages.find(({ role }) => role === 'user')
  if (!first) throw new AppError('CONFLICT', 'Nothing was said in this chat yet, so there is nothing to keep.')
  if (said.messages.some(({ status }) => status === 'pending')) throw stillWriting()
  const ids = new Ids(id, said)
  const view = await db.write('incognito.keep', async (tx) => {
    const now = await messageTime(tx, owner, clock.now())
    await tx.insert(conversation).values({
      ...{ id: ids.conversation, owner, title: titleFrom(first.text), tools: tools() },
      ...{ createdAt: said.row.createdAt, updatedAt: now },
    })
    await insertMessages(tx, said, ids)
    await tx
      .update(conversation)
      .set({ headId: ids.of(said.row.headId) })
      .where(eq(conversation.id, ids.conversation))
    if ((await insertFiles(tx, said, ids)) > 0) await jobs.add(tx, { owner, kind: EMBED, key: newId<BatchId>() })
    return viewConversation(await readConversation(tx, owner, ids.conversation))
  })
  kept(view)
  return view
}

/** Why a chat cannot be kept at this moment. */
export function stillWriting(): AppError {
  return new AppError(
    'BUSY',
    'An answer is still being written here. Nothing was kept yet; wait for it or stop it, then keep the chat.',
  )
}

type Said = Awaited<ReturnType<typeof readAll>>

async function readAll(read: ReadHandle, owner: string, id: ConversationId) {
  const messages = await read
    .select()
    .from(message)
    .where(and(eq(message.owner, owner), eq(message.conversationId, id)))
    // What is answered comes before its answers.
    .orderBy(asc(message.depth), asc(message.createdAt), asc(message.id))
  const files = await read
    .select()
    .from(document)
    .where(
      and(
        eq(document.owner, owner),
        isNull(document.trashedAt),
        or(eq(document.conversationId, id), eq(document.stagedFor, id)),
      ),
    )
    .orderBy(asc(document.createdAt), asc(document.id))
  const messageIds = messages.map((one) => one.id)
  const fileIds = files.map((one) => one.id)
  return {
    row: await readConversation(read, owner, id),
    messages,
    files,
    waiting: await read.select().from(queuedMessage).where(eq(queuedMessage.conversationId, id)),
    used: await read.select().from(usage).where(inArray(usage.messageId, messageIds)),
    parts: await read
      .select({ id: passage.id, documentId: passage.documentId, part: passage.part })
      .from(passage)
      .where(inArray(passage.documentId, fileIds)),
  }
}

/** New ids for all: what names the incognito chat names nothing on disk. */
class Ids {
  readonly conversation = newId<ConversationId>()
  readonly #messages: Map<MessageId, MessageId>
  readonly #files: Map<DocumentId, DocumentId>
  readonly #before: ConversationId

  constructor(before: ConversationId, { messages, waiting, files }: Pick<Said, 'messages' | 'waiting' | 'files'>) {
    this.#before = before
    this.#messages = new Map([...messages, ...waiting].map(({ id }) => [id, newId<MessageId>()]))
    this.#files = new Map(files.map(({ id }) => [id, newId<DocumentId>()]))
  }

  of(id: MessageId): MessageId
  of(id: MessageId | null): MessageId | null
  of(id: MessageId | null): MessageId | null {
    return id === null ? null : need(this.#messages.get(id))
  }

  file(id: DocumentId): DocumentId {
    return need(this.#files.get(id))
  }

  hasFile(id: DocumentId): boolean {
    return this.#files.has(id)
  }

  ofChat(id: ConversationId | null): ConversationId | null {
    return id === this.#before ? this.conversation : null
  }
}

function need<Id>(id: Id | undefined): Id {
  if (id === undefined) throw new AppError('INTERNAL', 'A part of the chat was left out of the copy. Nothing was kept.')
  return id
}

async function insertMessages(tx: WriteHandle, { messages, waiting }: Said, ids: Ids): Promise<void> {
  const conversationId = ids.conversation
  const rows = messages.map((row) => ({
    ...row,
    ...{ id: ids.of(row.id), conversationId, parentId: ids.of(row.parentId) },
    learnable: row.role === 'root',
  }))
  for (let first = 0; first < rows.length; first += COPIED_AT_ONCE) {
    await tx.insert(message).values(rows.slice(first, first + COPIED_AT_ONCE))
  }
  for (const row of waiting) {
    const documents = row.documents.filter((id) => ids.hasFile(id)).map((id) => ids.file(id))
    await tx.insert(queuedMessage).values({ ...row, id: ids.of(row.id), conversationId, documents })
  }
}

/** @returns how many passages have no vector yet */
async function insertFiles(tx: WriteHandle, { files, used, parts }: Said, ids: Ids): Promise<number> {
  let made = 0
  const passages = new Map<PassageId, PassageId>()
  const before = new Map<DocumentId | null, { id: PassageId; part: number }[]>()
  for (const { documentId, ...one } of parts) {
    const known = before.get(documentId)
    if (known) known.push(one)
    else before.set(documentId, [one])
  }
  for (const row of files) {
    const copy = {
      ...row,
      id: ids.file(row.id),
      conversationId: ids.ofChat(row.conversationId),
      stagedFor: ids.ofChat(row.stagedFor),
      messageId: ids.of(row.messageId),
    }
    await tx.insert(document).values(copy)
    made += await indexDocument(tx, copy)
    const after = await tx
      .select({ id: passage.id, part: passage.part })
      .from(passage)
      .where(eq(passage.documentId, copy.id))
    const idOf = new Map(after.map(({ id, part }) => [part, id]))
    for (const { id, part } of before.get(row.id) ?? []) passages.set(id, need(idOf.get(part)))
  }
  // What an answer read of a file that was removed since is not told any more.
  const shown = used.flatMap((row) => {
    const passageId = row.passageId && passages.get(row.passageId)
    return passageId ? [{ ...row, messageId: ids.of(row.messageId), passageId }] : []
  })
  if (shown.length > 0) await tx.insert(usage).values(shown)
  return made
}
