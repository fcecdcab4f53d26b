// Recall at 10,000 memories: words and vectors fused, without the time of the question's own embedding.
import { OWNER } from '../src/main/app/core.ts'
import { type ConversationId, newId } from '../src/shared/ids.ts'
import { withCore } from './core.ts'
import { percentile, type Results } from './result.ts'
import { seeded, seedMemories } from './seed.ts'

const MEMORIES = 10_000
const QUESTIONS = 100

export async function measureRecall(): Promise<Results> {
  return withCore(async (core) => {
    const texts = await seedMemories(core.db, core.engine.embedder, OWNER, MEMORIES)
    const random = seeded(11)
    const embedding: number[] = []
    const whole: number[] = []
    for (let index = 0; index < QUESTIONS; index++) {
      const text = `What about ${texts[Math.floor(random() * texts.length)] ?? ''}`.replace(/\.$/, '?')
      const before = performance.now()
      await core.engine.embedder.embed([text], 'query')
      embedding.push(performance.now() - before)
      const begin = performance.now()
      await core.learning.buildContext({
        owner: OWNER,
        conversationId: newId<ConversationId>(),
        text,
        recent: [],
        core: null,
        earlier: [],
        budgetTokens: 100,
      })
      whole.push(performance.now() - begin)
    }
    // The question's embedding is part of the context and measured apart, so it is taken off here.
    const own = percentile(embedding, 0.5)
    const net = whole.map((ms) => Math.max(0, ms - own))
    return {
      'recall-10k': {
        value: percentile(net, 0.95),
        unit: 'ms',
        detail: { p50: percentile(net, 0.5), embeddingP50: own, wholeP95: percentile(whole, 0.95), memories: MEMORIES },
      },
    }
  })
}
