// Something the person does with a message: once at a time, and said in words when it fails.
import { useState } from 'react'
import { useSayFailure } from '../../app/use-say-failure.ts'

export interface Acting {
  busy: boolean
  /** @returns what the work came to, or undefined when it failed */
  act<T>(work: () => Promise<T>): Promise<T | undefined>
}

export function useAct(): Acting {
  const sayFailure = useSayFailure()
  const [busy, setBusy] = useState(false)
  async function act<T>(work: () => Promise<T>): Promise<T | undefined> {
    setBusy(true)
    try {
      return await work()
    } catch (error) {
      sayFailure(error)
      return undefined
    } finally {
      setBusy(false)
    }
  }
  return { busy, act }
}
