// What the window knows of one conversation, and how each event of `chat.watch` changes it. Pure, so that gaps and
// overlaps in the stream are tested without a stream.
import type {
  BranchPage,
  ChatEvent,
  ConversationView,
  MessageStatus,
  MessageView,
  QueuedMessage,
  TurnPhase,
} from '../../../shared/chat.ts'
import type { MessageId } from '../../../shared/ids.ts'

export interface ChatState {
  conversation: ConversationView
  /** The stretch of the branch that was read, oldest first. */
  messages: MessageView[]
  /** How many messages of the branch lie before it and after it. */
  earlier: number
  later: number
  phase: TurnPhase | null
  queue: QueuedMessage[]
  deleted: boolean
}

/** `gap`: something is missing between what is known and the event; only a fresh snapshot mends it. */
export type Reduced = { state: ChatState | null; gap: boolean }

export function reduceChat(state: ChatState | null, event: ChatEvent): Reduced {
  if (event.type === 'snapshot') {
    const { type: _, ...shown } = event
    // Messages that did not change keep their identity, so that a finished answer is not rendered again.
    const messages = event.messages.map((message) => keepSame(state?.messages, message))
    return { state: { ...shown, messages, deleted: false }, gap: false }
  }
  if (!state) return { state, gap: true }
  switch (event.type) {
    case 'message':
      return { state: withMessage(state, event.message), gap: false }
    case 'phase':
      return { state: { ...state, phase: event.phase }, gap: false }
    case 'conversation':
      return { state: { ...state, conversation: event.conversation }, gap: false }
    case 'deleted':
      return { state: { ...state, phase: null, deleted: true }, gap: false }
    case 'queue':
      return { state: { ...state, queue: event.queue }, gap: false }
    case 'text':
    case 'thoughts':
      return withPiece(state, event)
  }
}

/** What was read next, before or after the stretch that is known. */
export function withPage(state: ChatState, page: BranchPage): ChatState {
  const known = new Set(state.messages.map(({ id }) => id))
  const fresh = page.messages.filter(({ id }) => !known.has(id))
  const first = fresh[0]
  if (!first) return state
  const before = page.messages.at(-1)?.id === state.messages[0]?.parentId
  return before
    ? bounded({ ...state, messages: [...fresh, ...state.messages], earlier: page.earlier }, 'end')
    : bounded({ ...state, messages: [...state.messages, ...fresh], later: page.later }, 'start')
}

/** Most messages the window holds of one chat: what lies farther away is read again when the reader comes near. */
export const HELD_MAX = 240

/** @param from the side that is far away */
function bounded(state: ChatState, from: 'start' | 'end'): ChatState {
  const over = state.messages.length - HELD_MAX
  if (over <= 0) return state
  return from === 'start'
    ? { ...state, messages: state.messages.slice(over), earlier: state.earlier + over }
    : { ...state, messages: state.messages.slice(0, HELD_MAX), later: state.later + over }
}

function keepSame(known: MessageView[] | undefined, fresh: MessageView): MessageView {
  const old = known?.find((message) => message.id === fresh.id)
  return old && JSON.stringify(old) === JSON.stringify(fresh) ? old : fresh
}

function withMessage(state: ChatState, message: MessageView): ChatState {
  const at = state.messages.findIndex((known) => known.id === message.id)
  const known = state.messages[at]
  if (!known && !isNext(state, message)) return state
  const messages = known ? state.messages.with(at, merge(known, message)) : [...state.messages, message]
  // An answer that ended has no phase any more, whichever of the two events comes first.
  const ended = message.role === 'assistant' && message.status !== 'pending'
  return { ...state, messages, phase: ended ? null : state.phase }
}

/** Whether a message that is not known comes right after those that are: one of another branch is not shown. */
function isNext({ messages, later }: ChatState, message: MessageView): boolean {
  return later === 0 && (messages.length === 0 || messages.at(-1)?.id === message.parentId)
}

/** The stored text of an answer being written lags behind the streamed one: the longer of the two is newer. */
function merge(known: MessageView, fresh: MessageView): MessageView {
  const behind = known.status === 'pending' && fresh.status === 'pending' && fresh.text.length < known.text.length
  return behind ? { ...fresh, text: known.text } : fresh
}

function withPiece(state: ChatState, event: Extract<ChatEvent, { type: 'text' | 'thoughts' }>): Reduced {
  const index = state.messages.findIndex((message) => message.id === event.messageId)
  const message = state.messages[index]
  if (!message && state.later > 0) return { state, gap: false }
  const before = message?.[event.type] ?? ''
  if (!message || event.at > before.length) return { state, gap: true }
  // A piece after the end of the answer comes late: the final text holds it already.
  if (message.status !== 'pending') return { state, gap: false }
  const fresh = event.text.slice(before.length - event.at)
  if (fresh === '') return { state, gap: false }
  const messages = state.messages.with(index, { ...message, [event.type]: before + fresh })
  return { state: { ...state, messages }, gap: false }
}

/** A message of the person with the answer shown for it. */
export interface Turn {
  question: MessageView | null
  answer: MessageView | null
}

/** Pairs messages into turns, in order; of several answers to one message the last is shown. */
export function turnsOf(messages: MessageView[]): Turn[] {
  const turns: Turn[] = []
  const byQuestion = new Map<MessageId, Turn>()
  for (const message of messages) {
    if (message.role === 'user') {
      const turn = { question: message, answer: null }
      turns.push(turn)
      byQuestion.set(message.id, turn)
      continue
    }
    const turn = byQuestion.get(message.parentId)
    if (turn) turn.answer = message
    else turns.push({ question: null, answer: message })
  }
  return turns
}

/** One that waits for a decision holds nobody up: whoever goes on talking leaves it in the inbox. */
function isAnswering(chat: ChatState): boolean {
  // The end of a chat that is looked at farther up is not held: what is written there shows in its phase.
  if (chat.later > 0) return chat.phase !== null && chat.phase.phase !== 'waiting'
  const last = chat.messages.at(-1)
  return last?.status === 'pending' && !asksFor(last)
}

/** Whether an answer waits for a decision of the person. */
function asksFor({ status, calls }: MessageView): boolean {
  return status === 'pending' && calls.some((call) => call.status === 'waiting')
}

/** The last message of the person, when the window holds the end of the chat. */
function lastQuestionOf(chat: ChatState): MessageId | null {
  if (chat.later > 0) return null
  return chat.messages.findLast(({ role }) => role === 'user')?.id ?? null
}

/**
 * What stands around the messages. The same while an answer only grows, so that the page and its composer are not drawn
 * again with each of its words.
 */
export interface ChatOutline {
  conversation: ConversationView
  queue: QueuedMessage[]
  deleted: boolean
  answering: boolean
  /** Nothing was said yet. */
  empty: boolean
  lastQuestion: MessageId | null
  /** The answer at the end and how it stands; null when there is none. */
  ending: { id: MessageId; status: MessageStatus; asks: boolean } | null
  /** There is an answer with words. */
  answered: boolean
}

export function outlineOf(chat: ChatState): ChatOutline {
  const last = chat.messages.at(-1)
  return {
    conversation: chat.conversation,
    queue: chat.queue,
    deleted: chat.deleted,
    answering: isAnswering(chat),
    empty: chat.messages.length === 0,
    lastQuestion: lastQuestionOf(chat),
    ending: last?.role === 'assistant' ? { id: last.id, status: last.status, asks: asksFor(last) } : null,
    answered: lastAnswerOf(chat) !== undefined,
  }
}

/** The last answer that has words, of those the window holds. */
export function lastAnswerOf(chat: ChatState): MessageView | undefined {
  return chat.messages.findLast(({ role, text }) => role === 'assistant' && text !== '')
}
