// A table (CSV, RFC 4180) into a store: a person says which column fills which field, and each row is a suggestion.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type CsvError, type Info, parse } from 'csv-parse'
import { parse as parseNow } from 'csv-parse/sync'
import { AppError } from '../../../shared/errors.ts'
import type { CsvColumn, CsvMapping } from '../../../shared/imports.ts'
import { cleanText } from '../../learning/documents/clean.ts'
import { idFrom } from './ids.ts'
import { firstBytes, type Input, type InputFile } from './input.ts'
import { memoryLine } from './memory-line.ts'
import type { Place, Source, SourceEvent } from './source.ts'
import { asUtf8, NOT_UTF8 } from './text.ts'

/** Bytes of one row. */
const ROW_MAX = 1_000_000
const COLUMNS_MAX = 500
const VALUE_MAX = 20_000
/** What is looked at to tell the separator, in bytes. */
const HEAD = 64 * 1024
/** Values of a column that are shown, and characters of each. */
const EXAMPLES = 3
const EXAMPLE_MAX = 60
const SEPARATORS = [',', ';', '\t', '|'] as const

export interface CsvHead {
  separator: string
  /** Each name once: what has none is "Column 3". */
  columns: CsvColumn[]
  /** Share of the rows that have as many values as there are columns. */
  even: number
}

/** @returns null when it is no table of at least two columns */
export async function readCsvHead(file: InputFile): Promise<CsvHead | null> {
  const bytes = await firstBytes(asUtf8(file.read()), HEAD)
  // The last line may be cut.
  const text = bytes.toString('utf8')
  const whole = bytes.length < HEAD ? text : text.slice(0, text.lastIndexOf('\n') + 1)
  let best: CsvHead | null = null
  let fit = 0
  for (const separator of SEPARATORS) {
    const rows = tryRows(whole, separator)
    const width = rows[0]?.length ?? 0
    if (width < 2 || width > COLUMNS_MAX) continue
    const same = rows.filter((row) => row.length === width).length
    if (rows.filter((row) => row.length > 1).length < rows.length * 0.8) continue
    if (same * width > fit) {
      fit = same * width
      const columns = namesOf(rows[0] ?? []).map((name, at) => ({ name, values: examplesOf(rows, at) }))
      best = { separator, columns, even: same / rows.length }
    }
  }
  return best
}

function tryRows(text: string, separator: string): string[][] {
  try {
    return parseNow(text, { ...options(separator), to: 50 }) as unknown as string[][]
  } catch {
    return []
  }
}

function options(separator: string) {
  const common = { delimiter: separator, bom: true, relax_column_count: true, skip_empty_lines: true } as const
  // Inch marks and nicknames stand in many tables as they are.
  return { ...common, relax_quotes: true, max_record_size: ROW_MAX }
}

function namesOf(row: readonly string[]): string[] {
  const names: string[] = []
  for (const [index, raw] of row.entries()) {
    const name = cleanText(raw).text.replace(/\s+/gu, ' ').trim().slice(0, 190) || `Column ${index + 1}`
    let free = name
    for (let n = 2; names.includes(free); n += 1) free = `${name} (${n})`
    names.push(free)
  }
  return names
}

function examplesOf([head = [], ...rows]: readonly string[][], at: number): string[] {
  const values = rows
    .filter((row) => row.length <= head.length)
    .map((row) =>
      cleanText(row[at] ?? '')
        .text.replace(/\s+/gu, ' ')
        .trim(),
    )
  return [...new Set(values)]
    .filter((value) => value !== '')
    .slice(0, EXAMPLES)
    .map((value) => (value.length > EXAMPLE_MAX ? `${[...value].slice(0, EXAMPLE_MAX).join('')}…` : value))
}

/**
 * @param mapping columns by their names of `readCsvHead`; the first that fills `text` is the item's own words
 * @throws AppError INVALID_INPUT when it is no table, or has not the columns of the mapping
 */
export async function* readCsv(input: Input, mapping: CsvMapping, now: Date): Source {
  yield* input.refused
  for (const file of input.files) {
    const head = await readCsvHead(file)
    if (head === null) {
      throw new AppError(
        'INVALID_INPUT',
        `“${file.path}” is no table: its rows have no columns in common. Nothing was changed.`,
      )
    }
    yield* rows(file, head, mapping, now)
  }
}

async function* rows(file: InputFile, head: CsvHead, mapping: CsvMapping, now: Date): Source {
  const places = placesOf(head, mapping)
  const skipped: SourceEvent[] = []
  const parser = parse({
    ...options(head.separator),
    info: true,
    skip_records_with_error: true,
    on_skip: (error: CsvError | undefined) => {
      const line = lineOf(error)
      if (skipped.at(-1)?.place.line !== line) skipped.push(refused({ file: file.path, line }, reasonOf(error)))
      return undefined
    },
  })
  const fed = pipeline(Readable.from(asUtf8(file.read())), parser).catch(() => undefined)
  const seen = new Set<string>()
  let first = true
  try {
    for await (const read of parser) {
      yield* skipped.splice(0)
      const { record, info } = read as unknown as { record: string[]; info: Info }
      if (first) {
        first = false
        continue
      }
      const event = row(record, { file: file.path, line: info.lines }, head, places, mapping, now)
      if (event.type === 'row' && event.kind === 'memory') {
        // The same row again says nothing new.
        if (seen.has(event.row.id)) continue
        seen.add(event.row.id)
      }
      yield event
    }
    yield* skipped
  } finally {
    parser.destroy()
    await fed
  }
}

/** Places of the columns by the field they fill. @throws AppError INVALID_INPUT */
function placesOf(head: CsvHead, mapping: CsvMapping): Map<string, number> {
  const places = new Map<string, number>()
  for (const [column, name] of Object.entries(mapping.columns)) {
    const at = head.columns.findIndex(({ name }) => name === column)
    if (at === -1) {
      throw new AppError(
        'INVALID_INPUT',
        `The table has no column “${column.slice(0, 100)}”. Choose its columns again.`,
        {
          field: 'columns',
        },
      )
    }
    if (name !== '' && !places.has(name)) places.set(name, at)
  }
  if (places.size === 0) {
    throw new AppError('INVALID_INPUT', 'Say for at least one column which field it fills.', { field: 'columns' })
  }
  return places
}

function row(
  record: readonly string[],
  place: Place,
  head: CsvHead,
  places: ReadonlyMap<string, number>,
  mapping: CsvMapping,
  now: Date,
): SourceEvent {
  if (record.length > head.columns.length) {
    return refused(place, `It has ${record.length} values where the table has ${head.columns.length} columns.`)
  }
  if (record.some((value) => value.includes('\ufffd'))) return refused(place, NOT_UTF8)
  const values = [...places].map(([name, at]) => [name, cleanText(record[at] ?? '').text.trim()] as const)
  const fields = Object.fromEntries(values.filter(([, value]) => value !== ''))
  const text = fields['text'] ?? values.find(([, value]) => value !== '')?.[1]
  if (text === undefined) return refused(place, 'Its values are empty.')
  if (values.some(([, value]) => value.length > VALUE_MAX)) {
    return refused(place, `One of its values is longer than ${VALUE_MAX} characters.`)
  }
  const id = idFrom('csv', mapping.store, JSON.stringify(values))
  const event = memoryLine({ format: 'csv', id, text: text.slice(0, 1000), at: null, place }, now)
  if (event.type !== 'row' || event.kind !== 'memory') return event
  return { ...event, row: { ...event.row, store: mapping.store, text }, fields }
}

function refused(place: Place, reason: string): SourceEvent {
  return { type: 'refused', kind: 'memory', place, reason }
}

function lineOf(error: CsvError | undefined): number | null {
  const lines = (error as { lines?: unknown } | undefined)?.lines
  return typeof lines === 'number' ? lines : null
}

function reasonOf(error: CsvError | undefined): string {
  if (error?.code === 'CSV_MAX_RECORD_SIZE')
    return `The row is longer than ${ROW_MAX / 1_000_000} MB; a quote may be missing.`
  return 'The quotes of this row do not match.'
}
