// The walk-through of docs/stores.md is run as it stands there: its text becomes a store on a real database.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LearningStore } from '../protocol.ts'
import { openTestLearning, type TestLearning, withoutVectors } from '../testing.ts'

const here = dirname(fileURLToPath(import.meta.url))
// Beside the stores, because that is where the walk-through puts it.
const file = join(here, `.documented-store-${process.pid}.ts`)

let test: TestLearning
let code = ''
beforeAll(async () => {
  const text = await readFile(join(here, '../../../../docs/stores.md'), 'utf8')
  code = /```ts\n(.*?)```/su.exec(text)?.[1] ?? ''
  await writeFile(file, code)
  const { projectContext } = (await import(/* @vite-ignore */ file)) as { projectContext: LearningStore }
  test = await openTestLearning({ stores: [projectContext], embedder: withoutVectors })
})
afterAll(async () => {
  await test?.close()
  await rm(file, { force: true })
})

it('is a whole store in about fifty lines', () => {
  expect(code.trim().split('\n').length).toBeLessThanOrEqual(55)
})

it('learns, changes, recalls and shows what it says it does', async () => {
  const { messageId } = await test.tell(
    'Our goal is to ship the atlas in April. We use PostGIS and Rust. Note: the tiles are huge.',
  )
  expect(await test.texts()).toEqual(['PostGIS and Rust', 'Ship the atlas in April', 'The tiles are huge'])
  await test.tell('Our goal is to ship the atlas in May. We are blocked by the map licence.')
  expect(await test.texts()).toEqual([
    'PostGIS and Rust',
    'Ship the atlas in May',
    'The map licence',
    'The tiles are huge',
  ])
  const prompt = (await test.context('Where does the project stand?')).recalled?.text ?? ''
  expect(prompt).toContain('Goal: Ship the atlas in May')
  expect(prompt).toContain('Blocked: The map licence')
  expect(prompt).not.toContain('April')
  expect((await test.context('Which bird is this?')).recalled).toBeNull()

  await test.tell('The licence arrived, we are unblocked.')
  expect(await test.texts()).not.toContain('The map licence')

  // History, sources and undo come with it.
  const [change] = (await test.learning.turnsOf('me', [messageId])).get(messageId)?.changes ?? []
  const found = await test.learning.get('me', change?.memoryId as never)
  expect(found.evidence[0]?.quote).toBe('Our goal is to ship the atlas in April.')
  expect(test.model.asked).toHaveLength(0)
})

it('can be switched off like any other', async () => {
  const { stores } = await test.learning.setMode('me', 'project_context', 'off')
  expect(stores).toMatchObject([{ id: 'project_context', title: 'Project context', mode: 'off' }])
  await test.tell('Our goal is to sail home.')
  expect(await test.texts()).not.toContain('Sail home')
  expect((await test.context('Where does the project stand?')).recalled).toBeNull()
})
