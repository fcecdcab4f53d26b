// Fields of the items of a store, whoever made it: what kinds there are, and whether a value is of its kind. The core checks
// with it what comes in, the window what is typed, and both know by it a value that an earlier form of the store left behind.
import { z } from 'zod'

export const fieldType = z.enum(['text', 'number', 'date', 'choice', 'list', 'person', 'yes_no'])
export type FieldType = z.infer<typeof fieldType>

/** Most characters of one text, of one entry of a list, and most entries. */
export const FIELD_TEXT_MAX = 2_000
export const LIST_ENTRY_MAX = 500
export const LIST_ENTRIES_MAX = 200

export const storeField = z.strictObject({
  key: z.string().min(1).max(60),
  label: z.string().max(60),
  type: fieldType,
  /** What a choice can be; of the other types none. */
  choices: z.array(z.string()),
  /** Counted or set by the store: shown, and not edited. */
  fixed: z.boolean(),
})
export type StoreField = z.infer<typeof storeField>

/** What a field may hold. */
export type FieldValue = string | number | boolean | string[] | null

/** Why a value is none of its field. */
export type FieldProblem = 'number' | 'date' | 'choice' | 'list' | 'yes_no' | 'text' | 'long' | 'many'

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** @returns whether it is a day of the calendar, as YYYY-MM-DD */
export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

/** @returns whether nothing is there */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

/** @returns what is wrong with a value; null when it fits, as nothing always does */
export function fieldProblem(field: Pick<StoreField, 'type' | 'choices'>, value: unknown): FieldProblem | null {
  if (isBlank(value)) return null
  switch (field.type) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? null : 'number'
    case 'date':
      return typeof value === 'string' && isDay(value) ? null : 'date'
    case 'choice':
      return typeof value === 'string' && field.choices.includes(value) ? null : 'choice'
    case 'yes_no':
      return typeof value === 'boolean' ? null : 'yes_no'
    case 'list':
      if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string')) return 'list'
      if (value.length > LIST_ENTRIES_MAX) return 'many'
      return value.some((entry: string) => entry.length > LIST_ENTRY_MAX) ? 'long' : null
    case 'text':
    case 'person':
      if (typeof value !== 'string') return 'text'
      return value.length > FIELD_TEXT_MAX ? 'long' : null
  }
}

/** @returns a value as it was written, whatever its field has become since */
export function asWritten(value: unknown): string {
  if (isBlank(value)) return ''
  if (Array.isArray(value)) return value.map(asWritten).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/**
 * @returns what is meant by what was typed: empty lines of a list are none of its entries, and "3,5" in a field of numbers is a
 *   number; what cannot be meant stays as it is and has a problem
 */
export function tidyValue(field: Pick<StoreField, 'type'>, value: unknown): FieldValue {
  if (isBlank(value)) return null
  if (field.type === 'list' && Array.isArray(value)) {
    const entries = value.map((entry) => String(entry).trim()).filter((entry) => entry !== '')
    return entries.length > 0 ? entries : null
  }
  if (field.type === 'number' && typeof value === 'string') {
    const plain = value.trim().replace(/^(-?\d+),(\d+)$/u, '$1.$2')
    return plain !== '' && Number.isFinite(Number(plain)) ? Number(plain) : value
  }
  return value as FieldValue
}
