// What the window may know of the engine: one union, so that no state is guessed.
import { z } from 'zod'
import { appErrorView } from './errors.ts'

export const engineState = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('none') }),
  z.strictObject({ state: z.literal('loading'), model: z.string(), progress: z.number().min(0).max(1) }),
  z.strictObject({ state: z.literal('ready'), model: z.string() }),
  z.strictObject({ state: z.literal('answering'), model: z.string() }),
  z.strictObject({ state: z.literal('learning'), model: z.string() }),
  /** Taken out of memory after a while without work; the next message loads it again. */
  z.strictObject({ state: z.literal('unloaded'), model: z.string() }),
  z.strictObject({ state: z.literal('restarting'), model: z.string().nullable(), attempt: z.int() }),
  z.strictObject({ state: z.literal('failed'), model: z.string().nullable(), error: appErrorView }),
])
export type EngineState = z.infer<typeof engineState>
