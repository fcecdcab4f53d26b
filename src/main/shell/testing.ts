// A core with three procedures of the contract, for tests of the transports alone.
import type { AppEvent } from '../../shared/contract/app.ts'
import { AppError } from '../../shared/errors.ts'
import { defaultSettings } from '../../shared/settings.ts'
import { createLog } from '../app/log.ts'
import { procedures } from '../procedures.ts'
import type { RunningCore } from './core.ts'

export interface TinyCore extends RunningCore {
  /** Inputs that reached a handler. */
  readonly reached: unknown[]
  /** Streams open now. */
  readonly streams: number
}

/** `app.updateSettings` answers with the default settings, `app.openExternal` always fails, `app.events` goes on until stopped. */
export function aTinyCore(): TinyCore {
  const reached: unknown[] = []
  let streams = 0
  const router = {
    app: {
      updateSettings: procedures.app.updateSettings.handler(({ input }) => {
        reached.push(input)
        return defaultSettings
      }),
      openExternal: procedures.app.openExternal.handler(() => {
        throw new AppError('NOT_ALLOWED', 'This shell cannot open addresses.')
      }),
      events: procedures.app.events.handler(async function* ({ signal }): AsyncGenerator<AppEvent> {
        streams += 1
        try {
          yield { type: 'settings', settings: defaultSettings }
          await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }))
        } finally {
          streams -= 1
        }
      }),
    },
  }
  return {
    router: router as unknown as RunningCore['router'],
    caller: () => ({ owner: 'me', log: createLog(null) }),
    answering: () => false,
    close: async () => {},
    reached,
    get streams() {
      return streams
    },
  }
}

/** Waits until `condition` holds; a test's own time limit ends the wait. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}
