// Fields of items that were written under an earlier schema of their store. They are kept as they were written; the store
// gets what its schema takes of them now.
import { isDeepStrictEqual } from 'node:util'
import type { ZodType } from 'zod'

type Fields = Record<string, unknown>

/**
 * @returns the fields the schema takes, with its defaults for new ones, without those it does not know and those of another
 *   type; null when nothing it could work with is left
 */
export function fitContent(schema: ZodType, stored: unknown): Fields | null {
  const whole = schema.safeParse(stored)
  if (whole.success) return whole.data as Fields
  if (!isFields(stored)) return null
  const left = { ...stored }
  for (const issue of whole.error.issues) {
    const [key] = issue.path
    if (key !== undefined) delete left[String(key)]
    else if (issue.code === 'unrecognized_keys') for (const unknown of issue.keys) delete left[unknown]
    else return null
  }
  const rest = schema.safeParse(left)
  return rest.success ? (rest.data as Fields) : null
}

/**
 * What is written when an item changes: the new fields, and of the old ones those that the schema has no place for, so that
 * they are there again when it has. Fields that stay as they are are no new content.
 * @param checked the new fields as the schema takes them; called where they differ from the old ones
 */
export function nextContent(schema: ZodType, before: Fields, content: unknown, checked: () => Fields): Fields {
  if (isDeepStrictEqual(content, before)) return before
  const parsed = schema.safeParse(before)
  const unplaced = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
      )
  return { ...Object.fromEntries(unplaced.map((key) => [key, before[key]])), ...checked() }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
