// What happens in a conversation right now, to whoever watches: a snapshot first, then every change in order.
import { EventPublisher } from '@orpc/server'
import type { ChatEvent, TurnPhase } from '../../shared/chat.ts'
import type { ConversationId, MessageId } from '../../shared/ids.ts'

/** The answer being written. Its text runs ahead of the database, which is written once a second. */
export interface LiveAnswer {
  answerId: MessageId
  text: string
  thoughts: string
  phase: TurnPhase
  readonly abort: AbortController
}

type Snapshot = Extract<ChatEvent, { type: 'snapshot' }>

export class LiveConversations {
  private readonly publisher = new EventPublisher<Record<string, { seq: number; event: ChatEvent }>>({
    // A watcher this far behind is gone or sees the gap by `at` and watches anew.
    maxBufferedEvents: 20_000,
  })
  private readonly answers = new Map<ConversationId, LiveAnswer>()
  private readonly watchers = new Map<ConversationId, number>()
  private seq = 0
  /** Sequence of the last change that only the database can show: everything but text and phase. */
  private readonly lastStored = new Map<ConversationId, number>()

  answer(id: ConversationId): LiveAnswer | undefined {
    return this.answers.get(id)
  }

  isWatched(id: ConversationId): boolean {
    return this.watchers.has(id)
  }

  begin(id: ConversationId, answer: LiveAnswer): void {
    this.answers.set(id, answer)
  }

  end(id: ConversationId): void {
    this.answers.delete(id)
  }

  /** Conversations in which an answer is being written. */
  conversations(): ConversationId[] {
    return [...this.answers.keys()]
  }

  all(): LiveAnswer[] {
    return [...this.answers.values()]
  }

  publish(id: ConversationId, event: ChatEvent): void {
    this.seq += 1
    if (event.type !== 'text' && event.type !== 'thoughts' && event.type !== 'phase') this.lastStored.set(id, this.seq)
    this.publisher.publish(id, { seq: this.seq, event })
  }

  /** The answer being written, unless it was stopped: from then on nothing of it is told but its end. */
  private growing(id: ConversationId): LiveAnswer | undefined {
    const live = this.answers.get(id)
    return live?.abort.signal.aborted ? undefined : live
  }

  phase(id: ConversationId, phase: TurnPhase): void {
    const live = this.growing(id)
    if (!live) return
    live.phase = phase
    this.publish(id, { type: 'phase', messageId: live.answerId, phase })
  }

  text(id: ConversationId, piece: string): void {
    const live = this.growing(id)
    if (!live || piece === '') return
    const at = live.text.length
    live.text += piece
    this.publish(id, { type: 'text', messageId: live.answerId, at, text: piece })
  }

  thoughts(id: ConversationId, piece: string): void {
    const live = this.growing(id)
    if (!live || piece === '') return
    const at = live.thoughts.length
    live.thoughts += piece
    this.publish(id, { type: 'thoughts', messageId: live.answerId, at, text: piece })
  }

  /**
   * @param read reads the stored part of the snapshot
   * @param signal ends the stream
   */
  async *watch(
    id: ConversationId,
    read: () => Promise<Omit<Snapshot, 'type'>>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ChatEvent> {
    const events = this.publisher.subscribe(id, signal ? { signal } : {})
    this.watchers.set(id, (this.watchers.get(id) ?? 0) + 1)
    try {
      // A change stored while the snapshot was being read is in one of the two: read again until none came between.
      let seen: number
      let stored: Awaited<ReturnType<typeof read>>
      do {
        seen = this.lastStored.get(id) ?? 0
        stored = await read()
      } while (seen !== (this.lastStored.get(id) ?? 0))
      const upTo = this.seq
      const live = this.answers.get(id)
      yield {
        type: 'snapshot',
        ...stored,
        messages: stored.messages.map((message) =>
          live && message.id === live.answerId
            ? { ...message, text: live.text, thoughts: live.thoughts || message.thoughts }
            : message,
        ),
        phase: live?.phase ?? stored.phase,
      }
      for await (const { seq, event } of events) if (seq > upTo) yield event
    } finally {
      const others = (this.watchers.get(id) ?? 1) - 1
      if (others > 0) this.watchers.set(id, others)
      else this.watchers.delete(id)
      await events.return(undefined)
    }
  }
}
