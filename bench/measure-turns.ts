// Turns on the starter model with 1,000 memories: what learning adds before the model reads, how much it may recall,
// what comes from the prefix cache, and how responsive main stays.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { eq } from 'drizzle-orm'
import { withCore } from '../eval/core.ts'
import { requireStarter } from '../eval/starter.ts'
import { type Core, OWNER } from '../src/main/app/core.ts'
import { recallBudget } from '../src/main/chat/prompt.ts'
import { job } from '../src/main/database/schema.ts'
import { LEARN } from '../src/main/learning/turns.ts'
import type { MessageView } from '../src/shared/chat.ts'
import { type ConversationId, type MessageId, newId } from '../src/shared/ids.ts'
import { percentile, type Results } from './result.ts'
import { seedMemories } from './seed.ts'

const questions = [
  'What do you know about Marta and the boat in Porto?',
  'Who repairs the greenhouse in Lyon every Thursday?',
  'What does Jonas do with the bakery in Ghent?',
  'Who shares the choir in Bergen with two friends?',
  'What did Elena do with the van in Cork after the audit?',
  'Who documents the archive in Graz for the school?',
  'Who sold the van in Tampere before breakfast?',
  'What does Aiko measure in Kyoto since the flood?',
  'Who paints the boat in Split on a small budget?',
  'What did Karim plan for the thesis in Tbilisi?',
]

/** @param all with every store on, as under "learn by itself": names of figures end in "-all-stores" then */
export async function measureTurns(all = false): Promise<Results> {
  const model = await requireStarter()
  return withCore(async (core) => {
    await core.engine.load(model)
    if (all) await core.learning.setLevel(OWNER, 'by_itself')
    await seedMemories(core.db, core.engine.embedder, OWNER, 1000)
    // The first turn after loading reads everything for the first time; it is told apart.
    const first = newId<ConversationId>()
    const coldId = await core.chat.send(OWNER, {
      conversationId: first,
      messageId: newId<MessageId>(),
      text: 'What does Zoe rent in Oaxaca?',
    })
    await core.chat.idle()
    await core.learning.idle()
    const cold = (await readAnswer(core, first, coldId)).stats?.recallMs ?? null
    const conversationId = newId<ConversationId>()
    const delay = monitorEventLoopDelay({ resolution: 5 })
    let peak = 0
    const sampler = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss())
    }, 50)
    const answers: MessageView[] = []
    const budgets: number[] = []
    for (const text of questions) {
      budgets.push(recallBudget(core.engine.contextSize, core.engine.prefillSpeed))
      delay.enable()
      const answerId = await core.chat.send(OWNER, { conversationId, messageId: newId<MessageId>(), text })
      await core.chat.idle()
      delay.disable()
      answers.push(await readAnswer(core, conversationId, answerId))
      await core.learning.idle()
    }
    clearInterval(sampler)
    const stats = answers.flatMap((answer) => answer.stats ?? [])
    const recalled = answers.map((answer) => answer.used.filter((item) => item.section === 'recalled').length)
    const recallMs = stats.map((item) => item.recallMs)
    // Of what stood in the previous prompt and answer, how much came from the cache the turn after.
    const reuse = stats.slice(1).map((item, index) => {
      const before = stats[index]
      return before ? item.cachedTokens / (before.promptTokens + before.answerTokens) : 0
    })
    const calls = await modelCalls(core)
    const figures: Results = {
      'learning-overhead': {
        value: percentile(recallMs, 0.95),
        unit: 'ms',
        detail: {
          p50: percentile(recallMs, 0.5),
          firstAfterLoading: cold,
          memories: 1000,
          recalled: recalled.join(' '),
        },
      },
      'recalled-of-budget': {
        // Of what 15 % of the context and two seconds of reading allow at that turn.
        value: Math.max(...stats.map((item, index) => item.recalledTokens / (budgets[index] ?? 1))),
        unit: 'share',
        detail: {
          tokensMost: Math.max(...stats.map((item) => item.recalledTokens)),
          budget: budgets.at(-1) ?? null,
          prefillPerSecond: core.engine.prefillSpeed,
          contextSize: core.engine.contextSize,
        },
      },
      'prefix-cache': {
        value: Math.min(...reuse),
        unit: 'share',
        detail: { of: reuse.map((share) => share.toFixed(3)).join(' '), turns: reuse.length },
      },
      'event-loop-delay': {
        value: delay.percentile(99) / 1e6,
        unit: 'ms',
        detail: { p50: delay.percentile(50) / 1e6, max: delay.max / 1e6 },
      },
      'main-memory-peak': { value: peak / 1048576, unit: 'MiB', detail: { of: 'main with the database thread' } },
      'first-token': {
        value: percentile(
          stats.map((item) => item.timeToFirstTokenMs ?? 0),
          0.5,
        ),
        unit: 'ms',
        detail: {
          tokensPerSecond: percentile(
            stats.map((item) => item.tokensPerSecond ?? 0),
            0.5,
          ),
        },
      },
      'model-calls-after-answer': {
        value: Math.max(...calls),
        unit: 'calls',
        detail: { of: calls.join(' ') },
      },
    }
    if (!all) return figures
    return Object.fromEntries(Object.entries(figures).map(([name, figure]) => [`${name}-all-stores`, figure]))
  })
}

/** How often the model was asked to learn from each turn. */
async function modelCalls(core: Core): Promise<number[]> {
  const jobs = await core.db.read.select({ result: job.result }).from(job).where(eq(job.kind, LEARN))
  return jobs.flatMap(({ result }) => (typeof result?.modelCalls === 'number' ? result.modelCalls : []))
}

async function readAnswer(
  core: Parameters<Parameters<typeof withCore>[0]>[0],
  conversationId: ConversationId,
  answerId: MessageId,
): Promise<MessageView> {
  for await (const event of core.chat.watch(OWNER, conversationId, undefined)) {
    if (event.type !== 'snapshot') continue
    const answer = event.messages.find((message) => message.id === answerId)
    if (answer) return answer
  }
  throw new Error('the answer cannot be read back')
}
