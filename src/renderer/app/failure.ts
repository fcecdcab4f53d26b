// Turns what a call threw into words: what happened, what was kept, what to do.
import { ORPCError } from '@orpc/client'
import type { TFunction } from 'i18next'
import { type AppErrorView, type ErrorCode, errorCode } from '../../shared/errors.ts'

/** `OFFLINE`: the call did not reach the core or its answer was lost. */
export interface Failure {
  code: ErrorCode | 'OFFLINE'
  /** The core's own words, in plain English. */
  message: string | null
  /** The part of the input that was refused; null when it is none of them. */
  field: string | null
}

export function failureOf(error: unknown): Failure {
  if (error instanceof ORPCError) {
    const data: unknown = error.data
    const code = errorCode.safeParse(typeof data === 'object' && data !== null && 'code' in data ? data.code : null)
    const field = typeof data === 'object' && data !== null && 'field' in data ? data.field : null
    return {
      code: code.success ? code.data : 'INTERNAL',
      message: code.success ? error.message : null,
      field: typeof field === 'string' ? field : null,
    }
  }
  return { code: 'OFFLINE', message: null, field: null }
}

/** Codes whose story only the core can tell: which file, how long, which address. */
const TOLD_BY_CORE: ReadonlySet<string> = new Set<ErrorCode>([
  'INVALID_INPUT',
  'CONFLICT',
  'BUSY',
  'NOT_FOUND',
  'NOT_ALLOWED',
  'MESSAGE_TOO_LONG',
  'DOWNLOAD_FAILED',
  'CHECKSUM_MISMATCH',
  'MODEL_FILE_MISSING',
  'MODEL_FILE_DAMAGED',
  'MODEL_NOT_SUPPORTED',
  'OUT_OF_MEMORY',
])

/** A sentence or two for people. */
export function failureWords(t: TFunction, failure: Failure | AppErrorView): string {
  if (failure.message && TOLD_BY_CORE.has(failure.code)) return failure.message
  return t(`failure.${failure.code}`)
}
