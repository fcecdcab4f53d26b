// `npm run data`, through the socket of a running app and on a closed profile.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { OWNER, startCore } from '../app/core.ts'
import { createLog } from '../app/log.ts'
import { profilePaths } from '../app/profile.ts'
import { resourcesFolder } from '../app/resources.ts'
import { recordingLauncher } from '../engine/testing/engine.ts'
import { runDataCommand } from './data.ts'
import { withSocket } from './socket.ts'

const folder = mkdtempSync(join(tmpdir(), 'understudy-data-'))
const profile = profilePaths(join(folder, 'profile'))
const start = async () => {
  const core = await startCore({
    profile,
    modelsFolder: join(folder, 'models'),
    resourcesFolder: resourcesFolder(),
    launcher: recordingLauncher().launcher,
    shell: 'browser',
    log: createLog(null),
  })
  return { core, running: await withSocket(profile, core, createLog(null)) }
}
let open: Awaited<ReturnType<typeof start>> | null = null
beforeAll(async () => {
  open = await start()
})
afterAll(async () => {
  await open?.running.close()
  rmSync(folder, { recursive: true, force: true })
})

async function data(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const heard = { out: '', err: '' }
  const code = await runDataCommand([...args, '--profile', profile.folder], {
    out: (text) => {
      heard.out += text
    },
    err: (text) => {
      heard.err += text
    },
  })
  return { code, ...heard }
}
const asJson = async (...args: string[]) => JSON.parse((await data(...args, '--json')).out)

it('backs up, verifies and counts while the app runs, and restores only what is closed', async () => {
  await open?.core.learning.add(OWNER, { store: 'user_memory', text: 'The ladder stands behind the barn.' })
  const counts = await asJson('count')
  expect(counts).toMatchObject({ memory: { active: 1 }, evidence: { stored: 1 }, journal: { kept: 1 }, message: {} })
  expect(Object.keys(counts)).toEqual([...Object.keys(counts)].sort())
  const made = await asJson('backup')
  expect(made.about.counts.memory).toEqual({ active: 1 })
  expect(await data('verify')).toMatchObject({ code: 0, out: expect.stringContaining('all of it agrees') })
  await open?.core.learning.add(OWNER, { store: 'user_memory', text: 'The saw hangs above the bench.' })
  expect(await data('restore', made.name)).toMatchObject({ code: 1, err: expect.stringContaining('is running') })
  expect((await data('burn')).code).toBe(2)
})

it('tells the columns of a table, and takes its rows as it is told to', async () => {
  const table = join(folder, 'tasks.csv')
  writeFileSync(table, 'Task,When\nCall the plumber,2030-05-01\n')
  expect(await data('import', table)).toMatchObject({ code: 1, out: expect.stringMatching(/Task +Call the plumber/) })
  expect(await data('import', table, '--dry-run')).toMatchObject({ code: 0 })
  const mapped = (store: string, ...columns: string[]) =>
    data('import', table, '--store', store, ...columns.flatMap((column) => ['--column', column]))
  expect(await mapped('todos', 'Task')).toMatchObject({ code: 1, err: expect.stringContaining('COLUMN=FIELD') })
  expect(await mapped('todos', 'Task=txt')).toMatchObject({ code: 1, err: expect.stringContaining('no field “txt”') })
  expect(await mapped('chores', 'Task=text')).toMatchObject({
    code: 1,
    err: expect.stringContaining('no store “chores”'),
  })
  expect(await asJson('count')).toMatchObject({ proposal: {} })
  expect(await mapped('todos', 'Task=text', 'When=due')).toMatchObject({
    code: 0,
    out: expect.stringContaining('1 new'),
  })
  const suggested = (await open?.core.learning.list(OWNER, { store: 'todos', status: 'proposed' }))?.items ?? []
  expect(suggested).toMatchObject([{ text: 'Call the plumber' }])
})

it('restores a closed profile, here or into a folder of its own', async () => {
  const made = (await open?.core.backups.view())?.backups.find(({ about }) => about?.reason === 'by-hand')
  if (!made) throw new Error('there is no backup')
  await open?.running.close()
  open = null
  expect(await data('verify', made.path)).toMatchObject({ code: 0 })
  expect(await data('restore', 'none')).toMatchObject({ code: 1, err: expect.stringContaining('no backup') })
  const into = join(folder, 'other')
  expect(await data('restore', made.name, '--into', into)).toMatchObject({ code: 0 })
  expect(await data('restore', made.path, '--into', into)).toMatchObject({
    code: 1,
    err: expect.stringContaining('already'),
  })
  const report = await asJson('restore', made.name)
  expect(report).toMatchObject({ kind: 'restored', forgottenAgain: 0 })
  expect((await asJson('count')).memory).toEqual({ active: 1 })
})
