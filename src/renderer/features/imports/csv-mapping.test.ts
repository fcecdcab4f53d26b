import { expect, it } from 'vitest'
import type { StoreField } from '../../../shared/store-field.ts'
import { guessMapping, mappingProblem } from './csv-mapping.ts'

const field = (key: string, label: string): StoreField => ({ key, label, type: 'text', choices: [], fixed: false })
const FIELDS = [field('author', 'Author'), field('read_on', 'Read on')]

it('puts columns under fields of the same name, and the first other one under the item itself', () => {
  expect(guessMapping(['Title', 'AUTHOR', 'read-on', 'Shelf'], FIELDS)).toEqual({
    Title: 'text',
    AUTHOR: 'author',
    'read-on': 'read_on',
    Shelf: '',
  })
})

it('fills no field twice, and leaves a column named after the text where it is', () => {
  expect(guessMapping(['Shelf', 'Author', 'author', 'Text'], FIELDS)).toEqual({
    Shelf: '',
    Author: 'author',
    author: '',
    Text: 'text',
  })
})

it('says when nothing is filled, or something twice', () => {
  expect(mappingProblem({ a: '', b: '' })).toBe('nothing')
  expect(mappingProblem({ a: 'text', b: 'text' })).toBe('twice')
  expect(mappingProblem({ a: 'text', b: '', c: '' })).toBeNull()
})
