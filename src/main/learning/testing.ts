// A learning machine on a real database, the bundled embedder and a scripted language model, for tests of learning.
import { join } from 'node:path'
import { and, desc, eq } from 'drizzle-orm'
import {
  type BatchId,
  type ConversationId,
  type DocumentId,
  type ImportId,
  type MessageId,
  newId,
} from '../../shared/ids.ts'
import type { Clock } from '../app/clock.ts'
import { createLog, type Log } from '../app/log.ts'
import { resourcesFolder } from '../app/resources.ts'
import type { WriteHandle } from '../database/database.ts'
import { conversation, importRow, importRun, message } from '../database/schema.ts'
import { openTestDatabase, type TestDatabase } from '../database/testing.ts'
import { createChildLauncher } from '../engine/child-launcher.ts'
import { createEngine } from '../engine/client.ts'
import type { Embedder, Engine, JsonRequest, LanguageModel } from '../engine/engine.ts'
import { createJobQueue, type JobQueue } from '../jobs/queue.ts'
import { type Batch, NO_VECTORS } from './change/batch.ts'
import type { ContextRequest, Learning } from './learning.ts'
import { createLearning } from './machine.ts'
import { indexTurn } from './passages/passages.ts'
import type { LearningEvents, LearningPorts, LearningSettings, RunningAnswers } from './ports.ts'
import type { Evidence, FinishedTurn, LearningStore, LearningTool } from './protocol.ts'

/** Answers model calls from a script; what is asked is kept. */
export interface ScriptedModel extends LanguageModel {
  readonly asked: JsonRequest[]
  /** Answers every call from now on. */
  answer(reply: (request: JsonRequest) => unknown): void
}

/** By default it labels every numbered sentence `fact` and repeats it. */
export function scriptedModel(): ScriptedModel {
  let reply: (request: JsonRequest) => unknown = (request) =>
    sentencesOf(request).map((statement, index) => ({ n: index + 1, label: 'fact', statement }))
  const asked: JsonRequest[] = []
  return {
    asked,
    answer: (next) => {
      reply = next
    },
    modelName: 'scripted',
    contextSize: 4096,
    prefillSpeed: 50,
    chat: () => Promise.reject(new Error('the script has no chat')),
    json: async (request) => {
      asked.push(request)
      return reply(request)
    },
    countTokens: async (texts) => texts.map((text) => Math.ceil(Buffer.byteLength(text) / 3)),
  }
}

/** The numbered sentences of a labelling call. */
export function sentencesOf(request: JsonRequest): string[] {
  return (request.messages.at(-1)?.text ?? '').split('\n').map((line) => line.replace(/^\d+\. /, ''))
}

export interface TestClock extends Clock {
  set(at: Date): void
  /** Milliseconds. */
  advance(by: number): void
}

export function testClock(start = '2026-03-03T10:00:00Z'): TestClock {
  let now = new Date(start)
  return {
    now: () => new Date(now),
    timeZone: 'UTC',
    set: (at) => {
      now = at
    },
    advance: (by) => {
      now = new Date(now.getTime() + by)
    },
  }
}

export interface TestLearning {
  db: TestDatabase
  log: Log
  engine: Engine
  embedder: Embedder
  model: ScriptedModel
  clock: TestClock
  jobs: JobQueue
  learning: Learning
  settings: LearningSettings
  learned: Parameters<LearningEvents['learned']>[0][]
  /** Told after each message of an import. */
  onImportLearned: (() => void) | null
  /** States that were told of, the latest last. */
  told: Parameters<LearningEvents['stateChanged']>[0][]
  /** Says something in a conversation (a new one by default), with an answer, and queues learning from it. */
  say(text: string, options?: { conversationId?: ConversationId; owner?: string; answer?: string }): Promise<Said>
  /** As `say`, and waits until it was learned from. */
  tell(text: string, options?: Parameters<TestLearning['say']>[1]): Promise<Said>
  texts(owner?: string): Promise<string[]>
  context(text: string, more?: Partial<ContextRequest>): ReturnType<Learning['buildContext']>
  /** Stops the queue and makes a new machine on the same database, as after a kill. */
  restart(): Promise<void>
  close(): Promise<void>
}

export interface Said {
  conversationId: ConversationId
  messageId: MessageId
  answerId: MessageId
}

export const OWNER = 'me'

/** A batch of changes as a background job makes them, without vectors. */
export function jobBatch(owner: string, at: Date, more: Partial<Batch> = {}): Batch {
  return {
    owner,
    id: newId<BatchId>(),
    actor: 'job:test',
    author: 'extraction',
    at,
    extractor: 'test',
    vectors: NO_VECTORS,
    ...more,
  }
}

/** Evidence of a file: nobody with a say said it. */
export function fileSays(quote: string, at: Date): Evidence[] {
  return [{ origin: 'file', documentId: newId<DocumentId>(), quote, at }]
}

/** A turn as rules read it, said on Tuesday 3 March 2026. */
export function finishedTurn(userText: string, more: Partial<FinishedTurn> = {}): FinishedTurn {
  return {
    owner: OWNER,
    conversationId: newId<ConversationId>(),
    messageId: newId<MessageId>(),
    userText,
    answerText: 'Noted.',
    before: [],
    calls: [],
    at: new Date('2026-03-03T10:00:00Z'),
    timeZone: 'UTC',
    ...more,
  }
}

/** An embedder that is not there: what a test of rules alone needs, without a process behind it. */
export function withoutVectors({ model, dimensions }: Embedder): Embedder {
  return { model, dimensions, embed: () => Promise.reject(new Error('no embedder')) }
}

export async function openTestLearning(
  options: {
    stores?: readonly LearningStore[]
    embedder?: (real: Embedder) => Embedder
    start?: boolean
    answers?: RunningAnswers
    /** Tools of the host. */
    tools?: readonly LearningTool[]
    patience?: LearningPorts['patience']
  } = {},
): Promise<TestLearning> {
  const clock = testClock()
  const db = await openTestDatabase({ clock })
  const log = createLog(null)
  const engine = createEngine({
    launcher: createChildLauncher(),
    embedderFile: join(resourcesFolder(), 'models', 'all-MiniLM-L6-v2-Q8_0.gguf'),
    log,
    threads: 1,
    gpu: false,
  })
  // Without `fixed`: a copy with an `embed` of its own would keep it, and work in the background would go past the copy.
  const { model: name, dimensions, embed } = engine.embedder
  const embedder = options.embedder?.({ model: name, dimensions, embed }) ?? engine.embedder
  const model = scriptedModel()
  const settings: LearningSettings = { learning: true, learnByItself: false, storeModes: {} }
  const learned: TestLearning['learned'] = []
  const told: TestLearning['told'] = []
  const machine = () => {
    const jobs = createJobQueue({ db, clock, log, backoffMs: [0] })
    const ports: LearningPorts = {
      db,
      model,
      embedder,
      jobs,
      clock,
      log,
      events: {
        memoriesChanged: () => {},
        stateChanged: (state) => told.push(state),
        learned: (event) => learned.push(event),
        importLearned: () => test.onImportLearned?.(),
      },
      settings: () => settings,
      ...(options.answers ? { answers: options.answers } : {}),
      ...(options.tools ? { tools: options.tools } : {}),
      ...(options.patience ? { patience: options.patience } : {}),
      // A busy machine is no reason to recall something else.
      embedWaitMs: 10_000,
      setLevel: async (level) => {
        Object.assign(settings, level)
      },
      setModes: async (modes) => {
        settings.storeModes = modes
      },
      setReadOnly: async (stores) => {
        settings.readOnlyStores = stores
      },
      setNeverKeep: async (rules) => {
        settings.neverKeep = rules
      },
    }
    const learning = options.stores ? createLearning(ports, options.stores) : createLearning(ports)
    if (options.start !== false) learning.start()
    return { jobs, learning }
  }
  let current = machine()

  const test: TestLearning = {
    db,
    log,
    engine,
    embedder,
    model,
    clock,
    settings,
    learned,
    onImportLearned: null,
    told,
    get jobs() {
      return current.jobs
    },
    get learning() {
      return current.learning
    },
    async say(text, { conversationId = newId<ConversationId>(), owner = OWNER, answer = 'Noted.' } = {}) {
      const [rootId, messageId, answerId] = [newId<MessageId>(), newId<MessageId>(), newId<MessageId>()]
      clock.advance(60_000)
      const at = { owner, conversationId, createdAt: clock.now(), status: 'complete' as const }
      await db.write('test.say', async (tx) => {
        const made = await tx
          .insert(conversation)
          .values({ id: conversationId, owner, title: 'Test', createdAt: clock.now(), updatedAt: clock.now() })
          .onConflictDoNothing()
          .returning()
        const parent = made.length > 0 ? rootId : await leaf(tx, conversationId)
        if (made.length > 0)
          await tx.insert(message).values({ ...at, id: rootId, parentId: null, role: 'root', text: '' })
        await tx.insert(message).values([
          { ...at, id: messageId, parentId: parent, role: 'user', text },
          { ...at, id: answerId, parentId: messageId, role: 'assistant', text: answer },
        ])
        await current.learning.queueTurn(tx, { owner, conversationId, messageId })
      })
      return { conversationId, messageId, answerId }
    },
    async tell(text, more) {
      const said = await test.say(text, more)
      await current.learning.idle()
      return said
    },
    async texts(owner = OWNER) {
      const list = await current.learning.list(owner, { limit: 200 })
      return list.items.map((item) => item.text).sort()
    },
    context: (text, more = {}) =>
      current.learning.buildContext({
        owner: OWNER,
        conversationId: newId<ConversationId>(),
        text,
        recent: [],
        core: null,
        earlier: [],
        budgetTokens: 200,
        ...more,
      }),
    async restart() {
      await current.learning.stop()
      current = machine()
    },
    async close() {
      await current.learning.stop()
      await engine.close()
      await db.close()
    },
  }
  return test
}

/** A turn as an import brings it. */
export interface ImportedTurn {
  text: string
  answer?: string
  at?: Date
}

/** Writes chats as a published import leaves them, each of one or several turns. */
export async function writeImport(
  db: TestDatabase,
  chats: readonly (readonly ImportedTurn[])[],
  owner = OWNER,
): Promise<{ importId: ImportId; messages: MessageId[]; conversations: ConversationId[] }> {
  const importId = newId<ImportId>()
  const messages: MessageId[] = []
  const conversations: ConversationId[] = []
  await db.write('test.import', async (tx) => {
    const createdAt = new Date('2026-03-01T08:00:00Z')
    await tx
      .insert(importRun)
      .values({ id: importId, owner, format: 'chatgpt', name: 'test.zip', state: 'done', batchId: newId(), createdAt })
    let n = 0
    const added = (id: string) => ({ importId, kind: 'message', n: ++n, id, verdict: 'added' }) as const
    for (const turns of chats) {
      const conversationId = newId<ConversationId>()
      conversations.push(conversationId)
      await tx
        .insert(conversation)
        .values({ id: conversationId, owner, title: 'Imported', createdAt, updatedAt: createdAt })
      const common = { owner, conversationId, status: 'complete', imported: true } as const
      let parentId = newId<MessageId>()
      await tx.insert(message).values({ ...common, id: parentId, parentId: null, role: 'root', text: '', createdAt })
      for (const { text, answer = 'Noted.', at = createdAt } of turns) {
        const [id, answerId] = [newId<MessageId>(), newId<MessageId>()]
        const said = { ...common, createdAt: at }
        await tx.insert(message).values([
          { ...said, id, parentId, role: 'user', text },
          { ...said, id: answerId, parentId: id, role: 'assistant', text: answer },
        ])
        await tx.insert(importRow).values([added(id), added(answerId)])
        await indexTurn(tx, owner, id)
        messages.push(id)
        parentId = answerId
      }
      await tx.update(conversation).set({ headId: parentId }).where(eq(conversation.id, conversationId))
    }
  })
  return { importId, messages, conversations }
}

/** The last message of a conversation that has one branch. */
async function leaf(tx: WriteHandle, conversationId: ConversationId): Promise<MessageId | null> {
  const rows = await tx
    .select({ id: message.id })
    .from(message)
    .where(and(eq(message.conversationId, conversationId), eq(message.role, 'assistant')))
    .orderBy(desc(message.createdAt), desc(message.id))
    .limit(1)
  return rows[0]?.id ?? null
}
