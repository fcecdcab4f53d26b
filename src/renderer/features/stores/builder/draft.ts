// A store while it is being made: what is typed, what is wrong with it, and the definition it comes to.
import { CHOICES_MAX, type CustomField, type CustomStoreDefinition } from '../../../../shared/custom-store.ts'
import type { FieldType } from '../../../../shared/store-field.ts'

export interface DraftField {
  /** Names the row while its label is typed. */
  id: number
  /** Under what its values are kept; null until it is saved for the first time. */
  key: string | null
  label: string
  type: FieldType
  /** As typed, separated by commas. */
  choices: string
}

export interface Draft extends Omit<CustomStoreDefinition, 'fields'> {
  fields: DraftField[]
}

export type FieldFault = 'label' | 'twice' | 'choices' | 'manyChoices'

export interface Faults {
  title: boolean
  lookFor: boolean
  /** By the id of the row. */
  fields: ReadonlyMap<number, FieldFault>
}

const KEY_MAX = 30

/** @param known its fields have their keys already, under which values are kept */
export function draftOf({ fields, ...definition }: CustomStoreDefinition, known: boolean): Draft {
  return {
    ...definition,
    fields: fields.map(({ key, label, type, choices }, index) => ({
      id: index,
      key: known ? key : null,
      label,
      type,
      choices: choices.join(', '),
    })),
  }
}

export function newField(fields: readonly DraftField[]): DraftField {
  return { id: Math.max(-1, ...fields.map(({ id }) => id)) + 1, key: null, label: '', type: 'text', choices: '' }
}

export function choicesOf({ choices }: Pick<DraftField, 'choices'>): string[] {
  return [...new Set(choices.split(/[,\n]/u).map((choice) => choice.trim()))].filter((choice) => choice !== '')
}

/** @returns what is wrong; null when nothing is */
export function faultsOf({ title, lookFor, fields }: Draft): Faults | null {
  const wrong = new Map<number, FieldFault>()
  const seen = new Set<string>()
  for (const field of fields) {
    const label = field.label.trim().toLowerCase()
    if (label === '') wrong.set(field.id, 'label')
    else if (seen.has(label)) wrong.set(field.id, 'twice')
    else if (field.type === 'choice' && choicesOf(field).length < 2) wrong.set(field.id, 'choices')
    else if (field.type === 'choice' && choicesOf(field).length > CHOICES_MAX) wrong.set(field.id, 'manyChoices')
    seen.add(label)
  }
  const faults = { title: title.trim() === '', lookFor: lookFor.trim() === '', fields: wrong }
  return faults.title || faults.lookFor || wrong.size > 0 ? faults : null
}

/** @returns the definition; a new field gets a key no other one has or had */
export function definitionOf({ fields, ...draft }: Draft, formerKeys: readonly string[]): CustomStoreDefinition {
  const taken = new Set([...formerKeys, ...fields.flatMap(({ key }) => key ?? [])])
  return {
    ...draft,
    title: draft.title.trim(),
    lookFor: draft.lookFor.trim(),
    example: draft.example.trim(),
    fields: fields.map((field): CustomField => {
      const key = field.key ?? freeKey(field.label, taken)
      taken.add(key)
      return {
        key,
        label: field.label.trim(),
        type: field.type,
        choices: field.type === 'choice' ? choicesOf(field) : [],
      }
    }),
  }
}

function freeKey(label: string, taken: ReadonlySet<string>): string {
  const words = label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '_')
    .replace(/^[_0-9]+|_+$/gu, '')
  const stem = (words === '' ? 'field' : words).slice(0, KEY_MAX - 3)
  for (let number = 1; ; number += 1) {
    const key = number === 1 ? stem : `${stem}_${number}`
    if (!taken.has(key)) return key
  }
}
