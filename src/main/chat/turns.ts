// Which turns run: one at a time in a conversation, and what comes after one ended.
import { AppError } from '../../shared/errors.ts'
import type { ConversationId, MessageId } from '../../shared/ids.ts'
import type { LiveConversations } from './live.ts'
import type { ChatPorts } from './ports.ts'
import { runTurn, type TurnEnd } from './turn.ts'
import type { TurnIds } from './turn-ids.ts'

/** A turn, and the beginning of its answer where it has one. */
export interface TurnOrder extends TurnIds {
  beginning?: string
}

export class Turns {
  readonly #ports: ChatPorts
  readonly #live: LiveConversations
  readonly #ended: (turn: TurnIds, end: TurnEnd) => Promise<void>
  readonly #running = new Map<ConversationId, Promise<void>>()
  // Set in the same tick as the check, so that two calls at once cannot both start an answer.
  readonly #starting = new Set<ConversationId>()

  /** @param ended called when a conversation has nothing running any more; what it throws is its own affair */
  constructor(ports: ChatPorts, live: LiveConversations, ended: (turn: TurnIds, end: TurnEnd) => Promise<void>) {
    this.#ports = ports
    this.#live = live
    this.#ended = ended
  }

  isBusy(id: ConversationId): boolean {
    return this.#starting.has(id) || this.#live.answer(id) !== undefined
  }

  /** One turn after the other, all of one conversation. The first begins now, so that nothing else can. */
  start(turns: readonly TurnOrder[]): void {
    const [first] = turns
    const last = turns.at(-1)
    if (!first || !last) return
    const { conversationId } = first
    const run = ({ beginning = '', ...ids }: TurnOrder) => {
      const { answerId } = ids
      const abort = new AbortController()
      this.#live.begin(conversationId, {
        answerId,
        text: beginning,
        thoughts: '',
        phase: { phase: 'recalling' },
        abort,
      })
      return runTurn(this.#ports, this.#live, ids)
    }
    const turn = turns
      .slice(1)
      .reduce((before, order) => before.then(() => run(order)), run(first))
      .then((end) => {
        // The next one may have begun already.
        if (this.#running.get(conversationId) !== turn) return
        this.#running.delete(conversationId)
        return this.#ended(last, end)
      })
    this.#running.set(conversationId, turn)
  }

  /**
   * Work that ends in `start`, with nothing between.
   * @throws AppError BUSY while an answer is written
   */
  async exclusively<T>(id: ConversationId, work: () => Promise<T>): Promise<T> {
    if (this.isBusy(id)) {
      throw new AppError('BUSY', 'An answer is still being written here. Wait for it or stop it, then send again.')
    }
    this.#starting.add(id)
    try {
      return await work()
    } finally {
      this.#starting.delete(id)
    }
  }

  /** Resolves when what runs in this conversation now has ended. */
  async over(id: ConversationId): Promise<void> {
    await this.#running.get(id)
  }

  /** Ends what is written in these conversations, and waits until what was written is stored. */
  async settle(conversations: readonly ConversationId[]): Promise<void> {
    for (const id of conversations) this.#live.answer(id)?.abort.abort()
    await Promise.allSettled(conversations.map((id) => this.#running.get(id)))
  }

  async settleAnswers(answers: readonly MessageId[]): Promise<void> {
    await this.settle(
      [...this.#running.keys()].filter((id) => answers.includes(this.#live.answer(id)?.answerId as MessageId)),
    )
  }

  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values())
  }

  async close(): Promise<void> {
    for (const answer of this.#live.all()) answer.abort.abort()
    await Promise.allSettled(this.#running.values())
  }
}
