// Ends an import that was not taken over: nothing of it stays.
import { useQueryClient } from '@tanstack/react-query'
import type { ImportId } from '../../../shared/ids.ts'
import { keys, useClient } from '../../app/core.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { arrivals } from './arrivals.ts'

export function useDropImport(): (id: ImportId) => void {
  const client = useClient()
  const cache = useQueryClient()
  const sayFailure = useSayFailure()
  return (id) => {
    arrivals.getState().set({ arrival: null })
    client.imports
      .cancel({ id })
      .then(() => cache.invalidateQueries({ queryKey: keys.imports }))
      .catch(sayFailure)
  }
}
