// What a change of a store's fields means for what it holds already, before it is made.
import { and, eq, sql } from 'drizzle-orm'
import type { Outputs } from '../../../shared/contract/index.ts'
import type { CustomField } from '../../../shared/custom-store.ts'
import type { StoreId } from '../../../shared/memory.ts'
import { asWritten, fieldProblem, isBlank } from '../../../shared/store-field.ts'
import type { ReadHandle } from '../../database/database.ts'
import { memory } from '../../database/schema.ts'

type Preview = Outputs['stores']['previewChange']
type Changed = Preview['fields'][number]

const SAMPLES = 3

/**
 * @param before fields as they are
 * @param after fields as they would be
 * @returns every field that is new, gone, renamed or of another form, with how many values it has and how many would not fit
 */
export async function previewFields(
  db: ReadHandle,
  { owner, store }: { owner: string; store: StoreId },
  before: readonly CustomField[],
  after: readonly CustomField[],
): Promise<Preview> {
  const ofStore = and(eq(memory.owner, owner), eq(memory.store, store), eq(memory.status, 'active'))
  const items = await db.$count(memory, ofStore)
  const keys = [...new Set([...before, ...after].map(({ key }) => key))]
  const fields: Changed[] = []
  for (const key of keys) {
    const was = before.find((field) => field.key === key) ?? null
    const becomes = after.find((field) => field.key === key) ?? null
    const change = changeOf(was, becomes)
    if (!change) continue
    // Values by how often they occur: many rows share few of them, and a preview reads them all.
    const found = await db
      .select({ json: sql<string>`(${memory.data} -> ${key})::text`, n: sql<number>`count(*)::int` })
      .from(memory)
      .where(and(ofStore, sql`${memory.data} ? ${key}`))
      .groupBy(sql`1`)
    const values = found.map(({ json, n }) => ({ value: JSON.parse(json) as unknown, n }))
    const filled = values.filter(({ value }) => !isBlank(value))
    const misfits = becomes ? filled.filter(({ value }) => fieldProblem(becomes, value) !== null) : []
    const shown = change === 'removed' ? filled : misfits
    fields.push({
      key,
      label: becomes?.label ?? was?.label ?? key,
      before: was && { label: was.label, type: was.type },
      after: becomes && { label: becomes.label, type: becomes.type },
      change,
      values: sum(filled),
      misfits: sum(misfits),
      samples: shown.slice(0, SAMPLES).map(({ value }) => asWritten(value).slice(0, 200)),
    })
  }
  return { items, fields }
}

function changeOf(before: CustomField | null, after: CustomField | null): Changed['change'] | null {
  if (!before) return 'added'
  if (!after) return 'removed'
  if (before.type !== after.type) return 'retyped'
  if (before.choices.some((choice) => !after.choices.includes(choice))) return 'choices'
  return before.label === after.label ? null : 'renamed'
}

function sum(values: readonly { n: number }[]): number {
  return values.reduce((total, { n }) => total + n, 0)
}
