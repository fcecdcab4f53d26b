// Loads a chat model with its two contexts: one a person waits for, one for work in the background.
import { basename } from 'node:path'
import {
  InsufficientMemoryError,
  type Llama,
  LlamaChat,
  type LlamaContext,
  type LlamaContextSequence,
  type LlamaModel,
  resolveChatWrapper,
} from 'node-llama-cpp'
import { AppError } from '../../shared/errors.ts'
import { fileSha256 } from './checksums.ts'
import { type ModelFile, readModelFile } from './gguf.ts'
import type { EngineSettings } from './messages.ts'

const leastContext = 1024

/** A sequence with the chat format that writes into it. */
export interface Conversation {
  sequence: LlamaContextSequence
  chat: LlamaChat
}

export interface LoadedModel {
  model: LlamaModel
  file: ModelFile
  sha256: string
  /** Foreground. */
  chat: Conversation
  /** Background; thinking is switched off, a grammar covers the whole answer. */
  background: Conversation
  contextSize: number
  dispose(): Promise<void>
}

/**
 * Checks the file, so that nothing the native code cannot stand reaches it.
 * @param expected checksum and length where they are known
 * @throws AppError MODEL_FILE_MISSING, MODEL_FILE_DAMAGED, MODEL_NOT_SUPPORTED
 */
export async function checkModelFile(
  path: string,
  expected: { sha256: string | null; bytes: number | null; verified: string | null },
  checksumFile: string | null,
  signal: AbortSignal,
): Promise<{ file: ModelFile; sha256: string }> {
  const file = await readModelFile(path, { vocabulary: true })
  const wrong = (what: string) =>
    new AppError(
      'MODEL_FILE_DAMAGED',
      `The model file ${basename(path)} ${what}. Delete it and download it again, or choose another file.`,
    )
  if (expected.bytes !== null && file.bytes !== expected.bytes) {
    throw wrong(`has ${file.bytes} bytes where ${expected.bytes} belong`)
  }
  const sha256 = expected.verified ?? (await fileSha256(path, checksumFile, signal))
  if (expected.sha256 !== null && sha256 !== expected.sha256.toLowerCase()) {
    throw wrong('is not what its maker published: the checksum differs')
  }
  return { file, sha256 }
}

/**
 * @param checked from `checkModelFile`
 * @throws AppError MODEL_NOT_SUPPORTED, OUT_OF_MEMORY; nothing stays in memory then
 */
export async function loadModel(
  llama: Llama,
  checked: { file: ModelFile; sha256: string },
  options: Pick<EngineSettings, 'chatContext' | 'backgroundContext'> & {
    threads: number
    /** Null: as many as fit beside the context. */
    gpuLayers: number | null
    signal: AbortSignal
  },
  onProgress: (share: number) => void,
): Promise<LoadedModel> {
  const { file, sha256 } = checked
  if (file.embedding) {
    throw new AppError(
      'MODEL_NOT_SUPPORTED',
      `${file.name} makes vectors of text and cannot chat. Choose a chat model.`,
    )
  }
  // Child first when it is taken down; kept in one place so that nothing is left to the garbage collector (T15).
  const parts: { dispose(): Promise<void> }[] = []
  const dispose = async () => {
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) await part.dispose()
  }
  try {
    const model = await llama.loadModel({
      modelPath: file.path,
      loadSignal: options.signal,
      onLoadProgress: onProgress,
      gpuLayers: options.gpuLayers ?? { fitContext: { contextSize: options.chatContext } },
    })
    parts.push(model)
    const trained = file.contextLength ?? options.chatContext
    const createContext = async (most: number, batchSize: number): Promise<LlamaContext> => {
      const context = await model.createContext({
        // Shrinks where memory is short, but not to a size in which nothing fits.
        contextSize: { min: Math.min(leastContext, most, trained), max: Math.min(most, trained) },
        batchSize,
        threads: options.threads,
        createSignal: options.signal,
      })
      parts.push(context)
      return context
    }
    // Pieces of a prompt are 128 tokens at most, and each batch holds one piece.
    const chatContext = await createContext(options.chatContext, 128)
    const backgroundContext = await createContext(options.backgroundContext, 128)
    const chatSequence = chatContext.getSequence()
    const backgroundSequence = backgroundContext.getSequence()
    const quiet = resolveChatWrapper(model, {
      customWrapperSettings: {
        qwen: { thoughts: 'discourage' },
        gemma4: { reasoning: false },
        jinjaTemplate: { reasoning: false },
      },
    })
    return {
      model,
      file,
      sha256,
      chat: { sequence: chatSequence, chat: new LlamaChat({ contextSequence: chatSequence }) },
      background: {
        sequence: backgroundSequence,
        chat: new LlamaChat({ contextSequence: backgroundSequence, chatWrapper: quiet }),
      },
      contextSize: chatSequence.contextSize,
      dispose,
    }
  } catch (error) {
    await dispose()
    throw explainLoadError(error, file)
  }
}

/** Turns what the library throws while it loads into what a person can act on. */
export function explainLoadError(cause: unknown, file: ModelFile): unknown {
  if (cause instanceof AppError || (cause instanceof Error && cause.name === 'AbortError')) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  if (cause instanceof InsufficientMemoryError || /memory|alloc|too large/i.test(message)) {
    return new AppError(
      'OUT_OF_MEMORY',
      `There is not enough free memory to load ${file.name}. Close other programs or choose a smaller model.`,
      { cause },
    )
  }
  return new AppError(
    'MODEL_NOT_SUPPORTED',
    `${file.name} (${file.architecture}) cannot be loaded by this version of the engine. Choose another model.`,
    { cause },
  )
}
