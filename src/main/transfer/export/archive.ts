// Makes an archive: the lines of every kind, their shapes, a copy to read, and in the end the manifest with its mark.
import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { ExportSelection } from '../../../shared/exports.ts'
import type { Database, ReadHandle } from '../../database/database.ts'
import { FILES, FORMAT, FORMAT_VERSION, KINDS, type Kind, lines, type Manifest } from '../archive/format.ts'
import { markOf } from '../archive/mark.ts'
import type { TransferThread } from '../thread/thread.ts'
import { readableConversations, readableMemories } from './readable.ts'
import { countLines, readLines } from './rows.ts'
import { scopeOf } from './scope.ts'

export interface ArchiveRequest {
  owner: string
  selection: ExportSelection
  /** Absolute path of the file. */
  path: string
  passphrase: string | null
  now: Date
  appVersion: string
  titleOf(store: string): string
  signal: AbortSignal
  /** Hears how many rows are written. */
  onRows(rows: number): void
}

/** How many rows of each kind a selection holds; kinds without any are left out. */
export async function countArchive(
  db: ReadHandle,
  owner: string,
  selection: ExportSelection,
  kinds: readonly Kind[] = KINDS,
): Promise<Partial<Record<Kind, number>>> {
  const scope = scopeOf(owner, selection)
  const counts: Partial<Record<Kind, number>> = {}
  for (const kind of kinds) {
    const rows = await countLines(db, kind, scope[kind])
    if (rows > 0) counts[kind] = rows
  }
  return counts
}

/**
 * Writes an archive through the transfer thread.
 * @returns its size in bytes
 * @throws AppError CONFLICT, DISK_FULL, NOT_ALLOWED of the file; the signal's reason when it was cancelled
 */
export async function writeArchive(db: Database, thread: TransferThread, request: ArchiveRequest): Promise<number> {
  const { owner, selection, path, passphrase, signal } = request
  const scope = scopeOf(owner, selection)
  const files: Manifest['files'] = []
  const counts: Manifest['counts'] = {}
  let written = 0

  await thread.ask({ kind: 'write', path, passphrase })
  const put = async (
    name: string,
    texts: AsyncIterable<string> | readonly string[],
    rows?: () => number,
    packed = true,
  ) => {
    await thread.ask({ kind: 'entry', path: name, packed })
    // The next page is read while this one is packed.
    let packing: Promise<unknown> = Promise.resolve()
    for await (const text of texts) {
      signal.throwIfAborted()
      await packing
      packing = thread.ask({ kind: 'text', text })
      packing.catch(() => {})
    }
    await packing
    const { entry } = await thread.ask({ kind: 'end-entry' })
    files.push({ path: name, ...entry, ...(rows ? { rows: rows() } : {}) })
  }

  await put('README.md', [README])
  for (const kind of KINDS) await put(`schemas/${kind}.schema.json`, [schemaOf(kind)])
  for (const kind of KINDS) {
    let rows = 0
    const pages = async function* () {
      for await (const page of readLines(db.read, kind, scope[kind])) {
        yield page.text
        rows += page.rows
        written += page.rows
        request.onRows(written)
      }
    }
    // Numbers without a pattern do not get smaller.
    await put(FILES[kind], pages(), () => rows, kind !== 'vector')
    if (rows > 0) counts[kind] = rows
  }
  for await (const { path: name, parts } of readableMemories(db.read, scope.memory, request.titleOf))
    await put(name, parts)
  for await (const { path: name, text } of readableConversations(db.read, scope.conversation)) await put(name, [text])
  for await (const { path: name, text } of documentTexts(db.read, scope.document)) await put(name, [text])

  const manifest: Manifest = {
    format: FORMAT,
    version: FORMAT_VERSION,
    app_version: request.appVersion,
    created_at: request.now.toISOString(),
    selection: selectionLine(selection),
    files: [...files],
    counts,
  }
  const signed = `${JSON.stringify(manifest, null, 2)}\n`
  await put('manifest.json', [signed])
  const mark = { algorithm: 'HMAC-SHA256 of manifest.json', mark: await markOf(db, owner, signed) }
  await put('mark.json', [`${JSON.stringify(mark, null, 2)}\n`])
  signal.throwIfAborted()
  const { size } = await thread.ask({ kind: 'finish' })
  return size
}

const DOCUMENTS_AT_ONCE = 10

/** The text of each document as a file of its own. */
async function* documentTexts(db: ReadHandle, where: SQL): AsyncGenerator<{ path: string; text: string }> {
  let last: SQL = sql`true`
  for (;;) {
    const { rows } = await db.execute<{ id: string; name: string; text: string }>(sql`
      select id, name, text from document where ${where} and ${last} order by id limit ${DOCUMENTS_AT_ONCE}`)
    for (const { id, name, text } of rows) yield { path: `attachments/${id}/${attachmentName(name)}`, text }
    const end = rows.at(-1)
    if (!end || rows.length < DOCUMENTS_AT_ONCE) return
    last = sql`id > ${end.id}::uuid`
  }
}

/** It holds the text that was read of a file, so a PDF becomes a text. */
function attachmentName(name: string): string {
  const plain = name.replaceAll(/[^\p{L}\p{N}._ -]+/gu, '_').replace(/^[. ]+|[. ]+$/gu, '') || 'document'
  return /\.(?:md|txt|csv|json)$/iu.test(plain) ? plain : `${plain}.txt`
}

function schemaOf(kind: Kind): string {
  const schema = z.toJSONSchema(lines[kind], { io: 'input', unrepresentable: 'any' })
  return `${JSON.stringify({ ...schema, title: `A line of ${FILES[kind]}` }, null, 2)}\n`
}

function selectionLine({ stores, entityId, projectId, namespace, from, to, conversations }: ExportSelection) {
  return {
    ...(stores ? { stores } : {}),
    ...(entityId ? { entity_id: entityId } : {}),
    ...(projectId ? { project_id: projectId } : {}),
    ...(namespace ? { namespace } : {}),
    ...(from ? { from: from.toISOString() } : {}),
    ...(to ? { to: to.toISOString() } : {}),
    conversations,
  }
}

const README = `# Your data from Understudy

Everything here is yours, in an open form.

- \`readable/\` is for reading: memories by store, conversations by month, as Markdown.
- \`attachments/\` holds the text of files you gave to chats.
- \`data/\` holds the same and more for programs: one file a kind, one JSON object a line. \`schemas/\` describes each line.
- \`manifest.json\` names every file with its size and SHA-256. \`mark.json\` is how the profile that made this archive knows it
  again; nobody else can make one.

To bring it back, open Understudy, choose "Your data", then "Import". Another program can read it without Understudy.
`
