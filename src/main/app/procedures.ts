// The app part of the contract: state, events, settings, addresses outside.
import type { AppEvent, AppState } from '../../shared/contract/app.ts'
import { AppError } from '../../shared/errors.ts'
import { procedures } from '../procedures.ts'
import type { AppEvents } from './events.ts'
import type { SettingsStore } from './settings.ts'

export interface AppPorts {
  state(owner: string): Promise<AppState>
  events: AppEvents
  settings: SettingsStore
  /** Present where the shell can open addresses itself. */
  openExternal: ((url: string) => Promise<void>) | undefined
}

export function createAppProcedures({ state, events, settings, openExternal }: AppPorts) {
  return {
    state: procedures.app.state.handler(({ context }) => state(context.owner)),
    events: procedures.app.events.handler(async function* ({ context, signal }): AsyncGenerator<AppEvent> {
      // Subscribed before the state is read, so that no change falls between the two.
      const changes = events.subscribe(signal)
      yield { type: 'state', state: await state(context.owner) }
      yield* changes
    }),
    updateSettings: procedures.app.updateSettings.handler(({ input }) => settings.update(withoutUndefined(input))),
    openExternal: procedures.app.openExternal.handler(async ({ input }) => {
      if (!openExternal)
        throw new AppError('NOT_ALLOWED', 'This shell cannot open addresses. Copy it into your browser.')
      await openExternal(input.url)
      return {}
    }),
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>
}
