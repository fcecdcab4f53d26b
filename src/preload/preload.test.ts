import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { PORT_MESSAGE } from '../shared/transport.ts'

const electron = vi.hoisted(() => ({
  exposed: [] as [string, object][],
  toMain: [] as unknown[][],
}))

vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (name: string, value: object) => electron.exposed.push([name, value]) },
  webUtils: { getPathForFile: (file: { name: string }) => `/home/me/${file.name}` },
  ipcRenderer: { postMessage: (...given: unknown[]) => electron.toMain.push(given) },
}))

const toPage: unknown[][] = []

beforeEach(async () => {
  vi.stubGlobal('window', {
    location: { origin: 'app://bundle' },
    postMessage: (...given: unknown[]) => toPage.push(given),
  })
  vi.resetModules()
  electron.exposed.length = 0
  await import('./preload.ts')
})

test('E7: the page gets two functions, frozen, and nothing else', () => {
  expect(electron.exposed).toHaveLength(1)
  const [name, bridge] = electron.exposed[0] ?? ['', {}]
  expect({
    name,
    frozen: Object.isFrozen(bridge),
    members: Object.entries(bridge).map(([key, value]) => `${key}: ${typeof value}`),
  }).toEqual({ name: 'understudy', frozen: true, members: ['connect: function', 'pathOf: function'] })
})

test('a dropped file is named by its path', () => {
  const [, bridge] = electron.exposed[0] as [string, { pathOf(file: object): string }]
  expect(bridge.pathOf({ name: 'model.gguf' })).toBe('/home/me/model.gguf')
})

test('connect makes one channel: an end for main, an end for this page only', () => {
  const [, bridge] = electron.exposed[0] as [string, { connect(): unknown }]
  expect(bridge.connect()).toBeUndefined()
  const [channel, message, ports] = electron.toMain[0] as [string, null, MessagePort[]]
  expect([channel, message, ports.length]).toEqual([PORT_MESSAGE, null, 1])
  const [data, origin, pagePorts] = toPage[0] as [string, string, MessagePort[]]
  expect([data, origin, pagePorts.length]).toEqual([PORT_MESSAGE, 'app://bundle', 1])
  for (const port of [...ports, ...pagePorts]) port.close()
})

test('E7: the file stays small enough to read at a glance', () => {
  const text = readFileSync(join(import.meta.dirname, 'preload.ts'), 'utf8')
  expect(text.split('\n').length).toBeLessThan(50)
})
