// Says what was done, with the way back.
import { useTranslation } from 'react-i18next'
import type { BatchId } from '../../shared/ids.ts'
import { useUndo } from './use-undo.ts'
import { useWindow } from './window-state.ts'

/** @returns a function that says what a batch did and offers to take it back */
export function useSayDone(): (text: string, batch: BatchId) => void {
  const { t } = useTranslation()
  const notify = useWindow((state) => state.notify)
  const undo = useUndo()
  return (text, batchId) => notify({ text, action: { label: t('action.undo'), run: () => undo(batchId) } })
}
