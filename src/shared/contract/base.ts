// The base every procedure is built from: the typed error all of them may answer with.
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { errorCode } from '../errors.ts'

export const base = oc.errors({
  /** Every expected failure. `data.code` says which, the message says it in words. */
  APP: { data: z.strictObject({ code: errorCode, field: z.string().nullable() }) },
})

export const nothing = z.strictObject({})
/** Text a person wrote. NUL is no text and no database takes it; everything else stays as it is. */
export const words = () => z.string().overwrite((text) => text.replaceAll('\u0000', ''))

/** Most characters a person may send as one message; longer text is refused with the field's name. */
export const MESSAGE_MAX = 200_000
/** Most characters of one memory. */
export const MEMORY_MAX = 2_000
