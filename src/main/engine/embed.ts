// Vectors of texts. Small model, context of its own, independent of the chat model.
import type { Llama, LlamaEmbeddingContext, LlamaModel, Token } from 'node-llama-cpp'
import { embeddingPrompts } from './embedder-identity.ts'
import type { Gate } from './gate.ts'
import { type ModelFile, readModelFile } from './gguf.ts'
import { explainLoadError } from './loading.ts'

/** Longest text that goes through the model in one piece, in tokens. */
const longestPiece = 2048

/** A question is embedded to recall for it; its answer is asked for milliseconds later and shall find nothing running. */
const questionFollows = 300

export interface EmbeddingModel {
  /**
   * Unit vectors (T8), in the order of the texts. A text longer than the model's context is embedded in pieces whose
   * vectors are averaged by length, so that none of it is lost. An empty text gives a vector of zeros.
   */
  embed(
    texts: readonly string[],
    as: 'query' | 'document',
    options: { gate: Gate; background: boolean; signal: AbortSignal },
  ): Promise<Float32Array[]>
  dispose(): Promise<void>
}

/**
 * @param llama the embedder's own; disposed with the model, also when loading fails
 * @throws AppError MODEL_FILE_*, MODEL_NOT_SUPPORTED, OUT_OF_MEMORY
 */
export async function loadEmbeddingModel(llama: Llama, path: string): Promise<EmbeddingModel> {
  let file: ModelFile | null = null
  let model: LlamaModel | null = null
  try {
    file = await readModelFile(path, { vocabulary: true })
    // On the processor: it takes milliseconds there and never waits for a GPU that is busy with the chat.
    model = await llama.loadModel({ modelPath: path, gpuLayers: 0 })
    const contextSize = Math.min(file.contextLength ?? longestPiece, longestPiece)
    // A batch smaller than the text would leave the vector of the last batch only (T7).
    const context = await model.createEmbeddingContext({ contextSize, batchSize: contextSize, threads: 1 })
    return embeddingModel(llama, file, model, context, contextSize)
  } catch (error) {
    await model?.dispose()
    await llama.dispose()
    throw file === null ? error : explainLoadError(error, file)
  }
}

function embeddingModel(
  llama: Llama,
  file: ModelFile,
  model: LlamaModel,
  context: LlamaEmbeddingContext,
  contextSize: number,
): EmbeddingModel {
  const prompts = embeddingPrompts(file)
  // The library adds the model's own marks around a text.
  const room = contextSize - context.calculateInputLength('a') - 2

  let running: Promise<unknown> = Promise.resolve()

  const embedText = async (text: string, step: <T>(work: () => Promise<T>) => Promise<T>): Promise<Float32Array> => {
    const sum = new Float64Array(model.embeddingVectorSize)
    for (const piece of pieces(model.tokenize(text), room)) {
      const { vector } = await step(() => context.getEmbeddingFor(piece))
      const unit = normalise(Float64Array.from(vector))
      for (let index = 0; index < sum.length; index++)
        sum[index] = (sum[index] ?? 0) + (unit[index] ?? 0) * piece.length
    }
    return Float32Array.from(normalise(sum))
  }

  return {
    async embed(texts, as, { gate, background, signal }) {
      const step = <T>(work: () => Promise<T>) => (background ? gate.background(work, signal) : work())
      const vectors: Float32Array[] = []
      const all = async () => {
        for (const text of texts) {
          signal.throwIfAborted()
          vectors.push(await embedText(prompts[as] + text, step))
        }
      }
      const work = background
        ? all()
        : gate.foreground(all, { beside: true, linger: as === 'query' ? questionFollows : 0 })
      running = Promise.allSettled([running, work])
      await work
      return vectors
    },
    async dispose() {
      // Nothing may be freed under a text that is being embedded.
      await running
      await context.dispose()
      await model.dispose()
      await llama.dispose()
    },
  }
}

function pieces(tokens: Token[], room: number): Token[][] {
  const list: Token[][] = []
  for (let at = 0; at < tokens.length; at += room) list.push(tokens.slice(at, at + room))
  return list
}

/** In place, to length 1; zeros stay zeros. */
function normalise(vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return length === 0 ? vector : vector.map((value) => value / length)
}
