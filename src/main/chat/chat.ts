// The chat service: takes a message, answers it, keeps what was written, and hands the finished turn to learning.
import { and, eq, not, sql } from 'drizzle-orm'
import type { ChatEvent, ConversationMode, ConversationView, MessageStatus } from '../../shared/chat.ts'
import type { Inputs, Outputs } from '../../shared/contract/index.ts'
import { AppError } from '../../shared/errors.ts'
import { type ConversationId, type DocumentId, type MessageId, newId, type ProposalId } from '../../shared/ids.ts'
import type { Database, WriteHandle } from '../database/database.ts'
import { conversation, message } from '../database/schema.ts'
import { allowMessages, answersThatUsed, barMessages } from './barred.ts'
import {
  listConversations,
  readConversation,
  renameConversation,
  setConversationMode,
  setConversationTrashed,
  titleFrom,
  viewConversation,
} from './conversations.ts'
import { LiveConversations } from './live.ts'
import { messageTime } from './message-time.ts'
import { readBranch, viewMessages } from './messages.ts'
import { readPage } from './pages.ts'
import type { ChatPorts } from './ports.ts'
import { readQueue } from './queue.ts'
import { runTurn, type TurnIds } from './turn.ts'
import { isWaiting, waitingAnswers } from './waiting.ts'

export interface Chat {
  list(owner: string, query: Inputs['chat']['list']): Promise<Outputs['chat']['list']>
  watch(owner: string, id: ConversationId, signal: AbortSignal | undefined): AsyncGenerator<ChatEvent>
  /** @returns the id of the answer being written; the message is on disk by then */
  send(
    owner: string,
    input: {
      conversationId: ConversationId
      messageId: MessageId
      text: string
      mode?: ConversationMode
      documents?: DocumentId[] | undefined
    },
  ): Promise<MessageId>
  /** Ends the answer being written, by the person's wish: whatever learns from reactions is told. */
  stop(owner: string, conversationId: ConversationId): void
  retry(owner: string, input: { conversationId: ConversationId; messageId: MessageId }): Promise<MessageId>
  /**
   * Takes a message out of recall and learning; null: all of the conversation.
   * @returns the messages that were in until now
   */
  bar(owner: string, conversationId: ConversationId, messageId: MessageId | null): Promise<MessageId[]>
  allow(owner: string, messages: MessageId[]): Promise<void>
  setMode(owner: string, id: ConversationId, mode: ConversationMode): Promise<ConversationView>
  rename(owner: string, id: ConversationId, title: string): Promise<ConversationView>
  trash(owner: string, id: ConversationId): Promise<void>
  restore(owner: string, id: ConversationId): Promise<ConversationView>
  /** The person decided on these suggestions: answers that waited for them go on. */
  decided(owner: string, proposals: readonly ProposalId[]): Promise<void>
  /** Learning finished or changed something for this message: whoever watches sees it. */
  refresh(owner: string, conversationId: ConversationId, messageId: MessageId): Promise<void>
  /** Marks answers a killed process left behind, keeps their text, and queues their turns for learning. */
  recover(owner: string): Promise<void>
  /** Ends answers that are being written in these conversations, and waits until what was written is stored. */
  settle(conversations: readonly ConversationId[]): Promise<void>
  /** As `settle`, of these answers. */
  settleAnswers(answers: readonly MessageId[]): Promise<void>
  /** Texts of these conversations changed: whoever looks at them gets them anew. */
  changed(owner: string, conversations: readonly ConversationId[]): Promise<void>
  /** Resolves when no answer is being written. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** Statuses after which the person may ask for a new answer to the same message. */
const RETRYABLE: readonly MessageStatus[] = ['failed', 'stopped', 'interrupted', 'cut']

export function createChat(ports: ChatPorts): Chat {
  const { db, clock, learning, events } = ports
  const live = new LiveConversations()
  const running = new Map<ConversationId, Promise<void>>()
  // Set in the same tick as the check, so that two calls at once cannot both start an answer.
  const starting = new Set<ConversationId>()

  function start(owner: string, conversationId: ConversationId, questionId: MessageId, answerId: MessageId): void {
    startAll([{ owner, conversationId, questionId, answerId }])
  }

  /** One turn after the other in one conversation. */
  function startAll(turns: readonly TurnIds[]): void {
    const [first] = turns
    if (!first) return
    const { conversationId } = first
    const run = (ids: TurnIds) => {
      const { answerId } = ids
      live.begin(conversationId, { answerId, text: '', phase: { phase: 'recalling' }, abort: new AbortController() })
      return runTurn(ports, live, ids)
    }
    // The first begins now, so that nothing else can.
    const turn = turns
      .slice(1)
      .reduce((before, ids) => before.then(() => run(ids)), run(first))
      .finally(() => {
        // The next one may have begun already.
        if (running.get(conversationId) === turn) running.delete(conversationId)
      })
    running.set(conversationId, turn)
  }

  async function exclusively<T>(id: ConversationId, work: () => Promise<T>): Promise<T> {
    if (starting.has(id) || live.answer(id)) {
      throw new AppError('BUSY', 'An answer is still being written here. Wait for it or stop it, then send again.')
    }
    starting.add(id)
    try {
      return await work()
    } finally {
      starting.delete(id)
    }
  }

  /** A conversation and the end of its shown branch, or a stretch around a message in it, as a window gets them. */
  async function readShown(owner: string, id: ConversationId, around: MessageId | null = null) {
    const row = await readConversation(db.read, owner, id)
    const page = await readPage(db.read, learning, owner, row, around)
    const last = page.later === 0 ? page.messages.at(-1) : undefined
    const waits = last?.status === 'pending' && last.calls.some(({ status }) => status === 'waiting')
    return {
      conversation: viewConversation(row),
      ...page,
      queue: await readQueue(db.read, owner, id),
      phase: live.answer(id)?.phase ?? (waits ? ({ phase: 'waiting' } as const) : null),
    }
  }

  /** With the answers to them: what learning made of a question may stand in its answer's calls. */
  async function publishMessages(owner: string, conversationId: ConversationId, ids: MessageId[]): Promise<void> {
    const branch = await readBranchOf(db, owner, conversationId)
    const rows = branch.filter((row) => ids.includes(row.id) || (row.parentId !== null && ids.includes(row.parentId)))
    for (const view of await viewMessages(db.read, learning, owner, rows)) {
      live.publish(conversationId, { type: 'message', message: view })
    }
  }

  /** Answers that used what was said in these messages show what became of it. */
  async function publishUsesOf(owner: string, messages: MessageId[]): Promise<void> {
    for (const [id, answers] of await answersThatUsed(db.read, owner, messages)) {
      if (live.isWatched(id)) await publishMessages(owner, id, answers)
    }
  }

  return {
    list: (owner, query) => listConversations(db.read, owner, query),

    async *watch(owner, id, signal) {
      yield* live.watch(id, () => readShown(owner, id), signal)
    },

    async send(owner, input) {
      const known = await findAnswer(db, owner, input.messageId)
      if (known) return known
      return exclusively(input.conversationId, async () => {
        const answerId = newId<MessageId>()
        const view = await db.write('chat.send', async (tx) => {
          const now = await messageTime(tx, owner, clock.now())
          const made = await insertTurn(tx, now, owner, input, answerId, learning.tools.offered())
          await ports.attachments?.attachTo(tx, owner, input, input.documents ?? [])
          return made
        })
        // Who goes on talking has not decided: what waits stays a suggestion, and the answer before comes first.
        const held = await waitingAnswers(db.read, owner, input.conversationId)
        const next = { owner, conversationId: input.conversationId, questionId: input.messageId, answerId }
        startAll([...held.map((ids) => ({ owner, ...ids })), next])
        events.conversation(view)
        await publishMessages(owner, input.conversationId, [input.messageId, answerId])
        return answerId
      })
    },

    stop(owner, conversationId) {
      const answer = live.answer(conversationId)
      if (!answer || answer.abort.signal.aborted) return
      answer.abort.abort()
      // Told when what was written is stored; in a chat that only reads there is nobody to tell.
      void running
        .get(conversationId)
        ?.then(() => learning.react(owner, { answerId: answer.answerId, signal: 'stop' }))
        .catch((error: unknown) => ports.log.debug({ err: (error as Error).name }, 'a stop was not learned from'))
    },

    async retry(owner, input) {
      return exclusively(input.conversationId, async () => {
        const [old] = await db.read
          .select()
          .from(message)
          .where(
            and(
              eq(message.id, input.messageId),
              eq(message.owner, owner),
              eq(message.conversationId, input.conversationId),
            ),
          )
        if (old?.role !== 'assistant' || old.parentId === null) {
          throw new AppError('NOT_FOUND', 'This answer does not exist any more.')
        }
        if (!RETRYABLE.includes(old.status)) throw new AppError('CONFLICT', 'This answer is complete already.')
        const questionId = old.parentId
        const answerId = newId<MessageId>()
        await db.write('chat.retry', async (tx) => {
          const now = await messageTime(tx, owner, clock.now())
          await insertAnswer(tx, now, owner, input.conversationId, questionId, answerId)
        })
        start(owner, input.conversationId, questionId, answerId)
        // The branch changed its last answer: watchers get the whole of it.
        live.publish(input.conversationId, {
          type: 'snapshot',
          ...(await readShown(owner, input.conversationId)),
        })
        return answerId
      })
    },

    async bar(owner, conversationId, messageId) {
      const messages = await db.write('chat.bar', (tx) => barMessages(tx, owner, conversationId, messageId))
      await publishUsesOf(owner, messages)
      return messages
    },

    async allow(owner, messages) {
      await db.write('chat.allow', (tx) => allowMessages(tx, owner, messages))
      await publishUsesOf(owner, messages)
    },

    async setMode(owner, id, mode) {
      const view = await setConversationMode(db, owner, id, mode)
      live.publish(id, { type: 'conversation', conversation: view })
      events.conversation(view)
      return view
    },

    async rename(owner, id, title) {
      const view = await renameConversation(db, owner, id, title)
      live.publish(id, { type: 'conversation', conversation: view })
      events.conversation(view)
      return view
    },

    async trash(owner, id) {
      live.answer(id)?.abort.abort()
      await setConversationTrashed(db, clock, owner, id, true)
      live.publish(id, { type: 'deleted' })
      events.conversations()
    },

    async restore(owner, id) {
      const view = await setConversationTrashed(db, clock, owner, id, false)
      events.conversations()
      return view
    },

    async decided(owner, proposals) {
      for (const held of await waitingAnswers(db.read, owner)) {
        if (!held.proposals.some((id) => proposals.includes(id))) continue
        const outcomes = await learning.proposals.outcomes(owner, held.proposals)
        if (outcomes.some(({ status }) => status === 'open')) {
          await publishMessages(owner, held.conversationId, [held.questionId])
          continue
        }
        // Somebody else's decision may have started it already.
        if (starting.has(held.conversationId) || live.answer(held.conversationId)) continue
        startAll([{ owner, ...held }])
        await publishMessages(owner, held.conversationId, [held.questionId, held.answerId])
      }
    },

    refresh: (owner, conversationId, messageId) => publishMessages(owner, conversationId, [messageId]),

    async recover(owner) {
      await db.write('chat.recover', async (tx) => {
        const left = await tx
          .update(message)
          .set({ status: 'interrupted' })
          // What waits for a decision goes on waiting.
          .where(
            and(eq(message.owner, owner), eq(message.status, 'pending'), not(sql`coalesce(${isWaiting()}, false)`)),
          )
          .returning({ conversationId: message.conversationId, questionId: message.parentId })
        for (const { conversationId, questionId } of left) {
          if (questionId) await learning.queueTurn(tx, { owner, conversationId, messageId: questionId })
        }
      })
    },

    async settle(conversations) {
      for (const id of conversations) live.answer(id)?.abort.abort()
      await Promise.allSettled(conversations.map((id) => running.get(id)))
    },

    async settleAnswers(answers) {
      await this.settle([...running.keys()].filter((id) => answers.includes(live.answer(id)?.answerId as MessageId)))
    },

    async changed(owner, conversations) {
      if (conversations.length > 0) events.conversations()
      for (const id of conversations) {
        if (!live.isWatched(id)) continue
        const row = await readConversation(db.read, owner, id)
        if (row.trashedAt) live.publish(id, { type: 'deleted' })
        else live.publish(id, { type: 'snapshot', ...(await readShown(owner, id)) })
      }
    },

    async idle() {
      while (running.size > 0) await Promise.all(running.values())
    },

    async close() {
      for (const answer of live.all()) answer.abort.abort()
      await Promise.allSettled(running.values())
    },
  }
}

async function readBranchOf(db: Database, owner: string, id: ConversationId) {
  const row = await readConversation(db.read, owner, id)
  return readBranch(db.read, owner, id, row.headId)
}

/** The answer that a message sent before already has: a repeated call is the same message. */
async function findAnswer(db: Database, owner: string, questionId: MessageId): Promise<MessageId | null> {
  const rows = await db.read
    .select({ id: message.id })
    .from(message)
    .where(and(eq(message.parentId, questionId), eq(message.owner, owner)))
    .orderBy(sql`${message.createdAt} desc`)
    .limit(1)
  return rows[0]?.id ?? null
}

async function insertTurn(
  tx: WriteHandle,
  now: Date,
  owner: string,
  input: { conversationId: ConversationId; messageId: MessageId; text: string; mode?: ConversationMode },
  answerId: MessageId,
  tools: string[],
): Promise<ConversationView> {
  const { conversationId, messageId, text } = input
  const [existing] = await tx.select().from(conversation).where(eq(conversation.id, conversationId))
  if (existing && existing.owner !== owner)
    throw new AppError('NOT_FOUND', 'This conversation does not exist on this computer.')
  const mode = existing?.mode ?? input.mode ?? 'normal'
  const learnable = mode === 'normal'
  let parentId = existing?.headId
  if (!existing) {
    await tx
      .insert(conversation)
      .values({ id: conversationId, owner, title: titleFrom(text), createdAt: now, updatedAt: now, mode, tools })
    parentId = newId<MessageId>()
    await tx
      .insert(message)
      .values({ id: parentId, owner, conversationId, role: 'root', text: '', status: 'complete', createdAt: now })
  }
  if (!parentId) throw new AppError('INTERNAL', 'The conversation has lost its last message.')
  await tx.insert(message).values({
    ...{ id: messageId, owner, conversationId, parentId, role: 'user', text, status: 'complete', createdAt: now },
    learnable,
  })
  await insertAnswer(tx, now, owner, conversationId, messageId, answerId)
  const [row] = await tx.select().from(conversation).where(eq(conversation.id, conversationId))
  if (!row) throw new AppError('INTERNAL', 'The conversation could not be read back.')
  return viewConversation(row)
}

async function insertAnswer(
  tx: WriteHandle,
  now: Date,
  owner: string,
  conversationId: ConversationId,
  questionId: MessageId,
  answerId: MessageId,
): Promise<void> {
  const [row] = await tx
    .select({ mode: conversation.mode })
    .from(conversation)
    .where(eq(conversation.id, conversationId))
  await tx.insert(message).values({
    id: answerId,
    owner,
    conversationId,
    parentId: questionId,
    role: 'assistant',
    text: '',
    status: 'pending',
    learnable: row?.mode === 'normal',
    createdAt: now,
  })
  await tx
    .update(conversation)
    .set({ headId: answerId, updatedAt: now, trashedAt: null })
    .where(eq(conversation.id, conversationId))
}
