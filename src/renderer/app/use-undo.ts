// Takes back what one act changed.
import { useTranslation } from 'react-i18next'
import type { BatchId } from '../../shared/ids.ts'
import { useClient } from './core.ts'
import { failureOf, failureWords } from './failure.ts'
import { useWindow } from './window-state.ts'

/** @returns a function that takes a batch back, and says so or why not */
export function useUndo(): (batch: BatchId) => void {
  const { t } = useTranslation()
  const client = useClient()
  const notify = useWindow((state) => state.notify)
  const announce = useWindow((state) => state.announce)
  return (batchId) => {
    client.memory.undo({ batchId }).then(
      () => announce(t('status.undone')),
      (error: unknown) => notify({ text: failureWords(t, failureOf(error)), action: null }),
    )
  }
}
