// From a key to the first results of the palette, over 100,000 messages and 10,000 memories: the search by words as the window
// asks for it, letter by letter, without the way through the transport.
import { withCore } from '../eval/core.ts'
import { OWNER } from '../src/main/app/core.ts'
import { percentile, type Results } from './result.ts'
import { seeded, seedMemories, seedMessages } from './seed.ts'

const MESSAGES = 100_000
const MEMORIES = 10_000
const QUERIES = 40
/** Below this the palette asks for titles alone. */
const FIRST_LETTERS = 2

export async function measurePalette(): Promise<Results> {
  return withCore(async (core) => {
    const begin = performance.now()
    const texts = await seedMessages(core.db, OWNER, MESSAGES)
    await seedMemories(core.db, core.engine.embedder, OWNER, MEMORIES)
    const seedSeconds = (performance.now() - begin) / 1000
    const random = seeded(5)
    const ask = async (query: string) => {
      const at = performance.now()
      const cpu = process.cpuUsage()
      const { results } = await core.find.find(OWNER, { query, wave: 'words' })
      const used = process.cpuUsage(cpu)
      return { ms: performance.now() - at, cpu: (used.user + used.system) / 1000, found: results.length }
    }
    const first = await ask('greenhouse')
    const samples: Awaited<ReturnType<typeof ask>>[] = []
    for (let index = 0; index < QUERIES; index++) {
      const whole = queryFrom(texts[Math.floor(random() * texts.length)] ?? '', index)
      for (let length = FIRST_LETTERS; length <= whole.length; length++) samples.push(await ask(whole.slice(0, length)))
    }
    const times = samples.map(({ ms }) => ms)
    return {
      palette: {
        value: percentile(times, 0.95),
        unit: 'ms',
        detail: {
          p50: percentile(times, 0.5),
          worst: Math.max(...times),
          cpuP95: percentile(
            samples.map(({ cpu }) => cpu),
            0.95,
          ),
          first: first.ms,
          withResults: samples.filter(({ found }) => found > 0).length / samples.length,
          keys: samples.length,
          messages: MESSAGES,
          memories: MEMORIES,
          seedSeconds,
        },
      },
    }
  })
}

/** One rare word, several common ones, a phrase, words with a filter, and words that nothing has. */
function queryFrom(text: string, index: number): string {
  const words = text.split(' ')
  const rare = words[words.indexOf('A') + 1] ?? ''
  switch (index % 5) {
    case 0:
      return rare
    case 1:
      return `${words[0]} ${words[3]} ${words[5]}`.replaceAll('.', '')
    case 2:
      return `"${words.slice(0, 4).join(' ')}`
    case 3:
      return `from:me ${words[3]} ${rare}`
    default:
      return 'quarterly zeppelin figures'
  }
}
