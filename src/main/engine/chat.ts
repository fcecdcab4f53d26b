// Answers a person: reads the prompt in pieces, streams the answer, keeps what was written when it is stopped.
import type { LlamaGrammar, LlamaModel, Token } from 'node-llama-cpp'
import type { ChatResult, PromptMessage } from './engine.ts'
import { continues, promptTokens, sharedTokens, toHistory } from './history.ts'
import type { LoadedModel } from './loading.ts'
import { LoopGuard } from './loop-guard.ts'
import { pieceSeconds, type ReadingSpeed, readPrompt } from './prefill.ts'
import type { ChatWindow } from './window.ts'

/** Low: answers rest on notes, and small models leave them for what sounds likely when they are sampled at 0.7. */
const defaultTemperature = 0.3
/** Explicit: the library's documented default is not applied (T12). */
const repeatPenalty = { penalty: 1.1, lastTokens: 64 }
/** Share of the answer's tokens a model may think before it writes. */
const thoughtShare = 0.5

export interface AnswerEvents {
  reading(progress: number): void
  phase(phase: 'thinking' | 'writing'): void
  text(piece: string): void
  thought(piece: string): void
}

/**
 * Writes one answer. Calls must not overlap: one sequence holds one conversation.
 * @throws AppError MESSAGE_TOO_LONG
 */
export async function answer(
  loaded: LoadedModel,
  request: { messages: PromptMessage[]; maxTokens: number; temperature: number | null; grammar: LlamaGrammar | null },
  parts: { window: ChatWindow; speed: ReadingSpeed; signal: AbortSignal; events: AnswerEvents },
): Promise<Required<ChatResult>> {
  const { sequence, chat } = loaded.chat
  const { signal, events } = parts
  const started = performance.now()
  const meter = sequence.tokenMeter.getState()
  const { kept, leftOut, maxTokens } = parts.window.fit(
    request.messages,
    { contextSize: sequence.contextSize, maxTokens: request.maxTokens },
    (messages) => promptTokens(chat, messages).length,
  )
  const prompt = promptTokens(chat, kept)
  const guard = new LoopGuard()
  const looped = new AbortController()
  let text = ''
  let thoughts = ''
  let firstAt: number | null = null
  let lastAt = started
  let tokens = 0
  let cached = 0
  let phase: 'thinking' | 'writing' | null = null
  const enter = (next: 'thinking' | 'writing') => {
    if (phase !== next) events.phase(next)
    phase = next
  }
  const result = (stop: ChatResult['stop']): Required<ChatResult> => ({
    text,
    thoughts,
    stop,
    repeated: looped.signal.aborted,
    promptTokens: prompt.length,
    // What the sequence held, and no more than what the meter says was not read.
    cachedTokens: Math.max(0, Math.min(cached, prompt.length - sequence.tokenMeter.diff(meter).usedInputTokens)),
    answerTokens: tokens,
    leftOutMessages: leftOut,
    timeToFirstTokenMs: firstAt === null ? null : firstAt - started,
    // The first token comes with the prompt; the others are what writing costs.
    tokensPerSecond: firstAt === null || tokens < 2 ? null : ((tokens - 1) * 1000) / Math.max(1, lastAt - firstAt),
  })

  try {
    events.reading(0)
    await readPrompt({
      onStart: (there) => {
        cached = there
      },
      sequence,
      target: prompt.slice(0, -1),
      checkpoint: systemTokens(loaded, kept, prompt),
      speed: parts.speed,
      seconds: pieceSeconds.foreground,
      step: (work) => work(),
      signal,
      onProgress: events.reading,
    })
    const response = await chat.generateResponse(toHistory(kept), {
      signal: AbortSignal.any([signal, looped.signal]),
      stopOnAbortSignal: true,
      maxTokens,
      customStopTriggers: turnMarkers(chat.model),
      ...(request.grammar
        ? { grammar: request.grammar, temperature: 0, repeatPenalty: false as const, budgets: { thoughtTokens: 0 } }
        : {
            temperature: request.temperature ?? defaultTemperature,
            repeatPenalty,
            // What was begun was thought about already.
            budgets: { thoughtTokens: continues(kept) ? 0 : Math.floor(maxTokens * thoughtShare) },
          }),
      onResponseChunk: (chunk) => {
        const thinks = chunk.type === 'segment'
        if (chunk.tokens.length > 0) {
          tokens += chunk.tokens.length
          lastAt = performance.now()
          firstAt ??= lastAt
        }
        enter(thinks ? 'thinking' : 'writing')
        const piece = withoutControls(chunk.text)
        if (piece === '') return
        if (thinks) {
          thoughts += piece
          events.thought(piece)
        } else {
          text += piece
          events.text(piece)
        }
        if (request.grammar === null && guard.add(piece)) looped.abort()
      },
    })
    const reason = response.metadata.stopReason
    if (looped.signal.aborted) return result('cut')
    return result(reason === 'abort' ? 'stopped' : reason === 'maxTokens' ? 'cut' : 'end')
  } catch (error) {
    if (signal.aborted) return result('stopped')
    throw error
  }
}

/** What opens a turn in the usual chat formats. A model that writes one goes on as somebody else: there the answer ends. */
const openers = ['<|im_start|>', '<|start_header_id|>', '<start_of_turn>', '<|user|>']

/** The openers this model has as tokens of their own; the same characters as plain text stop nothing. */
function turnMarkers(model: LlamaModel): Token[][] {
  return openers.flatMap((opener) => {
    const tokens = model.tokenize(opener, true)
    const [token] = tokens
    return tokens.length === 1 && token !== undefined && model.isSpecialToken(token) ? [[token]] : []
  })
}

/** Characters nobody can see and a database may refuse, such as NUL; line breaks and tabs stay. */
function withoutControls(piece: string): string {
  return piece.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
}

/** Where the fixed beginning of a prompt ends; models with sliding windows keep a state there. */
function systemTokens(loaded: LoadedModel, messages: readonly PromptMessage[], prompt: readonly Token[]): number {
  if (!loaded.chat.sequence.needsCheckpoints) return 0
  const system = messages.filter((message) => message.role === 'system')
  return sharedTokens(promptTokens(loaded.chat.chat, [...system, { role: 'user', text: '' }]), prompt)
}
