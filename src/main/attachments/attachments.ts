// Files given to a chat: taken in pieces, read in a thread of their own, kept in the composer until they are sent, and in
// prompts from then on. They are documents: searched and quoted, and never taken for the person's words.
import { and, asc, desc, eq, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import { CHAT_FILES_MAX, CHAT_TEXT_MAX, FILE_BYTES_MAX, STAGED_FILES_MAX } from '../../shared/attachments.ts'
import { DOCUMENT_MAX, type DocumentView } from '../../shared/documents.ts'
import { AppError } from '../../shared/errors.ts'
import { type BatchId, type ConversationId, type DocumentId, type MessageId, newId } from '../../shared/ids.ts'
import type { Clock } from '../app/clock.ts'
import type { Log } from '../app/log.ts'
import type { Database, ReadHandle, WriteHandle } from '../database/database.ts'
import { document, queuedMessage } from '../database/schema.ts'
import type { Embedder, LanguageModel } from '../engine/engine.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { cleanText } from '../learning/documents/clean.ts'
import { VIEWED, viewDocument } from '../learning/documents/documents.ts'
import { SCRUB } from '../learning/forgetting/forget.ts'
import { EMBED } from '../learning/vectors.ts'
import { type FilesContext, type FilesRequest, filesContext } from './context.ts'
import { createFileReader, type FileReader } from './reading/reader.ts'
import { attachTo, copyFiles } from './sending.ts'
import { type NewUpload, Uploads } from './uploads.ts'

/** What lies in a composer for so long is not sent any more, in milliseconds. */
const STAGED_MS = 14 * 24 * 60 * 60 * 1000

export interface AttachmentPorts {
  db: Database
  model: Pick<LanguageModel, 'contextSize' | 'prefillSpeed' | 'countTokens'>
  embedder: Embedder
  jobs: Pick<JobQueue, 'add'>
  clock: Clock
  log: Log
}

export interface Attachments {
  /** @throws AppError INVALID_INPUT for an empty file or too many of them, BUSY, CONFLICT */
  begin(owner: string, upload: NewUpload): Promise<void>
  /** @param at how many bytes came before. @throws AppError as `Uploads.piece` */
  piece(owner: string, piece: { id: DocumentId; at: number; data: string }): void
  /**
   * Reads a file that came whole and keeps its text in the composer. Asked twice, it is read once.
   * @returns the document, and how many unseen characters were taken out
   * @throws AppError INVALID_INPUT saying what it is or which limit it passed; nothing of it is kept then
   */
  finish(owner: string, id: DocumentId): Promise<{ document: DocumentView; removed: number }>
  cancel(owner: string, id: DocumentId): void
  list(owner: string, conversationId: ConversationId): Promise<{ staged: DocumentView[]; sent: DocumentView[] }>
  /**
   * Sends files of a composer with a message: from now on they are found. Those that came with another message of the
   * chat go with this one as well. In the caller's transaction; sending twice is sending once.
   * @throws AppError NOT_FOUND when one was removed meanwhile
   */
  attachTo(
    tx: WriteHandle,
    owner: string,
    message: { conversationId: ConversationId; messageId: MessageId },
    documents: readonly DocumentId[],
  ): Promise<void>
  /**
   * Copies files of messages to copies of these messages, with what stood of them in the prompts of the answers.
   * @param copies each copied message by the one it was copied from; with their rows of usage
   */
  copyFiles(
    tx: WriteHandle,
    owner: string,
    conversationId: ConversationId,
    copies: ReadonlyMap<MessageId, MessageId>,
  ): Promise<void>
  /** What the prompt of a turn holds of files. */
  context(request: FilesRequest): Promise<FilesContext>
  /** Clears composers of what was never sent. */
  tidy(owner: string): Promise<void>
  close(): Promise<void>
}

export function createAttachments(ports: AttachmentPorts): Attachments {
  return new FileDesk(ports)
}

class FileDesk implements Attachments {
  readonly #ports: AttachmentPorts
  readonly #uploads = new Uploads()
  readonly #reader: FileReader
  /** Files being read, and whether somebody still wants them. */
  readonly #reading = new Map<DocumentId, { wanted: boolean }>()

  constructor(ports: AttachmentPorts) {
    this.#ports = ports
    this.#reader = createFileReader(ports.log)
  }

  async begin(owner: string, upload: NewUpload): Promise<void> {
    if (upload.bytes === 0) throw refused('The file is empty. Nothing was kept.')
    if (upload.bytes > FILE_BYTES_MAX) throw refused('The file is too large. Nothing was kept.')
    await this.#needRoom(this.#ports.db.read, owner, upload.conversationId, 0)
    this.#uploads.begin(owner, upload)
  }

  piece(owner: string, { id, at, data }: { id: DocumentId; at: number; data: string }): void {
    this.#uploads.piece(owner, id, at, Buffer.from(data, 'base64'))
  }

  async finish(owner: string, id: DocumentId): Promise<{ document: DocumentView; removed: number }> {
    const { db, clock } = this.#ports
    const [known] = await db.read
      .select(VIEWED)
      .from(document)
      .where(and(eq(document.id, id), eq(document.owner, owner)))
    if (known) return { document: known, removed: 0 }
    const { content, conversationId, name, folder, bytes, pasted } = this.#uploads.take(owner, id)
    const reading = { wanted: true }
    this.#reading.set(id, reading)
    const read = await this.#reader.read({ name, bytes: content, pasted }).finally(() => this.#reading.delete(id))
    const { text, removed } = cleanText(read.text)
    if (text.trim() === '') throw refused('There is no text in this file. Nothing was kept.')
    if (text.length > DOCUMENT_MAX) throw refused('There is too much text in this file. Nothing was kept.')
    if (!reading.wanted) throw new AppError('NOT_FOUND', 'This file was removed. Nothing was kept.')
    const row: typeof document.$inferSelect = {
      id,
      owner,
      conversationId: null,
      messageId: null,
      stagedFor: conversationId,
      name: plainName(name),
      folder: folder === null ? null : plainName(folder),
      kind: read.kind,
      bytes: pasted ? null : bytes,
      pages: read.pages,
      text,
      createdAt: clock.now(),
      trashedAt: null,
    }
    await db.write('attachments.stage', async (tx) => {
      await this.#needRoom(tx, owner, conversationId, Buffer.byteLength(text))
      const made = await tx.insert(document).values(row).onConflictDoNothing().returning({ id: document.id })
      if (made.length === 0) throw new AppError('CONFLICT', 'This file was attached already.')
    })
    return { document: viewDocument(row), removed }
  }

  cancel(owner: string, id: DocumentId): void {
    const reading = this.#uploads.cancel(owner, id) ? undefined : this.#reading.get(id)
    if (reading) reading.wanted = false
  }

  async list(owner: string, conversationId: ConversationId): Promise<{ staged: DocumentView[]; sent: DocumentView[] }> {
    const { read } = this.#ports.db
    const here = and(eq(document.owner, owner), isNull(document.trashedAt))
    const [staged, sent] = await Promise.all([
      read
        .select(VIEWED)
        .from(document)
        .where(and(here, eq(document.stagedFor, conversationId), notQueued()))
        .orderBy(asc(document.createdAt), asc(document.id)),
      read
        .select(VIEWED)
        .from(document)
        .where(and(here, eq(document.conversationId, conversationId), isNull(document.stagedFor)))
        .orderBy(desc(document.createdAt), desc(document.id)),
    ])
    return { staged, sent }
  }

  async attachTo(
    tx: WriteHandle,
    owner: string,
    message: { conversationId: ConversationId; messageId: MessageId },
    documents: readonly DocumentId[],
  ): Promise<void> {
    if (await attachTo(tx, owner, message, documents)) await this.#queueVectors(tx, owner)
  }

  async copyFiles(
    tx: WriteHandle,
    owner: string,
    conversationId: ConversationId,
    copies: ReadonlyMap<MessageId, MessageId>,
  ): Promise<void> {
    if (await copyFiles(tx, owner, conversationId, copies)) await this.#queueVectors(tx, owner)
  }

  async #queueVectors(tx: WriteHandle, owner: string): Promise<void> {
    await this.#ports.jobs.add(tx, { owner, kind: EMBED, key: newId<BatchId>() })
  }

  context(request: FilesRequest): Promise<FilesContext> {
    return filesContext(this.#ports, request)
  }

  async tidy(owner: string): Promise<void> {
    const { db, jobs, clock } = this.#ports
    const before = new Date(clock.now().getTime() - STAGED_MS)
    await db.write('attachments.tidy', async (tx) => {
      const gone = await tx
        .delete(document)
        .where(
          and(
            eq(document.owner, owner),
            isNotNull(document.stagedFor),
            isNull(document.trashedAt),
            lt(document.createdAt, before),
            notQueued(),
          ),
        )
        .returning({ id: document.id })
      if (gone.length > 0) await jobs.add(tx, { owner, kind: SCRUB, key: newId<BatchId>() })
    })
  }

  close(): Promise<void> {
    return this.#reader.close()
  }

  async #needRoom(db: ReadHandle, owner: string, conversationId: ConversationId, bytes: number): Promise<void> {
    const [here] = await db
      .select({
        staged: sql<number>`count(*) filter (where ${document.stagedFor} is not null)::int`,
        files: sql<number>`count(*)::int`,
        bytes: sql<number>`coalesce(sum(octet_length(${document.text})), 0)::float8`,
      })
      .from(document)
      .where(
        and(
          eq(document.owner, owner),
          isNull(document.trashedAt),
          or(eq(document.stagedFor, conversationId), eq(document.conversationId, conversationId)),
        ),
      )
    if ((here?.staged ?? 0) >= STAGED_FILES_MAX) {
      throw refused(`A message takes at most ${STAGED_FILES_MAX} files. This one was not kept.`)
    }
    if ((here?.files ?? 0) >= CHAT_FILES_MAX) {
      throw refused(
        `A chat takes at most ${CHAT_FILES_MAX} files. This one was not kept; remove some, or start a new chat.`,
      )
    }
    if ((here?.bytes ?? 0) + bytes > CHAT_TEXT_MAX) {
      throw refused(
        'This chat holds as much text of files as it takes. This one was not kept; remove some, or start a new chat.',
      )
    }
  }
}

/** What goes with a queued message lies in the composer no more. */
function notQueued() {
  return sql`not exists (select 1 from ${queuedMessage}
    where ${queuedMessage.owner} = ${document.owner} and ${queuedMessage.documents} ? ${document.id}::text)`
}

function plainName(name: string): string {
  return cleanText(name).text.replace(/\s+/gu, ' ').trim() || '?'
}

function refused(message: string): AppError {
  return new AppError('INVALID_INPUT', message, { field: 'file' })
}
