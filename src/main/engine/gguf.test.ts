import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { identifyEmbedder } from './embedder-identity.ts'
import { readModelFile } from './gguf.ts'
import { writeGguf } from './testing/gguf.ts'
import { bagOfWordsModel, randomModel } from './testing/models.ts'

let folder: string
const file = (name: string) => join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gguf-test-'))
  randomModel(file('chat.gguf'), { layers: 2, width: 64, name: 'Größe 1' })
  bagOfWordsModel(file('embedder.gguf'), ['cat', 'dog'])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('tells what a file says of itself', async () => {
  expect(await readModelFile(file('chat.gguf'), { vocabulary: true })).toMatchObject({
    name: 'Größe 1',
    architecture: 'llama',
    contextLength: 4096,
    embeddingLength: 64,
    layers: 2,
    hasChatTemplate: true,
    embedding: false,
  })
  expect(await readModelFile(file('embedder.gguf'))).toMatchObject({ architecture: 'bert', embedding: true })
})

it('finds a file that was cut anywhere', async () => {
  const whole = readFileSync(file('chat.gguf'))
  for (const share of [0.001, 0.01, 0.3, 0.9, 0.999]) {
    writeFileSync(file('cut.gguf'), whole.subarray(0, Math.floor(whole.length * share)))
    await expect(readModelFile(file('cut.gguf')), String(share)).rejects.toMatchObject({ code: 'MODEL_FILE_DAMAGED' })
  }
})

it.each([
  ['four bytes', (path: string) => writeFileSync(path, 'GGUF'), 'MODEL_FILE_DAMAGED'],
  [
    'another version',
    (path: string) => writeFileSync(path, Buffer.from(`GGUF\x09${'\0'.repeat(40)}`)),
    'MODEL_NOT_SUPPORTED',
  ],
  [
    'doubled tokens',
    (path: string) =>
      writeGguf(
        path,
        [
          ['general.architecture', 'str', 'llama'],
          ['tokenizer.ggml.tokens', 'arr:str', ['a', 'b', 'a']],
        ],
        [['token_embd.weight', [2, 3], new Float32Array(6)]],
      ),
    'MODEL_FILE_DAMAGED',
  ],
  [
    'a mark outside the vocabulary',
    (path: string) =>
      writeGguf(
        path,
        [
          ['general.architecture', 'str', 'llama'],
          ['tokenizer.ggml.tokens', 'arr:str', ['a', 'b']],
          ['tokenizer.ggml.eos_token_id', 'u32', 7],
        ],
        [['token_embd.weight', [2, 2], new Float32Array(4)]],
      ),
    'MODEL_FILE_DAMAGED',
  ],
  [
    'one part of several',
    (path: string) =>
      writeGguf(
        path,
        [
          ['general.architecture', 'str', 'llama'],
          ['split.count', 'u32', 3],
        ],
        [['token_embd.weight', [2, 2], new Float32Array(4)]],
      ),
    'MODEL_NOT_SUPPORTED',
  ],
] as const)('refuses %s', async (name, write, code) => {
  const path = file(`${name}.gguf`)
  write(path)
  await expect(readModelFile(path, { vocabulary: true })).rejects.toMatchObject({ code })
})

it('names an embedder by its content, not by its place', () => {
  const identity = identifyEmbedder(file('embedder.gguf'))
  writeFileSync(file('copy.gguf'), readFileSync(file('embedder.gguf')))
  bagOfWordsModel(file('other.gguf'), ['cat', 'dog'], { seed: 8 })
  const print = (name: string) => identifyEmbedder(file(name)).model.split(' ')[1]
  expect(identity.dimensions).toBe(64)
  expect(print('copy.gguf')).toBe(print('embedder.gguf'))
  expect(print('other.gguf')).not.toBe(print('embedder.gguf'))
  expect(identifyEmbedder(file('nowhere.gguf'))).toEqual({ model: 'nowhere.gguf missing', dimensions: 0 })
})
