// One turn: recall, prompt, answer, record. The person's message is on disk before it starts; whatever happens, the answer
// ends in a state that says what it is, with the text written so far.
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { AnswerStats, MessageStatus, StoredCall, TurnPhase } from '../../shared/chat.ts'
import { AppError, type AppErrorView } from '../../shared/errors.ts'
import { withoutMarks } from '../../shared/forgotten.ts'
import type { ConversationId, MessageId } from '../../shared/ids.ts'
import { conversation, memory, message, usage } from '../database/schema.ts'
import type { PromptMessage } from '../engine/engine.ts'
import type { TurnContext } from '../learning/learning.ts'
import { readConversation, viewConversation } from './conversations.ts'
import type { LiveConversations } from './live.ts'
import { type MessageRow, readBranch, viewMessages } from './messages.ts'
import type { ChatPorts } from './ports.ts'
import { buildPrompt, recallBudget } from './prompt.ts'
import { callTools } from './tools.ts'
import { settleCalls } from './waiting.ts'

export interface TurnIds {
  owner: string
  conversationId: ConversationId
  questionId: MessageId
  answerId: MessageId
}

/** Longest answer, in tokens; the context window leaves room for it. */
const ANSWER_TOKENS = 1536
/** How often the text written so far goes to disk, in milliseconds. */
const SAVE_EVERY_MS = 1000

interface Outcome {
  status: MessageStatus
  text: string
  error: AppErrorView | null
  stats: AnswerStats | null
}

/** Runs to its end and never throws: every failure becomes the state of the answer. */
export async function runTurn(ports: ChatPorts, live: LiveConversations, ids: TurnIds): Promise<void> {
  const saver = new TextSaver(ports, live, ids)
  let outcome: Outcome | 'waiting'
  try {
    outcome = await answer(ports, live, ids, saver)
  } catch (error) {
    outcome = {
      status: 'failed',
      text: live.answer(ids.conversationId)?.text ?? '',
      error: inWords(ports, error),
      stats: null,
    }
  }
  await saver.stop()
  // It goes on with the person's decision, in this run of the app or another.
  if (outcome === 'waiting') return tell(ports, live, ids, { phase: 'waiting' })
  try {
    await record(ports, ids, outcome)
  } catch (error) {
    // The database is gone; the answer stays `pending` on disk and becomes `interrupted` at the next start.
    ports.log.error({ code: (error as AppError).code }, 'answer could not be stored')
  }
  await tell(ports, live, ids)
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
  const begin = performance.now()
  const prepared = await prepare(ports, ids)
  const recallMs = performance.now() - begin
  const calls = await callWhatIsNeeded(ports, live, ids, prepared, signal)
  if (calls.at(-1)?.status === 'waiting') return 'waiting'
  saver.start()
  const result = await model.chat({
    messages: prepared.prompt(calls),
    maxTokens: Math.min(
      ports.answerTokens ?? model.answerTokens ?? ANSWER_TOKENS,
      Math.floor((model.contextSize ?? ANSWER_TOKENS * 2) / 2),
    ),
    signal,
    onPhase: (phase) => live.phase(conversationId, phase),
    onText: (piece) => live.text(conversationId, piece),
  })
  const status = ({ end: 'complete', cut: 'cut', stopped: 'stopped' } as const)[result.stop]
  return {
    status,
    text: result.text,
    error: null,
    stats: {
      promptTokens: result.promptTokens,
      cachedTokens: result.cachedTokens,
      answerTokens: result.answerTokens,
      tokensPerSecond: result.tokensPerSecond,
      timeToFirstTokenMs: result.timeToFirstTokenMs,
      recallMs,
      recalledTokens: prepared.context.recalled?.tokens ?? 0,
      leftOutMessages: result.leftOutMessages,
    },
  }
}

/** The calls of this turn: those made before it had to wait, and what the message needs beside them. */
async function callWhatIsNeeded(
  ports: ChatPorts,
  live: LiveConversations,
  ids: TurnIds,
  { row, question, prompt }: Awaited<ReturnType<typeof prepare>>,
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
  const made = await settleCalls(learning.proposals, owner, before)
  if (made.length > 0) await keep(made)
  const undecided = before.some(({ status }, index) => status === 'waiting' && made[index]?.status === 'proposed')
  const tools = row.mode === 'normal' ? (row.tools ?? []) : []
  // Whoever went on without deciding is not asked a second time for the same message.
  if (tools.length === 0 || undecided) return made
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
          // What the call did is durable by itself; without the note of it a turn cannot wait.
          if (calls.at(-1)?.status === 'waiting') throw error
          ports.log.warn({ code: (error as AppError).code }, 'a tool call could not be noted')
        }
      },
    },
    {
      owner,
      conversationId,
      messageId: question.id,
      userText: question.text,
      at: question.createdAt,
      timeZone: clock.timeZone,
      tools,
      messages: prompt([]),
      made,
    },
    signal,
  )
}

/** Recalls, and records what will stand in the prompt before the model reads it. */
async function prepare(ports: ChatPorts, ids: TurnIds) {
  const { db, learning, model, clock } = ports
  const row = await readConversation(db.read, ids.owner, ids.conversationId)
  const branch = await readBranch(db.read, ids.owner, ids.conversationId, ids.questionId)
  const question = branch.at(-1)
  if (!question) throw new AppError('NOT_FOUND', 'The message to answer does not exist any more.')
  const before = branch.slice(0, -1)
  const questions = before.filter((message) => message.role === 'user')
  let context: TurnContext = { core: null, earlier: questions.map(() => null), recalled: null, used: [] }
  try {
    context = await learning.buildContext({
      owner: ids.owner,
      conversationId: ids.conversationId,
      text: withoutMarks(question.text),
      recent: before
        .slice(-4)
        .flatMap((message) =>
          message.role === 'root' ? [] : { role: message.role, text: withoutMarks(message.text) },
        ),
      core: row.coreBlock,
      earlier: questions.map((message) => message.recalledBlock),
      budgetTokens: recallBudget(model.contextSize, model.prefillSpeed),
    })
  } catch (error) {
    // An answer without memories is better than none, and the used line will say that none was used.
    ports.log.error({ err: (error as Error).name, stack: (error as Error).stack }, 'recall failed')
  }
  const changed = questions.filter((message, index) => context.earlier[index] !== message.recalledBlock)
  const usedIds = context.used.flatMap(({ memoryId }) => memoryId ?? [])
  await db.write('chat.context', async (tx) => {
    if (context.core !== row.coreBlock) {
      await tx.update(conversation).set({ coreBlock: context.core }).where(eq(conversation.id, row.id))
    }
    for (const message_ of changed) {
      const block = context.earlier[questions.indexOf(message_)] ?? null
      await tx.update(message).set({ recalledBlock: block }).where(eq(message.id, message_.id))
    }
    await tx.update(message).set({ recalledBlock: context.recalled }).where(eq(message.id, question.id))
    // Of a turn that goes on after it had to wait.
    await tx.delete(usage).where(eq(usage.messageId, ids.answerId))
    if (context.used.length > 0) {
      await tx
        .insert(usage)
        .values(context.used.map((item, rank) => ({ ...item, messageId: ids.answerId, owner: ids.owner, rank })))
      // A chat that only reads changes nothing of what it reads.
      if (row.mode !== 'normal') return
      await tx
        .update(memory)
        .set({ useCount: sql`${memory.useCount} + 1`, lastUsedAt: clock.now() })
        .where(and(eq(memory.owner, ids.owner), inArray(memory.id, usedIds)))
    }
  })
  const files = await filesFor(ports, ids, before, question, context.used.length)
  const blockOf = new Map(questions.map((message, index) => [message.id, context.earlier[index] ?? null]))
  const callsOf = new Map(before.map((message) => [message.parentId, message.calls ?? []]))
  /** The prompt, with what the calls of this turn came to. */
  const prompt = (calls: readonly StoredCall[]): PromptMessage[] => {
    const turns = [...before, question].flatMap((message: MessageRow) =>
      message.role === 'root'
        ? []
        : {
            role: message.role,
            text: message.text,
            recalled: message.id === question.id ? context.recalled : (blockOf.get(message.id) ?? null),
            files: files.get(message.id),
            calls: message.id === question.id ? calls : (callsOf.get(message.id) ?? []),
            at: message.createdAt,
          },
    )
    return buildPrompt(context.core, turns, clock.timeZone, ports.systemPrompt?.())
  }
  return { context, row, question, prompt }
}

/**
 * What stands in the prompt of files, by message, and the record of it.
 * @param rank of the first of them among what the answer used
 */
async function filesFor(
  { db, attachments }: ChatPorts,
  { owner, conversationId, answerId }: TurnIds,
  before: readonly MessageRow[],
  question: MessageRow,
  rank: number,
): Promise<ReadonlyMap<MessageId, string>> {
  if (!attachments) return new Map()
  const asked = { id: question.id, text: withoutMarks(question.text) }
  const { blocks, used } = await attachments.context({ owner, conversationId, before, question: asked, goesOn: null })
  if (used.length > 0) {
    await db.write('chat.files', (tx) =>
      tx.insert(usage).values(used.map((item, index) => ({ ...item, messageId: answerId, owner, rank: rank + index }))),
    )
  }
  return blocks
}

async function record(ports: ChatPorts, ids: TurnIds, outcome: Outcome): Promise<void> {
  const now = ports.clock.now()
  await ports.db.write('chat.answer', async (tx) => {
    await tx
      .update(message)
      .set({
        text: outcome.text,
        status: outcome.status,
        error: outcome.error,
        stats: outcome.stats,
        model: ports.model.modelName,
      })
      .where(eq(message.id, ids.answerId))
    // A clock that was put back does not make it older than its messages.
    const updatedAt = sql`greatest(${conversation.updatedAt}, ${now.toISOString()}::timestamptz)`
    await tx.update(conversation).set({ updatedAt }).where(eq(conversation.id, ids.conversationId))
    await ports.learning.queueTurn(tx, {
      owner: ids.owner,
      conversationId: ids.conversationId,
      messageId: ids.questionId,
    })
  })
}

async function tell(
  ports: ChatPorts,
  live: LiveConversations,
  ids: TurnIds,
  phase: TurnPhase | null = null,
): Promise<void> {
  try {
    const row = await readConversation(ports.db.read, ids.owner, ids.conversationId)
    const branch = await readBranch(ports.db.read, ids.owner, ids.conversationId, row.headId)
    const rows = branch.filter(({ id }) => id === ids.questionId || id === ids.answerId)
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
