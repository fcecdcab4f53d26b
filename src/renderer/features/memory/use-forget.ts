// Asks what to forget. The dialog shows what that takes; nothing is gone before it was seen.
import type { ForgetMode, ForgetSelection } from '../../../shared/contract/memory.ts'
import { useWindow } from '../../app/window-state.ts'

/** @returns a function that opens the dialog; with a mode how far it goes is settled, else the person chooses */
export function useForget(): (selection: ForgetSelection, mode?: ForgetMode) => void {
  const set = useWindow((state) => state.set)
  return (selection, mode) => set({ forgetting: { selection, mode: mode ?? null } })
}
