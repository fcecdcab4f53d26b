// Plays a story on the real core, without a window: sends each turn, waits for the answer and for learning, checks.

import { and, asc, eq } from 'drizzle-orm'
import type { Clock } from '../src/main/app/clock.ts'
import { type Core, OWNER } from '../src/main/app/core.ts'
import { evidence, memory } from '../src/main/database/schema.ts'
import type { ConversationMode, MessageView } from '../src/shared/chat.ts'
import { type ConversationId, type MessageId, newId } from '../src/shared/ids.ts'
import type { LearnedChange, UsedItem } from '../src/shared/memory.ts'
import { withCore } from './core.ts'
import { type Check, checkWords, type Story } from './story.ts'

export interface PlayedTurn {
  conversation: number
  turn: number
  user: string
  question: MessageView
  answer: MessageView
  learned: (LearnedChange & { quotes: string[] })[]
  used: UsedItem[]
  /** Milliseconds from sending to the end of the answer, and from there until learning had finished. */
  answerMs: number
  learnMs: number
  checks: Check[]
}

export interface PlayOptions {
  story: Story
  model: { path: string; name: string }
  /** Longest answer in tokens; the product's own limit without it. */
  answerTokens?: number
  onConversation?: (index: number, at: Date) => void
  onTurn?: (turn: PlayedTurn) => void
}

/** A clock that stands at the story's time and goes on with the real one. */
export class StoryClock implements Clock {
  readonly timeZone = 'UTC'
  private offset = 0

  set(at: Date): void {
    this.offset = at.getTime() - Date.now()
  }

  now(): Date {
    return new Date(Date.now() + this.offset)
  }
}

/** A memory that is active when the story is over, and the words it rests on, the first ones first. */
export interface KnownAtEnd {
  store: string
  text: string
  quotes: string[]
}

export interface Played {
  /** Every check of the story, in order. */
  checks: Check[]
  known: KnownAtEnd[]
}

/** @throws when an answer fails or the core cannot start */
export async function playStory(options: PlayOptions): Promise<Played> {
  const clock = new StoryClock()
  return withCore(
    async (core) => {
      await core.engine.load(options.model)
      const checks: Check[] = []
      for (const [index, conversation] of options.story.conversations.entries()) {
        const start = startOf(conversation.at)
        clock.set(start)
        options.onConversation?.(index, start)
        const conversationId = newId<ConversationId>()
        for (const [number, turn] of conversation.turns.entries()) {
          clock.set(new Date(start.getTime() + number * 60_000))
          const played = await playTurn(core, OWNER, { conversationId, text: turn.user })
          const place = `${index + 1}.${number + 1}`
          const turnChecks = [
            ...checkWords(`${place} answer`, turn.expect?.answer, [played.answer.text]),
            ...checkWords(
              `${place} used`,
              turn.expect?.used,
              played.used.flatMap((item) => item.text ?? []),
            ),
            ...checkWords(`${place} memories`, turn.expect?.memories, await activeTexts(core)),
          ]
          checks.push(...turnChecks)
          options.onTurn?.({ ...played, conversation: index + 1, turn: number + 1, checks: turnChecks })
        }
      }
      checks.push(...checkWords('end memories', options.story.expect?.memories, await activeTexts(core)))
      return { checks, known: await knownAtEnd(core) }
    },
    { clock, answerTokens: options.answerTokens },
  )
}

/** @param at as in a story; without it the present */
export function startOf(at: string | undefined): Date {
  if (!at) return new Date()
  return new Date(at.includes('T') ? at : `${at}T12:00:00Z`)
}

/** @throws when the answer fails */
export async function playTurn(
  core: Core,
  owner: string,
  { conversationId, text, mode = 'normal' }: { conversationId: ConversationId; text: string; mode?: ConversationMode },
) {
  const messageId = newId<MessageId>()
  const begin = performance.now()
  const answerId = await core.chat.send(owner, { conversationId, messageId, text, mode })
  await core.chat.idle()
  const answerMs = performance.now() - begin
  await core.learning.idle()
  const learnMs = performance.now() - begin - answerMs
  const messages = await readMessages(core, owner, conversationId)
  const question = messages.find((message) => message.id === messageId)
  const answer = messages.find((message) => message.id === answerId)
  if (!question || !answer) throw new Error('the turn cannot be read back')
  if (answer.error) throw new Error(`the answer failed: ${answer.error.message}`)
  const learned = await Promise.all(
    question.learned.map(async (change) => {
      const rows = await core.db.read
        .select({ quote: evidence.quote })
        .from(evidence)
        .where(and(eq(evidence.memoryId, change.memoryId), eq(evidence.messageId, messageId)))
      return { ...change, quotes: rows.map((row) => row.quote) }
    }),
  )
  return { user: text, question, answer, learned, used: answer.used, answerMs, learnMs }
}

async function readMessages(core: Core, owner: string, id: ConversationId): Promise<MessageView[]> {
  for await (const event of core.chat.watch(owner, id, undefined)) {
    if (event.type === 'snapshot') return event.messages
  }
  throw new Error('the conversation cannot be read')
}

async function knownAtEnd(core: Core): Promise<KnownAtEnd[]> {
  const rows = await core.db.read
    .select({ id: memory.id, store: memory.store, text: memory.text, quote: evidence.quote })
    .from(memory)
    .innerJoin(evidence, eq(evidence.memoryId, memory.id))
    .where(and(eq(memory.owner, OWNER), eq(memory.status, 'active')))
    .orderBy(asc(memory.id), asc(evidence.at))
  const known = new Map<string, KnownAtEnd>()
  for (const { id, store, text, quote } of rows) {
    const item = known.get(id) ?? { store, text, quotes: [] }
    item.quotes.push(quote)
    known.set(id, item)
  }
  return [...known.values()]
}

async function activeTexts(core: Core): Promise<string[]> {
  const rows = await core.db.read
    .select({ text: memory.text })
    .from(memory)
    .where(and(eq(memory.owner, OWNER), eq(memory.status, 'active')))
  return rows.map((row) => row.text)
}
