// Entry of the engine's process. Native code can abort, so it runs here and never in the app itself.
import { installNetworkGuard } from '../app/network-guard.ts'
import { EngineHost } from './host.ts'
import type { ToProcess } from './messages.ts'

/** Electron's utility processes talk through this port; it is not part of node's types. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

/** Freeing gigabytes and native threads takes time, but a process nobody needs must end. */
const closeLimit = 4000

// Models are loaded from disk; nothing in here has a reason to call out.
installNetworkGuard()
const parentPort = (process as NodeJS.Process & { parentPort?: ParentPort }).parentPort
const host = new EngineHost((message) => {
  if (parentPort) parentPort.postMessage(message)
  // The listener of `disconnect` deals with a parent that is gone.
  else if (process.connected) process.send?.(message, undefined, undefined, () => {})
})

let leaving = false
async function leave(): Promise<void> {
  if (leaving) return
  leaving = true
  // Nothing else ends a process whose native threads hang (T15).
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), closeLimit)
  await host.close().catch(() => {})
  process.exit(0)
}

// The core is trusted and typed: its messages are not checked again.
const receive = (message: unknown) => {
  const call = message as ToProcess
  if (call.type === 'close') void leave()
  else if (!leaving) host.receive(call)
}
if (parentPort) parentPort.on('message', (event) => receive(event.data))
else {
  process.on('message', receive)
  process.on('disconnect', () => void leave())
}
process.on('SIGTERM', () => void leave())
// Ctrl+C in a terminal reaches every process of the group; the core decides when the engine ends.
process.on('SIGINT', () => {})
