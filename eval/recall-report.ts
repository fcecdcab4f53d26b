// Benchmarks of recall: their files as lines of the evaluation, and the scores of a run.
//
// LoCoMo (Maharana et al., "Evaluating Very Long-Term Conversational Memory of LLM Agents", 2024): which turns hold the
// answer. PrefEval (Zhao et al., "Do LLMs Recognize Your Preferences?", 2025): which stated preference a question is about.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import unrelated from './data/unrelated-questions.json' with { type: 'json' }
import { type Answer, type Doc, type Query, readAnswers } from './recall-lines.ts'

const CUT = 10
const TOKENS = 1000
const CHARACTERS_PER_TOKEN = 4
const FIRST = 5
/** LoCoMo's categories of questions that have an answer. */
const ANSWERABLE = 4

interface Benchmark {
  prepare(folder: string): { docs: Partial<Doc>[]; queries: Query[] }
  score(folder: string, answers: Map<string, Answer>): Record<string, number>
}

const benchmarks: Record<string, Benchmark> = {
  locomo: { prepare: prepareLocomo, score: scoreLocomo },
  prefeval: { prepare: preparePrefeval, score: scorePrefeval },
  unrelated: { prepare: prepareUnrelated, score: scoreUnrelated },
}

function benchmark(name: string): Benchmark {
  const known = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined
  if (known) return known
  throw new Error(`There is no benchmark "${name}". There are: ${Object.keys(benchmarks).join(', ')}.`)
}

/** @param folder of the benchmark's files */
export function prepare(name: string, folder: string): ReturnType<Benchmark['prepare']> {
  return benchmark(name).prepare(folder)
}

/** @returns the scores of a run, a line each */
export function report(name: string, folder: string, run: string): string {
  const answers = new Map(readAnswers(run).map((answer) => [answer.qid, answer]))
  const times = [...answers.values()].map(({ ms }) => ms).sort((a, b) => a - b)
  const scores = {
    ...benchmark(name).score(folder, answers),
    'recall p50, ms': quantile(times, 0.5),
    'recall p95, ms': quantile(times, 0.95),
  }
  return Object.entries(scores)
    .map(([score, value]) => `${score.padEnd(34)} ${Number.isInteger(value) ? value : value.toFixed(4)}`)
    .join('\n')
}

const turn = z.object({ speaker: z.string(), dia_id: z.string(), text: z.string() })
const talk = z.object({ sample_id: z.string(), conversation: z.record(z.string(), z.unknown()) })
const gold = z.object({
  qid: z.string(),
  sample_id: z.string(),
  category: z.number(),
  question: z.string(),
  evidence_fixed: z.array(z.string()),
})

function prepareLocomo(folder: string) {
  const docs = readJson(folder, (name) => /locomo/iu.test(name) && !/gold/iu.test(name), z.array(talk)).flatMap(turnsOf)
  const queries = readGold(folder).map(({ sample_id, qid, question }) => ({ space: sample_id, qid, query: question }))
  return { docs, queries }
}

function turnsOf({ sample_id, conversation }: z.infer<typeof talk>): Partial<Doc>[] {
  const docs: Partial<Doc>[] = []
  for (let session = 1; `session_${session}` in conversation; session++) {
    const date = String(conversation[`session_${session}_date_time`] ?? `session ${session}`)
    for (const { speaker, dia_id, text } of z.array(turn).parse(conversation[`session_${session}`])) {
      docs.push({ space: sample_id, id: dia_id, text: `${speaker}: ${text.trim()}`, date })
    }
  }
  return docs
}

function readGold(folder: string) {
  return readJson(folder, (name) => /locomo.*gold|gold.*locomo/iu.test(name), z.array(gold))
}

function scoreLocomo(folder: string, answers: Map<string, Answer>) {
  const lengths = new Map(prepareLocomo(folder).docs.map(({ space, id, text = '' }) => [`${space} ${id}`, text.length]))
  const asked = readGold(folder).filter(
    ({ qid, category, evidence_fixed }) => category <= ANSWERABLE && evidence_fixed.length > 0 && answers.has(qid),
  )
  const rows = asked.map(({ qid, sample_id, evidence_fixed }) => {
    const ranked = [...new Set((answers.get(qid)?.ranked ?? []).flat())]
    const wanted = new Set(evidence_fixed)
    const within: string[] = []
    let tokens = 0
    for (const id of ranked) {
      tokens += Math.ceil((lengths.get(`${sample_id} ${id}`) ?? 0) / CHARACTERS_PER_TOKEN)
      if (tokens > TOKENS) break
      within.push(id)
    }
    return {
      recall: share(ranked.slice(0, CUT), wanted),
      ndcg: gain(ranked, wanted),
      within: share(within, wanted),
      used: answers.get(qid)?.used ?? 0,
    }
  })
  return {
    questions: rows.length,
    'recall@10': mean(rows.map(({ recall }) => recall)),
    'nDCG@10': mean(rows.map(({ ndcg }) => ndcg)),
    'recall within 1,000 tokens': mean(rows.map(({ within }) => within)),
    'share that recalls something': mean(rows.map(({ used }) => (used > 0 ? 1 : 0))),
  }
}

const preference = z.object({ id: z.string(), preference: z.string(), question: z.string() })

function readPreferences(folder: string) {
  return readJson(folder, (name) => /prefeval/iu.test(name), z.array(preference))
}

/** All in one world: whose preference is meant is part of the question. */
function preparePrefeval(folder: string) {
  const all = readPreferences(folder)
  return {
    docs: all.map(({ id, preference }) => ({ space: 'prefeval', id, text: preference, kind: 'memory' as const })),
    queries: all.map(({ id, question }) => ({ space: 'prefeval', qid: id, query: question })),
  }
}

function scorePrefeval(folder: string, answers: Map<string, Answer>) {
  const asked = readPreferences(folder).filter(({ id }) => answers.has(id))
  const places = asked.map(({ id }) => (answers.get(id)?.ranked ?? []).findIndex((sources) => sources.includes(id)))
  const within = (count: number) => mean(places.map((place) => (place >= 0 && place < count ? 1 : 0)))
  return {
    questions: places.length,
    'found in the first five': within(FIRST),
    'found in the first ten': within(CUT),
    'found among what is used': mean(
      asked.map(({ id }, index) => {
        const place = places[index] ?? -1
        return place >= 0 && place < (answers.get(id)?.used ?? 0) ? 1 : 0
      }),
    ),
  }
}

/** Questions that nothing in the worlds answers, asked in each of them. */
function prepareUnrelated(folder: string) {
  const { docs } = prepareLocomo(folder)
  const spaces = [...new Set(docs.map(({ space = '' }) => space))]
  const queries = spaces.flatMap((space) =>
    unrelated.map((query, index) => ({ space, qid: `${space}_unrelated_${index + 1}`, query })),
  )
  return { docs, queries }
}

function scoreUnrelated(_: string, answers: Map<string, Answer>) {
  const used = [...answers.values()].map((answer) => answer.used).sort((a, b) => a - b)
  return {
    questions: used.length,
    'median used': quantile(used, 0.5),
    'mean used': mean(used),
    'share that recalls nothing': mean(used.map((count) => (count === 0 ? 1 : 0))),
  }
}

/** The one JSON file of the folder, or of the folder below it with the benchmark's name, that the test is true of. */
function readJson<T>(folder: string, test: (name: string) => boolean, shape: z.ZodType<T>): T {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.json') && test(name),
  )
  const [file] = files
  if (file === undefined || files.length > 1) {
    throw new Error(`Expected one file of the benchmark in ${folder}, found ${files.length}.`)
  }
  return shape.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))
}

function share(found: readonly string[], wanted: ReadonlySet<string>): number {
  return found.filter((id) => wanted.has(id)).length / wanted.size
}

/** Normalised discounted cumulative gain of the first ten, each wanted one counting the same. */
function gain(ranked: readonly string[], wanted: ReadonlySet<string>): number {
  const discount = (place: number) => 1 / Math.log2(place + 2)
  const sum = (places: readonly number[]) => places.reduce((total, place) => total + discount(place), 0)
  const hits = ranked.slice(0, CUT).flatMap((id, place) => (wanted.has(id) ? place : []))
  return sum(hits) / sum(Array.from({ length: Math.min(wanted.size, CUT) }, (_, place) => place))
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}

function quantile(sorted: readonly number[], at: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? 0
}
