// What the core and the engine's process say to each other. Calls carry a number; answers and events name it.
import { z } from 'zod'
import { appErrorView } from '../../shared/errors.ts'
import type { GrammarSchema, LoadOptions, PromptMessage } from './engine.ts'

/** How the process shall run; sent once, first. */
export interface EngineSettings {
  /** Threads for one evaluation; null: chosen by this machine's cores. */
  threads: number | null
  /** `auto`: the best GPU there is; `false`: processor only. */
  gpu: 'auto' | false
  /** GPU kinds a process died with; not tried again. */
  excludedGpus: string[]
  /** Keeps which files were found whole by checksum; null: nowhere. */
  checksumFile: string | null
  /** Upper limits in tokens; the real sizes depend on the model and on memory. */
  chatContext: number
  backgroundContext: number
}

export interface Calls {
  start: { settings: EngineSettings }
  /** `verified`: the checksum, when this very file was found whole before and need not be read again. */
  load: {
    path: string
    sha256: string | null
    bytes: number | null
    verified: string | null
    options: LoadOptions | null
  }
  unload: object
  forget: object
  chat: { messages: PromptMessage[]; maxTokens: number; temperature: number | null; schema: GrammarSchema | null }
  json: { messages: PromptMessage[]; schema: GrammarSchema; maxTokens: number }
  count: { texts: string[] }
  measure: object
  usage: object
  /** `file`: GGUF of the embedding model. */
  embed: { file: string; texts: string[]; as: 'query' | 'document'; background: boolean }
  releaseEmbedder: { file: string }
}

export type CallName = keyof Calls
export type Call = { [Name in CallName]: { type: Name; id: number } & Calls[Name] }[CallName]
/** Core to process. `cancel` ends the call of that number; its answer still comes. `close`: free everything and exit. */
export type ToProcess = Call | { type: 'cancel'; id: number } | { type: 'close' }

const token = z.int().min(0)

export const loadResult = z.object({ sha256: z.string(), contextSize: token, gpu: z.string().nullable() })

export const chatResult = z.object({
  text: z.string(),
  thoughts: z.string(),
  stop: z.enum(['end', 'cut', 'stopped']),
  repeated: z.boolean(),
  promptTokens: token,
  cachedTokens: token,
  answerTokens: token,
  leftOutMessages: token,
  timeToFirstTokenMs: z.number().nullable(),
  tokensPerSecond: z.number().nullable(),
})

export const results = {
  start: z.null(),
  load: loadResult,
  unload: z.null(),
  forget: z.null(),
  chat: chatResult,
  json: z.object({ value: z.unknown() }),
  count: z.array(token),
  measure: z.object({ reading: z.number(), writing: z.number() }),
  usage: z.object({ memoryBytes: z.number(), gpu: z.string().nullable() }),
  embed: z.array(z.custom<Float32Array>((value) => value instanceof Float32Array)),
  releaseEmbedder: z.null(),
} satisfies Record<CallName, z.ZodType>
export type Results = { [Name in CallName]: z.infer<(typeof results)[Name]> }

const call = z.int()

/** Process to core. */
export const fromProcess = z.discriminatedUnion('type', [
  z.object({ type: z.literal('done'), id: call, result: z.unknown() }),
  z.object({
    type: z.literal('failed'),
    id: call,
    error: z.discriminatedUnion('name', [
      appErrorView.extend({ name: z.literal('AppError') }),
      z.object({ name: z.enum(['GrammarBroken', 'AbortError']), message: z.string() }),
    ]),
  }),
  /** Loading a model: 0 to 1. */
  z.object({ type: z.literal('loading'), id: call, progress: z.number() }),
  z.object({ type: z.literal('reading'), id: call, progress: z.number() }),
  z.object({ type: z.literal('phase'), id: call, phase: z.enum(['thinking', 'writing']) }),
  z.object({ type: z.literal('text'), id: call, text: z.string() }),
  z.object({ type: z.literal('thought'), id: call, text: z.string() }),
  /** Measured speed of reading a prompt with the loaded model, tokens per second. */
  z.object({ type: z.literal('speed'), prefill: z.number() }),
  z.object({ type: z.literal('gpu'), gpu: z.string().nullable() }),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warn', 'error']), message: z.string() }),
])
export type FromProcess = z.infer<typeof fromProcess>
