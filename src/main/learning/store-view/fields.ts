// Fields of a store as a form shows them: those a person gave it, or read from the schema of one in code, so that every
// store has a form, a table and checked values without saying more than its schema.
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import {
  asWritten,
  type FieldProblem,
  type FieldValue,
  fieldProblem,
  type StoreField,
} from '../../../shared/store-field.ts'
import { fitContent } from '../contained/content.ts'
import type { LearningStore } from '../protocol.ts'

/** The part of JSON Schema that says what a form needs. `title` and what follows it come from the schema's `meta`. */
interface JsonSchema {
  type?: string
  enum?: unknown[]
  pattern?: string
  format?: string
  anyOf?: JsonSchema[]
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  title?: string
  readOnly?: boolean
  /** For the store itself: no form shows it. */
  hidden?: boolean
  /** In no form either, but what the store's own page may write. */
  ownPage?: boolean
}

/** @returns what a form, a table or a card of its items shows; what no form can hold is left to the store */
export function fieldsOf(store: Pick<LearningStore, 'fields' | 'schema'>): readonly StoreField[] {
  return allFields(store).filter(({ ownPage }) => !ownPage)
}

function allFields({
  fields,
  schema,
}: Pick<LearningStore, 'fields' | 'schema'>): (StoreField & { ownPage?: boolean })[] {
  if (fields) return [...fields]
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  return Object.entries(properties).flatMap(([key, property]) => {
    const field = fieldOf(key, property)
    if (!field) return []
    return property.ownPage ? { ...field, ownPage: true } : field
  })
}

function fieldOf(key: string, property: JsonSchema): StoreField | null {
  const { title = key, readOnly = false, hidden = false } = property
  const [only, ...others] = (property.anyOf ?? [property]).filter(({ type }) => type !== 'null')
  if (hidden || !only || others.length > 0) return null
  const field = { key, label: title.slice(0, 60), choices: [] as string[], fixed: readOnly }
  if (only.enum?.every((choice) => typeof choice === 'string')) {
    return { ...field, type: 'choice', choices: only.enum as string[] }
  }
  switch (only.type) {
    case 'string':
      return { ...field, type: isDayPattern(only) ? 'date' : 'text' }
    case 'number':
    case 'integer':
      return { ...field, type: 'number' }
    case 'boolean':
      return { ...field, type: 'yes_no' }
    case 'array':
      return only.items?.type === 'string' ? { ...field, type: 'list' } : null
    default:
      return null
  }
}

function isDayPattern({ pattern, format }: JsonSchema): boolean {
  return format === 'date' || (pattern !== undefined && new RegExp(pattern).test('2026-03-06'))
}

const WHY: Record<FieldProblem, string> = {
  number: 'is not a number',
  date: 'is not a day (YYYY-MM-DD)',
  choice: 'is none of its choices',
  list: 'is not a list of texts',
  yes_no: 'is neither yes nor no',
  text: 'is not a text',
  long: 'is too long',
  many: 'has too many entries',
}

/**
 * @param content what the item holds; an earlier form of the store may have left values in it that no longer fit
 * @param given values by key; null empties one
 * @returns the content with these values in it; all others as they were written
 * @throws AppError INVALID_INPUT naming the field
 */
export function withValues(
  store: LearningStore,
  content: Record<string, unknown>,
  given: Readonly<Record<string, FieldValue>>,
): Record<string, unknown> {
  if (Object.keys(given).length === 0) return content
  const fields = allFields(store)
  const next = { ...content }
  for (const [key, value] of Object.entries(given)) {
    const field = fields.find((one) => one.key === key)
    if (!field || field.fixed) throw refused(key, `"${store.title}" has no field "${key}" to fill in.`)
    // A value that no longer fits may stand as it was written; it may not be written anew.
    if (asWritten(value) === asWritten(content[key])) continue
    const problem = fieldProblem(field, value)
    if (problem) throw refused(key, `“${field.label}” ${WHY[problem]}. Nothing was saved.`)
    next[key] = value
  }
  if (store.schema.safeParse(next).success) return next
  // Emptied where the schema takes no null: the field is left out. Else what does not fit stays, where the schema lets it.
  const empty = Object.entries(next).filter(([, value]) => value !== null)
  const left = Object.fromEntries(empty)
  if (store.schema.safeParse(left).success) return left
  const fitted = fitContent(store.schema, next)
  const lost = Object.keys(given).find((key) => fitted === null || asWritten(fitted[key]) !== asWritten(next[key]))
  if (!fitted || lost) {
    const label = fields.find(({ key }) => key === lost)?.label ?? lost ?? ''
    throw refused(lost ?? '', `“${label}” does not take this. Nothing was saved.`)
  }
  return fitted
}

function refused(key: string, message: string): AppError {
  return new AppError('INVALID_INPUT', message, { field: `data.${key}` })
}
