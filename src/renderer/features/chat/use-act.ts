// Something the person does with a message: once at a time, and said in words when it fails.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { failureOf, failureWords } from '../../app/failure.ts'
import { useWindow } from '../../app/window-state.ts'

export interface Acting {
  busy: boolean
  /** @returns what the work came to, or undefined when it failed */
  act<T>(work: () => Promise<T>): Promise<T | undefined>
}

export function useAct(): Acting {
  const { t } = useTranslation()
  const notify = useWindow((state) => state.notify)
  const [busy, setBusy] = useState(false)
  async function act<T>(work: () => Promise<T>): Promise<T | undefined> {
    setBusy(true)
    try {
      return await work()
    } catch (error) {
      notify({ text: failureWords(t, failureOf(error)), action: null })
      return undefined
    } finally {
      setBusy(false)
    }
  }
  return { busy, act }
}
