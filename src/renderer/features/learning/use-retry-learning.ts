import { useClient } from '../../app/core.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'

/** @returns a function that queues again every turn that could not be learned from */
export function useRetryLearning(): () => void {
  const client = useClient()
  const sayFailure = useSayFailure()
  return () => {
    client.learning.retryFailed({}).catch(sayFailure)
  }
}
