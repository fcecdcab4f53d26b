// A chat on a real database and a real learning machine, with a model that answers and chooses tools by script.
import type { MessageView } from '../../shared/chat.ts'
import { type ConversationId, type MessageId, newId } from '../../shared/ids.ts'
import { type Attachments, createAttachments } from '../attachments/attachments.ts'
import type { ChatRequest, LanguageModel } from '../engine/engine.ts'
import type { LearningStore, LearningTool } from '../learning/protocol.ts'
import { openTestLearning, type TestLearning } from '../learning/testing.ts'
import { createChat } from './chat.ts'
import type { Chat } from './service.ts'

/** One decision of the scripted model: a tool with its arguments. */
export interface ScriptedCall {
  tool: string
  arguments: Record<string, unknown>
}

export interface TestChat {
  learning: TestLearning
  readonly chat: Chat
  attachments: Attachments
  /** Everything the model was asked, in order; decisions have a `schema`. */
  asked: ChatRequest[]
  /** The calls the model wants for the next message, in order; then it answers. `for ever`: the last one again and again. Tokens a second. */
  script: {
    calls: ScriptedCall[]
    forEver: boolean
    answer: string
    prefillSpeed: number
    /** How answers end. */
    stop: 'end' | 'cut'
    /** Answers have their text and wait for it, or for being stopped. */
    hold: Promise<void> | null
  }
  /** Sends a message, and waits until its turn ended or waits for the person. */
  send(
    text: string,
    conversationId?: ConversationId,
  ): Promise<{ conversationId: ConversationId; messageId: MessageId; answerId: MessageId }>
  messages(id: ConversationId): Promise<MessageView[]>
  /** Somebody looks at the conversation until the returned function is called. */
  look(id: ConversationId): Promise<() => Promise<void>>
  /** A new chat on the same database, as after a kill. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** @param tools of the host, beside those of the stores */
export async function openTestChat(
  owner: () => string,
  stores?: readonly LearningStore[],
  tools?: readonly LearningTool[],
): Promise<TestChat> {
  let chat: Chat | undefined
  const learning = await openTestLearning({
    ...(stores ? { stores } : {}),
    ...(tools ? { tools } : {}),
    answers: {
      stopIn: async () => {},
      stop: async () => {},
      changed: () => {},
      decided: async (whose, ids) => chat?.decided(whose, ids),
    },
  })
  const asked: ChatRequest[] = []
  const script: TestChat['script'] = {
    calls: [],
    forEver: false,
    answer: 'Very well.',
    prefillSpeed: 50,
    stop: 'end',
    hold: null,
  }
  let chosen: ScriptedCall | null = null
  const reply = ({ schema }: ChatRequest): string => {
    if (!schema) return script.answer
    if ('type' in schema && schema.type === 'object' && 'needed' in schema.properties) {
      chosen = (script.forEver && script.calls.length === 1 ? script.calls[0] : script.calls.shift()) ?? null
      return JSON.stringify({ needed: chosen?.tool ?? 'none' })
    }
    return JSON.stringify(chosen?.arguments ?? {})
  }
  const model: LanguageModel = {
    ...learning.model,
    get prefillSpeed() {
      return script.prefillSpeed
    },
    json: (request) => learning.model.json(request),
    chat: async (request) => {
      asked.push(request)
      const text = reply(request)
      request.onText(text)
      const figures = {
        promptTokens: 10,
        cachedTokens: 0,
        answerTokens: 2,
        leftOutMessages: 0,
        thoughts: '',
        repeated: false,
      }
      const { hold, stop } = script
      if (hold && !request.schema) await Promise.race([hold, once(request.signal)])
      const ended = request.signal.aborted ? 'stopped' : request.schema ? 'end' : stop
      // One token of a real model is always under way when it is stopped.
      const late = ended === 'stopped' ? ' And' : ''
      request.onText(late)
      return { ...figures, text: text + late, stop: ended, timeToFirstTokenMs: 1, tokensPerSecond: 1 }
    },
  }
  const { db, embedder, jobs, clock, log } = learning
  const attachments = createAttachments({ db, model, embedder, jobs, clock, log })
  const open = () =>
    createChat({
      db: learning.db,
      model,
      learning: learning.learning,
      attachments,
      clock: learning.clock,
      log: learning.log,
      events: { conversation: () => {}, conversations: () => {} },
    })
  let now = open()
  chat = now
  return {
    learning,
    get chat() {
      return now
    },
    attachments,
    asked,
    script,
    async send(text, conversationId = newId<ConversationId>()) {
      const messageId = newId<MessageId>()
      learning.clock.advance(60_000)
      const answerId = await now.send(owner(), { conversationId, messageId, text })
      await now.idle()
      await learning.learning.idle()
      return { conversationId, messageId, answerId }
    },
    async messages(id) {
      for await (const event of now.watch(owner(), id, undefined)) if (event.type === 'snapshot') return event.messages
      throw new Error('no snapshot')
    },
    async look(id) {
      const stream = now.watch(owner(), id, undefined)
      await stream.next()
      return async () => {
        await stream.return(undefined)
      }
    },
    async restart() {
      await now.close()
      await learning.restart()
      now = open()
      chat = now
      await now.recover(owner())
    },
    async close() {
      await attachments.close()
      await learning.close()
    },
  }
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
