// The person's writing style: texts of theirs as samples, and a text rewritten in it.
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { appErrorView } from '../errors.ts'
import { batchId } from '../ids.ts'
import { base, words } from './base.ts'

/** Most characters of a sample or a text to rewrite. */
export const WRITING_MAX = 10_000

const text = words().trim().min(1, 'The text is empty.').max(WRITING_MAX, 'The text is too long.')

const rewriteEvent = z.discriminatedUnion('type', [
  /** The model is loaded, or reads; `progress` between 0 and 1. */
  z.strictObject({ type: z.literal('preparing'), progress: z.number() }),
  z.strictObject({ type: z.literal('text'), piece: z.string() }),
  z.strictObject({ type: z.literal('end'), stop: z.enum(['end', 'cut', 'stopped']) }),
  z.strictObject({ type: z.literal('failed'), error: appErrorView }),
])
export type RewriteEvent = z.infer<typeof rewriteEvent>

export const writing = {
  /** `traits`: how many were found or counted again. `cut`: it was longer than is kept; all of it was looked at. */
  addSample: base
    .input(z.strictObject({ text }))
    .output(z.strictObject({ batchId, traits: z.int(), cut: z.boolean() })),

  /** Nothing of it is kept. */
  rewrite: base.input(z.strictObject({ text })).output(eventIterator(rewriteEvent)),
}
