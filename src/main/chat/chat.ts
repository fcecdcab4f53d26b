// The chat service: takes a message, answers it, keeps what was written, and hands the finished turn to learning.
import { and, eq, inArray, not, sql } from 'drizzle-orm'
import type { BranchPage, ChatEvent, ConversationMode, ConversationView } from '../../shared/chat.ts'
import type { Outputs } from '../../shared/contract/index.ts'
import { type ConversationId, type MessageId, newId, type ProposalId } from '../../shared/ids.ts'
import { conversation, message } from '../database/schema.ts'
import { allowMessages, answersThatUsed, barMessages } from './barred.ts'
import {
  type ConversationChange,
  type ConversationQuery,
  changeConversation,
  listConversations,
  readConversation,
  renameConversation,
  setConversationMode,
  setConversationTrashed,
  setUnread,
  viewConversation,
} from './conversations.ts'
import { LiveConversations } from './live.ts'
import { messageTime } from './message-time.ts'
import { readMessagesAndAnswers, viewMessages } from './messages.ts'
import { type NextPage, readNextPage, readPage } from './pages.ts'
import type { ChatPorts } from './ports.ts'
import { createProjects, type Projects } from './projects.ts'
import { addToQueue, changeQueued, readQueue, takeFromQueue } from './queue.ts'
import { handleTitles, queueTitle } from './titles.ts'
import {
  findAnswer,
  forkConversation,
  insertAnswer,
  insertTurn,
  needProject,
  readAnswer,
  reopenAnswer,
  type Sent,
  showBranch,
} from './tree.ts'
import type { TurnEnd, TurnIds } from './turn.ts'
import { Turns } from './turns.ts'
import { isWaiting, waitingAnswers } from './waiting.ts'

export interface Chat {
  list(owner: string, query: ConversationQuery): Promise<Outputs['chat']['list']>
  /** @param around a message of the shown branch to begin with; without it the end of the branch */
  watch(
    owner: string,
    id: ConversationId,
    signal: AbortSignal | undefined,
    around?: MessageId | null,
  ): AsyncGenerator<ChatEvent>
  /** The messages of the shown branch right before or after one of them. */
  page(owner: string, query: { conversationId: ConversationId } & NextPage): Promise<BranchPage>
  /**
   * @returns the id of the answer being written; the message is on disk by then
   * @throws AppError BUSY while an answer is written in this conversation
   */
  send(owner: string, input: Sent): Promise<MessageId>
  /** As `send`; a message that comes while an answer is written waits, and null is returned: it is on disk as well. */
  sendOrQueue(owner: string, input: Sent): Promise<MessageId | null>
  changeQueued(owner: string, id: MessageId, text: string): Promise<void>
  removeQueued(owner: string, id: MessageId): Promise<void>
  /** Sends the first that waits; the others follow its answer. Does nothing while an answer is written. */
  sendQueued(owner: string, id: ConversationId): Promise<void>
  /** Ends the answer being written, by the person's wish: whatever learns from reactions is told. */
  stop(owner: string, conversationId: ConversationId): void
  /** Another answer beside the one there is. */
  retry(
    owner: string,
    input: { conversationId: ConversationId; messageId: MessageId; withoutMemories?: boolean | undefined },
  ): Promise<MessageId>
  /** Goes on with an answer that was cut, stopped or interrupted. */
  goOn(owner: string, input: { conversationId: ConversationId; messageId: MessageId }): Promise<void>
  showBranch(owner: string, input: { conversationId: ConversationId; messageId: MessageId }): Promise<void>
  /** A new conversation with everything up to a message. */
  fork(owner: string, input: { conversationId: ConversationId; messageId: MessageId }): Promise<ConversationView>
  /**
   * Takes a message out of recall and learning; null: all of the conversation.
   * @returns the messages that were in until now
   */
  bar(owner: string, conversationId: ConversationId, messageId: MessageId | null): Promise<MessageId[]>
  allow(owner: string, messages: MessageId[]): Promise<void>
  setMode(owner: string, id: ConversationId, mode: ConversationMode): Promise<ConversationView>
  rename(owner: string, id: ConversationId, title: string): Promise<ConversationView>
  /** Pins, archives, moves to a project. */
  change(owner: string, change: ConversationChange): Promise<ConversationView>
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
  /** Conversations in which an answer is being written. */
  answering(owner: string): Promise<{ id: ConversationId; title: string }[]>
  /** As `settle`, of these answers. */
  settleAnswers(answers: readonly MessageId[]): Promise<void>
  /** Texts of these conversations changed: whoever looks at them gets them anew. */
  changed(owner: string, conversations: readonly ConversationId[]): Promise<void>
  /** Resolves when no answer is being written. */
  idle(): Promise<void>
  readonly projects: Projects
  close(): Promise<void>
}

export function createChat(ports: ChatPorts): Chat {
  const { db, clock, learning, events } = ports
  const live = new LiveConversations()
  const turns = new Turns(ports, live, whenEnded)
  const projects = createProjects({ db, clock }, () => events.conversations())
  handleTitles(ports, tellConversation)

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

  /** Whoever watches gets the shown branch anew: it is another one now. */
  async function publishShown(owner: string, id: ConversationId): Promise<void> {
    if (live.isWatched(id)) live.publish(id, { type: 'snapshot', ...(await readShown(owner, id)) })
  }

  /** With the answers to them: what learning made of a question may stand in its answer's calls. */
  async function publishMessages(owner: string, conversationId: ConversationId, ids: MessageId[]): Promise<void> {
    const rows = await readMessagesAndAnswers(db.read, owner, ids)
    for (const view of await viewMessages(db.read, learning, owner, rows)) {
      live.publish(conversationId, { type: 'message', message: view })
    }
  }

  async function publishQueue(owner: string, id: ConversationId): Promise<void> {
    live.publish(id, { type: 'queue', queue: await readQueue(db.read, owner, id) })
  }

  function tellConversation(view: ConversationView): void {
    live.publish(view.id, { type: 'conversation', conversation: view })
    events.conversation(view)
  }

  /** Answers that used what was said in these messages show what became of it. */
  async function publishUsesOf(owner: string, messages: MessageId[]): Promise<void> {
    for (const [id, answers] of await answersThatUsed(db.read, owner, messages)) {
      if (live.isWatched(id)) await publishMessages(owner, id, answers)
    }
  }

  /** Writes a message and starts its answer. */
  async function begin(owner: string, input: Sent, fromQueue = false): Promise<MessageId> {
    const { conversationId, messageId } = input
    const answerId = newId<MessageId>()
    const view = await db.write('chat.send', async (tx) => {
      if (fromQueue) await takeFromQueue(tx, owner, messageId)
      const now = await messageTime(tx, owner, clock.now())
      const made = await insertTurn(tx, now, owner, input, answerId, learning.tools.offered())
      await ports.attachments?.attachTo(tx, owner, input, input.documents ?? [])
      return made
    })
    // Who goes on talking has not decided: what waits stays a suggestion, and the answer before comes first.
    const held = await waitingAnswers(db.read, owner, conversationId)
    const next = { owner, conversationId, questionId: messageId, answerId }
    turns.start([...held.map((ids) => ({ owner, ...ids })), next])
    events.conversation(view)
    if (input.replaces) await publishShown(owner, conversationId)
    else await publishMessages(owner, conversationId, [messageId])
    return answerId
  }

  /** After an answer that came to its end what waits is sent; one that was stopped or failed is looked at first. */
  async function whenEnded({ owner, conversationId }: TurnIds, end: TurnEnd): Promise<void> {
    try {
      if (end !== 'complete' && end !== 'cut') return
      await queueTitle(ports, owner, conversationId)
      await sendNext(owner, conversationId)
    } catch (error) {
      // What waits is kept and can be sent by hand.
      ports.log.warn({ err: (error as Error).name }, 'what waits was not sent')
    }
  }

  async function sendNext(owner: string, id: ConversationId): Promise<void> {
    const [next] = await readQueue(db.read, owner, id)
    if (!next || turns.isBusy(id)) return
    const { id: messageId, text, documents } = next
    await turns.exclusively(id, () => begin(owner, { conversationId: id, messageId, text, documents }, true))
    await publishQueue(owner, id)
  }

  return {
    projects,

    list: (owner, query) => listConversations(db.read, owner, query),

    async *watch(owner, id, signal, around = null) {
      const seen = await setUnread(db, owner, id, false)
      if (seen) events.conversation(seen)
      yield* live.watch(id, () => readShown(owner, id, around), signal)
    },

    async page(owner, { conversationId, ...query }) {
      const row = await readConversation(db.read, owner, conversationId)
      return readNextPage(db.read, learning, owner, row, query)
    },

    async send(owner, input) {
      const known = await findAnswer(db.read, owner, input.messageId)
      if (known) return known
      return turns.exclusively(input.conversationId, () => begin(owner, input))
    },

    async sendOrQueue(owner, input) {
      const { conversationId, messageId, text, documents = [], replaces } = input
      if (!turns.isBusy(conversationId) || replaces) return this.send(owner, input)
      const answered = await findAnswer(db.read, owner, messageId)
      if (answered) return answered
      await db.write('chat.queue', (tx) =>
        addToQueue(tx, owner, clock.now(), { conversationId, messageId, text, documents }),
      )
      await publishQueue(owner, conversationId)
      // The answer may have ended while this was written, and then nobody else looks.
      await sendNext(owner, conversationId)
      return null
    },

    async changeQueued(owner, id, text) {
      await publishQueue(owner, await db.write('chat.queue', (tx) => changeQueued(tx, owner, id, text)))
    },

    async removeQueued(owner, id) {
      const conversationId = await db.write('chat.queue', (tx) => takeFromQueue(tx, owner, id))
      if (conversationId) await publishQueue(owner, conversationId)
    },

    sendQueued: (owner, id) => sendNext(owner, id),

    stop(owner, conversationId) {
      const answer = live.answer(conversationId)
      if (!answer || answer.abort.signal.aborted) return
      answer.abort.abort()
      // Told when what was written is stored; in a chat that only reads there is nobody to tell.
      turns
        .over(conversationId)
        .then(() => learning.react(owner, { answerId: answer.answerId, signal: 'stop' }))
        .catch((error: unknown) => ports.log.debug({ err: (error as Error).name }, 'a stop was not learned from'))
    },

    async retry(owner, { conversationId, messageId, withoutMemories = false }) {
      return turns.exclusively(conversationId, async () => {
        const { parentId: questionId } = await readAnswer(db.read, owner, { conversationId, messageId })
        const answerId = newId<MessageId>()
        await db.write('chat.retry', async (tx) => {
          const now = await messageTime(tx, owner, clock.now())
          await insertAnswer(tx, now, owner, conversationId, questionId, answerId)
        })
        turns.start([{ owner, conversationId, questionId, answerId, withoutMemories }])
        await publishShown(owner, conversationId)
        return answerId
      })
    },

    async goOn(owner, { conversationId, messageId }) {
      await turns.exclusively(conversationId, async () => {
        const answer = await readAnswer(db.read, owner, { conversationId, messageId })
        await db.write('chat.goOn', (tx) => reopenAnswer(tx, owner, answer))
        const { parentId: questionId, text: beginning } = answer
        turns.start([{ owner, conversationId, questionId, answerId: messageId, beginning, goesOn: true }])
        await publishMessages(owner, conversationId, [messageId])
      })
    },

    async showBranch(owner, input) {
      await turns.exclusively(input.conversationId, () => db.write('chat.branch', (tx) => showBranch(tx, owner, input)))
      await publishShown(owner, input.conversationId)
    },

    async fork(owner, input) {
      const view = await db.write('chat.fork', async (tx) =>
        forkConversation(tx, await messageTime(tx, owner, clock.now()), owner, input, async (id, copies) =>
          ports.attachments?.copyFiles(tx, owner, id, copies),
        ),
      )
      events.conversation(view)
      return view
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
      tellConversation(view)
      return view
    },

    async rename(owner, id, title) {
      const view = await renameConversation(db, owner, id, title)
      tellConversation(view)
      return view
    },

    async change(owner, change) {
      if (change.projectId) await needProject(db.read, owner, change.projectId)
      const view = await changeConversation(db, clock, owner, change)
      tellConversation(view)
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
        if (turns.isBusy(held.conversationId)) continue
        turns.start([{ owner, ...held }])
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

    settle: (conversations) => turns.settle(conversations),

    settleAnswers: (answers) => turns.settleAnswers(answers),

    async answering(owner) {
      const ids = live.conversations()
      if (ids.length === 0) return []
      const chosen = and(eq(conversation.owner, owner), inArray(conversation.id, ids))
      return db.read.select({ id: conversation.id, title: conversation.title }).from(conversation).where(chosen)
    },

    async changed(owner, conversations) {
      if (conversations.length > 0) events.conversations()
      for (const id of conversations) {
        if (!live.isWatched(id)) continue
        const row = await readConversation(db.read, owner, id)
        if (row.trashedAt) live.publish(id, { type: 'deleted' })
        else await publishShown(owner, id)
      }
    },

    idle: () => turns.idle(),

    close: () => turns.close(),
  }
}
