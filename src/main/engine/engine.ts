// What the rest of the core knows of the engine. The process behind it may crash and come back; callers see
// AppError codes and may simply call again.
import type { EngineState } from '../../shared/engine.ts'

/** One message of a prompt. The texts are final: recalled blocks are already inside. */
export interface PromptMessage {
  role: 'system' | 'user' | 'assistant'
  text: string
}

export interface ChatRequest {
  /**
   * Whole conversation, oldest first. The last one is the person's, or the beginning of an answer (not empty), which is
   * then written on instead of answered; the result's text is what was added.
   */
  messages: PromptMessage[]
  maxTokens: number
  temperature?: number
  /**
   * The answer is JSON of this shape: a decision a person waits for, read in the context of the conversation, so that
   * nothing is read twice. Temperature 0, no thoughts. The text is checked by whoever parses it: it may be cut.
   */
  schema?: GrammarSchema
  signal: AbortSignal
  onPhase?: (phase: { phase: 'loading' | 'reading'; progress: number } | { phase: 'thinking' | 'writing' }) => void
  onText: (piece: string) => void
  /** What a reasoning model thinks before it writes; no part of the answer. */
  onThoughts?: (piece: string) => void
}

export interface ChatResult {
  text: string
  /** What the model thought before it wrote; empty for models that do not. */
  thoughts?: string
  /** `cut`: maxTokens reached, or `repeated`. `stopped`: the signal, with what was written so far. */
  stop: 'end' | 'cut' | 'stopped'
  /** The answer was cut because the model wrote the same over and over. */
  repeated?: boolean
  promptTokens: number
  /** Prompt tokens that were in the prefix cache and not read again. */
  cachedTokens: number
  /** Of the answer and the thoughts before it. */
  answerTokens: number
  /** Oldest messages that were left out because the conversation outgrew the context. */
  leftOutMessages: number
  timeToFirstTokenMs: number | null
  tokensPerSecond: number | null
}

/** The JSON schema subset llama.cpp's grammar honours; pattern, minimum, anyOf are ignored there, so absent here. */
export type GrammarSchema =
  | { type: 'object'; properties: Record<string, GrammarSchema> }
  | { type: 'array'; items: GrammarSchema; minItems?: number; maxItems?: number }
  | { type: 'array'; prefixItems: GrammarSchema[]; minItems: number; maxItems: number; items?: GrammarSchema }
  | { type: 'string'; minLength?: number; maxLength: number }
  | { type: 'integer' | 'number' | 'boolean' | 'null' }
  | { const: string | number | boolean | null }
  | { enum: (string | number)[] }
  | { oneOf: GrammarSchema[] }

export interface JsonRequest {
  messages: PromptMessage[]
  schema: GrammarSchema
  maxTokens: number
  signal?: AbortSignal
}

/** How a model shall run; null is chosen by the machine and the model. */
export interface LoadOptions {
  /** Tokens of the context at most. */
  contextSize: number | null
  threads: number | null
  /** Layers computed on the GPU. */
  gpuLayers: number | null
}

/** How a model shall answer; null is the app's own default. */
export interface AnswerOptions {
  temperature: number | null
  /** Longest answer in tokens. */
  answerTokens: number | null
}

/** Tokens per second. */
export interface MeasuredSpeed {
  reading: number
  writing: number
}

export interface LanguageModel {
  /** Longest answer the person wants of the loaded model, in tokens; null or absent: the chat's own limit. */
  readonly answerTokens?: number | null
  /** Name and file sha of the loaded model, or null. Kept with what it extracted. */
  readonly modelName: string | null
  /** Context window in tokens of the chat context; null while nothing is loaded. */
  readonly contextSize: number | null
  /**
   * Streams an answer. A request that comes while another runs waits for it.
   * @throws AppError NO_MODEL, MODEL_FILE_*, OUT_OF_MEMORY, ENGINE_STOPPED, MESSAGE_TOO_LONG (the last message alone does
   * not fit; older ones are left out and counted)
   */
  chat(request: ChatRequest): Promise<ChatResult>
  /**
   * Background completion under a JSON grammar, temperature 0, in a context of its own that pauses while a person waits.
   * @returns the parsed value; its shape is checked against the schema again
   * @throws AppError as `chat`, but CONTEXT_FULL for a prompt that does not fit; Error named 'GrammarBroken' when the output is cut or not what the grammar promised
   */
  json(request: JsonRequest): Promise<unknown>
  /** Tokens of each text under the loaded model's tokenizer; an estimate (UTF-8 bytes / 3, rounded up) while none is loaded. */
  countTokens(texts: string[]): Promise<number[]>
  /** This machine's measured prompt reading speed with the loaded model, tokens per second; null until measured. */
  readonly prefillSpeed: number | null
}

export interface Embedder {
  /** Names model, file sha, dimensions and prompt version; stored with each vector. */
  readonly model: string
  readonly dimensions: number
  /** Unit vectors, in the order of the texts. Works without a chat model. */
  embed(
    texts: string[],
    as: 'query' | 'document',
    options?: { background?: boolean; signal?: AbortSignal },
  ): Promise<Float32Array[]>
  /** The embedder as it is now, where it may be changed while the app runs: for steps that name its model and embed later. */
  fixed?(): Embedder
}

/** @returns an embedder whose model stays the same, for steps that name its model and embed later */
export function fixedEmbedder(embedder: Embedder): Embedder {
  return embedder.fixed?.() ?? embedder
}

export interface EngineUsage {
  /** Bytes in memory, the mapped model file with them. */
  memoryBytes: number
  gpu: string | null
}

export interface Engine extends LanguageModel {
  /** The embedder in use; stands for another model after `useEmbedder`. */
  readonly embedder: Embedder
  /** An embedder beside the one in use. Its model is loaded when it is first needed. */
  openEmbedder(file: string): Embedder
  /** Makes this file the embedder in use, from the next call on. */
  useEmbedder(file: string): void
  /** Takes an embedder's model out of memory; it is loaded again when it is needed. */
  releaseEmbedder(file: string): Promise<void>
  readonly state: EngineState
  onState(listener: (state: EngineState) => void): () => void
  /** Checks the file (magic, length, sha when known) and loads it for chat; resolves when it is ready. */
  load(file: {
    path: string
    name: string
    sha256?: string | null
    bytes?: number | null
    options?: LoadOptions
    /** What to do instead when it cannot be loaded, a sentence; said after what went wrong. */
    advice?: string | null
  }): Promise<void>
  unload(): Promise<void>
  /** How the loaded model answers from now on. */
  setAnswerOptions(options: AnswerOptions): void
  /** Takes the model out of memory after so many milliseconds without work; null: never. The next call loads it again. */
  setIdleLimit(milliseconds: number | null): void
  /**
   * Reads some hundred tokens and writes some dozen with the loaded model, in the background.
   * @throws AppError NO_MODEL, ENGINE_STOPPED
   */
  measure(): Promise<MeasuredSpeed>
  /** Tokens per second of the last answer of the loaded model; null before the first. */
  readonly writingSpeed: number | null
  /** What the engine's process and GPU hold; null while no process runs. */
  usage(): Promise<EngineUsage | null>
  /** Drops what the model read last: nothing of a prompt stays in its memory, and the next one is read from the start. */
  forgetPrompts(): Promise<void>
  /** Starts the process again after it failed for good. */
  restart(): Promise<void>
  close(): Promise<void>
}
