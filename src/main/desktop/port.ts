// Carries the contract over a MessagePort to the window. Messages pass the same limits as in the browser shell, and
// those that come while the core starts wait.
import { RPCHandler } from '@orpc/server/message-port'
import type { Log } from '../app/log.ts'
import type { Caller } from '../procedures.ts'
import type { RunningCore } from '../shell/core.ts'
import { MessageGate } from '../shell/message-gate.ts'

/** Electron's MessagePortMain, as far as it is needed. */
export interface Port {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  postMessage(message: unknown): void
  start(): void
  close(): void
}

export function servePort(port: Port, core: Promise<RunningCore>, log: Log): void {
  const gate = new MessageGate()
  const waiting: { data: unknown }[] = []
  let deliver: ((event: { data: unknown }) => void) | null = null
  let open = true

  port.on('close', () => {
    open = false
  })
  port.on('message', (event) => {
    const admission = gate.admit(event.data)
    if (!open) return
    if (admission !== 'admitted') {
      log.warn({ why: admission }, 'message refused')
      open = false
      port.close()
    } else if (deliver === null) waiting.push(event)
    else deliver(event)
  })
  port.start()

  const peer = {
    postMessage(message: unknown) {
      if (open) port.postMessage(message)
    },
    on(event: string, listener: (event?: { data: unknown }) => void) {
      if (event === 'close') port.on('close', () => listener())
      if (event !== 'message') return
      deliver = listener
      for (const message of waiting.splice(0)) listener(message)
    },
  }
  core.then(
    (running) => {
      if (!open) return
      new RPCHandler<Caller>(running.router).upgrade(peer, { context: running.caller() })
    },
    () => port.close(),
  )
}
