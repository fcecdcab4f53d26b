import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink, type SupportedMessagePort } from '@orpc/client/message-port'
import { afterEach, expect, test } from 'vitest'
import type { Client } from '../../shared/contract/index.ts'
import { defaultSettings } from '../../shared/settings.ts'
import { createLog } from '../app/log.ts'
import type { RunningCore } from '../shell/core.ts'
import { aTinyCore, until } from '../shell/testing.ts'
import { type Port, servePort } from './port.ts'

const open: MessagePort[] = []
afterEach(() => {
  for (const port of open.splice(0)) port.close()
})

/** Electron wraps what arrives in an event with `data`; node's port gives the value itself. */
function asElectronPort(port: MessagePort): Port {
  return {
    on(event: 'message' | 'close', listener: ((event: { data: unknown }) => void) | (() => void)) {
      if (event === 'message') port.on('message', (data) => listener({ data }))
      else port.on('close', listener as () => void)
    },
    postMessage: (message: unknown) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
  } as Port
}

function aWindow(core: Promise<RunningCore>): { port: MessagePort; client: Client } {
  const { port1, port2 } = new MessageChannel()
  open.push(port1, port2)
  servePort(asElectronPort(port1), core, createLog(null))
  return { port: port2, client: createORPCClient(new RPCLink({ port: port2 as unknown as SupportedMessagePort })) }
}

const closed = (port: MessagePort) => new Promise<void>((resolve) => port.once('close', resolve))

test('the contract answers over the port', async () => {
  const core = aTinyCore()
  const { client } = aWindow(Promise.resolve(core))
  expect(await client.app.updateSettings({ theme: 'dark' })).toEqual(defaultSettings)
  await expect(client.app.updateSettings({ theme: 'pink' as 'dark' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect(core.reached).toEqual([{ theme: 'dark' }])
})

test('calls wait while the core starts', async () => {
  let ready: (core: RunningCore) => void = () => {}
  const { client } = aWindow(
    new Promise((resolve) => {
      ready = resolve
    }),
  )
  const answer = client.app.updateSettings({ theme: 'dark' })
  ready(aTinyCore())
  expect(await answer).toEqual(defaultSettings)
})

test('a window that is gone frees its streams', async () => {
  const core = aTinyCore()
  const { port, client } = aWindow(Promise.resolve(core))
  const stream = await client.app.events({})
  await stream.next()
  expect(core.streams).toBe(1)
  port.close()
  await until(() => core.streams === 0)
})

test('a message that is too large or no text closes the port', async () => {
  for (const message of ['x'.repeat(1_000_001), { i: '1', p: {} }]) {
    const core = aTinyCore()
    const { port } = aWindow(Promise.resolve(core))
    port.postMessage(message)
    await closed(port)
    expect(core.reached).toEqual([])
  }
})

test('a core that does not start closes the port', async () => {
  const { port } = aWindow(Promise.reject(new Error('no')))
  await closed(port)
})
