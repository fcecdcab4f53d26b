// Incognito chats: the same chat service over a database in memory, without learning. Nothing of them is on disk, in the
// list, in a search or in a prompt of another chat; one lives as long as a window keeps it, and leaves nothing behind,
// unless the person has it kept as a chat like any other.
import { and, eq } from 'drizzle-orm'
import type { ConversationView } from '../../shared/chat.ts'
import { AppError } from '../../shared/errors.ts'
import type { ConversationId, DocumentId, MessageId } from '../../shared/ids.ts'
import type { Attachments } from '../attachments/attachments.ts'
import type { NewUpload } from '../attachments/uploads.ts'
import { conversation, document } from '../database/schema.ts'
import type { Engine, LanguageModel } from '../engine/engine.ts'
import type { Documents } from '../learning/documents/documents.ts'
import { openRoom, type Room, type RoomPorts } from './incognito-room.ts'
import { keepInProfile, type ProfilePorts, stillWriting } from './keep-incognito.ts'
import type { Chat } from './service.ts'
import { insertEmptyConversation, type Sent } from './tree.ts'

export interface IncognitoPorts extends RoomPorts {
  model: LanguageModel & Pick<Engine, 'forgetPrompts'>
  /** Where a chat goes that the person wants to keep. */
  profile: ProfilePorts
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
  /**
   * Copies one into the profile and ends it; asked twice, it is copied once.
   * @returns the chat it is now, under an id of its own
   * @throws AppError NOT_FOUND when it ended, BUSY while an answer is written, CONFLICT when nothing was said
   */
  keepForGood(owner: string, id: ConversationId): Promise<ConversationView>
  /** The chat service as the contract sees it: whatever names an incognito chat is answered by the one in memory. */
  over(chat: Chat): Chat
  /** The same of files on their way and of those in a chat. `incognito` upload: it never reaches the disk. */
  overAttachments(attachments: ChatAttachments): IncognitoAttachments
  overDocuments(documents: Documents): Documents
  close(): Promise<void>
}

const GRACE_MS = 15_000

/** What the contract calls of attachments. */
type ChatAttachments = Pick<Attachments, 'begin' | 'piece' | 'finish' | 'cancel' | 'list'>

export type IncognitoAttachments = Omit<ChatAttachments, 'begin'> & {
  begin(owner: string, upload: NewUpload & { incognito: boolean }): Promise<void>
}

interface Kept {
  keepers: number
  /** Messages being taken in. */
  sending: number
  /** It is being copied into the profile: nothing may be added meanwhile. */
  leaving: boolean
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
  /** Files, which later calls name alone. */
  const files = new Set<DocumentId>()
  /** What became of those that were kept. */
  const inProfile = new Map<ConversationId, ConversationView>()
  let opening: Promise<Room> | null = null
  let opened: Room | null = null

  async function open(): Promise<Room> {
    opening ??= openRoom(ports).catch((error: unknown) => {
      opening = null
      throw error
    })
    opened = await opening
    return opened
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
    const begun = { keepers: 0, sending: 0, leaving: false, ended: new AbortController(), grace: undefined }
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
    if (kept.size > 0) await forgetRows(owner, id)
    else {
      sent.clear()
      files.clear()
      await closeRoom()
    }
    await ports.model.forgetPrompts().catch(() => {})
  }

  /** Others go on in the same database: nothing of this one stays there. */
  async function forgetRows(owner: string, id: ConversationId): Promise<void> {
    await opened?.db.write('incognito.end', async (tx) => {
      await tx.delete(document).where(and(eq(document.owner, owner), eq(document.stagedFor, id)))
      await tx.delete(conversation).where(and(eq(conversation.owner, owner), eq(conversation.id, id)))
    })
  }

  async function closeRoom(): Promise<void> {
    const last = opened
    opened = null
    opening = null
    await last?.close()
  }

  async function keepForGood(owner: string, id: ConversationId): Promise<ConversationView> {
    const before = inProfile.get(id)
    if (before) return before
    refuseGone(id)
    const entry = kept.get(id)
    if (!entry || !opened) throw new AppError('NOT_FOUND', 'There is no such incognito chat any more.')
    if (entry.sending > 0 || entry.leaving) throw stillWriting()
    entry.leaving = true
    try {
      const view = await keepInProfile(opened.db, ports.profile, ports.clock, owner, id)
      inProfile.set(id, view)
      // Not waited for: the window shows the kept chat before it hears that this one ended.
      end(owner, id).catch((error: unknown) => {
        ports.log.warn({ err: (error as Error).name }, 'a kept incognito chat did not end')
      })
      return view
    } finally {
      entry.leaving = false
    }
  }

  /** Which service answers a call, by the conversation or the waiting message it names. */
  function chatFor(normal: Chat, argument: unknown): Chat {
    const named = namedIn(argument)
    for (const id of named) refuseGone(id as ConversationId)
    const mine = named.some((id) => kept.has(id as ConversationId) || sent.has(id as MessageId))
    return (mine && opened?.chat) || normal
  }

  /** Opens what is meant to leave no trace, whatever else is true of its id. */
  async function takeIn(owner: string, id: ConversationId): Promise<void> {
    const entry = await begin(owner, id)
    if (entry.keepers === 0) leaveAlone(owner, id, entry)
  }

  /** A message that is meant to leave no trace leaves none. */
  async function sending<Answer>(owner: string, input: Sent, send: () => Promise<Answer>): Promise<Answer> {
    if (input.mode === 'incognito') {
      await takeIn(owner, input.conversationId)
      sent.add(input.messageId)
    }
    const entry = kept.get(input.conversationId)
    if (!entry) return send()
    if (entry.leaving) throw new AppError('BUSY', 'This chat is being kept. Your words are here; send them again.')
    entry.sending += 1
    return send().finally(() => {
      entry.sending -= 1
    })
  }

  function refuseKept(id: ConversationId): void {
    if (kept.has(id)) throw new AppError('NOT_ALLOWED', 'An incognito chat stays one until it ends or is kept.')
  }

  /** Calls that would take one out of memory, or that need more than the service of its own. */
  function ownCalls(normal: Chat): Pick<Chat, 'send' | 'sendOrQueue' | 'setMode' | 'fork' | 'change'> {
    return {
      send: (owner, input) => sending(owner, input, () => chatFor(normal, input).send(owner, input)),
      sendOrQueue: (owner, input) => sending(owner, input, () => chatFor(normal, input).sendOrQueue(owner, input)),
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

    keepForGood,

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

    overAttachments(normal) {
      const deskOf = (id: DocumentId): ChatAttachments => (files.has(id) && opened?.attachments) || normal
      return {
        async begin(owner, { incognito, ...upload }) {
          const { id, conversationId } = upload
          refuseGone(conversationId)
          if (incognito) await takeIn(owner, conversationId)
          if (!kept.has(conversationId)) return normal.begin(owner, upload)
          const { attachments } = await open()
          files.add(id)
          await attachments.begin(owner, upload)
        },
        piece: (owner, piece) => deskOf(piece.id).piece(owner, piece),
        finish: (owner, id) => deskOf(id).finish(owner, id),
        cancel: (owner, id) => deskOf(id).cancel(owner, id),
        list: (owner, id) => ((kept.has(id) && opened?.attachments) || normal).list(owner, id),
      }
    },

    overDocuments(normal) {
      const shelfOf = (id: DocumentId): Documents => (files.has(id) && opened?.documents) || normal
      return {
        add: (owner, document) => {
          // A text that names an incognito chat belongs to memory, and no window sends one.
          if (document.conversationId) refuseKept(document.conversationId)
          return normal.add(owner, document)
        },
        list: (owner, query) => normal.list(owner, query),
        get: (owner, id) => shelfOf(id).get(owner, id),
        remove: (owner, id) => shelfOf(id).remove(owner, id),
        restore: (owner, id) => shelfOf(id).restore(owner, id),
      }
    },

    async close() {
      for (const entry of kept.values()) {
        clearTimeout(entry.grace)
        entry.ended.abort()
      }
      kept.clear()
      await closeRoom()
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
