// Downloads that go on by themselves: after the app ended, after the network was away, and never after a pause.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { DownloadState, WantedDownload } from '../../../shared/models.ts'
import { createLog } from '../../app/log.ts'
import type { CatalogueModel } from './catalogue.ts'
import { createDownloads, type Downloads } from './downloads.ts'
import type { FetchSurroundings } from './fetch-model.ts'
import { createShelf } from './shelf.ts'
import { aFolder, aModel, aServer, serve, someBytes, testSurroundings } from './testing/fixtures.ts'

const bytes = someBytes()

/** Runs of one app: what is wanted is kept between them, as on disk. */
function anApp(model: CatalogueModel, change: Partial<FetchSurroundings> = {}) {
  const folder = aFolder()
  const told: DownloadState[] = []
  const used: string[] = []
  let kept: WantedDownload[] = []
  const start = (): Downloads =>
    createDownloads({
      catalogue: [model],
      folder,
      shelf: createShelf([model], { folder, own: null }),
      publish: (state) => told.push(state),
      use: async (id) => {
        used.push(id)
      },
      wanted: {
        read: () => kept,
        write: async (wanted) => {
          kept = wanted
        },
      },
      log: createLog(null),
      surroundings: testSurroundings(change),
    })
  const until = (state: DownloadState['state']) => vi.waitFor(() => expect(told.at(-1)?.state).toBe(state))
  return { start, folder, told, used, until, kept: () => kept }
}

/** A server that sends the first part, then nothing more, until it is let. */
async function aSlowServer() {
  const state = { slow: true }
  const { url, requests } = await aServer((request, response) => {
    if (!state.slow) return serve(bytes, request, response)
    response.writeHead(200, { 'content-length': bytes.length })
    response.write(bytes.subarray(0, 100_000))
  })
  return { url, requests, letGo: () => Object.assign(state, { slow: false }) }
}

test('one that ran when the app ended goes on at the next start, from where it was, and is used as was asked', async () => {
  const { url, requests, letGo } = await aSlowServer()
  const app = anApp(aModel(bytes, { url }), { quietMs: 60_000 })
  const first = app.start()
  await first.start('test-model', true)
  await vi.waitFor(() => expect(first.states()[0]?.receivedBytes).toBe(100_000))
  await first.close()
  expect(app.kept()).toEqual([{ id: 'test-model', use: true }])

  letGo()
  const second = app.start()
  await second.resume()
  expect(second.states()[0]?.receivedBytes).toBeGreaterThanOrEqual(100_000)
  await app.until('done')
  expect(requests.at(-1)?.headers.range).toBe('bytes=100000-')
  await vi.waitFor(() => expect(app.kept()).toEqual([]))
  expect(app.used).toEqual(['test-model'])
  await second.close()
})

test('one that was paused, failed for a reason of its own, or was never asked for sends nothing at the next start', async () => {
  const { url, requests } = await aSlowServer()
  const app = anApp(aModel(bytes, { url }), { quietMs: 60_000 })
  const first = app.start()
  await first.resume()
  expect(requests).toHaveLength(0)
  await first.start('test-model', true)
  await vi.waitFor(() => expect(first.states()[0]?.receivedBytes).toBe(100_000))
  await first.cancel('test-model')
  expect(app.told.at(-1)).toMatchObject({ state: 'cancelled', error: null })
  expect(app.kept()).toEqual([])
  await first.close()
  const second = app.start()
  await second.resume()
  expect(second.states()).toEqual([])
  expect(requests).toHaveLength(1)
  await second.close()

  const full = anApp(aModel(bytes, { url }), { freeBytes: async () => 1000 })
  const third = full.start()
  await third.start('test-model', true)
  await full.until('failed')
  expect(full.told.at(-1)?.error).toContain('not enough space')
  await vi.waitFor(() => expect(full.kept()).toEqual([]))
  await third.close()
})

test('without the network it waits, tries again with longer waits, and says one thing; asked for, it tries at once', async () => {
  const pauses: number[] = []
  const state = { online: false, hold: false }
  const { url } = await aServer((request, response) => {
    if (state.online) serve(bytes, request, response)
    else request.socket.destroy()
  })
  const app = anApp(aModel(bytes, { url }), {
    pause: async (ms, signal) => {
      pauses.push(ms)
      if (!state.hold) return
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    },
  })
  writeFileSync(join(app.folder, 'test-model.gguf.part'), bytes.subarray(0, 5000))
  const downloads = app.start()
  await downloads.start('test-model', false)
  await vi.waitFor(() => expect(pauses.length).toBeGreaterThan(7))
  state.hold = true
  await app.until('waiting')
  expect(pauses.slice(0, 3)).toEqual([5_000, 15_000, 30_000])
  expect(Math.max(...pauses)).toBe(300_000)
  expect(app.told.some(({ state: told }) => told === 'failed')).toBe(false)
  expect(app.told.at(-1)).toMatchObject({ receivedBytes: 5000, error: expect.stringContaining('127') })
  expect(app.kept()).toEqual([{ id: 'test-model', use: false }])
  expect(downloads.unavailable().size).toBe(0)

  state.online = true
  await downloads.start('test-model', false)
  await app.until('done')
  expect(app.told.at(-1)?.error).toBeNull()
  await downloads.close()
})

test('a pause ends the waiting, and so does the end of the app, which leaves it wanted', async () => {
  const { url } = await aServer((request) => request.socket.destroy())
  const pause: FetchSurroundings['pause'] = (_, signal) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  const app = anApp(aModel(bytes, { url }), { pause })
  writeFileSync(join(app.folder, 'test-model.gguf.part'), bytes.subarray(0, 5000))
  const first = app.start()
  await first.start('test-model', false)
  await app.until('waiting')
  await first.close()
  expect(app.kept()).toHaveLength(1)
  const second = app.start()
  await second.resume()
  await app.until('waiting')
  await second.cancel('test-model')
  expect(app.told.at(-1)?.state).toBe('cancelled')
  expect(app.kept()).toEqual([])
  await second.close()
})

test('what was never begun and cannot be reached fails at once, so that another model can be offered', async () => {
  const app = anApp(aModel(bytes, { url: 'http://127.0.0.1:9/test-model.gguf' }))
  const downloads = app.start()
  await downloads.start('test-model', true)
  await app.until('failed')
  expect(downloads.unavailable()).toEqual(new Set(['test-model']))
  await vi.waitFor(() => expect(app.kept()).toEqual([]))
})

test('one that came whole before the app ended is only taken into use; one nobody knows any more is dropped', async () => {
  const app = anApp(aModel(bytes))
  writeFileSync(join(app.folder, 'test-model.gguf'), bytes)
  app.kept().push({ id: 'test-model', use: true }, { id: 'gone-model', use: true })
  const downloads = app.start()
  await downloads.resume()
  expect(app.used).toEqual(['test-model'])
  expect(app.kept()).toEqual([])
  expect(app.told.map(({ state }) => state)).toEqual(['done'])
})
