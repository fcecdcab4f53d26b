// Recall among 10,000 and 100,000 memories: words and vectors fused and judged, without the time of the question's own
// embedding.

import { withCore } from '../eval/core.ts'
import { OWNER } from '../src/main/app/core.ts'
import { type ConversationId, newId } from '../src/shared/ids.ts'
import { percentile, type Results } from './result.ts'
import { seeded, seedMemories } from './seed.ts'

const QUESTIONS = 100

/** @param name of the figure */
export async function measureRecall(name: string, memories: number): Promise<Results> {
  return withCore(async (core) => {
    const begin = performance.now()
    const texts = await seedMemories(core.db, core.engine.embedder, OWNER, memories)
    const seedSeconds = (performance.now() - begin) / 1000
    const random = seeded(11)
    const { embedder } = core.engine
    const embed = embedder.embed.bind(embedder)
    const recall = async (index: number) => {
      const text = questionAbout(texts[Math.floor(random() * texts.length)] ?? '', index)
      // The question's vector is there already, so that what is measured is recall alone.
      const ready = await embed([text], 'query')
      embedder.embed = () => Promise.resolve(ready)
      const before = { at: performance.now(), cpu: process.cpuUsage() }
      await core.learning.buildContext({
        owner: OWNER,
        conversationId: newId<ConversationId>(),
        text,
        recent: [],
        core: null,
        earlier: [],
        budgetTokens: 100,
      })
      const { user, system } = process.cpuUsage(before.cpu)
      return { ms: performance.now() - before.at, cpu: (user + system) / 1000 }
    }
    // The first one after a start reads what the others find in memory; the app asks it of itself when it starts.
    const first = await recall(0)
    const samples: Awaited<ReturnType<typeof recall>>[] = []
    for (let index = 0; index < QUESTIONS; index++) samples.push(await recall(index))
    const times = samples.map(({ ms }) => ms)
    return {
      [name]: {
        value: percentile(times, 0.95),
        unit: 'ms',
        detail: {
          p50: percentile(times, 0.5),
          // Other programs that are busy stretch the time, but hardly this.
          cpuP50: percentile(
            samples.map(({ cpu }) => cpu),
            0.5,
          ),
          first: first.ms,
          memories,
          questions: QUESTIONS,
          seedSeconds,
        },
      },
    }
  })
}

/** Whole sentences, single words, words that stand in nearly every memory, and words that stand in none. */
function questionAbout(memory: string, index: number): string {
  const words = memory.replace(/\.$/, '').split(' ')
  switch (index % 4) {
    case 0:
      return `What about ${words.join(' ')}?`
    case 1:
      return `Who was it with the ${words[3] ?? ''} in ${words.at(5) ?? ''}?`
    case 2:
      return `Do you remember the ${words[3] ?? ''} of ${words[0] ?? ''}, and what I said about it before?`
    default:
      return `Which quarterly figures should the ${words[3] ?? ''} committee present?`
  }
}
