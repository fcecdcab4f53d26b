// Asks what to forget. The dialog shows what that takes; nothing is gone before it was seen.
import type { ForgetSelection } from '../../../shared/contract/memory.ts'
import { useWindow } from '../../app/window-state.ts'

/** @returns a function that opens the dialog */
export function useForget(): (selection: ForgetSelection) => void {
  const set = useWindow((state) => state.set)
  return (selection) => set({ forgetting: selection })
}
