// From candidates to one list: scored, with what belongs together in order, each thing once.
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { MemoryId, MessageId } from '../../../shared/ids.ts'
import type { RecallReason } from '../../../shared/memory.ts'
import type { ReadHandle } from '../../database/database.ts'
import { memory } from '../../database/schema.ts'
import { isVisible } from '../../database/visible.ts'
import { type MemoryRow, readVisible } from '../rows.ts'
import { contentWords, foldSentence, jaccard } from '../words.ts'
import { type AnyCandidate, memoryCandidate, readLearnedFrom, type Search } from './candidates.ts'
import type { Recalled, RecallHit } from './hit.ts'
import type { Question } from './question.ts'
import { isEvidence, isGoodEnough } from './relevance.ts'
import { type Scored, scoreCandidates } from './score.ts'
import { type Tuning, tuningOf } from './weights.ts'

/** What is learned says more in fewer words than what was said, and it was checked. */
const MEMORY_BONUS = 0.9
/** The person's own words stand above the assistant's, and these above what comes from elsewhere. */
const VOICE_BONUS = { person: 0, assistant: -0.3, quoted: -0.4, document: -0.3 } as const
const LINKED_BONUS = 0.4
const PINNED_BONUS = 0.1
/** For what is about somebody else, when the person asks about themselves. */
const OF_OTHERS = -0.4
/** What was learned last holds more likely, where several speak of the matter. */
const NEWER_BONUS = 0.3
const PERIOD_BONUS = 0.5
const LATEST_BONUS = 0.8
/** Of the score of what was said, for a memory that was learned from the same message. */
const TOGETHER_SHARE = 0.7
/** Passages whose memories are looked for. */
const WITH_MEMORIES = 20
/** Hits whose earlier states are looked for, when a change is asked about. */
const WITH_EARLIER = 10
/** Words shared from which two texts say the same, and what the lower one keeps of its score. */
const SAME_WORDS = 0.85
const REPEATED_SHARE = 0.7
/** Repetitions are looked for among this many of the best. */
const COMPARED = 40

interface Judged {
  candidate: AnyCandidate
  scored: Scored
  score: number
  reason: RecallReason
  isEvidence: boolean
}

export async function arrange(
  read: ReadHandle,
  search: Search,
  question: Question,
  candidates: readonly AnyCandidate[],
  { model, floor, limit }: { model: string; floor: boolean; limit: number },
): Promise<Recalled> {
  const tuning = tuningOf(model)
  const scored = scoreCandidates(question, candidates, ({ voice }) => {
    if (question.asksAdvice) return tuning.advice
    return voice === null ? tuning.memory : tuning.passage
  })
  // "My sister" is somebody else, as much as a name.
  const isOfSelf = question.isPersonal && question.names.size === 0 && !candidates.some(({ isLinked }) => isLinked)
  let judged = candidates.flatMap((candidate, index): Judged[] => {
    const own = scored[index]
    return own ? [judge({ question, isOfSelf, tuning }, candidate, own)] : []
  })
  if (floor && question.asksLatest) preferLatest(judged)
  else if (question.concepts.length > 0 && !question.asksChange) preferNewer(judged)
  judged = byScore(judged)
  judged = await withMemoriesOfPassages(read, search, judged)
  demoteRepeated(judged)
  judged = byScore(judged)
  if (question.asksChange && floor) judged = await withEarlierStates(read, search, judged)
  const best = judged.find((hit) => hit.isEvidence)?.score
  const isRelevant = ({ candidate, scored: own, score, isEvidence: evidence }: Judged) =>
    best !== undefined && isGoodEnough(candidate, { ...own, score }, evidence, best)
  const [relevant, others] = floor ? partition(judged, isRelevant) : [judged, []]
  return { hits: [...relevant, ...others].slice(0, limit).map(hitOf), relevant: Math.min(relevant.length, limit) }
}

function judge(
  { question, isOfSelf, tuning }: { question: Question; isOfSelf: boolean; tuning: Tuning },
  candidate: AnyCandidate,
  scored: Scored,
): Judged {
  const isMemory = 'row' in candidate
  const { period } = question
  const bonus =
    (isMemory ? MEMORY_BONUS + (candidate.row.pinned ? PINNED_BONUS : 0) : VOICE_BONUS[candidate.passage.voice]) +
    (candidate.isLinked ? LINKED_BONUS : 0) +
    (candidate.isOfOthers && isOfSelf ? OF_OTHERS : 0) +
    (period && candidate.at >= period.from && candidate.at < period.to ? PERIOD_BONUS : 0)
  return {
    candidate,
    scored,
    score: scored.score + bonus,
    reason: reasonOf(question, candidate, scored, tuning),
    isEvidence: isEvidence(question, candidate, scored, tuning),
  }
}

function reasonOf(
  question: Question,
  { similarity, isLinked }: AnyCandidate,
  { matched }: Scored,
  { close }: Tuning,
): RecallReason {
  const isNear = similarity !== null && similarity >= close
  const kind = () => {
    if (matched.length > 0) return isNear ? 'both' : 'words'
    if (isLinked) return 'entity'
    return isNear || similarity === null ? 'meaning' : 'nearby'
  }
  return {
    kind: kind(),
    words: matched.slice(0, 5).map((word) => question.asked.get(word) ?? word),
    similarity: similarity === null ? null : Math.round(similarity * 1000) / 1000,
  }
}

/** Of the memories that are about the same matter, the newer ones gain. */
function preferNewer(judged: readonly Judged[]): void {
  const memories = judged.filter(({ candidate, isEvidence: evidence }) => evidence && 'row' in candidate)
  const times = memories.map(({ candidate }) => candidate.at.getTime()).sort((a, b) => a - b)
  for (const hit of memories) {
    hit.score += (NEWER_BONUS * times.indexOf(hit.candidate.at.getTime())) / Math.max(times.length - 1, 1)
  }
}

/** The newer of the best stand above the older ones. */
function preferLatest(judged: readonly Judged[]): void {
  const evidence = judged.filter((hit) => hit.isEvidence)
  const times = evidence.map(({ candidate }) => candidate.at.getTime()).sort((a, b) => a - b)
  for (const hit of evidence) {
    const place = times.indexOf(hit.candidate.at.getTime())
    hit.score += (LATEST_BONUS * place) / Math.max(times.length - 1, 1)
    if (place === times.length - 1 && hit.reason.kind === 'meaning') hit.reason = { ...hit.reason, kind: 'recent' }
  }
}

/**
 * A memory stands above the words it was learned from, and what was learned from the same message comes along: it may
 * say in other words what was asked.
 */
async function withMemoriesOfPassages(read: ReadHandle, search: Search, judged: Judged[]): Promise<Judged[]> {
  const passages = judged.filter(({ candidate }) => 'passage' in candidate).slice(0, WITH_MEMORIES)
  const messages = passages.flatMap(({ candidate }) =>
    'passage' in candidate && candidate.passage.voice === 'person' ? (candidate.passage.messageId ?? []) : [],
  )
  const links = await readLearnedFrom(read, search.viewer.owner, messages)
  if (links.length === 0) return judged
  const known = new Map(judged.map((hit) => [hit.candidate.id, hit]))
  const missing = [...new Set(links.map(({ memoryId }) => memoryId))].filter((id) => !known.has(id))
  const rows = await readVisible(
    read,
    search.viewer,
    missing,
    and(inArray(memory.status, [...search.statuses]), inArray(memory.store, [...search.stores])),
  )
  const byMessage = new Map<MessageId, Judged[]>()
  for (const hit of passages) {
    if (!('passage' in hit.candidate)) continue
    const { messageId } = hit.candidate.passage
    if (messageId) byMessage.set(messageId, [...(byMessage.get(messageId) ?? []), hit])
  }
  const added = new Map<MemoryId, Judged>()
  for (const { memoryId, messageId, start, end } of links) {
    const said = byMessage.get(messageId) ?? []
    for (const passage of said) {
      const isFrom = 'passage' in passage.candidate && overlaps(passage.candidate.passage, start, end)
      const found = known.get(memoryId) ?? added.get(memoryId)
      if (found) {
        // Above the words it was learned from when it is found by itself; beside them it gains by their being found.
        if (isFrom && found.isEvidence) found.score = Math.max(found.score, passage.score + 0.01)
        else if (isFrom && passage.isEvidence) joinFound(found, passage)
        continue
      }
      const row = rows.get(memoryId)
      if (row && isFrom) added.set(memoryId, learnedTogether(row, passage))
    }
  }
  return byScore([...judged, ...added.values()])
}

function joinFound(found: Judged, passage: Judged): void {
  found.score = Math.max(found.score, passage.score * TOGETHER_SHARE)
  found.isEvidence = true
  if (found.reason.words.length === 0) found.reason = { ...found.reason, kind: 'together' }
}

function overlaps(passage: { start: number; end: number }, start: number | null, end: number | null): boolean {
  return start !== null && end !== null && start < passage.end && end > passage.start
}

function learnedTogether(row: MemoryRow, { scored, score, isEvidence: evidence }: Judged): Judged {
  return {
    candidate: memoryCandidate(row),
    scored: { ...scored, matched: [], named: [] },
    score: score * TOGETHER_SHARE,
    reason: { kind: 'together', words: [], similarity: null },
    isEvidence: evidence,
  }
}

/** What says again what stands above it makes room for something else; the same sentence twice goes far down. */
function demoteRepeated(judged: readonly Judged[]): void {
  const above: { words: string[]; text: string }[] = []
  for (const hit of judged.slice(0, COMPARED)) {
    const words = contentWords(hit.candidate.text)
    const text = foldSentence(hit.candidate.text)
    if (above.some((other) => other.text === text)) hit.score *= REPEATED_SHARE ** 2
    // What was said in other words by and by is merged or kept apart when it is learned.
    else if (
      'passage' in hit.candidate &&
      words.length > 3 &&
      above.some((other) => jaccard(other.words, words) >= SAME_WORDS)
    ) {
      hit.score *= REPEATED_SHARE
    }
    above.push({ words, text })
  }
}

/** Both states of what changed, the newer first: where one was found, the other comes along. */
async function withEarlierStates(read: ReadHandle, search: Search, judged: Judged[]): Promise<Judged[]> {
  const found = judged.flatMap((hit) => ('row' in hit.candidate ? [{ hit, row: hit.candidate.row }] : []))
  const top = found.filter(({ hit }) => hit.isEvidence).slice(0, WITH_EARLIER)
  const earlier = await read
    .select()
    .from(memory)
    .where(
      and(
        isVisible(search.viewer, sql`memory`),
        eq(memory.status, 'superseded'),
        inArray(memory.store, [...search.stores]),
        inArray(
          memory.supersededBy,
          top.map(({ row }) => row.id),
        ),
      ),
    )
  const later = await readVisible(
    read,
    search.viewer,
    top.flatMap(({ row }) => row.supersededBy ?? []),
    inArray(memory.status, ['active', 'superseded']),
  )
  const known = new Map(found.map(({ row, hit }) => [row.id, hit]))
  for (const row of [...earlier, ...later.values()]) {
    const beside = top.find(({ row: other }) => other.supersededBy === row.id || row.supersededBy === other.id)
    if (known.has(row.id) || !beside) continue
    const hit: Judged = { ...beside.hit, candidate: memoryCandidate(row) }
    known.set(row.id, hit)
    judged.push(hit)
  }
  for (const hit of known.values()) {
    if (!('row' in hit.candidate) || hit.candidate.row.status !== 'superseded') continue
    hit.reason = { ...hit.reason, kind: 'replaced' }
    const newer = hit.candidate.row.supersededBy ? known.get(hit.candidate.row.supersededBy) : undefined
    if (!newer) continue
    const score = Math.max(hit.score, newer.score)
    newer.score = score
    hit.score = score - 0.001
    hit.isEvidence ||= newer.isEvidence
    newer.isEvidence ||= hit.isEvidence
  }
  return byScore(judged)
}

function byScore(judged: readonly Judged[]): Judged[] {
  return judged.toSorted(
    (a, b) =>
      b.score - a.score ||
      b.candidate.at.getTime() - a.candidate.at.getTime() ||
      (a.candidate.id < b.candidate.id ? -1 : 1),
  )
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))]
}

function hitOf({ candidate, score, reason }: Judged): RecallHit {
  return 'row' in candidate
    ? { kind: 'memory', row: candidate.row, score, reason }
    : { kind: 'passage', passage: candidate.passage, score, reason }
}
