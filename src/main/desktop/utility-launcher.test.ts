import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createUtilityLauncher } from './utility-launcher.ts'

class FakeChild extends EventEmitter {
  pid: number | undefined = undefined
  stderr = new PassThrough()
  readonly sent: unknown[] = []
  postMessage(message: unknown) {
    this.sent.push(message)
  }
}

function launch() {
  const child = new FakeChild()
  const calls: { file: string; options: { env?: Record<string, string>; serviceName?: string } }[] = []
  const fork = (file: string, _args: string[], options: object) => {
    calls.push({ file, options })
    return child
  }
  const launcher = createUtilityLauncher({ fork } as unknown as Parameters<typeof createUtilityLauncher>[0])
  return { child, calls, running: launcher.launch() }
}

test('what is sent before the process is up arrives in order', () => {
  const { child, running } = launch()
  running.send('a')
  running.send('b')
  expect(child.sent).toEqual([])
  child.emit('spawn')
  running.send('c')
  expect(child.sent).toEqual(['a', 'b', 'c'])
})

test('a message to a process that is gone is lost without an error', () => {
  const { child, running } = launch()
  child.emit('spawn')
  child.emit('exit', 1)
  running.send('late')
  expect(child.sent).toEqual([])
})

test('its messages, its last words and its end are told', async () => {
  const { child, running } = launch()
  const heard: unknown[] = []
  const ended = new Promise((resolve) => running.onExit(resolve))
  running.onMessage((message) => heard.push(message))
  child.emit('message', { type: 'ready' })
  child.stderr.write('abort: ')
  child.stderr.end('out of memory')
  await new Promise((resolve) => child.stderr.on('end', resolve))
  child.emit('exit', 134)
  expect(heard).toEqual([{ type: 'ready' }])
  expect(await ended).toEqual({ code: 134, signal: null, stderr: 'abort: out of memory' })
})

test('runs the engine entry with the engine environment', () => {
  const { calls } = launch()
  expect(calls[0]?.file).toMatch(/engine.process\.(ts|js)$/)
  expect(calls[0]?.options.env?.['UV_THREADPOOL_SIZE']).toBe('8')
})
