import { mkdirSync, renameSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeGguf } from '../testing/gguf.ts'
import { createShelf } from './shelf.ts'
import { aFolder, aModel, someBytes } from './testing/fixtures.ts'

const bytes = someBytes()
const model = aModel(bytes)

/** A model file that nobody published. */
function writeOwn(path: string, architecture = 'llama') {
  writeGguf(
    path,
    [
      ['general.architecture', 'str', architecture],
      ['general.name', 'str', 'Mine'],
      ['tokenizer.ggml.tokens', 'arr:str', ['a', 'b']],
    ],
    [['token_embd.weight', [2, 2], new Float32Array(4)]],
  )
}

test('a file is known by its checksum, under any name and in any folder of the person', async () => {
  const own = aFolder()
  mkdirSync(join(own, 'maker', 'repository'), { recursive: true })
  const path = join(own, 'maker', 'repository', 'blob-0815')
  writeFileSync(path, bytes)
  const { found } = await createShelf([model], { folder: aFolder(), own }).scan()
  expect(found.get(model.id)).toBe(path)
})

test("the person's folder comes before the model folder, and may be one file", async () => {
  const folder = aFolder()
  const file = join(aFolder(), 'mine.gguf')
  writeFileSync(file, bytes)
  writeFileSync(join(folder, model.file), bytes)
  expect((await createShelf([model], { folder, own: file }).scan()).found.get(model.id)).toBe(file)
  expect((await createShelf([model], { folder, own: null }).scan()).found.get(model.id)).toBe(join(folder, model.file))
})

test('a file of the right name and size with other bytes is not the model; one that is cut neither', async () => {
  const folder = aFolder()
  writeFileSync(join(folder, model.file), someBytes(bytes.length, 3))
  expect((await createShelf([model], { folder, own: null }).scan()).found.size).toBe(0)
  writeFileSync(join(folder, model.file), bytes.subarray(0, 1000))
  expect((await createShelf([model], { folder, own: null }).scan()).found.size).toBe(0)
})

test('a model whose size is not known is found by its name', async () => {
  const folder = aFolder()
  writeFileSync(join(folder, model.file), bytes)
  const { found } = await createShelf([{ ...model, bytes: null }], { folder, own: null }).scan()
  expect(found.has(model.id)).toBe(true)
})

test('what is gone from the disk is gone from the list', async () => {
  const folder = aFolder()
  const shelf = createShelf([model], { folder, own: null })
  writeFileSync(join(folder, model.file), bytes)
  expect((await shelf.scan()).found.size).toBe(1)
  renameSync(join(folder, model.file), join(aFolder(), 'away'))
  expect((await shelf.scan()).found.size).toBe(0)
})

test('a file is hashed once; a change of it is seen', async () => {
  const folder = aFolder()
  const path = join(folder, model.file)
  writeFileSync(path, bytes)
  expect((await createShelf([model], { folder, own: null }).scan()).found.size).toBe(1)

  // Other bytes, same size and time: only a new look into the file could tell, and there is none.
  const { atime, mtime } = statSync(path)
  writeFileSync(path, someBytes(bytes.length, 5))
  utimesSync(path, atime, mtime)
  expect((await createShelf([model], { folder, own: null }).scan()).found.size).toBe(1)

  utimesSync(path, atime, new Date(mtime.getTime() + 5_000))
  expect((await createShelf([model], { folder, own: null }).scan()).found.size).toBe(0)
})

test('a broken cache costs time, nothing else', async () => {
  const folder = aFolder()
  writeFileSync(join(folder, model.file), bytes)
  for (const cache of ['known-files.json', '.checksums.json']) writeFileSync(join(folder, cache), '{"cut')
  expect((await createShelf([model], { folder, own: null }).scan()).found.size).toBe(1)
})

test("the person's own model files are offered, with what they can do; damaged ones and projectors are not", async () => {
  const own = aFolder()
  writeOwn(join(own, 'My Model Ü.gguf'))
  writeOwn(join(own, 'vectors.gguf'), 'bert')
  writeOwn(join(own, 'mmproj-vision.gguf'))
  writeFileSync(join(own, 'broken.gguf'), 'GGUF and nothing more')
  symlinkSync(join(own, 'nowhere'), join(own, 'dangling.gguf'))
  const shelf = await createShelf([model], { folder: aFolder(), own }).scan()
  expect(shelf.own.map(({ id, name, kind }) => ({ id, name, kind }))).toEqual([
    { id: 'file:my-model-', name: 'Mine', kind: 'chat' },
    { id: 'file:vectors', name: 'Mine', kind: 'embedding' },
  ])
})

test('an unfinished download is seen', async () => {
  const folder = aFolder()
  writeFileSync(join(folder, `${model.file}.part`), bytes.subarray(0, 1234))
  const shelf = await createShelf([model], { folder, own: null }).scan()
  expect(shelf.partial.get(model.id)).toBe(1234)
  expect(shelf.found.size).toBe(0)
})
