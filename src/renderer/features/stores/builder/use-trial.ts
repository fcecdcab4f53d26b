// Tries a store on past conversations: what it finds comes as it is found, and it can be stopped. Nothing is saved.
import { useCallback, useEffect, useRef, useState } from 'react'
import type { TrialFind } from '../../../../shared/contract/stores.ts'
import type { CustomStoreDefinition } from '../../../../shared/custom-store.ts'
import type { AppErrorView } from '../../../../shared/errors.ts'
import type { ConversationId } from '../../../../shared/ids.ts'
import { useClient } from '../../../app/core.ts'
import { type Failure, failureOf } from '../../../app/failure.ts'

export interface Trial {
  state: 'idle' | 'running' | 'done' | 'stopped' | 'failed'
  /** What was tried. */
  definition: CustomStoreDefinition | null
  done: number
  turns: number
  finds: TrialFind[]
  failure: Failure | AppErrorView | null
  /** How long it took so far, in milliseconds. */
  took: number
}

const NONE: Trial = { state: 'idle', definition: null, done: 0, turns: 0, finds: [], failure: null, took: 0 }

export function useTrial() {
  const client = useClient()
  const [trial, setTrial] = useState<Trial>(NONE)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const stop = useCallback(() => {
    running.current?.abort()
    setTrial((now) => (now.state === 'running' ? { ...now, state: 'stopped' } : now))
  }, [])

  const start = useCallback(
    async (definition: CustomStoreDefinition, where: { conversationId: ConversationId | null; turns: number }) => {
      running.current?.abort()
      const controller = new AbortController()
      running.current = controller
      const { signal } = controller
      const begun = performance.now()
      const update = (change: (now: Trial) => Partial<Trial>) => {
        if (!signal.aborted) setTrial((now) => ({ ...now, ...change(now), took: performance.now() - begun }))
      }
      setTrial({ ...NONE, state: 'running', definition })
      try {
        for await (const event of await client.stores.trial({ definition, ...where }, { signal })) {
          if (event.type === 'progress') update(() => ({ done: event.done, turns: event.turns }))
          else if (event.type === 'find') update(({ finds }) => ({ finds: [...finds, event.find] }))
          else update(() => ({ state: 'failed', failure: event.error }))
        }
        update(({ state }) => ({ state: state === 'running' ? 'done' : state }))
      } catch (error) {
        update(() => ({ state: 'failed', failure: failureOf(error) }))
      }
    },
    [client],
  )
  return { trial, start, stop }
}
