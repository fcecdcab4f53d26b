// Says why something the person wanted did not happen.
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { failureOf, failureWords } from './failure.ts'
import { useWindow } from './window-state.ts'

/** @returns a function that puts an error of the core into words, in a notice; the same function as long as the window lives */
export function useSayFailure(): (error: unknown) => void {
  const { t } = useTranslation()
  const notify = useWindow((state) => state.notify)
  return useCallback((error) => notify({ text: failureWords(t, failureOf(error)), action: null }), [t, notify])
}
