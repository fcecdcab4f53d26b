import { expect, it } from 'vitest'
import type { GrammarSchema } from './engine.ts'
import { fitsSchema } from './schema.ts'

const entry: GrammarSchema = {
  oneOf: [
    { type: 'object', properties: { label: { const: 'none' } } },
    {
      type: 'object',
      properties: { label: { enum: ['fact', 'opinion'] }, statement: { type: 'string', minLength: 1, maxLength: 5 } },
    },
  ],
}

it.each([
  [{ label: 'none' }, true],
  [{ label: 'fact', statement: 'tea' }, true],
  [{ label: 'fact', statement: 'coffee' }, false],
  [{ label: 'fact', statement: '' }, false],
  [{ label: 'fact' }, false],
  [{ label: 'none', statement: 'tea' }, false],
  [{ label: 'other', statement: 'tea' }, false],
  [null, false],
  [[{ label: 'none' }], false],
])('%j as an entry: %s', (value, expected) => {
  expect(fitsSchema(value, entry)).toBe(expected)
})

it('counts the items of a list and tells those at fixed places apart', () => {
  const list: GrammarSchema = { type: 'array', minItems: 1, maxItems: 2, items: { type: 'integer' } }
  expect([[1], [1, 2], [], [1, 2, 3], [1.5], 'no'].map((value) => fitsSchema(value, list))).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ])
  const places: GrammarSchema = {
    type: 'array',
    prefixItems: [{ type: 'boolean' }, { type: 'null' }],
    minItems: 2,
    maxItems: 2,
  }
  expect([[true, null], [null, true], [true]].map((value) => fitsSchema(value, places))).toEqual([true, false, false])
})
