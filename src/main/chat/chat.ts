// The chat service: takes a message, answers it, keeps what was written, and hands the finished turn to learning.
import { and, eq, inArray } from 'drizzle-orm'
import { type ConversationId, type MessageId, newId } from '../../shared/ids.ts'
import { conversation } from '../database/schema.ts'
import { decideCall, removeToolRule } from './approvals.ts'
import { allowMessages, barMessages } from './barred.ts'
import {
  changeConversation,
  listConversations,
  markRead,
  readConversation,
  renameConversation,
  setConversationMode,
  setConversationTrashed,
  viewConversation,
} from './conversations.ts'
import { LiveConversations } from './live.ts'
import { messageTime } from './message-time.ts'
import { readNextPage } from './pages.ts'
import type { ChatPorts } from './ports.ts'
import { createProjects } from './projects.ts'
import { addToQueue, changeQueued, readQueue, takeFromQueue } from './queue.ts'
import { recoverAnswers } from './recover.ts'
import type { Chat } from './service.ts'
import { Shown } from './shown.ts'
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
import type { TurnEnd } from './turn.ts'
import type { TurnIds } from './turn-ids.ts'
import { Turns } from './turns.ts'
import { waitingAnswers } from './waiting.ts'

export function createChat(ports: ChatPorts): Chat {
  const { db, clock, learning, events } = ports
  const live = new LiveConversations()
  const shown = new Shown(ports, live)
  const turns = new Turns(ports, live, whenEnded)
  const projects = createProjects({ db, clock }, () => events.conversations())
  handleTitles(ports, (view) => shown.tellConversation(view))

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
    if (input.replaces) await shown.tellBranch(owner, conversationId)
    else await shown.tellMessages(owner, conversationId, [messageId])
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
    await shown.tellQueue(owner, id)
  }

  return {
    projects,

    list: (owner, query) => listConversations(db.read, owner, query),

    async *watch(owner, id, signal, around = null) {
      const show = async () => {
        const now = await shown.read(owner, id, around)
        if (!now.conversation.unread) return now
        const seen = await markRead(db, owner, id)
        events.conversation(seen)
        return { ...now, conversation: seen }
      }
      yield* live.watch(id, show, signal)
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
      if (replaces) return this.send(owner, input)
      const answered = await findAnswer(db.read, owner, messageId)
      if (answered) return answered
      const waiting = await readQueue(db.read, owner, conversationId)
      // Between this look and the start of the answer nothing else can begin.
      if (waiting.length === 0 && !turns.isBusy(conversationId)) {
        return turns.exclusively(conversationId, () => begin(owner, input))
      }
      await db.write('chat.queue', (tx) =>
        addToQueue(tx, owner, clock.now(), { conversationId, messageId, text, documents }),
      )
      await shown.tellQueue(owner, conversationId)
      // What waited before goes first. The answer may have ended while this was written, and then nobody else looks.
      await sendNext(owner, conversationId)
      return null
    },

    async changeQueued(owner, id, text) {
      await shown.tellQueue(owner, await db.write('chat.queue', (tx) => changeQueued(tx, owner, id, text)))
    },

    async removeQueued(owner, id) {
      const conversationId = await db.write('chat.queue', (tx) => takeFromQueue(tx, owner, id))
      if (conversationId) await shown.tellQueue(owner, conversationId)
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
        await shown.tellBranch(owner, conversationId)
        return answerId
      })
    },

    async goOn(owner, { conversationId, messageId }) {
      await turns.exclusively(conversationId, async () => {
        const answer = await readAnswer(db.read, owner, { conversationId, messageId })
        await db.write('chat.goOn', (tx) => reopenAnswer(tx, owner, answer))
        const { parentId: questionId, text: beginning } = answer
        turns.start([{ owner, conversationId, questionId, answerId: messageId, beginning, goesOn: true }])
        await shown.tellMessages(owner, conversationId, [messageId])
      })
    },

    async showBranch(owner, input) {
      await turns.exclusively(input.conversationId, () => db.write('chat.branch', (tx) => showBranch(tx, owner, input)))
      await shown.tellBranch(owner, input.conversationId)
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
      await shown.tellUsesOf(owner, messages)
      return messages
    },

    async allow(owner, messages) {
      await db.write('chat.allow', (tx) => allowMessages(tx, owner, messages))
      await shown.tellUsesOf(owner, messages)
    },

    async setMode(owner, id, mode) {
      const view = await setConversationMode(db, owner, id, mode)
      shown.tellConversation(view)
      return view
    },

    async rename(owner, id, title) {
      const view = await renameConversation(db, owner, id, title)
      shown.tellConversation(view)
      return view
    },

    async change(owner, change) {
      if (change.projectId) await needProject(db.read, owner, change.projectId)
      const view = await changeConversation(db, clock, owner, change)
      shown.tellConversation(view)
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
          await shown.tellMessages(owner, held.conversationId, [held.questionId])
          continue
        }
        // Somebody else's decision may have started it already.
        if (turns.isBusy(held.conversationId)) continue
        turns.start([{ owner, ...held }])
        await shown.tellMessages(owner, held.conversationId, [held.questionId, held.answerId])
      }
    },

    async decideCall(owner, input) {
      const { conversationId } = input
      await turns.exclusively(conversationId, async () => {
        const { conversation: changed, ...ids } = await db.write('chat.decideCall', (tx) =>
          decideCall(tx, owner, input, learning.tools),
        )
        turns.start([{ owner, conversationId, ...ids }])
        await shown.tellMessages(owner, conversationId, [ids.answerId])
        if (changed) shown.tellConversation(changed)
      })
    },

    async removeToolRule(owner, { conversationId, tool }) {
      const changed = await db.write('chat.toolRule', (tx) => removeToolRule(tx, owner, conversationId, tool))
      if (changed) shown.tellConversation(changed)
      return changed ?? viewConversation(await readConversation(db.read, owner, conversationId))
    },

    refresh: (owner, conversationId, messageId) => shown.tellMessages(owner, conversationId, [messageId]),

    recover: (owner) => recoverAnswers(ports, owner),

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
        else await shown.tellBranch(owner, id)
      }
    },

    idle: () => turns.idle(),

    close: () => turns.close(),
  }
}
