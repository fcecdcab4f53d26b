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
    const { embedder } = core.engine
    const embed = embedder.embed.bind(embedder)
    const samples: number[] = []
    for (let index = 0; index < QUESTIONS; index++) {
      const text = `What about ${texts[Math.floor(random() * texts.length)] ?? ''}`.replace(/\.$/, '?')
      // The question's vector is there already, so that what is measured is recall alone.
      const ready = await embed([text], 'query')
      embedder.embed = () => Promise.resolve(ready)
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
      samples.push(performance.now() - begin)
    }
    return {
      'recall-10k': {
        value: percentile(samples, 0.95),
        unit: 'ms',
        detail: { p50: percentile(samples, 0.5), memories: MEMORIES, questions: QUESTIONS },
      },
    }
  })
}
