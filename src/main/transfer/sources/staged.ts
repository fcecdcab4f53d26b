// Rows of a source as they are staged: made in the transfer thread, so that main hands one text on to the database.
import type { Place, SourceEvent } from './source.ts'

/** Kind of a part that could not even be told what it is. */
export const UNREADABLE = 'unreadable'

/** A row of `import_row`, with its body as JSON. */
export interface StagedRow {
  kind: string
  n: number
  id: string | null
  verdict: 'new' | 'refused'
  reason: string | null
  place: string
  body: unknown
}

/** @param n its place in the order of arrival */
export function stagedRow(event: SourceEvent, n: number): StagedRow {
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
