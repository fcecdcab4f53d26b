/** Time in which forgetting can be undone, in milliseconds. */
export const UNDO_MS = 30_000
