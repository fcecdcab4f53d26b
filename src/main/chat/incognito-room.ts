// What incognito chats are made of: the services of a normal chat over one database in memory. With the room goes
// everything said and attached in it.
import type { ConversationId } from '../../shared/ids.ts'
import type { Clock } from '../app/clock.ts'
import type { Log } from '../app/log.ts'
import { type Attachments, createAttachments } from '../attachments/attachments.ts'
import type { Database } from '../database/database.ts'
import type { Embedder, LanguageModel } from '../engine/engine.ts'
import { createJobQueue } from '../jobs/queue.ts'
import { viewPassages } from '../learning/context/sources.ts'
import { createDocuments, type Documents } from '../learning/documents/documents.ts'
import { EMBED, embedMissing } from '../learning/vectors.ts'
import { createChat } from './chat.ts'
import type { Chat } from './service.ts'
import { withoutLearning } from './without-learning.ts'

export interface RoomPorts {
  /** Opens a fresh database in memory. */
  openDatabase(): Promise<Database>
  model: LanguageModel
  embedder: Embedder
  clock: Clock
  log: Log
  answerTokens?: number
  systemPrompt?: () => string
}

export interface Room {
  db: Database
  chat: Chat
  attachments: Attachments
  documents: Documents
  close(): Promise<void>
}

/** @throws AppError DATABASE_STOPPED when there is no memory for it */
export async function openRoom(ports: RoomPorts): Promise<Room> {
  const { model, embedder, clock, log, answerTokens, systemPrompt } = ports
  const db = await ports.openDatabase()
  // The files of a chat are found by meaning as elsewhere; what is queued for that is in memory as well.
  const jobs = createJobQueue({ db, clock, log })
  jobs.handle(EMBED, async ({ owner }, finish, signal) => {
    const embedded = await embedMissing({ db, embedder }, owner, signal)
    await finish('embed.done', async () => ({ embedded }))
  })
  const attachments = createAttachments({ db, model, embedder, jobs, clock, log })
  const chat = createChat({
    db,
    model,
    clock,
    log,
    attachments,
    learning: withoutLearning((owner, passages) => viewPassages(db.read, owner, passages)),
    events: { conversation: () => {}, conversations: () => {} },
    ...(answerTokens === undefined ? {} : { answerTokens }),
    ...(systemPrompt ? { systemPrompt } : {}),
  })
  const changed = (owner: string, conversations: readonly ConversationId[]) => {
    void chat
      .changed(owner, conversations)
      .catch((error: unknown) => log.warn({ err: (error as Error).name }, 'an incognito chat could not be refreshed'))
  }
  const documents = createDocuments({ db, jobs, clock, events: { memoriesChanged: () => {} }, answers: { changed } })
  jobs.start()
  return {
    db,
    chat,
    attachments,
    documents,
    async close() {
      await chat.close()
      await jobs.stop()
      await attachments.close()
      await db.close()
    },
  }
}
