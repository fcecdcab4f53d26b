import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../app/clock.ts'
import { createLog } from '../../app/log.ts'
import { OWNER } from '../../app/owner.ts'
import { profilePaths } from '../../app/profile.ts'
import { openSettings } from '../../app/settings.ts'
import { openDatabase } from '../../database/open.ts'
import type { CatalogueModel } from './catalogue.ts'
import { type CommandSurroundings, runModelCommand } from './cli.ts'
import { rememberChoice } from './remember-choice.ts'
import { aFolder, aModel, aServer, serve, someBytes, testSurroundings } from './testing/fixtures.ts'

const bytes = someBytes()

/** Runs a command against a catalogue of the test's own. */
function aTerminal(catalogue: CatalogueModel[], remember?: CommandSurroundings['remember']) {
  const resourcesFolder = aFolder()
  mkdirSync(join(resourcesFolder, 'models'))
  writeFileSync(join(resourcesFolder, 'models.json'), JSON.stringify({ version: 1, models: catalogue }))
  const folders = { folder: join(aFolder(), 'models'), own: aFolder() }
  const stop = new AbortController()
  const remembered: unknown[] = []
  return {
    folders,
    stop,
    remembered,
    async run(...args: string[]) {
      let out = ''
      let err = ''
      const code = await runModelCommand(
        args,
        {
          out: (text) => {
            out += text
          },
          err: (text) => {
            err += text
          },
          interactive: false,
          signal: stop.signal,
        },
        {
          folders,
          resourcesFolder,
          machine: { cores: 4, memoryBytes: 16e9, platform: 'linux', arch: 'x64' },
          surroundings: testSurroundings(),
          remember: remember ?? (async (...choice) => void remembered.push(choice)),
        },
      )
      return { code, out, err }
    },
  }
}

test('list shows size, licence, fit and what is on disk', async () => {
  const terminal = aTerminal([aModel(bytes, { rank: 3 })])
  const { code, out } = await terminal.run('list')
  expect(code).toBe(0)
  expect(out).toMatch(/^\*\s+test-model\s+Test Model\s+1 MB\s+Apache-2\.0\s+fits\s+-$/m)
  expect(out).toMatch(/4 cores, 16\.0 GB memory, .* free on disk/)
  writeFileSync(join(terminal.folders.own, 'mine'), bytes)
  expect((await terminal.run('list')).out).toContain(`verified, ${join(terminal.folders.own, 'mine')}`)
  expect(JSON.parse((await terminal.run('list', '--json')).out)).toMatchObject({ models: [{ id: 'test-model' }] })
})

test('get brings a model and says where it is; again, it says that it is there', async () => {
  const { url, requests } = await aServer((request, response) => serve(bytes, request, response))
  const terminal = aTerminal([aModel(bytes, { url })])
  const { code, out, err } = await terminal.run('get', 'test-model')
  expect([code, out]).toEqual([0, expect.stringContaining(join(terminal.folders.folder, 'test-model.gguf'))])
  expect(err).toContain(`Test Model from ${url}`)
  expect(err).toContain('checking SHA-256')
  expect((await terminal.run('get', 'test-model')).out).toContain('here already')
  expect(JSON.parse((await terminal.run('get', 'test-model', '--json')).out)).toMatchObject({ downloaded: false })
  expect(requests.length).toBe(1)
})

test('a download that fails ends with one sentence and exit code 1', async () => {
  const terminal = aTerminal([aModel(bytes, { url: 'http://127.0.0.1:9/a.gguf' })])
  expect(await terminal.run('get', 'test-model')).toMatchObject({
    code: 1,
    err: expect.stringContaining('Test Model could not be downloaded'),
  })
  const json = await terminal.run('get', 'test-model', '--json')
  expect(JSON.parse(json.out)).toMatchObject({ error: { code: 'DOWNLOAD_FAILED' } })
})

test('stopped by the person, get keeps what came', async () => {
  const { url } = await aServer((_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length })
    response.write(bytes.subarray(0, 100_000), () => terminal.stop.abort(new DOMException('stopped', 'AbortError')))
  })
  const terminal = aTerminal([aModel(bytes, { url })])
  expect(await terminal.run('get', 'test-model')).toMatchObject({ code: 130, err: expect.stringContaining('kept') })
  expect(existsSync(join(terminal.folders.folder, 'test-model.gguf'))).toBe(false)
})

test('use keeps the choice of a model on disk, by its id or by its file', async () => {
  const terminal = aTerminal([aModel(bytes)])
  expect(await terminal.run('use', 'test-model')).toMatchObject({
    code: 1,
    err: expect.stringContaining('not on this'),
  })
  const path = join(terminal.folders.own, 'mine.gguf')
  writeFileSync(path, bytes)
  expect((await terminal.run('use', 'test-model', '--profile', '/profiles/work')).code).toBe(0)
  expect((await terminal.run('use', path)).code).toBe(0)
  expect(terminal.remembered).toEqual([
    ['/profiles/work', { id: 'test-model', path }],
    [null, { id: 'test-model', path }],
  ])
})

test('the choice is kept in the settings of the profile; while the app runs there, use says so', async () => {
  const terminal = aTerminal([aModel(bytes)], (profile, choice) => rememberChoice(profile, choice))
  const path = join(terminal.folders.own, 'mine.gguf')
  writeFileSync(path, bytes)
  const profile = aFolder()
  const args = ['use', 'test-model', '--profile', profile]
  expect(await terminal.run(...args)).toMatchObject({ code: 0 })

  const folder = profilePaths(profile).database
  const db = await openDatabase({ folder, log: createLog(null), clock: systemClock })
  onTestFinished(() => db.close())
  const settings = await openSettings(db, OWNER)
  expect(settings.current()).toMatchObject({ chatModel: 'test-model', chatModelPath: path })
  expect(await terminal.run(...args)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/already open .* its window/),
  })
})

test.each([[[]], [['get']], [['list', 'more']], [['use', 'a', 'b']], [['list', '--unknown']]])(
  'what is not understood exits with 2: %j',
  async (args) => {
    expect((await aTerminal([aModel(bytes)]).run(...args)).code).toBe(2)
  },
)
