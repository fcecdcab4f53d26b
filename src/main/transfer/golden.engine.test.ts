// Archives of every version of the format that was ever written: each comes in today as it did then.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkIntegrity } from '../database/integrity.ts'
import { conversation, memory } from '../database/schema.ts'
import { OWNER } from '../learning/testing.ts'
import { openTestTransfer, type TestTransfer } from './testing.ts'

const ARCHIVES = join(import.meta.dirname, '../../../e2e/fixtures/archives')
/** Of the encrypted one. */
const PASSPHRASE = 'a passphrase for the golden archive'

let test: TestTransfer
beforeAll(async () => {
  test = await openTestTransfer()
})
afterAll(() => test.close())

it.each([
  ['v1.zip', undefined],
  ['v1.zip.age', PASSPHRASE],
])('%s', async (name, passphrase) => {
  const read = await test.read(join(ARCHIVES, name), passphrase === undefined ? {} : { passphrase })
  expect(read).toMatchObject({ state: 'ready', archive: { mark: 'other' } })
  const done = await test.take(read, { own: true })
  expect(done).toMatchObject({ state: 'done', error: null })
  expect((await test.texts()).join('\n')).toContain('peanuts')
  expect(await test.db.read.$count(memory)).toBe(read.report?.counts.memory?.new)
  expect(await test.db.read.$count(conversation)).toBe(2)
  const hits = await test.learning.search(OWNER, 'lease of the boathouse', 5)
  expect(hits.map((hit) => hit.kind)).toContain('passage')
  expect(await checkIntegrity(test.db.read)).toEqual([])
  await test.imports.undo(OWNER, done.id)
  expect(await test.db.read.$count(memory)).toBe(0)
})
