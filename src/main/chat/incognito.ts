// Incognito chats: the same chat service over a database in memory, without learning. Nothing of them is on disk, in the
// list, in a search or in a prompt of another chat; one lives as long as a window keeps it, and leaves nothing behind.
import { AppError } from '../../shared/errors.ts'
import type { ConversationId, MessageId } from '../../shared/ids.ts'
import type { Clock } from '../app/clock.ts'
import type { Log } from '../app/log.ts'
import type { Database } from '../database/database.ts'
import type { Engine, LanguageModel } from '../engine/engine.ts'
import { type Chat, createChat } from './chat.ts'
import { insertEmptyConversation, type Sent } from './tree.ts'
import { withoutLearning } from './without-learning.ts'

export interface IncognitoPorts {
  /** Opens a fresh database in memory. */
  openDatabase(): Promise<Database>
  model: LanguageModel & Pick<Engine, 'forgetPrompts'>
  clock: Clock
  log: Log
  answerTokens?: number
  systemPrompt?: () => string
  /** How long a chat that no window keeps is left to be found again, in milliseconds: a line may break for a moment. */
  graceMs?: number
}

export interface Incognito {
  /**
   * Opens an incognito chat under this id, or goes on with it, and keeps it as long as the stream is read.
   * @throws AppError NOT_FOUND when it was ended before
   */
  keep(owner: string, id: ConversationId, signal: AbortSignal | undefined): AsyncGenerator<{ state: 'open' | 'ended' }>
  /** Ends one: its answer stops, and everything of it is gone. Ending twice is no error. */
  end(owner: string, id: ConversationId): Promise<void>
  /** Whether this is the id of an incognito chat, of one that ended as well. */
  has(id: ConversationId): boolean
  /** The chat service as the contract sees it: whatever names an incognito chat is answered by the one in memory. */
  over(chat: Chat): Chat
  close(): Promise<void>
}

const GRACE_MS = 15_000

interface Opened {
  db: Database
  chat: Chat
}

interface Kept {
  keepers: number
  /** Ends those who keep it. */
  ended: AbortController
  grace: NodeJS.Timeout | undefined
}

export function createIncognito(ports: IncognitoPorts): Incognito {
  const kept = new Map<ConversationId, Kept>()
  /** A late call must not make a chat of the same id anywhere. */
  const gone = new Set<ConversationId>()
  /** Messages that may wait in a queue, where a call names nothing else. */
  const sent = new Set<MessageId>()
  let opening: Promise<Opened> | null = null
  let opened: Opened | null = null

  async function open(): Promise<Opened> {
    opening ??= openFresh().catch((error: unknown) => {
      opening = null
      throw error
    })
    opened = await opening
    return opened
  }

  async function openFresh(): Promise<Opened> {
    const { clock, log, model, answerTokens, systemPrompt } = ports
    const db = await ports.openDatabase()
    const events = { conversation: () => {}, conversations: () => {} }
    const wishes = {
      ...(answerTokens === undefined ? {} : { answerTokens }),
      ...(systemPrompt ? { systemPrompt } : {}),
    }
    return { db, chat: createChat({ db, model, clock, log, events, learning: withoutLearning(), ...wishes }) }
  }

  function refuseGone(id: ConversationId): void {
    if (gone.has(id)) throw new AppError('NOT_FOUND', 'This incognito chat was ended. Nothing of it is left.')
  }

  async function begin(owner: string, id: ConversationId): Promise<Kept> {
    refuseGone(id)
    const { db } = await open()
    refuseGone(id)
    const known = kept.get(id)
    if (known) return known
    const begun = { keepers: 0, ended: new AbortController(), grace: undefined }
    kept.set(id, begun)
    // There from the start, so that whoever opens it can look at it before anything was said.
    await db.write('incognito.begin', (tx) => insertEmptyConversation(tx, ports.clock.now(), owner, id, 'incognito'))
    return begun
  }

  function leaveAlone(owner: string, id: ConversationId, entry: Kept): void {
    clearTimeout(entry.grace)
    entry.grace = setTimeout(() => void end(owner, id), ports.graceMs ?? GRACE_MS)
    entry.grace.unref()
  }

  async function end(owner: string, id: ConversationId): Promise<void> {
    const entry = kept.get(id)
    gone.add(id)
    if (!entry) return
    clearTimeout(entry.grace)
    const chat = opened?.chat
    await chat?.settle([id])
    // Whoever looks at it is told; one that nobody wrote in has no row.
    await chat?.trash(owner, id).catch(() => {})
    kept.delete(id)
    entry.ended.abort()
    if (kept.size === 0) {
      sent.clear()
      await closeDatabase()
    }
    await ports.model.forgetPrompts().catch(() => {})
  }

  async function closeDatabase(): Promise<void> {
    const last = opened
    opened = null
    opening = null
    await last?.chat.close()
    await last?.db.close()
  }

  /** Which service answers a call, by the conversation or the waiting message it names. */
  function chatFor(normal: Chat, argument: unknown): Chat {
    const named = namedIn(argument)
    for (const id of named) refuseGone(id as ConversationId)
    const mine = named.some((id) => kept.has(id as ConversationId) || sent.has(id as MessageId))
    return (mine && opened?.chat) || normal
  }

  /** Whatever else is true of its id: a message that is meant to leave no trace leaves none. */
  async function takeIn(owner: string, input: Sent): Promise<void> {
    if (input.mode !== 'incognito') return
    const entry = await begin(owner, input.conversationId)
    sent.add(input.messageId)
    if (entry.keepers === 0) leaveAlone(owner, input.conversationId, entry)
  }

  /** Calls that would take one out of memory, or that need more than the service of its own. */
  function ownCalls(normal: Chat): Pick<Chat, 'send' | 'sendOrQueue' | 'setMode' | 'fork' | 'change'> {
    const refuseKept = (id: ConversationId) => {
      if (kept.has(id)) throw new AppError('NOT_ALLOWED', 'An incognito chat stays one until it ends.')
    }
    return {
      async send(owner, input) {
        await takeIn(owner, input)
        return chatFor(normal, input).send(owner, input)
      },
      async sendOrQueue(owner, input) {
        await takeIn(owner, input)
        return chatFor(normal, input).sendOrQueue(owner, input)
      },
      async setMode(owner, id, mode) {
        refuseKept(id)
        return normal.setMode(owner, id, mode)
      },
      async fork(owner, input) {
        refuseKept(input.conversationId)
        return normal.fork(owner, input)
      },
      async change(owner, change) {
        refuseKept(change.id)
        return normal.change(owner, change)
      },
    }
  }

  return {
    async *keep(owner, id, signal) {
      const entry = await begin(owner, id)
      entry.keepers += 1
      clearTimeout(entry.grace)
      try {
        yield { state: 'open' }
        await aborted(signal ? AbortSignal.any([signal, entry.ended.signal]) : entry.ended.signal)
        if (entry.ended.signal.aborted) yield { state: 'ended' }
      } finally {
        entry.keepers -= 1
        if (entry.keepers === 0 && kept.get(id) === entry) leaveAlone(owner, id, entry)
      }
    },

    end,

    has: (id) => kept.has(id) || gone.has(id),

    over(normal) {
      const own = ownCalls(normal)
      return new Proxy(normal, {
        get(target, name: keyof Chat) {
          if (name in own) return own[name as keyof typeof own]
          const value: unknown = target[name]
          if (typeof value !== 'function') return value
          return (...given: unknown[]) => {
            const chat = chatFor(target, given[1])
            return (chat[name] as (...all: unknown[]) => unknown).apply(chat, given)
          }
        },
      })
    },

    async close() {
      for (const entry of kept.values()) {
        clearTimeout(entry.grace)
        entry.ended.abort()
      }
      kept.clear()
      await closeDatabase()
    },
  }
}

/** Every call of the chat names its conversation, or its message, second: alone or in its input. */
function namedIn(argument: unknown): string[] {
  if (typeof argument === 'string') return [argument]
  if (typeof argument !== 'object' || argument === null) return []
  const { conversationId, id } = argument as { conversationId?: unknown; id?: unknown }
  return [conversationId, id].filter((each) => typeof each === 'string')
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
