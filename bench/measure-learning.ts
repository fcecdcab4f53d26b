// What learning costs on the starter model: calls for chatter, calls for a message full of things to learn against the
// bare labelling call, and what a person who sends meanwhile feels of it. All are counts, ratios or differences within
// one run, with and without in turn, so that a slow machine slows both.

import { withCore } from '../eval/core.ts'
import { requireStarter } from '../eval/starter.ts'
import { type Core, OWNER } from '../src/main/app/core.ts'
import { conversation, message } from '../src/main/database/schema.ts'
import type { JsonRequest } from '../src/main/engine/engine.ts'
import { type ConversationId, type MessageId, newId } from '../src/shared/ids.ts'
import { bareLabelRequest } from './bare-labels.ts'
import { percentile, type Results } from './result.ts'

const chatter = [
  'Hi!',
  'Good morning',
  'Thanks a lot!',
  'ok',
  'Okay, great.',
  'Yes please',
  'No, that is all.',
  'haha nice one',
  'Cool, got it.',
  'Perfect, thank you so much!',
  'Hallo!',
  'Danke dir',
  'Merci beaucoup',
  'Gracias',
  'Go on',
  'Sounds good to me.',
  'Hm.',
  'Never mind',
  'See you tomorrow!',
  'wow, awesome',
]

const fiveSentences = [
  [
    'I moved from Rotterdam to Ghent in March.',
    'My daughter Noor started at the music school there.',
    'I prefer trains to flying.',
    'We decided to sell the van because parking costs 140 euros a month.',
    "I'll meet the notary on 12 June.",
  ],
  [
    'I run a small pottery studio with Teresa Lindqvist.',
    'She does the glazing and I do the books.',
    'Our biggest customer is Hotel Amsel in Graz.',
    'I never work on Sundays.',
    'We ordered a second kiln for 8,200 euros.',
  ],
  // In a language whose sentences no rule sorts.
  [
    'Mein Bruder Ilias ist Krankenpfleger in Saloniki.',
    'Er verträgt kein Penicillin.',
    'Ich rufe ihn jeden Freitagabend an.',
    'Wir wollen im September durch das Pindosgebirge wandern.',
    'Ich brauche noch Stiefel, weil die alten nicht passen.',
  ],
]

/** Rules sort the English ones; this needs the model, and is news each time. */
const asksModel = (number: number) => `${fiveSentences[2]?.join(' ')} Die Wohnung Nummer ${number} steht leer.`
const question = 'What is the tallest mountain of the Alps, and in which country does it stand?'
const SENDS = 8
const QUEUED = 100
/** The sends come at different points of a background job: while it reads and while it writes. */
const FIRST_OFFSET_MS = 300
const OFFSET_STEP_MS = 700

export async function measureLearning(): Promise<Results> {
  const model = await requireStarter()
  return withCore(async (core) => {
    await core.engine.load(model)
    const calls = watchCalls(core)
    for (const text of chatter) await say(core, text)
    await core.learning.idle()
    const chatterCalls = calls.taken().length
    return {
      'chatter-calls': { value: chatterCalls, unit: 'calls', detail: { messages: chatter.length } },
      ...(await measureCalls(core, calls)),
      ...(await measureDelay(core, calls)),
    }
  })
}

/** Each message: the bare call, then all that learning does with it. */
async function measureCalls(core: Core, calls: Calls): Promise<Results> {
  const labels: number[] = []
  const whole: number[] = []
  const bares: number[] = []
  const counts: number[] = []
  for (const sentences of fiveSentences) {
    const bare = await timed(() => core.engine.json(bareLabelRequest(sentences)))
    calls.taken()
    await say(core, sentences.join(' '))
    const job = await timed(() => core.learning.idle())
    const taken = calls.taken()
    bares.push(bare)
    labels.push(taken.reduce((sum, { ms, isLabels }) => sum + (isLabels ? ms : 0), 0) / bare)
    whole.push(job / bare)
    counts.push(taken.length)
  }
  const ratios = (list: number[]) => list.map((ratio) => ratio.toFixed(2)).join(' ')
  return {
    'labels-of-bare-call': {
      // None where rules tell the kind of each sentence.
      value: Math.max(...labels),
      unit: 'times',
      detail: { each: ratios(labels), bareMs: percentile(bares, 0.5) },
    },
    'learning-of-bare-call': {
      // From queueing to what was learned standing in the database.
      value: Math.max(...whole),
      unit: 'times',
      detail: { each: ratios(whole), calls: counts.join(' ') },
    },
  }
}

async function measureDelay(core: Core, calls: Calls): Promise<Results> {
  const alone: number[] = []
  const besideOne: number[] = []
  const besideMany: number[] = []
  let said = 0
  // The first one reads the prompt for the first time.
  await firstToken(core)
  for (let round = 0; round < SENDS; round++) {
    const offset = FIRST_OFFSET_MS + round * OFFSET_STEP_MS
    const waiting = new Promise((resolve) => setTimeout(resolve, offset))
    await waiting
    alone.push(await firstToken(core))
    for (const [queued, samples] of [
      [0, besideOne],
      [QUEUED, besideMany],
    ] as const) {
      const began = calls.begins()
      for (let index = 0; index <= queued; index++) await say(core, asksModel(++said))
      // Without a call there would be nothing to measure, and no end of waiting.
      const noCall = core.learning.idle().then(() => Promise.reject(new Error('learning asked the model nothing')))
      noCall.catch(() => {})
      await Promise.race([began, noCall])
      await new Promise((resolve) => setTimeout(resolve, offset))
      samples.push(await firstToken(core))
      // Turning learning off takes the jobs out of line and stops the one that runs.
      await core.settings.update({ learning: false })
      await core.learning.idle()
      await core.settings.update({ learning: true })
    }
  }
  const beyond = (samples: number[]) => samples.map((sample, round) => sample - (alone[round] ?? 0))
  const figure = (samples: number[]) => ({
    value: percentile(beyond(samples), 0.5) / 1000,
    unit: 's',
    detail: {
      worst: Math.max(...beyond(samples)) / 1000,
      best: Math.min(...beyond(samples)) / 1000,
      firstTokenAlone: percentile(alone, 0.5) / 1000,
      sends: SENDS,
    },
  })
  const one = figure(besideOne)
  const many = figure(besideMany)
  return {
    'delay-by-running-job': one,
    // Against the same with nothing else in line.
    'delay-by-100-queued': { ...many, value: (percentile(besideMany, 0.5) - percentile(besideOne, 0.5)) / 1000 },
  }
}

interface Call {
  ms: number
  isLabels: boolean
}

interface Calls {
  /** The model calls of learning since the last time. */
  taken(): Call[]
  /** Resolves when the next one begins. */
  begins(): Promise<void>
}

function watchCalls(core: Core): Calls {
  const json = core.engine.json.bind(core.engine)
  let list: Call[] = []
  const waiting: (() => void)[] = []
  core.engine.json = async (request: JsonRequest) => {
    for (const begun of waiting.splice(0)) begun()
    const begin = performance.now()
    try {
      return await json(request)
    } finally {
      // A list is an entry for each sentence; the combined pass is an object of parts.
      const isLabels = 'type' in request.schema && request.schema.type === 'array'
      list.push({ ms: performance.now() - begin, isLabels })
    }
  }
  return {
    taken: () => {
      const taken = list
      list = []
      return taken
    },
    begins: () => new Promise((resolve) => waiting.push(resolve)),
  }
}

/** Puts a finished turn into a conversation of its own, and queues learning from it. */
async function say(core: Core, text: string): Promise<void> {
  const conversationId = newId<ConversationId>()
  const [rootId, messageId, answerId] = [newId<MessageId>(), newId<MessageId>(), newId<MessageId>()]
  const createdAt = new Date()
  const row = { owner: OWNER, conversationId, createdAt, status: 'complete' as const }
  await core.db.write('bench.say', async (tx) => {
    await tx
      .insert(conversation)
      .values({ id: conversationId, owner: OWNER, title: 'Bench', createdAt, updatedAt: createdAt })
    await tx.insert(message).values([
      { ...row, id: rootId, parentId: null, role: 'root', text: '' },
      { ...row, id: messageId, parentId: rootId, role: 'user', text },
      { ...row, id: answerId, parentId: messageId, role: 'assistant', text: 'Noted.' },
    ])
    await core.learning.queueTurn(tx, { owner: OWNER, conversationId, messageId })
  })
}

/** Asks in a new conversation. @returns milliseconds from sending to the first piece of the answer. */
async function firstToken(core: Core): Promise<number> {
  const conversationId = newId<ConversationId>()
  const begin = performance.now()
  const answerId = await core.chat.send(OWNER, { conversationId, messageId: newId<MessageId>(), text: question })
  let ms = Number.NaN
  for await (const event of core.chat.watch(OWNER, conversationId, undefined)) {
    const written =
      event.type === 'text' ||
      (event.type === 'snapshot' && event.messages.some(({ id, text }) => id === answerId && text !== ''))
    if (!written) continue
    ms = performance.now() - begin
    break
  }
  core.chat.stop(OWNER, conversationId)
  await core.chat.idle()
  return ms
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}
