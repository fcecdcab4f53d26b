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
import { type ConversationRow, readConversation, viewConversation } from './conversations.ts'
import type { LiveConversations } from './live.ts'
import { type MessageRow, readMessages, readRecent, viewMessages } from './messages.ts'
import type { ChatPorts } from './ports.ts'
import { wishesFor } from './projects.ts'
import { buildPrompt, recallBudget } from './prompt.ts'
import { callTools } from './tools.ts'
import { settleCalls } from './waiting.ts'

export interface TurnIds {
  owner: string
  conversationId: ConversationId
  questionId: MessageId
  answerId: MessageId
  /** With nothing that was learned, as the person wished. */
  withoutMemories?: boolean
  /** The answer has a beginning already, and is gone on with: in the same prompt, so nothing is recalled anew. */
  goesOn?: boolean
}

/** Longest answer, in tokens; the context window leaves room for it. */
const ANSWER_TOKENS = 1536
/** How often the text written so far goes to disk, in milliseconds. */
const SAVE_EVERY_MS = 1000

/** Bytes a token stands for at most, so that what is read of a long conversation always fills the context. */
const BYTES_PER_TOKEN = 8
/** What is read begins at every so-many-th message: moved by each turn, the prefix cache would hold nothing. */
const READ_STEP = 32

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
    outcome = {
      status: 'failed',
      text: live.answer(ids.conversationId)?.text ?? '',
      thoughts: live.answer(ids.conversationId)?.thoughts ?? '',
      error: inWords(ports, error),
      stats: null,
    }
  }
  await saver.stop()
  // It goes on with the person's decision, in this run of the app or another.
  if (outcome === 'waiting') {
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
  return {
    status,
    text: beginning + result.text,
    thoughts: result.thoughts ?? '',
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
  const { db, clock } = ports
  const row = await readConversation(db.read, ids.owner, ids.conversationId)
  const { branch, notRead } = await readForPrompt(ports, ids)
  const question = branch.at(-1)
  if (!question) throw new AppError('NOT_FOUND', 'The message to answer does not exist any more.')
  const before = branch.slice(0, -1)
  const questions = (ids.goesOn ? branch : before).filter((message) => message.role === 'user')
  const context = await recallFor(ports, ids, row, question, before, questions)
  if (!ids.withoutMemories) await noteContext(ports, ids, row, question, questions, context)
  const files = await filesFor(ports, ids, before, question, context.used.length)
  const wishes = await wishesFor(db.read, row)
  const blockOf = new Map(questions.map((message, index) => [message.id, context.earlier[index] ?? null]))
  const callsOf = new Map(before.map((message) => [message.parentId, message.calls ?? []]))
  /** The prompt, with what the calls of this turn came to. */
  const prompt = (calls: readonly StoredCall[]): PromptMessage[] => {
    const turns = branch.flatMap((message: MessageRow) =>
      message.role === 'root'
        ? []
        : {
            role: message.role,
            text: message.text,
            files: files.get(message.id),
            recalled: blockOf.get(message.id) ?? (message.id === question.id ? context.recalled : null),
            calls: message.id === question.id ? calls : (callsOf.get(message.id) ?? []),
            at: message.createdAt,
          },
    )
    return buildPrompt(context.core, [ports.systemPrompt?.() ?? '', ...wishes], turns, clock.timeZone)
  }
  return { context, row, question, prompt, notRead }
}

/** As much of the conversation as the model could read, and how many messages before it are not even looked at. */
async function readForPrompt({ db, model }: ChatPorts, { owner, conversationId, questionId }: TurnIds) {
  const bytes = (model.contextSize ?? ANSWER_TOKENS * 2) * BYTES_PER_TOKEN
  const read = await readRecent(db.read, owner, conversationId, questionId, bytes)
  if ((read[0]?.depth ?? 1) <= 1) return { branch: read, notRead: 0 }
  const start = read.findIndex(({ depth }) => depth % READ_STEP === 1)
  const branch = start > 0 ? read.slice(start) : read
  return { branch, notRead: (branch[0]?.depth ?? 1) - 1 }
}

const NOTHING: Omit<TurnContext, 'earlier'> = { core: null, recalled: null, used: [] }

async function recallFor(
  { learning, model, log }: ChatPorts,
  ids: TurnIds,
  row: ConversationRow,
  question: MessageRow,
  before: readonly MessageRow[],
  questions: readonly MessageRow[],
): Promise<TurnContext> {
  const nothing = { ...NOTHING, earlier: questions.map(() => null) }
  if (ids.withoutMemories) return nothing
  try {
    return await learning.buildContext({
      owner: ids.owner,
      conversationId: ids.conversationId,
      projectId: row.projectId,
      text: withoutMarks(question.text),
      recent: before
        .slice(-4)
        .flatMap((message) =>
          message.role === 'root' ? [] : { role: message.role, text: withoutMarks(message.text) },
        ),
      core: row.coreBlock,
      earlier: questions.map((message) => message.recalledBlock),
      budgetTokens: ids.goesOn ? 0 : recallBudget(model.contextSize, model.prefillSpeed),
    })
  } catch (error) {
    // An answer without memories is better than none, and the used line will say that none was used.
    log.error({ err: (error as Error).name, stack: (error as Error).stack }, 'recall failed')
    return nothing
  }
}

/** Keeps the blocks of the prompt byte for byte, and which items stand in it. */
async function noteContext(
  { db, clock }: ChatPorts,
  ids: TurnIds,
  row: ConversationRow,
  question: MessageRow,
  questions: readonly MessageRow[],
  context: TurnContext,
): Promise<void> {
  const usedIds = context.used.flatMap(({ memoryId }) => memoryId ?? [])
  await db.write('chat.context', async (tx) => {
    if (context.core !== row.coreBlock) {
      await tx.update(conversation).set({ coreBlock: context.core }).where(eq(conversation.id, row.id))
    }
    for (const [index, asked] of questions.entries()) {
      const block = context.earlier[index] ?? null
      if (block === asked.recalledBlock) continue
      await tx.update(message).set({ recalledBlock: block }).where(eq(message.id, asked.id))
    }
    // What an answer that goes on was begun with is known.
    if (ids.goesOn) return
    await tx.update(message).set({ recalledBlock: context.recalled }).where(eq(message.id, question.id))
    // Of a turn that goes on after it had to wait.
    await tx.delete(usage).where(eq(usage.messageId, ids.answerId))
    if (context.used.length === 0) return
    await tx
      .insert(usage)
      .values(context.used.map((item, rank) => ({ ...item, messageId: ids.answerId, owner: ids.owner, rank })))
    // A chat that only reads changes nothing of what it reads.
    if (row.mode !== 'normal') return
    await tx
      .update(memory)
      .set({ useCount: sql`${memory.useCount} + 1`, lastUsedAt: clock.now() })
      .where(and(eq(memory.owner, ids.owner), inArray(memory.id, usedIds)))
  })
}

/**
 * What stands in the prompt of files, by message, and the record of it.
 * @param rank of the first of them among what the answer used
 */
async function filesFor(
  { db, attachments }: ChatPorts,
  { owner, conversationId, answerId, goesOn = false }: TurnIds,
  before: readonly MessageRow[],
  question: MessageRow,
  rank: number,
): Promise<ReadonlyMap<MessageId, string>> {
  if (!attachments) return new Map()
  const asked = { id: question.id, text: withoutMarks(question.text) }
  const { blocks, used } = await attachments.context({
    ...{ owner, conversationId, before, question: asked },
    goesOn: goesOn ? answerId : null,
  })
  if (used.length > 0 && !goesOn) {
    await db.write('chat.files', (tx) =>
      tx.insert(usage).values(used.map((item, index) => ({ ...item, messageId: answerId, owner, rank: rank + index }))),
    )
  }
  return blocks
}

async function record(ports: ChatPorts, ids: TurnIds, outcome: Outcome, unread: boolean): Promise<void> {
  const now = ports.clock.now()
  await ports.db.write('chat.answer', async (tx) => {
    await tx
      .update(message)
      .set({
        text: outcome.text,
        thoughts: outcome.thoughts === '' ? null : outcome.thoughts,
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
