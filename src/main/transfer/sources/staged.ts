// Rows of a source as they are staged: made in the transfer thread, so that main only hands them on to the database.
import type { Place, SourceEvent } from './source.ts'

/** Kind of a part that could not even be told what it is. */
export const UNREADABLE = 'unreadable'

/** Kinds that are staged for the decision, each row under an id of its own, which may be here already. */
export const MAY_BE_HERE = ['project', 'conversation', 'message', 'document', 'entity', 'memory', 'proposal'] as const
/** Kinds of which each row has an id of its own. */
export const WITH_ID: readonly string[] = [...MAY_BE_HERE, 'passage']

/** A row of `import_row`. */
export interface StagedRow {
  kind: string
  id: string | null
  /** Why it is refused; null of what is not. */
  reason: string | null
  place: string
  /** JSON in one line; null of what is refused. */
  body: string | null
}

/** Rows as columns: the database takes arrays and lines several times as fast as it reads one JSON text with all of them. */
export interface StagedRows {
  /** Place of the first in the order of arrival. */
  from: number
  kinds: string[]
  ids: (string | null)[]
  places: string[]
  /** Null: none of them is refused. */
  reasons: (string | null)[] | null
  /** A line of UTF-8 each; empty where there is none. */
  bodies: Uint8Array
}

/** @param from place of the first in the order of arrival */
export function inColumns(rows: readonly StagedRow[], from: number): StagedRows {
  const isRefused = rows.some(({ reason }) => reason !== null)
  return {
    from,
    kinds: rows.map(({ kind }) => kind),
    ids: rows.map(({ id }) => id),
    places: rows.map(({ place }) => place),
    reasons: isRefused ? rows.map(({ reason }) => reason) : null,
    bodies: Buffer.from(rows.map(({ body }) => body ?? '').join('\n'), 'utf8'),
  }
}

export function stagedRow(event: SourceEvent): StagedRow {
  const place = placeInWords(event.place)
  if (event.type === 'refused') {
    return { kind: event.kind ?? UNREADABLE, id: null, reason: event.reason, place, body: null }
  }
  const { kind, row } = event
  const body = JSON.stringify('fields' in event && event.fields ? { ...row, fields: event.fields } : row)
  return { kind, id: idOf(event), reason: null, place, body }
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
