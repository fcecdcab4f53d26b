// `npm run eval -- journey`: plays stories on a real model and scores what is known at the end: what should be, and what
// should not. Prints a sample of what was learned beside the words it rests on, for reading.
import { readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type KnownAtEnd, type PlayedTurn, playStory } from './play.ts'
import { requireStarter } from './starter.ts'
import { type Check, readStory, type Story } from './story.ts'

const SHORT_ANSWER = 24

const USAGE = `npm run eval -- journey [--in FILE]... [--model FILE] [--answers short|full] [--sample N] [--seed N] [--verbose]
  --in       a story, or a folder of stories; default: the stories of this repository
  --answers  full: answers as long as in the app; short: cut after ${SHORT_ANSWER} tokens. Default: full where the story checks
             an answer, else short. Learning reads the answer as it is, whichever it is
  --sample   learned items to print beside their quotes, over all stories; default 20`
/** Share of what should be known that must be, and of what should not be known that must not be. */
const KNOWN = 0.9
const ABSENT = 0.95

interface Score {
  title: string
  turns: number
  known: Check[]
  absent: Check[]
  rest: Check[]
  minutes: number
}

/** @returns the exit code: 0, 1 under the thresholds, 2 when it was asked for wrongly */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      in: { type: 'string', multiple: true },
      model: { type: 'string' },
      answers: { type: 'string' },
      sample: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      verbose: { type: 'boolean', default: false },
    },
  })
  if (values.answers !== undefined && values.answers !== 'short' && values.answers !== 'full') {
    print(USAGE)
    return 2
  }
  const files = (values.in ?? [join(import.meta.dirname, 'stories')]).flatMap((file) => storiesAt(resolve(file)))
  const model = values.model
    ? { path: resolve(values.model), name: basename(values.model, '.gguf') }
    : await requireStarter()
  print(`Model: ${model.name}`)
  const scores: Score[] = []
  const learned: KnownAtEnd[] = []
  for (const file of files) {
    const story = readStory(file)
    const full = values.answers === 'full' || (values.answers === undefined && checksAnswers(story))
    print(`\n${story.title}  (${basename(file)}, ${turnsOf(story)} turns, ${full ? 'full' : 'short'} answers)`)
    const begin = performance.now()
    const { checks, known } = await playStory({
      story,
      model,
      ...(full ? {} : { answerTokens: SHORT_ANSWER }),
      ...(values.verbose ? { onTurn: printTurn } : {}),
    })
    const memories = checks.filter(({ place }) => place.endsWith('memories'))
    const score: Score = {
      title: story.title,
      turns: turnsOf(story),
      known: memories.filter(({ wanted }) => wanted),
      absent: memories.filter(({ wanted }) => !wanted),
      // An answer that was cut says nothing about what it would have said.
      rest: checks.filter(({ place }) => place.endsWith('used') || (full && place.endsWith('answer'))),
      minutes: (performance.now() - begin) / 60_000,
    }
    printScore(score, known.length)
    scores.push(score)
    learned.push(...known)
  }
  printSample(learned, Number(values.sample), Number(values.seed))
  return verdict(scores)
}

function storiesAt(path: string): string[] {
  if (path.endsWith('.json')) return [path]
  return readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(path, name))
}

function turnsOf(story: Story): number {
  return story.conversations.reduce((sum, { turns }) => sum + turns.length, 0)
}

function checksAnswers(story: Story): boolean {
  return story.conversations.some(({ turns }) => turns.some(({ expect }) => expect?.answer !== undefined))
}

function printTurn(turn: PlayedTurn): void {
  print(`  ${turn.conversation}.${turn.turn}  ${turn.user.replaceAll('\n', ' ').slice(0, 110)}`)
  for (const { action, store, text, replaced } of turn.learned) {
    print(`        ${action} ${store}: ${text}${replaced ? `  (was: ${replaced})` : ''}`)
  }
}

function printScore({ known, absent, rest, minutes }: Score, items: number): void {
  for (const { ok, place, phrase, wanted } of [...known, ...absent, ...rest]) {
    if (!ok) print(`  ${wanted ? 'not there' : 'there    '}  ${place}: ${phrase}`)
  }
  const more = rest.length > 0 ? `, prompts and answers ${rate(rest)}` : ''
  print(`  known ${rate(known)}, absent ${rate(absent)}${more}; ${items} items; ${minutes.toFixed(1)} min`)
}

function printSample(learned: readonly KnownAtEnd[], count: number, seed: number): void {
  if (count <= 0 || learned.length === 0) return
  print(
    `\n${Math.min(count, learned.length)} of ${learned.length} learned items, beside the words they rest on (seed ${seed})`,
  )
  for (const { store, text, quotes } of shuffled(learned, seed).slice(0, count)) {
    print(`  ${store}: ${text}`)
    for (const quote of quotes) print(`      “${quote.replaceAll('\n', ' ')}”`)
  }
}

function verdict(scores: readonly Score[]): number {
  const known = scores.flatMap((score) => score.known)
  const absent = scores.flatMap((score) => score.absent)
  const rest = scores.flatMap((score) => score.rest)
  const ok = share(known) >= KNOWN && share(absent) >= ABSENT
  const more = rest.length > 0 ? `, prompts and answers ${rate(rest)}` : ''
  print(
    `\n${scores.length} stories, ${scores.reduce((sum, { turns }) => sum + turns, 0)} turns: known ${rate(known)} (at least ${percent(KNOWN)}), ` +
      `absent ${rate(absent)} (at least ${percent(ABSENT)})${more}: ${ok ? 'passed' : 'FAILED'}`,
  )
  return ok ? 0 : 1
}

function share(checks: readonly Check[]): number {
  return checks.length === 0 ? 1 : checks.filter(({ ok }) => ok).length / checks.length
}

function rate(checks: readonly Check[]): string {
  return `${checks.filter(({ ok }) => ok).length} of ${checks.length} (${percent(share(checks))})`
}

const percent = (value: number) => `${(100 * value).toFixed(0)} %`

/** Fisher-Yates with a small generator (mulberry32), so that a sample can be drawn again. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const list = [...items]
  let state = seed >>> 0
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), state | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
  for (let last = list.length - 1; last > 0; last--) {
    const at = Math.floor(random() * (last + 1))
    const [one, other] = [list[at], list[last]]
    if (one !== undefined && other !== undefined) {
      list[last] = one
      list[at] = other
    }
  }
  return list
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
