import { expect, test } from 'vitest'
import { smallerModel } from './smaller.ts'
import { aModel, someBytes } from './testing/fixtures.ts'

const model = (id: string, bytes: number, rank: number | null) =>
  aModel(someBytes(8), { id, name: id, file: `${id}.gguf`, bytes, rank })
const catalogue = [model('large', 1000, 9), model('middle', 700, 5), model('small', 300, 3), model('toy', 10, null)]
const none = { found: new Map<string, string>() }

test('names the best model that needs clearly less, one that is here before one to fetch', () => {
  expect(smallerModel(catalogue, none, { id: 'large', bytes: 1000 })).toMatch(/^middle .* downloaded\.$/)
  const found = new Map([['small', '/small.gguf']])
  expect(smallerModel(catalogue, { found }, { id: 'large', bytes: 1000 })).toMatch(/^small .* on this computer\.$/)
  expect(smallerModel(catalogue, none, { id: 'file:mine', bytes: null })).toMatch(/^large /)
})

test('says nothing where nothing is smaller, and never offers what is only for tests', () => {
  expect(smallerModel(catalogue, none, { id: 'small', bytes: 300 })).toBeNull()
  expect(smallerModel(catalogue, none, { id: 'toy', bytes: 10 })).toBeNull()
})
