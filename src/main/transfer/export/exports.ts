// Exports under way: each makes one file in the background, which a window fetches in pieces or which lies where it was asked
// for. They do not outlive the app; what a killed one left is cleared at the next start.
import { mkdir, open, rm } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { and, eq, isNull, ne } from 'drizzle-orm'
import { EXPORT_PIECE_BYTES } from '../../../shared/contract/exports.ts'
import { AppError } from '../../../shared/errors.ts'
import type { ExportPreview, ExportSelection, ExportView, ExportWish } from '../../../shared/exports.ts'
import { type ConversationId, type ExportId, newId } from '../../../shared/ids.ts'
import type { Namespace } from '../../../shared/memory.ts'
import type { Clock } from '../../app/clock.ts'
import type { Log } from '../../app/log.ts'
import type { Database } from '../../database/database.ts'
import { conversation, memory } from '../../database/schema.ts'
import { BUT_VECTORS } from '../archive/format.ts'
import { TransferThread } from '../thread/thread.ts'
import { countArchive, writeArchive } from './archive.ts'
import { exportConversation } from './conversation.ts'
import { previewArchive } from './preview.ts'
import { fileName } from './readable.ts'

export interface ExportsOptions {
  db: Database
  clock: Clock
  log: Log
  /** Where files lie that wait to be fetched. */
  folder: string
  appVersion: string
  titleOf(store: string): string
  onChange(): void
}

export interface Exports {
  preview(owner: string, selection: ExportSelection): Promise<ExportPreview>
  /** Those that memories of the person stand in, their own first. */
  namespaces(owner: string): Promise<Namespace[]>
  /** @throws AppError INVALID_INPUT field `path`; NOT_FOUND of a conversation; BUSY when several are under way */
  begin(
    owner: string,
    request: { wish: ExportWish; passphrase: string | null; path: string | null },
  ): Promise<ExportView>
  list(owner: string): ExportView[]
  /** @throws AppError NOT_FOUND */
  get(owner: string, id: ExportId): ExportView
  /** @throws AppError NOT_FOUND; CONFLICT while it is not ready */
  piece(owner: string, id: ExportId, at: number): Promise<Buffer>
  discard(owner: string, id: ExportId): Promise<void>
  /** Resolves when an export came to its end. */
  settled(owner: string, id: ExportId): Promise<ExportView>
  close(): Promise<void>
}

const MOST_AT_ONCE = 3
/** Rows between two words about progress. */
const TELL_EVERY = 5000

interface Running {
  owner: string
  view: ExportView
  file: string
  /** It lies where it was asked for and stays. */
  keeps: boolean
  abort: AbortController
  end: Promise<void>
}

export function createExports(options: ExportsOptions): Exports {
  const { db, clock, log, folder, onChange } = options
  const running = new Map<ExportId, Running>()
  const need = (owner: string, id: ExportId) => {
    const one = running.get(id)
    if (one?.owner !== owner) throw new AppError('NOT_FOUND', 'This export is not there any more. Begin it again.')
    return one
  }

  return {
    preview: (owner, selection) => previewArchive(db.read, owner, selection),
    async namespaces(owner) {
      const rows = await db.read
        .selectDistinct({ namespace: memory.namespace })
        .from(memory)
        .where(and(eq(memory.owner, owner), ne(memory.status, 'trashed')))
      const order = (name: string) => (name === 'user' ? 0 : name === 'global' ? 1 : 2)
      return rows.map((row) => row.namespace).sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1))
    },
    async begin(owner, { wish, passphrase, path }) {
      if (path !== null && !isAbsolute(path)) {
        throw new AppError('INVALID_INPUT', 'The path of the file must be an absolute one.', { field: 'path' })
      }
      const busy = [...running.values()].filter(({ view }) => view.state === 'running').length
      if (busy >= MOST_AT_ONCE) throw new AppError('BUSY', 'Other exports are being made. Wait until one is done.')
      const plainName = wish.type === 'archive' ? archiveName(clock.now()) : await chatName(db, owner, wish)
      const encrypted = passphrase !== null && wish.type === 'archive'
      const name = encrypted ? `${plainName}.age` : plainName
      const id = newId<ExportId>()
      const file = path ?? join(folder, id, name)
      if (path === null) await mkdir(join(folder, id), { recursive: true, mode: 0o700 })
      const total = wish.type === 'archive' ? await rowsToCome(db, owner, wish.selection) : 1
      const view: ExportView = {
        ...{ id, name, state: 'running', encrypted },
        ...{ done: 0, total, bytes: null, path, error: null },
      }
      const abort = new AbortController()
      const one: Running = { owner, view, file, keeps: path !== null, abort, end: Promise.resolve() }
      running.set(id, one)
      const thread = new TransferThread()
      let told = 0
      let written = wish.type === 'archive' ? 0 : 1
      const work =
        wish.type === 'archive'
          ? writeArchive(db, thread, {
              ...{ owner, selection: wish.selection, path: file, passphrase },
              ...{ now: clock.now(), appVersion: options.appVersion, titleOf: options.titleOf, signal: abort.signal },
              onRows: (rows) => {
                written = rows
                one.view = { ...one.view, done: Math.min(rows, total) }
                if (rows - told < TELL_EVERY) return
                told = rows
                onChange()
              },
            })
          : exportConversation(db.read, { owner, ...wish, path: file })
      one.end = (async () => {
        try {
          const bytes = await work
          one.view = { ...one.view, state: 'ready', done: written, total: written, bytes }
        } catch (error) {
          const cancelled = abort.signal.aborted
          if (!cancelled) log.warn({ err: (error as Error).name, code: (error as AppError).code }, 'export failed')
          one.view = cancelled
            ? { ...one.view, state: 'cancelled' }
            : { ...one.view, state: 'failed', error: wordsOf(error) }
        } finally {
          await thread.close()
          onChange()
        }
      })()
      return one.view
    },
    list: (owner) => [...running.values()].filter((one) => one.owner === owner).map(({ view }) => view),
    get: (owner, id) => need(owner, id).view,
    async piece(owner, id, at) {
      const { view, file } = need(owner, id)
      if (view.state !== 'ready') throw new AppError('CONFLICT', 'The file is not ready yet.')
      const handle = await open(file, 'r')
      try {
        const piece = Buffer.alloc(EXPORT_PIECE_BYTES)
        const { bytesRead } = await handle.read(piece, 0, piece.length, at)
        return piece.subarray(0, bytesRead)
      } finally {
        await handle.close()
      }
    },
    async discard(owner, id) {
      const one = running.get(id)
      if (one?.owner !== owner) return
      one.abort.abort()
      await one.end
      running.delete(id)
      if (!one.keeps) await rm(join(folder, id), { recursive: true, force: true })
      onChange()
    },
    async settled(owner, id) {
      await need(owner, id).end
      return need(owner, id).view
    },
    async close() {
      for (const one of running.values()) one.abort.abort()
      await Promise.all([...running.values()].map(({ end }) => end))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** About how many rows an archive gets: vectors take longest to count, and what they are of has one each. */
async function rowsToCome(db: Database, owner: string, selection: ExportSelection): Promise<number> {
  const counts = await countArchive(db.read, owner, selection, BUT_VECTORS)
  const vectors = (counts.memory ?? 0) + (counts.passage ?? 0)
  return Object.values(counts).reduce((sum, n) => sum + n, vectors)
}

function wordsOf(error: unknown): string {
  return error instanceof AppError
    ? error.message
    : 'The export could not be made. Nothing was kept of it, and nothing of your data was changed. Try again.'
}

function archiveName(now: Date): string {
  return `understudy-${now.toISOString().slice(0, 10)}.zip`
}

async function chatName(
  db: Database,
  owner: string,
  { id, format }: { id: ConversationId; format: 'markdown' | 'json' },
): Promise<string> {
  const [row] = await db.read
    .select({ title: conversation.title })
    .from(conversation)
    .where(and(eq(conversation.id, id), eq(conversation.owner, owner), isNull(conversation.trashedAt)))
  if (!row) throw new AppError('NOT_FOUND', 'This conversation does not exist any more.')
  return `${fileName(row.title)}.${format === 'markdown' ? 'md' : 'json'}`
}
