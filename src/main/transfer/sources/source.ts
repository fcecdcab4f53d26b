// What every source of an import gives: lines as an archive has them, one after another, and what had to be left out and why.
import type { Kind, Line } from '../archive/format.ts'

export type SourceFormat = 'understudy' | 'chatgpt' | 'claude' | 'mem0' | 'memory-dump' | 'markdown' | 'csv'

/** Where something stood, for a person to find it: a file of the archive, and a line or an item of it, from 1. */
export interface Place {
  file: string
  line: number | null
  /** What it is called there, such as the title of a chat. */
  name?: string
}

/** `fields`: values by field of the store in `row.store`, as CSV has them; the store makes its item of them. */
export type SourceRow = {
  [K in Kind]: { type: 'row'; kind: K; row: Line<K>; place: Place } & (K extends 'memory'
    ? { fields?: Record<string, string> }
    : unknown)
}[Kind]

/** A part that cannot be taken over. Nothing of it is kept; the rest goes on when the person says so. */
export interface Refusal {
  type: 'refused'
  kind: Kind | null
  place: Place
  /** For a person: what is wrong with it. Holds no text of the file but names. */
  reason: string
  /** The file is not what it was when the archive was made. */
  changed?: true
}

export type SourceEvent = SourceRow | Refusal

/**
 * A source reads its file piece by piece and never holds all of it.
 * @throws AppError INVALID_INPUT when the file as a whole is not what it should be, or passes a limit
 */
export type Source = AsyncIterable<SourceEvent>
