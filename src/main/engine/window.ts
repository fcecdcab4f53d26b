// What of a long conversation the model gets to read. The library would drop texts without a word (T9), so they are
// counted and left out here, whole exchanges, oldest first, and the caller hears how many.
import { AppError } from '../../shared/errors.ts'
import type { PromptMessage } from './engine.ts'

/** Room that is kept for the answer, as a share of the context, when the caller asks for more. */
const answerShare = 0.25
/** What chat formats add around an answer. */
const formatTokens = 16
/** When something must go, this share of the room stays: cutting a little each turn would read everything anew each time. */
const keptShare = 0.6

/**
 * Remembers where the conversation was cut, so that the next turn of the same conversation begins at the same message and
 * the prefix cache holds.
 */
export class ChatWindow {
  #cut: { at: number; text: string } | null = null

  /**
   * @param messages leading system messages, then the conversation; the last one is the person's, or the answer to it so far
   * @param limits `contextSize` and `maxTokens` of the answer, in tokens
   * @param count tokens of a list of messages as a prompt
   * @returns the messages to read, how many were left out, and the tokens the answer may take
   * @throws AppError MESSAGE_TOO_LONG when the last message does not fit by itself
   */
  fit(
    messages: readonly PromptMessage[],
    limits: { contextSize: number; maxTokens: number },
    count: (messages: readonly PromptMessage[]) => number,
  ): { kept: PromptMessage[]; leftOut: number; maxTokens: number; tokens: number } {
    const reserve = Math.min(limits.maxTokens, Math.floor(limits.contextSize * answerShare)) + formatTokens
    const room = limits.contextSize - reserve
    const head = messages.slice(0, leadingSystem(messages))
    const talk = messages.slice(head.length)
    const from = (index: number) => [...head, ...talk.slice(index)]
    const done = (index: number, tokens: number) => ({
      kept: from(index),
      leftOut: index,
      tokens,
      maxTokens: Math.max(1, Math.min(limits.maxTokens, limits.contextSize - tokens - formatTokens)),
    })

    const before = this.#cut
    if (before !== null && talk[before.at]?.text === before.text) {
      const tokens = count(from(before.at))
      if (tokens <= room) return done(before.at, tokens)
    } else {
      this.#cut = null
    }
    const whole = count(messages)
    if (whole <= room) return done(0, whole)

    const last = talk.findLastIndex((message) => message.role === 'user')
    const least = count(from(last))
    if (least > room) {
      throw new AppError(
        'MESSAGE_TOO_LONG',
        `The message has about ${least} tokens; the model's context has room for ${room}. Nothing was sent. Shorten it, or send it in parts.`,
      )
    }
    // Begins with a message of the person: formats want one first.
    const starts = talk.map((_, index) => index).filter((index) => index > 0 && talk[index]?.role === 'user')
    const goal = Math.max(least, Math.floor(room * keptShare))
    // Fewer messages never take more tokens: the first start that fits is found by halves.
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (count(from(starts[middle] ?? last)) <= goal) high = middle
      else low = middle + 1
    }
    const at = starts[low] ?? last
    this.#cut = { at, text: talk[at]?.text ?? '' }
    return done(at, count(from(at)))
  }
}

function leadingSystem(messages: readonly PromptMessage[]): number {
  const first = messages.findIndex((message) => message.role !== 'system')
  return first < 0 ? messages.length : first
}
