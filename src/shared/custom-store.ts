// A store made by a person: the same definition as one in code, kept as data.
import { z } from 'zod'
import { namespace, storeMode } from './memory.ts'
import { fieldType } from './store-field.ts'

/** Signs a store can stand under. */
export const storeIcon = z.enum([
  'list',
  'cart',
  'book',
  'film',
  'heart',
  'folder',
  'star',
  'leaf',
  'home',
  'plane',
  'money',
  'letters',
])
export type StoreIcon = z.infer<typeof storeIcon>

export const FIELDS_MAX = 12
export const CHOICES_MAX = 20

/** `key` stays when the label is changed, so that what was kept under it stays with it. */
export const customField = z
  .strictObject({
    key: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,29}$/, 'A key has small letters, digits and "_", and begins with a letter.'),
    label: z.string().trim().min(1, 'The field has no name.').max(60),
    type: fieldType,
    /** What a choice can be; of the other types none. */
    choices: z.array(z.string().trim().min(1).max(60)).max(CHOICES_MAX).default([]),
  })
  .refine(({ type, choices }) => type !== 'choice' || choices.length >= 2, {
    message: 'A choice needs at least two values.',
    path: ['choices'],
  })
export type CustomField = z.infer<typeof customField>

export const customStoreDefinition = z
  .strictObject({
    title: z.string().trim().min(1, 'The store has no name.').max(60),
    icon: storeIcon.default('list'),
    /** In plain words: "films and books somebody recommended to me". */
    lookFor: z.string().trim().min(1, 'Say what to look for.').max(300),
    /** A sentence that belongs into it. */
    example: z.string().trim().max(200).default(''),
    fields: z.array(customField).max(FIELDS_MAX).default([]),
    mode: storeMode.default('propose'),
    namespace: namespace.default('user'),
  })
  .refine(({ fields }) => new Set(fields.map(({ key }) => key)).size === fields.length, {
    message: 'Two fields have one key.',
    path: ['fields'],
  })
export type CustomStoreDefinition = z.infer<typeof customStoreDefinition>
