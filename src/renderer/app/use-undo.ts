// Takes back what one act changed.
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { BatchId } from '../../shared/ids.ts'
import { useClient } from './core.ts'
import { useSayFailure } from './use-say-failure.ts'
import { useWindow } from './window-state.ts'

/** @returns takes back what one act changed, in one batch or several, and says so or why not; the same function as long as the window lives */
export function useUndo(): (batches: BatchId | readonly BatchId[]) => void {
  const { t } = useTranslation()
  const client = useClient()
  const sayFailure = useSayFailure()
  const announce = useWindow((state) => state.announce)
  return useCallback(
    (batches) => {
      const undo = async () => {
        // The last one first: each stands on those before it.
        for (const batchId of [batches].flat().toReversed()) await client.memory.undo({ batchId })
      }
      undo().then(() => announce(t('status.undone')), sayFailure)
    },
    [client, t, announce, sayFailure],
  )
}
