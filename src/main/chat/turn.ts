// One turn: recall, prompt, answer, record. The person's message is on disk before it starts; whatever happens, the answer
// ends in a state that says what it is, with the text written so far.

import { and, eq, sql } from 'drizzle-orm'
import type { AnswerStats, MessageStatus, StoredCall, TurnPhase } from '../../shared/chat.ts'
import { AppError, type AppErrorView } from '../../shared/errors.ts'
import { conversation, message } from '../database/schema.ts'
import { readToolRules, removeToolRule } from './approvals.ts'
import { readConversation, viewConversation } from './conversations.ts'
import { answerWhatIsKnown } from './known-answer.ts'
import type { LiveConversations } from './live.ts'
import { readMessages, viewMessages } from './messages.ts'
import type { ChatPorts } from './ports.ts'
import { type Prepared, prepare } from './prepare.ts'
import { callTools } from './tools.ts'
import type { TurnIds } from './turn-ids.ts'
import { settleCalls } from './waiting.ts'

/** Longest answer, in tokens; the context window leaves room for it. */
const ANSWER_TOKENS = 1536
/** How often the text written so far goes to disk, in milliseconds. */
const SAVE_EVERY_MS = 1000

interface Outcome {
  status: MessageStatus
  text: string
  thoughts: string
  error: AppErrorView | null
  stats: AnswerStats | null
}

/** How a turn ended: as its answer says, or it waits for a decision. */
export type TurnEnd = MessageStatus | 'waiting'

/** Runs to its end and never throws: every failure becomes the state of the answer. */
export async function runTurn(ports: ChatPorts, live: LiveConversations, ids: TurnIds): Promise<TurnEnd> {
  const saver = new TextSaver(ports, live, ids)
  let outcome: Outcome | 'waiting'
  try {
    outcome = await answer(ports, live, ids, saver)
  } catch (error) {
    const written = live.answer(ids.conversationId)
    const signal = written?.abort.signal
    const stopped = signal?.aborted === true && error === signal.reason
    outcome = {
      status: stopped ? 'stopped' : 'failed',
      text: written?.text ?? '',
      thoughts: written?.thoughts ?? '',
      error: stopped ? null : inWords(ports, error),
      stats: null,
    }
  }
  await saver.stop()
  // It goes on with the person's decision, in this run of the app or another.
  if (outcome === 'waiting') {
    if (!live.isWatched(ids.conversationId)) await markUnread(ports, ids)
    await tell(ports, live, ids, { phase: 'waiting' })
    return 'waiting'
  }
  try {
    await record(ports, ids, outcome, !live.isWatched(ids.conversationId))
  } catch (error) {
    // The database is gone; the answer stays `pending` on disk and becomes `interrupted` at the next start.
    ports.log.error({ code: (error as AppError).code }, 'answer could not be stored')
  }
  await tell(ports, live, ids)
  return outcome.status
}

async function answer(
  ports: ChatPorts,
  live: LiveConversations,
  ids: TurnIds,
  saver: TextSaver,
): Promise<Outcome | 'waiting'> {
  const { model } = ports
  const { conversationId } = ids
  const signal = live.answer(conversationId)?.abort.signal ?? AbortSignal.abort()
  const beginning = live.answer(conversationId)?.text ?? ''
  const known = await answerWhatIsKnown(ports, ids)
  if (known !== null) {
    live.text(conversationId, known)
    return { status: 'complete', text: known, thoughts: '', error: null, stats: null }
  }
  const begin = performance.now()
  const prepared = await prepare(ports, ids)
  const recallMs = performance.now() - begin
  const calls = await callWhatIsNeeded(ports, live, ids, prepared, signal)
  if (calls.at(-1)?.status === 'waiting') return 'waiting'
  saver.start()
  const messages = prepared.prompt(calls)
  const result = await model.chat({
    messages: beginning === '' ? messages : [...messages, { role: 'assistant', text: beginning }],
    maxTokens: Math.min(
      ports.answerTokens ?? model.answerTokens ?? ANSWER_TOKENS,
      Math.floor((model.contextSize ?? ANSWER_TOKENS * 2) / 2),
    ),
    signal,
    onPhase: (phase) => live.phase(conversationId, phase),
    onText: (piece) => live.text(conversationId, piece),
    onThoughts: (piece) => live.thoughts(conversationId, piece),
  })
  const status = ({ end: 'complete', cut: 'cut', stopped: 'stopped' } as const)[result.stop]
  // Whoever stops keeps what stood there at that moment: the token that was under way does not come after it.
  const seen = status === 'stopped' ? live.answer(conversationId) : undefined
  return {
    status,
    text: seen?.text ?? beginning + result.text,
    thoughts: seen?.thoughts ?? result.thoughts ?? '',
    error: null,
    stats: {
      promptTokens: result.promptTokens,
      cachedTokens: result.cachedTokens,
      answerTokens: result.answerTokens,
      tokensPerSecond: result.tokensPerSecond,
      timeToFirstTokenMs: result.timeToFirstTokenMs,
      recallMs,
      recalledTokens: prepared.context.recalled?.tokens ?? 0,
      leftOutMessages: prepared.notRead + result.leftOutMessages,
      ...(result.repeated ? { repeated: true } : {}),
    },
  }
}

/** The calls of this turn: those made before it had to wait, and what the message needs beside them. */
async function callWhatIsNeeded(
  ports: ChatPorts,
  live: LiveConversations,
  ids: TurnIds,
  { row, question, prompt }: Prepared,
  signal: AbortSignal,
): Promise<StoredCall[]> {
  const { db, learning, model, clock } = ports
  const { owner, conversationId, answerId } = ids
  const keep = (calls: readonly StoredCall[]) =>
    db.write('chat.calls', (tx) =>
      tx
        .update(message)
        .set({ calls: [...calls] })
        .where(eq(message.id, answerId)),
    )
  const [answerRow] = await db.read.select({ calls: message.calls }).from(message).where(eq(message.id, answerId))
  const before = answerRow?.calls ?? []
  const tools = row.mode === 'normal' ? (row.tools ?? []) : []
  const made = await settleCalls(learning.proposals, owner, before, tools.length > 0)
  if (made.length > 0) await keep(made)
  const undecided = before.some(
    ({ status, approval }, index) => status === 'waiting' && (approval || made[index]?.status === 'proposed'),
  )
  // Whoever went on without deciding is not asked a second time for the same message.
  if (tools.length === 0 || undecided || ids.goesOn || ids.withoutMemories) return made
  return callTools(
    {
      model,
      tools: learning.tools,
      isWatched: () => live.isWatched(conversationId),
      onPhase: (phase) => live.phase(conversationId, phase),
      onCall: async (calls) => {
        try {
          await keep(calls)
        } catch (error) {
          // What the call did is durable by itself; without the note of it a turn cannot wait, and nothing is carried out
          // that could be carried out again.
          if (calls.some(({ status }) => status === 'waiting' || status === 'approved')) throw error
          ports.log.warn({ code: (error as AppError).code }, 'a tool call could not be noted')
        }
      },
      rules: () => readToolRules(db.read, owner, conversationId),
      onChanged: async (tool) => {
        const view = await db.write('chat.toolRule', (tx) => removeToolRule(tx, owner, conversationId, tool))
        if (view) live.publish(conversationId, { type: 'conversation', conversation: view })
      },
    },
    {
      owner,
      conversationId,
      messageId: question.id,
      userText: question.text,
      imported: question.imported,
      at: question.createdAt,
      timeZone: clock.timeZone,
      tools,
      messages: prompt([]),
      made,
    },
    signal,
  )
}

async function record(ports: ChatPorts, ids: TurnIds, outcome: Outcome, unread: boolean): Promise<void> {
  const now = ports.clock.now()
  await ports.db.write('chat.answer', async (tx) => {
    await tx
      .update(message)
      .set({
        text: outcome.text,
        // One that was gone on with keeps what was thought before.
        ...(outcome.thoughts === '' ? {} : { thoughts: outcome.thoughts }),
        status: outcome.status,
        error: outcome.error,
        stats: outcome.stats,
        model: ports.model.modelName,
      })
      .where(eq(message.id, ids.answerId))
    // A clock that was put back does not make it older than its messages.
    const updatedAt = sql`greatest(${conversation.updatedAt}, ${now.toISOString()}::timestamptz)`
    await tx.update(conversation).set({ updatedAt, unread }).where(eq(conversation.id, ids.conversationId))
    await ports.learning.queueTurn(tx, {
      owner: ids.owner,
      conversationId: ids.conversationId,
      messageId: ids.questionId,
    })
  })
}

/** Whoever was not there finds the chat that waits for them. */
async function markUnread({ db, log }: ChatPorts, { conversationId }: TurnIds): Promise<void> {
  try {
    await db.write('chat.unread', (tx) =>
      tx.update(conversation).set({ unread: true }).where(eq(conversation.id, conversationId)),
    )
  } catch (error) {
    log.warn({ code: (error as AppError).code }, 'a chat that waits could not be marked')
  }
}

async function tell(
  ports: ChatPorts,
  live: LiveConversations,
  ids: TurnIds,
  phase: TurnPhase | null = null,
): Promise<void> {
  try {
    const row = await readConversation(ports.db.read, ids.owner, ids.conversationId)
    const rows = await readMessages(ports.db.read, ids.owner, [ids.questionId, ids.answerId])
    const views = await viewMessages(ports.db.read, ports.learning, ids.owner, rows)
    live.end(ids.conversationId)
    for (const view of views) live.publish(ids.conversationId, { type: 'message', message: view })
    live.publish(ids.conversationId, { type: 'phase', messageId: ids.answerId, phase })
    ports.events.conversation(viewConversation(row))
  } catch (error) {
    ports.log.error({ code: (error as AppError).code }, 'end of answer could not be told')
  } finally {
    live.end(ids.conversationId)
  }
}

/** Keeps the text written so far on disk, so that a kill loses at most the last second of an answer. */
class TextSaver {
  private timer: NodeJS.Timeout | null = null
  private saving: Promise<void> = Promise.resolve()
  private saved = 0

  constructor(
    private readonly ports: ChatPorts,
    private readonly live: LiveConversations,
    private readonly ids: TurnIds,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      const text = this.live.answer(this.ids.conversationId)?.text ?? ''
      if (text.length === this.saved) return
      this.saved = text.length
      this.saving = this.saving.then(() => this.save(text))
    }, SAVE_EVERY_MS)
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer)
    await this.saving
  }

  private async save(text: string): Promise<void> {
    try {
      await this.ports.db.write('chat.partial', (tx) =>
        tx
          .update(message)
          .set({ text })
          .where(and(eq(message.id, this.ids.answerId), eq(message.status, 'pending'))),
      )
    } catch (error) {
      this.ports.log.warn({ code: (error as AppError).code }, 'partial answer could not be stored')
    }
  }
}

function inWords(ports: ChatPorts, error: unknown): AppErrorView {
  if (error instanceof AppError) return { code: error.code, message: error.message }
  ports.log.error({ err: (error as Error).name, stack: (error as Error).stack }, 'answer failed')
  return { code: 'INTERNAL', message: 'The answer could not be written. Your message is kept; try again.' }
}
