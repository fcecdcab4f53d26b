// Which of a turn's changes the chip shows, and how they can be taken back.
import type { BatchId } from '../../../shared/ids.ts'
import type { ChangeAction, LearnedChange } from '../../../shared/memory.ts'

/** Changes a person would call "remembered"; the others only strengthen or tidy what is known. */
const SHOWN: ReadonlySet<ChangeAction> = new Set<ChangeAction>([
  'add',
  'update',
  'supersede',
  'merge',
  'retire',
  'restore',
])

/** More lines than this start folded. */
export const FOLD_ABOVE = 3

export interface LearnedView {
  lines: LearnedChange[]
  /** Batches that can still be taken back, each once. */
  batches: BatchId[]
  folded: boolean
}

export function viewLearned(changes: LearnedChange[]): LearnedView {
  const lines = changes.filter((change) => SHOWN.has(change.action))
  const open = lines.filter((line) => !line.undone && line.text !== null)
  return { lines, batches: [...new Set(open.map((line) => line.batchId))], folded: lines.length > FOLD_ABOVE }
}
