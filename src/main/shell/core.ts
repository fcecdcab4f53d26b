// What a shell needs of the core: the contract's handlers, who calls, and a way to stop.
import type { Router } from '@orpc/server'
import type { Contract } from '../../shared/contract/index.ts'
import type { Caller } from '../procedures.ts'

export interface RunningCore {
  readonly router: Router<Contract, Caller>
  caller(): Caller
  /** Whether an answer is being written now. */
  answering(): boolean
  close(): Promise<void>
}

/** Longest an orderly stop may take before the shell ends anyway; what was acknowledged is on disk already. */
export const CLOSE_LIMIT_MS = 10_000

/** Waits for `work` at most `limit` milliseconds. @returns false when the time ran out */
export async function within(limit: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limit)
  })
  try {
    return await Promise.race([work.then(() => true as const), late])
  } finally {
    clearTimeout(timer)
  }
}
