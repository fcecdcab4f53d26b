// Changes how stores learn; the window shows the new state at once, or why it stayed.
import { useQueryClient } from '@tanstack/react-query'
import type { AppState } from '../../../shared/contract/app.ts'
import type { Client } from '../../../shared/contract/index.ts'
import type { LearningState } from '../../../shared/contract/learning.ts'
import { keys, useClient } from '../../app/core.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'

export function useChangeLearning(): (set: (learning: Client['learning']) => Promise<LearningState>) => Promise<void> {
  const client = useClient()
  const cache = useQueryClient()
  const sayFailure = useSayFailure()
  return async (set) => {
    try {
      const learning = await set(client.learning)
      cache.setQueryData<AppState>(keys.app, (state) => state && { ...state, learning })
    } catch (error) {
      sayFailure(error)
    }
  }
}
