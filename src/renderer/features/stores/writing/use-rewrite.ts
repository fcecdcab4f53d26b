// A text in the person's style, as it is written. Nothing of it is kept anywhere.
import { useCallback, useEffect, useRef, useState } from 'react'
import type { AppErrorView } from '../../../../shared/errors.ts'
import { useClient } from '../../../app/core.ts'
import { type Failure, failureOf } from '../../../app/failure.ts'

interface Rewriting {
  state: 'idle' | 'preparing' | 'writing' | 'done' | 'cut' | 'stopped' | 'failed'
  /** Of what is read before the first word, between 0 and 1. */
  progress: number
  text: string
  failure: Failure | AppErrorView | null
}

const IDLE: Rewriting = { state: 'idle', progress: 0, text: '', failure: null }

export function useRewrite() {
  const client = useClient()
  const [rewriting, setRewriting] = useState(IDLE)
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const stop = useCallback(() => {
    running.current?.abort()
    setRewriting((now) => ({ ...now, state: 'stopped' }))
  }, [])

  const start = useCallback(
    async (text: string) => {
      running.current?.abort()
      const controller = new AbortController()
      running.current = controller
      const { signal } = controller
      const update = (change: (now: Rewriting) => Partial<Rewriting>) => {
        if (!signal.aborted) setRewriting((now) => ({ ...now, ...change(now) }))
      }
      setRewriting({ ...IDLE, state: 'preparing' })
      try {
        for await (const event of await client.writing.rewrite({ text }, { signal })) {
          if (event.type === 'preparing') update(() => ({ progress: event.progress }))
          else if (event.type === 'text') update((now) => ({ state: 'writing', text: now.text + event.piece }))
          else if (event.type === 'failed') update(() => ({ state: 'failed', failure: event.error }))
          else update(() => ({ state: event.stop === 'end' ? 'done' : event.stop }))
        }
      } catch (error) {
        update(() => ({ state: 'failed', failure: failureOf(error) }))
      }
    },
    [client],
  )
  return { rewriting, start, stop }
}
