// Says what was done, with the way back.
import { useTranslation } from 'react-i18next'
import type { BatchId } from '../../shared/ids.ts'
import { useUndo } from './use-undo.ts'
import { useWindow } from './window-state.ts'

/** @returns a function that says what an act did, in one batch or several, and offers to take it back */
export function useSayDone(): (text: string, batches: BatchId | readonly BatchId[]) => void {
  const { t } = useTranslation()
  const notify = useWindow((state) => state.notify)
  const undo = useUndo()
  return (text, batches) => notify({ text, action: { label: t('action.undo'), run: () => undo(batches) } })
}
