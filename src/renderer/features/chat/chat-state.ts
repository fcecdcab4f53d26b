// What the window knows of one conversation, and how each event of `chat.watch` changes it. Pure, so that gaps and
// overlaps in the stream are tested without a stream.
import type { ChatEvent, ConversationView, MessageView, TurnPhase } from '../../../shared/chat.ts'
import type { MessageId } from '../../../shared/ids.ts'

export interface ChatState {
  conversation: ConversationView
  messages: MessageView[]
  phase: TurnPhase | null
  deleted: boolean
}

/** `gap`: something is missing between what is known and the event; only a fresh snapshot mends it. */
export type Reduced = { state: ChatState | null; gap: boolean }

export function reduceChat(state: ChatState | null, event: ChatEvent): Reduced {
  if (event.type === 'snapshot') {
    const { conversation, phase } = event
    // Messages that did not change keep their identity, so that a finished answer is not rendered again.
    const messages = event.messages.map((message) => keepSame(state?.messages, message))
    return { state: { conversation, messages, phase, deleted: false }, gap: false }
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
    case 'text':
      return withText(state, event)
  }
}

function keepSame(known: MessageView[] | undefined, fresh: MessageView): MessageView {
  const old = known?.find((message) => message.id === fresh.id)
  return old && JSON.stringify(old) === JSON.stringify(fresh) ? old : fresh
}

function withMessage(state: ChatState, message: MessageView): ChatState {
  const at = state.messages.findIndex((known) => known.id === message.id)
  const known = state.messages[at]
  const messages = known ? state.messages.with(at, merge(known, message)) : [...state.messages, message]
  // An answer that ended has no phase any more, whichever of the two events comes first.
  const ended = message.role === 'assistant' && message.status !== 'pending'
  return { ...state, messages, phase: ended ? null : state.phase }
}

/** The stored text of an answer being written lags behind the streamed one: the longer of the two is newer. */
function merge(known: MessageView, fresh: MessageView): MessageView {
  const behind = known.status === 'pending' && fresh.status === 'pending' && fresh.text.length < known.text.length
  return behind ? { ...fresh, text: known.text } : fresh
}

function withText(state: ChatState, event: { messageId: MessageId; at: number; text: string }): Reduced {
  const at = state.messages.findIndex((message) => message.id === event.messageId)
  const message = state.messages[at]
  if (!message || event.at > message.text.length) return { state, gap: true }
  // A piece after the end of the answer comes late: the final text holds it already.
  if (message.status !== 'pending') return { state, gap: false }
  const fresh = event.text.slice(message.text.length - event.at)
  if (fresh === '') return { state, gap: false }
  const messages = state.messages.with(at, { ...message, text: message.text + fresh })
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
