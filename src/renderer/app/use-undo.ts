// Takes back what one act changed.
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { BatchId } from '../../shared/ids.ts'
import { useClient } from './core.ts'
import { useSayFailure } from './use-say-failure.ts'
import { useWindow } from './window-state.ts'

/** @returns a function that takes a batch back, and says so or why not; the same function as long as the window lives */
export function useUndo(): (batch: BatchId) => void {
  const { t } = useTranslation()
  const client = useClient()
  const sayFailure = useSayFailure()
  const announce = useWindow((state) => state.announce)
  return useCallback(
    (batchId) => {
      client.memory.undo({ batchId }).then(() => announce(t('status.undone')), sayFailure)
    },
    [client, t, announce, sayFailure],
  )
}
