// Codes of errors that cross the contract. The window turns a code into words: what happened, what was kept, what to do.
import { z } from 'zod'

export const errorCode = z.enum([
  'NOT_FOUND',
  'CONFLICT',
  'INVALID_INPUT',
  'BUSY',
  'NO_MODEL',
  'MODEL_FILE_MISSING',
  'MODEL_FILE_DAMAGED',
  'MODEL_NOT_SUPPORTED',
  'OUT_OF_MEMORY',
  'ENGINE_STOPPED',
  'MESSAGE_TOO_LONG',
  'CONTEXT_FULL',
  'DATABASE_STOPPED',
  'DISK_FULL',
  'DOWNLOAD_FAILED',
  'CHECKSUM_MISMATCH',
  'NOT_ALLOWED',
  'INTERNAL',
])
export type ErrorCode = z.infer<typeof errorCode>

/** An error a person may see. `message` is plain English and holds no private text; `field` names bad input. */
export class AppError extends Error {
  override readonly name = 'AppError'
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: { field?: string; cause?: unknown; [key: string]: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
  }
}

export const appErrorView = z.strictObject({ code: errorCode, message: z.string() })
export type AppErrorView = z.infer<typeof appErrorView>
