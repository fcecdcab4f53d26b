// Values of a person's own fields, read from a sentence by plain rules: what is not said stays empty, nothing is guessed.
import { z } from 'zod'
import type { CustomField } from '../../../shared/custom-store.ts'
import { asWritten, FIELD_TEXT_MAX, isBlank, LIST_ENTRIES_MAX, LIST_ENTRY_MAX } from '../../../shared/store-field.ts'
import { datesIn } from '../extraction/dates.ts'
import { fold } from '../words.ts'

const NUMBER =
  /(?<![\p{L}\d.,:/-])-?\d{1,3}(?:[,' ]\d{3})+(?:\.\d+)?(?![\p{L}\d])|(?<![\p{L}\d.,:/-])-?\d+(?:[.,]\d+)?(?![\p{L}\d:/-])/gu
const PERSON = /\b(?:by|from|for|with|of|to|of)\s+(?<name>\p{Lu}[\p{L}'’-]+(?:\s+\p{Lu}[\p{L}'’-]+)?)/u
const DAY = /^\d{4}-\d{2}-\d{2}$/
const YES = /^(?:yes|true|done|ja|oui|s[ií])\b/iu
const NO = /^(?:no|not|false|nein|non)\b/iu

/** A value as it is kept; one written under an earlier type is kept as it was. */
const VALUE = z.union([
  z.string().max(FIELD_TEXT_MAX),
  z.number(),
  z.boolean(),
  z.array(z.string().max(LIST_ENTRY_MAX)).max(LIST_ENTRIES_MAX),
  z.null(),
])

/**
 * What an item may hold. Loose on purpose: fields come and go, and what was kept under one that is gone, or of another
 * type, is not lost.
 */
export const customContent = z.record(z.string().regex(/^[a-z][a-z0-9_]{0,29}$/), VALUE)
export type CustomContent = z.infer<typeof customContent>

/**
 * @param at when it was said, for "on Friday"
 * @returns the fields a sentence gives; a date as YYYY-MM-DD
 */
export function readFields(
  fields: readonly CustomField[],
  sentence: string,
  at: Date,
  timeZone: string,
): CustomContent {
  const content: CustomContent = {}
  for (const field of fields) {
    const value = readField(field, fields, sentence, at, timeZone)
    if (value !== null) content[field.key] = value
  }
  return content
}

function readField(
  field: CustomField,
  fields: readonly CustomField[],
  sentence: string,
  at: Date,
  timeZone: string,
): CustomContent[string] {
  // "priority: high", "amount is 12": said by name, it is certain.
  const named = namedValue(field, sentence)
  switch (field.type) {
    case 'text':
      return named
    case 'number': {
      const only = fields.filter(({ type }) => type === 'number').length === 1
      const found = [...(named ?? (only ? withoutDates(sentence, at, timeZone) : '')).matchAll(NUMBER)]
      return found.length === 1 ? numberIn(found[0]?.[0] ?? '') : null
    }
    case 'date': {
      const only = fields.filter(({ type }) => type === 'date').length === 1
      const [day] = datesIn(named ?? (only ? sentence : ''), at, timeZone)
      if (day) return day.to
      return named && DAY.test(named) ? named : null
    }
    case 'choice': {
      const said = ` ${fold(named ?? sentence).replace(/[^\p{L}\p{N}]+/gu, ' ')} `
      const matching = field.choices.filter((choice) => said.includes(` ${fold(choice)} `))
      return matching.length === 1 ? (matching[0] ?? null) : null
    }
    case 'yes_no':
      return named === null ? null : YES.test(named) ? true : NO.test(named) ? false : null
    case 'list':
      return named === null ? null : named.split(/\s*(?:,|;|\band\b)\s*/u).filter((part) => part !== '')
    case 'person':
      return named ?? PERSON.exec(sentence)?.groups?.['name'] ?? null
  }
}

function namedValue({ label }: CustomField, sentence: string): string | null {
  const name = label.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')
  const found = new RegExp(
    `(?<![\\p{L}])${name}(?:\\s*[:=]\\s*|\\s+(?:is|was|are)\\s+)([^.;\\n]{1,300}?)(?=[.;\\n]|,\\s+\\p{L}+\\s*[:=]|$)`,
    'iu',
  ).exec(sentence)
  return found?.[1]?.trim() ?? null
}

function withoutDates(sentence: string, at: Date, timeZone: string): string {
  return datesIn(sentence, at, timeZone).reduceRight(
    (left, { start, end }) => `${left.slice(0, start)} ${left.slice(end)}`,
    sentence,
  )
}

function numberIn(text: string): number | null {
  const plain = /^-?\d+,\d{1,2}$/u.test(text) ? text.replace(',', '.') : text.replace(/[,' ]/gu, '')
  const value = Number(plain)
  return Number.isFinite(value) ? value : null
}

/** How a line and a list show a value. */
export function fieldText({ label }: CustomField, value: CustomContent[string]): string | null {
  if (isBlank(value)) return null
  return `${label}: ${typeof value === 'boolean' ? (value ? 'yes' : 'no') : asWritten(value)}`
}
