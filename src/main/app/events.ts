// "This changed", from every part of the core to every window.
import { EventPublisher } from '@orpc/server'
import type { AppEvent } from '../../shared/contract/app.ts'

export interface AppEvents {
  publish(event: AppEvent): void
  subscribe(signal: AbortSignal | undefined): AsyncGenerator<AppEvent>
}

export function createAppEvents(): AppEvents {
  const publisher = new EventPublisher<{ app: AppEvent }>({ maxBufferedEvents: 1000 })
  return {
    publish: (event) => publisher.publish('app', event),
    subscribe: (signal) => publisher.subscribe('app', signal ? { signal } : {}),
  }
}
