// Background completions under a JSON grammar. They compute in steps of one token or one piece of the prompt, each of
// which waits while a person waits; nothing is lost meanwhile, the sequence keeps what was read and written.
import type { Llama, LlamaContextSequence, LlamaGrammar, SequenceEvaluateOptions, Token } from 'node-llama-cpp'
import { AppError } from '../../shared/errors.ts'
import type { GrammarSchema, PromptMessage } from './engine.ts'
import type { Gate } from './gate.ts'
import { promptTokens, sharedTokens, toHistory } from './history.ts'
import type { LoadedModel } from './loading.ts'
import { pieceSeconds, type ReadingSpeed, readPrompt } from './prefill.ts'
import { fitsSchema } from './schema.ts'

/** The model did not keep to the form: the answer was cut, or is not what the grammar promised. */
export class GrammarBroken extends Error {
  override readonly name = 'GrammarBroken'
}

/** Type-checked by GrammarSchema, which leaves out what llama.cpp ignores without a word (T14). */
export function grammarFor(llama: Llama, schema: GrammarSchema): Promise<LlamaGrammar> {
  return llama.createGrammarForJsonSchema(schema as Parameters<typeof llama.createGrammarForJsonSchema>[0])
}

/** Lets background work wait between its tokens. Done once for the sequence of a loaded model. */
export function gateSequence(sequence: LlamaContextSequence, gate: Gate, unloading: AbortSignal): void {
  // The library asks its sequence for one token after the other. Waiting between two of them is the one way to halt
  // writing without ending it: its own priorities do not pause (T2, T3), and ending it would lose the grammar's state.
  const evaluate = sequence.evaluate.bind(sequence)
  sequence.evaluate = async function* (tokens: Token[], options?: SequenceEvaluateOptions) {
    const iterator = evaluate(tokens, options)
    try {
      let replacement: undefined | Token | Token[]
      for (;;) {
        const next = await gate.background(() => iterator.next(replacement), unloading)
        if (next.done === true) return
        replacement = (yield next.value) ?? undefined
      }
    } finally {
      await iterator.return()
    }
  }
}

/**
 * Calls must not overlap. What was read of the fixed beginning of a prompt stays for the next call.
 * @returns the parsed value, of the schema's shape
 * @throws AppError CONTEXT_FULL; GrammarBroken; the signal's reason
 */
export async function completeJson(
  llama: Llama,
  loaded: LoadedModel,
  request: { messages: PromptMessage[]; schema: GrammarSchema; maxTokens: number },
  parts: { gate: Gate; speed: ReadingSpeed; signal: AbortSignal },
): Promise<unknown> {
  const { sequence, chat } = loaded.background
  const { gate, signal } = parts
  const prompt = promptTokens(chat, request.messages)
  if (prompt.length + request.maxTokens >= sequence.contextSize) {
    throw new AppError(
      'CONTEXT_FULL',
      `A background task of ${prompt.length} tokens with an answer of ${request.maxTokens} does not fit the context of ${sequence.contextSize}.`,
    )
  }
  const grammar = await grammarFor(llama, request.schema)
  await readPrompt({
    sequence,
    target: prompt.slice(0, -1),
    checkpoint: sequence.needsCheckpoints
      ? sharedTokens(promptTokens(chat, [...request.messages.slice(0, -1), { role: 'user', text: '' }]), prompt)
      : 0,
    speed: parts.speed,
    seconds: pieceSeconds.background,
    step: (work) => gate.background(work, signal),
    signal,
  })
  const { response, metadata } = await chat.generateResponse(toHistory(request.messages), {
    signal,
    grammar,
    maxTokens: request.maxTokens,
    temperature: 0,
    repeatPenalty: false,
  })
  if (metadata.stopReason === 'maxTokens') throw new GrammarBroken(`cut after ${request.maxTokens} tokens`)
  let value: unknown
  try {
    value = JSON.parse(response)
  } catch {
    // The text may hold a person's words: it is neither kept nor logged.
    throw new GrammarBroken('not JSON')
  }
  if (!fitsSchema(value, request.schema)) throw new GrammarBroken('not of the promised shape')
  return value
}
