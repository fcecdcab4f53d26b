// From a finished turn to what its stores may keep: the person's own sentences, the cheap gate, rules, and at most one
// model call that labels what is left.
import type { JsonRequest } from '../../engine/engine.ts'
import type { Evidence, FinishedTurn, Found, LabelledSentence, LearningStore } from '../protocol.ts'
import { type Correction, correctionIn } from './corrections.ts'
import { type Candidate, gate } from './gate.ts'
import { isGrounded } from './grounding.ts'
import { type LabelSpec, labelRequest, type RawLabel, readLabels } from './label.ts'
import { ownWords } from './own-words.ts'
import type { Sentence } from './sentences.ts'

export interface StoreFind {
  store: LearningStore
  found: Found
}

export interface Extracted {
  finds: StoreFind[]
  corrections: { correction: Correction; evidence: Evidence }[]
  /** Sentences refused because they hold a secret. */
  secrets: number
  modelCalls: number
}

/** The labelling call; null when the model's output was not what the grammar promised. */
export type Ask = (request: JsonRequest) => Promise<unknown>

const LONGEST_TEXT = 300
const POINTS_BACK = /^(?:he|she|it|they|this|that|these|those|his|her|their|its)\b/iu

/**
 * @param stores those that learn from turns now
 * @param ask answers null when the output was broken; other failures are thrown, and the job tries again
 */
export async function extract(turn: FinishedTurn, stores: readonly LearningStore[], ask: Ask): Promise<Extracted> {
  const own = ownWords(turn.userText)
  const { candidates, secrets } = gate(own.sentences)
  const result: Extracted = { finds: [], corrections: [], secrets, modelCalls: 0 }
  const toLabel: Candidate[] = []
  for (const candidate of candidates) {
    const correction = correctionIn(candidate.text)
    if (correction) {
      result.corrections.push({ correction, evidence: evidenceOf(turn, candidate) })
      continue
    }
    const { finds, whole } = readByRules(turn, stores, candidate)
    result.finds.push(...finds)
    if (!whole) toLabel.push(finds.length > 0 ? { ...candidate, strength: 'strong' } : candidate)
  }
  const labels = labelsOf(stores)
  const names = Object.keys(labels)
  if (toLabel.length === 0 || names.length === 0) return result
  const answer = await ask(labelRequest(toLabel, labels))
  result.modelCalls = 1
  const raw = readLabels(answer, toLabel.length, names)
  for (const [index, candidate] of toLabel.entries()) {
    const sentence = labelled(candidate, raw[index] ?? null, own.sentences, names[0] ?? '')
    if (!sentence) continue
    for (const store of stores) {
      const found = store.capture?.found(sentence, turn)
      if (found) result.finds.push({ store, found })
    }
  }
  return result
}

function readByRules(
  turn: FinishedTurn,
  stores: readonly LearningStore[],
  candidate: Candidate,
): { finds: StoreFind[]; whole: boolean } {
  const finds: StoreFind[] = []
  let whole = false
  for (const store of stores) {
    const read = store.capture?.read?.(candidate.text, turn)
    if (!read) continue
    const evidence = [evidenceOf(turn, candidate)]
    finds.push(...read.items.map((item) => ({ store, found: { item: { validFrom: turn.at, ...item }, evidence } })))
    whole ||= read.whole && read.items.length > 0
  }
  return { finds, whole }
}

/** The sentence with its label and a note that the source bears out; null when it is not worth keeping. */
function labelled(
  candidate: Candidate,
  raw: RawLabel | null,
  sentences: readonly Sentence[],
  fallbackLabel: string,
): LabelledSentence | null {
  // A strong sentence is kept even when the model's output was broken: its own words are always true to it.
  if (!raw && candidate.strength === 'weak') return null
  const at = sentences.findIndex(({ start, end }) => start <= candidate.start && candidate.end <= end)
  const before = sentences[at - 1]?.text
  const after = sentences[at + 1]?.text
  const around = [before, after].filter((text) => text !== undefined)
  const grounded = raw !== null && isGrounded(raw.statement, candidate.text, around)
  let statement = grounded ? raw.statement : candidate.text.replace(/\s+/g, ' ')
  // "It costs 400 a month" cannot be understood alone.
  if (POINTS_BACK.test(statement) && before && before.length + statement.length < LONGEST_TEXT) {
    statement = `${before} ${candidate.text}`.replace(/\s+/g, ' ')
    return {
      label: raw?.label ?? fallbackLabel,
      quote: candidate.text,
      start: candidate.start,
      end: candidate.end,
      statement,
      grounded: false,
    }
  }
  return {
    label: raw?.label ?? fallbackLabel,
    quote: candidate.text,
    start: candidate.start,
    end: candidate.end,
    statement,
    grounded,
  }
}

function labelsOf(stores: readonly LearningStore[]): Record<string, LabelSpec> {
  return Object.assign({}, ...stores.map(({ capture }) => capture?.labels ?? {}))
}

function evidenceOf(turn: FinishedTurn, { text, start, end }: Sentence): Evidence {
  return {
    origin: 'user',
    conversationId: turn.conversationId,
    messageId: turn.messageId,
    quote: text,
    start,
    end,
    at: turn.at,
  }
}
