// Something the person asked for: tried once at a time, and where it failed the place it was asked in says why.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { failureOf, failureWords } from './failure.ts'
import { focusWhenThere, isFocusLost } from './focus.ts'

export interface Attempting {
  busy: boolean
  /** What went wrong, in words; null: nothing, or it is being tried anew. */
  problem: string | null
  /** @returns whether it was done */
  attempt(work: () => Promise<unknown>): Promise<boolean>
  /** Says what is wrong before anything was tried; null: nothing any more. */
  say(problem: string | null): void
}

export function useAttempt(): Attempting {
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const attempt = async (work: () => Promise<unknown>) => {
    const asked = document.activeElement
    setBusy(true)
    setProblem(null)
    try {
      await work()
      return true
    } catch (error) {
      setProblem(failureWords(t, failureOf(error)))
      return false
    } finally {
      setBusy(false)
      // A button that is out of use meanwhile loses the focus.
      if (asked instanceof HTMLElement && asked !== document.body)
        focusWhenThere(() => (isFocusLost() && asked.isConnected && !asked.matches(':disabled') ? asked : null))
    }
  }
  return { busy, problem, attempt, say: setProblem }
}
