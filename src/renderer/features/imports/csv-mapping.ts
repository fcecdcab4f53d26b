// Which column of a table fills which field: a first guess by their names, which the person corrects.
import type { StoreField } from '../../../shared/store-field.ts'

/** The words of the item itself. */
export const TEXT = 'text'
/** A column that is not taken over. */
export const NOTHING = ''

export type Mapping = Readonly<Record<string, string>>

/** Columns under the field of the same name; where none is called after the item's words, the first one that is left. */
export function guessMapping(columns: readonly string[], fields: readonly StoreField[]): Mapping {
  const named = new Map(fields.flatMap(({ key, label }) => [key, label].map((name) => [fold(name), key] as const)))
  named.set(TEXT, TEXT)
  const taken = new Set<string>()
  const mapping: Record<string, string> = {}
  for (const column of columns) {
    const field = named.get(fold(column)) ?? NOTHING
    mapping[column] = taken.has(field) ? NOTHING : field
    taken.add(field)
  }
  const first = columns.find((column) => mapping[column] === NOTHING)
  if (!taken.has(TEXT) && first !== undefined) mapping[first] = TEXT
  return mapping
}

/** @returns what is wrong with it; null: nothing */
export function mappingProblem(mapping: Mapping): 'nothing' | 'twice' | null {
  const fields = Object.values(mapping).filter((field) => field !== NOTHING)
  if (fields.length === 0) return 'nothing'
  return new Set(fields).size < fields.length ? 'twice' : null
}

function fold(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '')
    .toLowerCase()
}
