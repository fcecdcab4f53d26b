// Chosen memories as a file: CSV for tables, JSON for programs.
import { csvOf } from '../../app/save-file.ts'
import type { MemoryListItem } from './list-rows.ts'

export type ExportKind = 'csv' | 'json'

/** What stands in each column or field, under a name that a program can hold on to. */
const FIELDS = {
  id: (item) => item.id,
  store: (item) => item.store,
  text: (item) => item.text,
  data: (item) => item.data,
  status: (item) => item.status,
  pinned: (item) => item.pinned,
  origin: (item) => item.origin,
  quote: (item) => item.quote,
  conversation: (item) => item.conversationTitle,
  confidence: (item) => item.confidence,
  valid_from: (item) => item.validFrom,
  valid_to: (item) => item.validTo,
  learned: (item) => item.createdAt,
  changed: (item) => item.updatedAt,
  last_used: (item) => item.lastUsedAt,
  times_used: (item) => item.useCount,
} satisfies Record<string, (item: MemoryListItem) => unknown>

const NAMES = Object.keys(FIELDS) as (keyof typeof FIELDS)[]

/** @returns the text of the file */
export function fileOf(kind: ExportKind, items: readonly MemoryListItem[]): string {
  if (kind === 'csv') return csvOf([NAMES, ...items.map((item) => NAMES.map((name) => written(FIELDS[name](item))))])
  const rows = items.map((item) => Object.fromEntries(NAMES.map((name) => [name, FIELDS[name](item)])))
  return `${JSON.stringify({ memories: rows }, null, 2)}\n`
}

function written(value: unknown): string {
  if (value === null) return ''
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object') return String(value)
  return Object.keys(value).length === 0 ? '' : JSON.stringify(value)
}
