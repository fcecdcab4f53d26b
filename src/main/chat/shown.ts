// What windows see of conversations, and what they are told when it changes. Nobody is told of what nobody looks at.
import type { BranchPage, ConversationView, QueuedMessage, TurnPhase } from '../../shared/chat.ts'
import type { ConversationId, MessageId } from '../../shared/ids.ts'
import { answersThatUsed } from './barred.ts'
import { readConversation, viewConversation } from './conversations.ts'
import type { LiveConversations } from './live.ts'
import { readMessagesAndAnswers, viewMessages } from './messages.ts'
import { readPage } from './pages.ts'
import type { ChatPorts } from './ports.ts'
import { readQueue } from './queue.ts'

interface ShownConversation extends BranchPage {
  conversation: ConversationView
  queue: QueuedMessage[]
  phase: TurnPhase | null
}

export class Shown {
  readonly #ports: ChatPorts
  readonly #live: LiveConversations

  constructor(ports: ChatPorts, live: LiveConversations) {
    this.#ports = ports
    this.#live = live
  }

  /**
   * A conversation as a window gets it: with the end of its shown branch, or a stretch around a message in it.
   * @throws AppError NOT_FOUND
   */
  async read(owner: string, id: ConversationId, around: MessageId | null = null): Promise<ShownConversation> {
    const { db, learning } = this.#ports
    const row = await readConversation(db.read, owner, id)
    const page = await readPage(db.read, learning, owner, row, around)
    const last = page.later === 0 ? page.messages.at(-1) : undefined
    const waits = last?.status === 'pending' && last.calls.some(({ status }) => status === 'waiting')
    return {
      conversation: viewConversation(row),
      ...page,
      queue: await readQueue(db.read, owner, id),
      phase: this.#live.answer(id)?.phase ?? (waits ? { phase: 'waiting' } : null),
    }
  }

  /** Whoever watches gets the shown branch anew: it is another one now. */
  async tellBranch(owner: string, id: ConversationId): Promise<void> {
    if (this.#live.isWatched(id)) this.#live.publish(id, { type: 'snapshot', ...(await this.read(owner, id)) })
  }

  /** With the answers to them: what learning made of a question may stand in its answer's calls. */
  async tellMessages(owner: string, conversationId: ConversationId, ids: MessageId[]): Promise<void> {
    // Whoever comes to look gets them with the snapshot.
    if (!this.#live.isWatched(conversationId)) return
    const { db, learning } = this.#ports
    const rows = await readMessagesAndAnswers(db.read, owner, ids)
    for (const view of await viewMessages(db.read, learning, owner, rows)) {
      this.#live.publish(conversationId, { type: 'message', message: view })
    }
  }

  /** Answers that used what was said in these messages show what became of it. */
  async tellUsesOf(owner: string, messages: MessageId[]): Promise<void> {
    for (const [id, answers] of await answersThatUsed(this.#ports.db.read, owner, messages)) {
      await this.tellMessages(owner, id, answers)
    }
  }

  async tellQueue(owner: string, id: ConversationId): Promise<void> {
    this.#live.publish(id, { type: 'queue', queue: await readQueue(this.#ports.db.read, owner, id) })
  }

  /** Whoever looks at it, and every list. */
  tellConversation(view: ConversationView): void {
    this.#live.publish(view.id, { type: 'conversation', conversation: view })
    this.#ports.events.conversation(view)
  }
}
