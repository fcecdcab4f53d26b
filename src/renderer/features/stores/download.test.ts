// Rows as files: what is in them comes out as it was, and no spreadsheet runs it.
import { expect, it } from 'vitest'
import type { StoreRow } from '../../../shared/contract/stores.ts'
import type { StoreField } from '../../../shared/store-field.ts'
import { fileName, toCsv, toJson } from './download.ts'

const at = new Date('2026-03-06T10:00:00Z')
const row = (text: string, data: Record<string, unknown>) =>
  ({ id: 'x', text, kind: 'entry', data, createdAt: at, updatedAt: at, quote: text }) as unknown as StoreRow
const field = (key: string, type: StoreField['type']): StoreField => ({
  key,
  label: key,
  type,
  choices: [],
  fixed: false,
})
const fields = [field('n', 'number'), field('tags', 'list'), field('note', 'text')]

it('writes quotes, commas, lines and values as they are', () => {
  const csv = toCsv([row('Say "hi", twice', { n: -2, tags: ['a', 'b'], note: 'one\ntwo' })], fields, 'Entry')
  expect(csv).toBe(
    '\uFEFFEntry,n,tags,note,created,updated\r\n"Say ""hi"", twice",-2,"a, b","one\ntwo",2026-03-06T10:00:00.000Z,2026-03-06T10:00:00.000Z\r\n',
  )
})

it('makes a text of what would be a formula', () => {
  expect(toCsv([row('=HYPERLINK("x")', { note: '@sum', n: 'no number' })], fields, 'Entry')).toContain(
    '"\'=HYPERLINK(""x"")",no number,,\'@sum',
  )
})

it('keeps values of fields that are gone in the JSON', () => {
  expect(JSON.parse(toJson([row('Dune', { old: 1 })], 'Books', fields))).toMatchObject({
    store: 'Books',
    rows: [{ text: 'Dune', values: { old: 1 } }],
  })
  expect([fileName('Größe / <b>', 'csv'), fileName('///', 'json')]).toEqual(['Größe-b.csv', 'store.json'])
})
