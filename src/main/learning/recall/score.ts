// How well each candidate answers a question: what it says itself, what was said right before and after it, what its
// conversation is about, how near it is in meaning, and who speaks. Signals are weighed and added; pure, so that the
// weights can be tuned on stored candidates.
//
// The credit from neighbours and conversation follows the finding that a turn of a talk is often found by what was said
// around it ("context BM25": database guide, measured on two-person conversations). It counts only as far as neighbours
// in this material do speak of the same things: in a list of single statements they do not.
import type { Voice } from '../../../shared/memory.ts'
import { contentWords, fold, numbersIn, stem, wordsOf } from '../words.ts'
import { holdsKind } from './answer-kind.ts'
import { type Concept, speaksOf } from './concepts.ts'
import type { Question } from './question.ts'

export interface Candidate {
  id: string
  text: string
  /** BM25 of the database; 0 where the search by words did not find it. */
  words: number
  /** Cosine with the question; null where it is not known. */
  similarity: number | null
  /** Cosine with requests of any kind: so much of its similarity says nothing. 0 where that was not looked at. */
  typical: number
  /** What it is part of: a message, a document, a memory. */
  unit: string
  /** Position in the unit. */
  part: number
  /** The unit right before, in a conversation. */
  before: string | null
  /** Conversation or document; null for a memory. */
  thread: string | null
  /** Null for a memory. */
  voice: Voice | null
  /** When it was said, or holds from. */
  at: Date
  /** It is linked to somebody or something the question names. */
  isLinked: boolean
  /** It is about somebody else than the person. */
  isOfOthers: boolean
}

/** How strong each sign is that a candidate answers the question, most of them from 0 to 1. */
export interface Signals {
  /** BM25 against the best of all. */
  words: number
  wordsBefore: number
  wordsAfter: number
  /** Two before and two after. */
  wordsAround: number
  /** The best of its conversation or document. */
  threadBest: number
  /** Share of the question's words that its conversation has. */
  threadCover: number
  /** Nearness in meaning against the nearest of all. */
  near: number
  nearBefore: number
  nearAfter: number
  /** Who the question names says it. */
  speaker: number
  /** Somebody else than who the question names says it. */
  otherSpeaker: number
  /** Share of the question's words it has, the rarer ones counting more. */
  cover: number
  /** The same with what was said right before and after. */
  coverAround: number
  /** Share of the matters the question is about that it speaks of, the rarer ones counting more. */
  concepts: number
  /** It holds what the question wants to hear: a time, a place, somebody, a number. */
  answers: number
  /** It asks something itself. */
  isQuestion: number
  length: number
}
/** What a signal at its full strength adds. */
export type Weights = Signals

export interface Scored {
  signals: Signals
  score: number
  /** Stems of the question's words it has itself. */
  matched: string[]
  /** Names of the question it has. */
  named: string[]
}

const LONG = 400
/** Similarities are told apart among this many of the nearest. */
const NEAREST = 200
/** Between the nearest and the farthest of these lies at least this much, or little is to be told apart. */
const LEAST_SPREAD = 0.2
const ENDS_AS_QUESTION = /\?["'”’)\s]*$/u
/** "Ilse Brandt: …" at the start of what somebody said, in a transcript. */
const SPEAKER = /^(\p{Lu}[\p{L}\p{M}.'’ -]{0,40}):\s/u

/** @returns in the order of the candidates */
export function scoreCandidates<Any extends Candidate>(
  question: Question,
  candidates: readonly Any[],
  weightsOf: (candidate: Any) => Weights,
): Scored[] {
  const most = Math.max(...candidates.map(({ words }) => words), 1e-9)
  const words = candidates.map((candidate) => candidate.words / most)
  const near = nearness(candidates)
  const own = candidates.map(({ text }) => wordsIn(text))
  const rarity = rarities(question.words, own)
  const matched = own.map((has) => question.words.filter((word) => has.has(word)))
  const around = neighbours(candidates)
  const threads = threadSignals(candidates, words, matched, rarity.share)
  const concepts = conceptShares(question.concepts, own)
  const speakers = candidates.map(({ text }) => speakerOf(text))
  const asked = new Set(speakers.flat().filter((name) => question.names.has(name)))
  const strongest = (members: readonly number[], of: readonly number[]) =>
    members.reduce((best, member) => Math.max(best, of[member] ?? 0), 0)

  return candidates.map((candidate, index) => {
    const { before, after, twoBefore, twoAfter } = around[index] ?? NOBODY
    const has = matched[index] ?? []
    const isAsked = (speakers[index] ?? []).some((name) => asked.has(name))
    const thread = candidate.thread === null ? undefined : threads.get(candidate.thread)
    const signals: Signals = {
      words: words[index] ?? 0,
      wordsBefore: strongest(before, words),
      wordsAfter: strongest(after, words),
      wordsAround: strongest(twoBefore, words) + strongest(twoAfter, words),
      threadBest: thread?.best ?? 0,
      threadCover: thread?.cover ?? 0,
      near: near[index] ?? 0,
      nearBefore: strongest(before, near),
      nearAfter: strongest(after, near),
      speaker: isAsked ? 1 : 0,
      otherSpeaker: asked.size > 0 && !isAsked ? 1 : 0,
      cover: rarity.share(has),
      coverAround: rarity.share([...has, ...[...before, ...after].flatMap((member) => matched[member] ?? [])]),
      concepts: concepts[index] ?? 0,
      answers: question.answerKind !== null && holdsKind(question.answerKind, candidate.text) ? 1 : 0,
      isQuestion: ENDS_AS_QUESTION.test(candidate.text) ? 1 : 0,
      length: Math.min(candidate.text.length / LONG, 1),
    }
    return {
      signals,
      score: weigh(signals, weightsOf(candidate)),
      matched: has,
      named: has.filter((word) => question.names.has(word)),
    }
  })
}

function weigh(signals: Signals, weights: Weights): number {
  let sum = 0
  for (const name in signals) sum += signals[name as keyof Signals] * weights[name as keyof Signals]
  return sum
}

function threadSignals(
  candidates: readonly Candidate[],
  words: readonly number[],
  matched: readonly string[][],
  share: (words: readonly string[]) => number,
): Map<string, { best: number; cover: number }> {
  const threads = groupBy(candidates, ({ thread }) => thread)
  return new Map(
    Array.from(threads, ([thread, members]) => {
      const found = members.filter((member) => (words[member] ?? 0) > 0)
      const best = found.reduce((most, member) => Math.max(most, words[member] ?? 0), 0)
      return [thread, { best, cover: share(found.flatMap((member) => matched[member] ?? [])) }]
    }),
  )
}

function wordsIn(text: string): Set<string> {
  return new Set([...contentWords(text), ...numbersIn(text)])
}

function speakerOf(text: string): string[] {
  const name = SPEAKER.exec(text)?.[1]
  return name === undefined ? [] : wordsOf(name).map(({ word }) => stem(fold(word)))
}

/** Similarity from 0 (no nearer than the last of the nearest) to 1 (the nearest). */
function nearness(candidates: readonly Candidate[]): number[] {
  const own = candidates.map(({ similarity, typical }) => (similarity === null ? null : similarity - typical))
  const known = own.flatMap((nearness) => nearness ?? []).sort((a, b) => b - a)
  const high = known[0] ?? 0
  const low = known[Math.min(known.length, NEAREST) - 1] ?? 0
  const spread = Math.max(high - low, LEAST_SPREAD)
  return own.map((nearness) => (nearness === null ? 0 : Math.max(0, 1 - (high - nearness) / spread)))
}

/** Weighs words by how few of the candidates have them: what most have says little about which one is meant. */
function rarities(words: readonly string[], own: readonly Set<string>[]) {
  const weight = new Map(
    words.map((word) => {
      const having = own.filter((has) => has.has(word)).length
      return [word, Math.log(1 + (own.length - having + 0.5) / (having + 0.5))]
    }),
  )
  const sum = (of: Iterable<string>) => {
    let total = 0
    for (const word of of) total += weight.get(word) ?? 0
    return total
  }
  const all = Math.max(sum(words), 1e-9)
  return { share: (of: readonly string[]) => sum(new Set(of)) / all }
}

/** Of each candidate, the share of the concepts it speaks of; one that most candidates speak of counts little. */
function conceptShares(concepts: readonly Concept[], own: readonly ReadonlySet<string>[]): number[] {
  if (concepts.length === 0) return []
  const having = concepts.map((concept) => own.map((stems) => speaksOf(concept, stems)))
  const weights = having.map((has) => {
    const count = has.filter(Boolean).length
    // What nobody speaks of is missed by all alike.
    return count === 0 ? 0 : Math.log(1 + (own.length - count + 0.5) / (count + 0.5))
  })
  const all = Math.max(
    weights.reduce((sum, weight) => sum + weight, 0),
    1e-9,
  )
  return own.map((_, index) => having.reduce((sum, has, at) => sum + (has[index] ? (weights[at] ?? 0) : 0), 0) / all)
}

interface Around {
  before: readonly number[]
  after: readonly number[]
  twoBefore: readonly number[]
  twoAfter: readonly number[]
}

const NOBODY: Around = { before: [], after: [], twoBefore: [], twoAfter: [] }

/** The candidates right before and after each: parts of the same text, or messages of the same conversation. */
function neighbours(candidates: readonly Candidate[]): Around[] {
  const byUnit = groupBy(candidates, ({ unit }) => unit)
  const following = groupBy(candidates, ({ before }) => before)
  const beforeOf = (i: number): number[] => {
    const candidate = candidates[i]
    if (!candidate || candidate.thread === null) return []
    const parts = (byUnit.get(candidate.unit) ?? []).filter((j) => candidates[j]?.part === candidate.part - 1)
    if (parts.length > 0) return parts
    return candidate.part === 0 && candidate.before !== null ? (byUnit.get(candidate.before) ?? []) : []
  }
  const afterOf = (i: number): number[] => {
    const candidate = candidates[i]
    if (!candidate || candidate.thread === null) return []
    const parts = (byUnit.get(candidate.unit) ?? []).filter((j) => candidates[j]?.part === candidate.part + 1)
    return parts.length > 0 ? parts : (following.get(candidate.unit) ?? [])
  }
  return candidates.map((_, i) => {
    const [before, after] = [beforeOf(i), afterOf(i)]
    return { before, after, twoBefore: before.flatMap(beforeOf), twoAfter: after.flatMap(afterOf) }
  })
}

function groupBy(
  candidates: readonly Candidate[],
  key: (candidate: Candidate) => string | null,
): Map<string, number[]> {
  const groups = new Map<string, number[]>()
  for (const [index, candidate] of candidates.entries()) {
    const of = key(candidate)
    if (of === null) continue
    const group = groups.get(of)
    if (group) group.push(index)
    else groups.set(of, [index])
  }
  return groups
}
