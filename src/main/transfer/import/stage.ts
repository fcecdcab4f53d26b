// The staged rows of an import: written as they are read, a batch a transaction, so that a killed dry run leaves only rows
// that the next start clears.
import { sql } from 'drizzle-orm'
import type { ImportId } from '../../../shared/ids.ts'
import type { WriteHandle } from '../../database/database.ts'
import type { Place, SourceEvent } from '../sources/source.ts'

/** Kind of a part that could not even be told what it is. */
export const UNREADABLE = 'unreadable'

interface StagedRow {
  kind: string
  n: number
  id: string | null
  verdict: 'new' | 'refused'
  reason: string | null
  place: string
  body: unknown
}

/** @param from number of the first of them in their order of arrival */
export async function stageRows(
  tx: WriteHandle,
  importId: ImportId,
  from: number,
  events: readonly SourceEvent[],
): Promise<void> {
  const rows = events.map((event, index) => stagedRow(event, from + index))
  await tx.execute(sql`
    insert into import_row (import_id, kind, n, id, verdict, reason, place, body)
    select ${importId}::uuid, kind, n, id, verdict, reason, place, body::text
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as one (kind text, n bigint, id uuid, verdict text, reason text, place text, body json)`)
}

function stagedRow(event: SourceEvent, n: number): StagedRow {
  const place = placeInWords(event.place)
  if (event.type === 'refused') {
    return { kind: event.kind ?? UNREADABLE, n, id: null, verdict: 'refused', reason: event.reason, place, body: null }
  }
  const { kind, row } = event
  const fields = 'fields' in event && event.fields ? { fields: event.fields } : {}
  return { kind, n, id: idOf(event), verdict: 'new', reason: null, place, body: { ...row, ...fields } }
}

/** What finds a row again: its own id; of the journal that of the item it tells of. */
function idOf({ kind, row }: Extract<SourceEvent, { type: 'row' }>): string | null {
  switch (kind) {
    case 'store':
    case 'setting':
      return null
    case 'usage':
      return row.message_id
    case 'journal':
      return row.memory_id
    case 'vector':
      return row.target_id
    default:
      return row.id
  }
}

function placeInWords({ file, line, name }: Place): string {
  const where = line === null ? file : `${file}, ${line}`
  return (name ? `${where} (${name})` : where).slice(0, 500)
}
