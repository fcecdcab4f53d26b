// The rows of a store as a file: CSV for tables, JSON for programs. Made in this window; nothing leaves the computer.
import type { Client } from '../../../shared/contract/index.ts'
import type { StoreRow } from '../../../shared/contract/stores.ts'
import type { StoreId } from '../../../shared/memory.ts'
import { asWritten, type StoreField } from '../../../shared/store-field.ts'
import { csvOf } from '../../app/save-file.ts'

const PAGE = 1000

/** @throws what the core answers */
export async function readAllRows(client: Client, id: StoreId): Promise<StoreRow[]> {
  const rows: StoreRow[] = []
  for (let cursor: number | null = 0; cursor !== null; ) {
    const page: Awaited<ReturnType<Client['stores']['rows']>> = await client.stores.rows({
      id,
      cursor,
      limit: PAGE,
      sort: { by: 'createdAt', descending: false },
    })
    rows.push(...page.items)
    cursor = page.nextCursor
  }
  return rows
}

/** @param entryLabel heading of the sentence itself */
export function toCsv(rows: readonly StoreRow[], fields: readonly StoreField[], entryLabel: string): string {
  return csvOf([
    [entryLabel, ...fields.map(({ label }) => label), 'created', 'updated'],
    ...rows.map((row) => [
      row.text,
      ...fields.map(({ key }) => {
        const value = row.data[key]
        return typeof value === 'number' ? value : asWritten(value)
      }),
      row.createdAt.toISOString(),
      row.updatedAt.toISOString(),
    ]),
  ])
}

export function toJson(rows: readonly StoreRow[], title: string, fields: readonly StoreField[]): string {
  return `${JSON.stringify(
    {
      store: title,
      fields: fields.map(({ key, label, type }) => ({ key, label, type })),
      rows: rows.map(({ id, text, kind, data, createdAt, updatedAt, quote }) => ({
        id,
        text,
        kind,
        values: data,
        createdAt,
        updatedAt,
        quote,
      })),
    },
    null,
    2,
  )}\n`
}

/** A name files can have, of a title people gave. */
export function fileName(title: string, ending: string): string {
  const plain = title
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/gu, '')
  return `${plain === '' ? 'store' : plain.slice(0, 60)}.${ending}`
}
