import { useTranslation } from 'react-i18next'
import { useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { useWindow } from '../../app/window-state.ts'

/** @returns a function that queues again every turn that could not be learned from */
export function useRetryLearning(): () => void {
  const { t } = useTranslation()
  const client = useClient()
  const notify = useWindow((state) => state.notify)
  return () => {
    client.learning
      .retryFailed({})
      .catch((error: unknown) => notify({ text: failureWords(t, failureOf(error)), action: null }))
  }
}
