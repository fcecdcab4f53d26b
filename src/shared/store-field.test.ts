// Values of fields: which fit their kind, and what is meant by what a person types.
import { expect, it } from 'vitest'
import { asWritten, fieldProblem, isDay, type StoreField, tidyValue } from './store-field.ts'

const field = (type: StoreField['type']) => ({ type, choices: ['red', 'green'] })

it.each([
  ['number', 3.5, null],
  ['number', '3.5', 'number'],
  ['number', Number.NaN, 'number'],
  ['date', '2026-02-28', null],
  ['date', '2026-02-30', 'date'],
  ['date', 'Friday', 'date'],
  ['choice', 'red', null],
  ['choice', 'blue', 'choice'],
  ['list', ['a', 'b'], null],
  ['list', 'a, b', 'list'],
  ['list', ['x'.repeat(501)], 'long'],
  ['list', Array.from({ length: 201 }, () => 'x'), 'many'],
  ['yes_no', false, null],
  ['yes_no', 'no', 'yes_no'],
  ['text', '<b>', null],
  ['text', 'x'.repeat(2001), 'long'],
  ['person', 12, 'text'],
] as const)('a %s: %j', (type, value, problem) => {
  expect(fieldProblem(field(type), value)).toBe(problem)
})

it('nothing fits every field', () => {
  for (const value of [null, undefined, '', []]) expect(fieldProblem(field('number'), value)).toBeNull()
})

it('what is typed is what is meant', () => {
  expect(tidyValue(field('number'), ' 3,50 ')).toBe(3.5)
  expect(tidyValue(field('number'), '-2')).toBe(-2)
  expect(tidyValue(field('number'), 'many')).toBe('many')
  expect(tidyValue(field('list'), ['a ', '', ' b'])).toEqual(['a', 'b'])
  expect(tidyValue(field('list'), [''])).toBeNull()
  expect(tidyValue(field('text'), '')).toBeNull()
})

it('whatever it is, it can be shown as it was written', () => {
  expect(asWritten(['a', 2, null])).toBe('a, 2, ')
  expect(asWritten({ a: 1 })).toBe('{"a":1}')
  expect(asWritten(false)).toBe('false')
  expect(isDay('0000-00-00')).toBe(false)
})
