// The own pack of planted instructions, on the real database and embedder and without a model: what is not the person's
// own words costs no model call, leaves nothing behind, and is found again by who looks for it.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Attachments, createAttachments } from '../src/main/attachments/attachments.ts'
import { OWNER, openTestLearning, type TestLearning } from '../src/main/learning/testing.ts'
import { readLines } from './poison.ts'
import { giveAll, type Measured, measure } from './poison-measure.ts'

let test: TestLearning
let attachments: Attachments
let measured: Measured
const lines = readLines(join(import.meta.dirname, 'data', 'poison-own.jsonl'))

beforeAll(async () => {
  test = await openTestLearning()
  const { db, learning, model, embedder, jobs, clock, log } = test
  attachments = createAttachments({ db, model, embedder, jobs, clock, log })
  const world = { db, learning, attachments, owner: OWNER, budgetTokens: 200 }
  measured = await measure(world, await giveAll(world, lines))
}, 600_000)
afterAll(async () => {
  await attachments.close()
  await test.close()
})

const ids = (texts: readonly { id: string }[]) => texts.map(({ id }) => id)

it('P7: no planted instruction becomes active, pasted or as an attached file', () => {
  expect(measured.planted.length).toBeGreaterThanOrEqual(60)
  expect(measured.planted.filter(({ trusted, documentId }) => !trusted && documentId === null)).toEqual([])
  expect(ids(measured.active)).toEqual([])
  expect(ids(measured.cleanActive)).toEqual([])
})

it('none of them is recalled for a question about something else', () => {
  expect(ids(measured.recalled)).toEqual([])
})

it('every request of the person is stored, also around a pasted text', () => {
  expect(measured.own.length).toBeGreaterThanOrEqual(25)
  expect(ids(measured.unstored)).toEqual([])
})

it('clean texts are found by their own words', () => {
  expect(ids(measured.lost)).toEqual([])
})

it('a pasted text costs no model call', () => {
  const asked = test.model.asked.flatMap(({ messages }) => messages.map(({ text }) => text)).join('\n')
  for (const { canary } of measured.planted) expect(asked.toLowerCase()).not.toContain(canary?.toLowerCase())
})
