// What is here in another form than in the file: skipped, replaced, kept beside it, or asked about, as the person chose.
import { type SQL, sql } from 'drizzle-orm'
import { type MemoryId, newId } from '../../../shared/ids.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { WriteHandle } from '../../database/database.ts'
import { document, memory, message } from '../../database/schema.ts'
import { readWholeRows } from '../../database/whole-rows.ts'
import { replaceImported } from '../../learning/change/replace-imported.ts'
import { indexDocument, indexMessage } from '../../learning/passages/passages.ts'
import type { Kind, Line } from '../archive/format.ts'
import { tableOf } from '../archive/tables.ts'
import { columnsOf } from './compare.ts'
import { itemOf, type PublishRequest } from './publish.ts'

interface Differing {
  n: number
  verdict: 'changed' | 'conflicting'
  body: string
}

/** Kinds of which a person can have two side by side. */
const WHOLE_ROWS = ['setting', 'store', 'project', 'conversation', 'message', 'document', 'entity'] as const

export async function resolveConflicts(tx: WriteHandle, request: PublishRequest): Promise<void> {
  const { choices, isArchive } = request
  // A chat that went on elsewhere goes on here, whatever else is chosen: nothing here gives way to it.
  if (!isArchive) await followChats(tx, request)
  if (choices.onConflict === 'skip') return
  await memories(tx, request)
  if (choices.onConflict !== 'replace' || !choices.own) return
  for (const kind of WHOLE_ROWS) await replaceRows(tx, request, kind)
}

async function memories(tx: WriteHandle, request: PublishRequest): Promise<void> {
  const { owner, batchId, at, choices } = request
  const rows = await differing(tx, request, 'memory')
  for (const { n, body } of rows) {
    const line = JSON.parse(body) as Line<'memory'>
    const [here] = await readWholeRows(tx, memory, isAnyOf(memory.id, [line.id as MemoryId]))
    if (!here) continue
    if (choices.onConflict === 'keep-both' || !choices.own) {
      // Not the person's own words as far as anybody here can tell: the other one is a suggestion.
      const copy = { ...itemOf(line), id: newId<MemoryId>() }
      const [outcome] = await request.suggest([copy])
      if (outcome?.left === null) {
        await noteRow(tx, request, { kind: 'memory', n }, { kind: 'memory', verdict: 'proposed', id: copy.id })
      }
      continue
    }
    const how = choices.onConflict === 'ask' ? 'ask' : 'replace'
    const done = await replaceImported(tx, { owner, id: batchId, at }, here, line, how)
    if (done === null) continue
    // A question about an item is no item that came in.
    if (done === 'replaced')
      await noteRow(tx, request, { kind: 'memory', n }, { kind: 'memory', verdict: 'replaced', id: null })
    else await noteRow(tx, request, { kind: 'memory', n }, { kind: 'proposal', verdict: 'added', id: done.asked })
  }
}

async function replaceRows(tx: WriteHandle, request: PublishRequest, kind: (typeof WHOLE_ROWS)[number]): Promise<void> {
  const { owner } = request
  const table = sql.identifier(tableOf(kind))
  const key = kind === 'setting' ? sql`key` : sql`id`
  for (const { n, body } of await differing(tx, request, kind)) {
    const line = JSON.parse(body) as Record<string, unknown>
    const name = String(kind === 'setting' ? line['key'] : line['id'])
    const isIt = sql`${table}.${key} = ${name}${kind === 'setting' || kind === 'store' ? sql`` : sql`::uuid`} and ${table}.owner = ${owner}`
    await tx.execute(sql`update import_row r set verdict = 'replaced', before = (select to_jsonb(${table}.*) from ${table} where ${isIt})
      where r.import_id = ${request.importId}::uuid and r.kind = ${kind} and r.n = ${n}`)
    const columns = columnsOf(kind).filter((column) => column !== 'id' && column !== 'key')
    await tx.execute(
      sql`update ${table} set ${setToIncoming(columns)} from json_populate_record(null::${table}, ${body}::json) come where ${isIt}`,
    )
    await reindex(tx, kind, name)
  }
}

/** For an `update` from a row called `come`: each of these columns as it has it. */
export function setToIncoming(columns: readonly string[]): SQL {
  return sql.join(
    columns.map((column) => sql`${sql.identifier(column)} = come.${sql.identifier(column)}`),
    sql`, `,
  )
}

/** What was said or stands in a file is found by the words it has now. */
async function reindex(tx: WriteHandle, kind: Kind, id: string): Promise<void> {
  if (kind === 'message') {
    for (const row of await readWholeRows(tx, message, sql`id = ${id}::uuid`)) await indexMessage(tx, row)
  } else if (kind === 'document') {
    for (const row of await readWholeRows(tx, document, sql`id = ${id}::uuid`)) await indexDocument(tx, row)
  }
}

/** Known chats that became longer: the end that is shown moves to theirs. */
async function followChats(tx: WriteHandle, { owner, importId }: PublishRequest): Promise<void> {
  await tx.execute(sql`
    update conversation set head_id = (r.body::json ->> 'head_id')::uuid,
      updated_at = greatest(conversation.updated_at, (r.body::json ->> 'updated_at')::timestamptz)
    from import_row r where r.import_id = ${importId}::uuid and r.kind = 'conversation' and r.verdict = 'changed'
      and conversation.id = r.id and conversation.owner = ${owner}
      and exists (select 1 from message where message.id = (r.body::json ->> 'head_id')::uuid and message.conversation_id = r.id)
      and not exists (select 1 from message where message.conversation_id = r.id and not message.imported and message.role <> 'root')`)
}

async function differing(tx: WriteHandle, { importId }: PublishRequest, kind: Kind): Promise<Differing[]> {
  const { rows } = await tx.execute<Differing & Record<string, unknown>>(sql`
    select n::float8 as n, verdict, body from import_row where import_id = ${importId}::uuid and kind = ${kind}
      and verdict in ('changed', 'conflicting') order by n`)
  return rows
}

async function noteRow(
  tx: WriteHandle,
  { importId }: PublishRequest,
  row: { kind: Kind; n: number },
  became: { kind: Kind; verdict: 'added' | 'replaced' | 'proposed'; id: string | null },
): Promise<void> {
  await tx.execute(sql`update import_row set kind = ${became.kind}, verdict = ${became.verdict}, id = coalesce(${became.id}::uuid, id)
    where import_id = ${importId}::uuid and kind = ${row.kind} and n = ${row.n}`)
}
