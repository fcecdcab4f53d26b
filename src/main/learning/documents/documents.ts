// Documents: texts the person gives to be searched and quoted. They have passages in a voice of their own and are never
// learned from as the person's words; what somebody wants to keep of one is a suggestion.
import { and, desc, eq, isNull, lt, or, sql } from 'drizzle-orm'
import { DOCUMENT_MAX, DOCUMENT_NAME_MAX, type DocumentView } from '../../../shared/documents.ts'
import { AppError } from '../../../shared/errors.ts'
import { type BatchId, type ConversationId, type DocumentId, newId } from '../../../shared/ids.ts'
import type { ReadHandle } from '../../database/database.ts'
import { conversation, document } from '../../database/schema.ts'
import { SCRUB } from '../forgetting/forget.ts'
import { UNDO_MS } from '../forgetting/undo-time.ts'
import { indexDocument } from '../passages/passages.ts'
import type { LearningPorts } from '../ports.ts'
import { EMBED } from '../vectors.ts'
import { cleanText } from './clean.ts'
import { purgeDocument } from './purge.ts'

/** Queued with a removal, for when its undo time is over. */
export const PURGE_DOCUMENT = 'document.purge'

export interface NewDocument {
  name: string
  text: string
  conversationId?: ConversationId | null
}

export interface Documents {
  /**
   * Keeps a text and makes it searchable. Nothing of it is learned.
   * @returns the document, and how many unseen characters were taken out
   * @throws AppError INVALID_INPUT when it is empty or too long, NOT_FOUND for an unknown conversation
   */
  add(owner: string, document: NewDocument): Promise<{ document: DocumentView; removed: number }>
  /** Newest first, without those in the bin. */
  list(
    owner: string,
    query: { cursor?: string | null; limit?: number },
  ): Promise<{ items: DocumentView[]; total: number; nextCursor: string | null }>
  get(owner: string, id: DocumentId): Promise<{ document: DocumentView; text: string }>
  /** Into the bin: no search and no prompt finds it from now on. Final after the undo time. */
  remove(owner: string, id: DocumentId): Promise<{ finalAt: Date }>
  /** Out of the bin, as it was. @throws AppError NOT_FOUND when it is gone for good */
  restore(owner: string, id: DocumentId): Promise<void>
}

type DocumentRow = typeof document.$inferSelect

/** What documents need; what is removed lies in the bin until its job takes it out. */
type DocumentPorts = Pick<LearningPorts, 'db' | 'jobs' | 'clock' | 'forgetPrompts'> & {
  events: Pick<LearningPorts['events'], 'memoriesChanged'>
  answers?: Pick<NonNullable<LearningPorts['answers']>, 'changed'>
}

export function createDocuments(ports: DocumentPorts): Documents {
  ports.jobs.handle(PURGE_DOCUMENT, async (job, finish) => {
    await finish('document.purge', async (tx) => {
      const since = new Date(String(job.payload['at']))
      const purged = await purgeDocument(tx, job.owner, job.payload['id'] as DocumentId, since, ports.clock.now())
      if (purged) await ports.jobs.add(tx, { owner: job.owner, kind: SCRUB, key: job.key })
      return { purged }
    })
    await ports.forgetPrompts?.()
  })
  return new Shelf(ports)
}

class Shelf implements Documents {
  readonly #ports: DocumentPorts

  constructor(ports: DocumentPorts) {
    this.#ports = ports
  }

  async add(
    owner: string,
    { name, text, conversationId = null }: NewDocument,
  ): Promise<{ document: DocumentView; removed: number }> {
    const { db, jobs, clock } = this.#ports
    const cleaned = cleanText(text)
    const title = cleanText(name).text.replace(/\s+/gu, ' ').trim()
    if (title === '' || title.length > DOCUMENT_NAME_MAX) {
      throw new AppError('INVALID_INPUT', `A document needs a name of at most ${DOCUMENT_NAME_MAX} characters.`, {
        field: 'name',
      })
    }
    if (cleaned.text.trim() === '') {
      throw new AppError('INVALID_INPUT', 'There is no text in this document. Nothing was kept.', { field: 'text' })
    }
    if (cleaned.text.length > DOCUMENT_MAX) {
      throw new AppError(
        'INVALID_INPUT',
        `This document is too long: at most ${DOCUMENT_MAX.toLocaleString('en')} characters are kept. Nothing was kept.`,
        { field: 'text' },
      )
    }
    const row: DocumentRow = {
      id: newId<DocumentId>(),
      owner,
      conversationId,
      messageId: null,
      stagedFor: null,
      name: title,
      folder: null,
      kind: 'text',
      bytes: null,
      pages: null,
      text: cleaned.text,
      createdAt: clock.now(),
      trashedAt: null,
    }
    await db.write('document.add', async (tx) => {
      if (conversationId) await needConversation(tx, owner, conversationId)
      await tx.insert(document).values(row)
      const made = await indexDocument(tx, row)
      if (made > 0) await jobs.add(tx, { owner, kind: EMBED, key: newId<BatchId>() })
    })
    return { document: viewDocument(row), removed: cleaned.removed }
  }

  async list(
    owner: string,
    { cursor = null, limit = 50 }: { cursor?: string | null; limit?: number },
  ): Promise<{ items: DocumentView[]; total: number; nextCursor: string | null }> {
    const { read } = this.#ports.db
    // What lies in a composer is nobody's document yet.
    const all = and(eq(document.owner, owner), isNull(document.trashedAt), isNull(document.stagedFor))
    const rows = await read
      .select(VIEWED)
      .from(document)
      .where(and(all, cursor === null ? undefined : olderThan(cursor)))
      .orderBy(desc(document.createdAt), desc(document.id))
      .limit(limit + 1)
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return {
      items: page,
      total: await read.$count(document, all),
      nextCursor: rows.length > limit && last ? `${last.createdAt.getTime()}_${last.id}` : null,
    }
  }

  async get(owner: string, id: DocumentId): Promise<{ document: DocumentView; text: string }> {
    const row = await need(this.#ports.db.read, owner, id)
    return { document: viewDocument(row), text: row.text }
  }

  async remove(owner: string, id: DocumentId): Promise<{ finalAt: Date }> {
    const { db, jobs, clock } = this.#ports
    const at = clock.now()
    const finalAt = new Date(at.getTime() + UNDO_MS)
    const row = await db.write('document.remove', async (tx) => {
      const row = await need(tx, owner, id)
      if (row.trashedAt) throw gone()
      await tx.update(document).set({ trashedAt: at }).where(eq(document.id, id))
      const payload = { id, at: at.toISOString() }
      await jobs.add(tx, { owner, kind: PURGE_DOCUMENT, key: newId<BatchId>(), payload, runAfter: finalAt })
      return row
    })
    this.#tell(owner, row)
    return { finalAt }
  }

  async restore(owner: string, id: DocumentId): Promise<void> {
    const row = await this.#ports.db.write('document.restore', async (tx) => {
      const row = await need(tx, owner, id)
      await tx.update(document).set({ trashedAt: null }).where(eq(document.id, id))
      return row
    })
    this.#tell(owner, row)
  }

  /** Whoever looks at the chat it was sent in sees it come and go. */
  #tell(owner: string, { conversationId, messageId }: DocumentRow): void {
    this.#ports.events.memoriesChanged()
    if (conversationId && messageId) this.#ports.answers?.changed(owner, [conversationId])
  }
}

/** The columns of a document as the window sees it, without reading its text. */
export const VIEWED = {
  id: document.id,
  name: document.name,
  kind: document.kind,
  folder: document.folder,
  bytes: document.bytes,
  pages: document.pages,
  conversationId: document.conversationId,
  characters: sql<number>`length(${document.text})`,
  createdAt: document.createdAt,
  binned: sql<boolean>`${document.trashedAt} is not null`,
}

export function viewDocument({ text, trashedAt, ...row }: DocumentRow): DocumentView {
  const { id, name, kind, folder, bytes, pages, conversationId, createdAt } = row
  const binned = trashedAt !== null
  return { id, name, kind, folder, bytes, pages, conversationId, characters: text.length, createdAt, binned }
}

async function need(db: ReadHandle, owner: string, id: DocumentId): Promise<DocumentRow> {
  const [row] = await db
    .select()
    .from(document)
    .where(and(eq(document.id, id), eq(document.owner, owner)))
  if (!row) throw gone()
  return row
}

async function needConversation(db: ReadHandle, owner: string, id: ConversationId): Promise<void> {
  const there = await db.$count(conversation, and(eq(conversation.id, id), eq(conversation.owner, owner)))
  if (there === 0) throw new AppError('NOT_FOUND', 'This conversation does not exist any more. Nothing was kept.')
}

function gone(): AppError {
  return new AppError('NOT_FOUND', 'This document does not exist any more.')
}

function olderThan(cursor: string) {
  const [, time, id] = /^(\d{1,16})_([0-9a-f-]{36})$/.exec(cursor) ?? []
  if (!time || !id) throw new AppError('INVALID_INPUT', 'The list changed. Open it again.', { field: 'cursor' })
  const at = new Date(Number(time))
  return or(lt(document.createdAt, at), and(eq(document.createdAt, at), lt(document.id, id as DocumentId)))
}
