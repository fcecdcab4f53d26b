// The first model call of learning: each sentence that rules cannot tell gets a label. A small model asked for an open
// list returns an empty one; forced to an entry for each numbered sentence it works. Two questions, never both of one
// turn: what kind of statement it is (other languages, stores with labels of their own), and, of a message in which the
// person does not speak of themselves, whether a sentence is from their life or from books. Asked for kinds with
// "general knowledge" among them, the 1.5B model calls the moon a fact of the person's life; asked just that, it knows.
import { z } from 'zod'
import type { GrammarSchema, JsonRequest } from '../../engine/engine.ts'
import type { Candidate } from './gate.ts'

export interface LabelSpec {
  when: string
  example: string
}

/** Grows when the wording below changes; kept with what was extracted. */
export const LABEL_PROMPT_VERSION = 3

const NONE = 'none'
const LIFE = 'life'
const BOOKS = 'books'
/** Tokens of one entry at most: its label and the JSON around it. */
const ENTRY_TOKENS = 20

const EXAMPLE: readonly { sentence: string; label: string }[] = [
  { sentence: 'Marta Quist leads the Seagrass project at Lund Marine.', label: 'fact' },
  { sentence: 'We decided to rehearse on Tuesdays.', label: 'decision' },
  { sentence: 'That sounds lovely.', label: NONE },
  { sentence: 'Otto wants the report on paper.', label: 'preference' },
  { sentence: "I'll bring the cake on 9 June.", label: 'commitment' },
  { sentence: 'The new hall is too loud for me.', label: 'opinion' },
]

const ORIGIN_PROMPT = [
  'A user talks to an assistant. Say of each sentence where its content comes from:',
  `- ${BOOKS}: anybody can look it up, it is about science, history, famous people, languages, software or how things work in general`,
  `- ${LIFE}: only the user knows it, it is about people, projects, plans and things around the user`,
].join('\n')
const ORIGIN_EXAMPLE: readonly { sentence: string; label: string }[] = [
  { sentence: 'Seagrass grows in shallow water.', label: BOOKS },
  { sentence: 'Marta leads the Seagrass project at Lund Marine.', label: LIFE },
  { sentence: 'The report has 40 pages now.', label: LIFE },
  { sentence: 'HTML was invented at CERN.', label: BOOKS },
  { sentence: 'The import fails on large files.', label: LIFE },
  { sentence: 'The Danube is 2,850 km long.', label: BOOKS },
  { sentence: "The trust's archive goes back 20 years.", label: LIFE },
  { sentence: 'The ferry to the island leaves at 7:15.', label: LIFE },
]

/** @returns the call that asks what kind of statement each of `candidates` is: at least one, in order. */
export function labelRequest(
  candidates: readonly Candidate[],
  labels: Readonly<Record<string, LabelSpec>>,
): JsonRequest {
  const names = Object.keys(labels)
  const system = [
    "You sort the sentences of a user's message. Give each sentence one label:",
    ...names.map((name) => `- ${name}: ${labels[name]?.when}${exampleOf(name, labels[name])}`),
    `- ${NONE}: filler, a question or request, general knowledge, a made-up situation, words of someone else`,
  ].join('\n')
  const example = EXAMPLE.filter(({ label }) => label === NONE || names.includes(label))
  return request(system, example, candidates, ({ strength }) => (strength === 'strong' ? names : [...names, NONE]))
}

/** A label that the worked example does not show is shown by its own. */
function exampleOf(name: string, spec: LabelSpec | undefined): string {
  if (!spec?.example || EXAMPLE.some(({ label }) => label === name)) return ''
  return `, such as "${spec.example.replace(/["\n]/gu, ' ')}"`
}

/** @returns the call that asks whether `candidates` are of the person's life: at least one, in order. */
export function originRequest(candidates: readonly Candidate[]): JsonRequest {
  return request(ORIGIN_PROMPT, ORIGIN_EXAMPLE, candidates, () => [BOOKS, LIFE])
}

function request(
  system: string,
  example: readonly { sentence: string; label: string }[],
  candidates: readonly Candidate[],
  allowed: (candidate: Candidate) => string[],
): JsonRequest {
  const entries = candidates.map((candidate, index): GrammarSchema => {
    // The number is fixed, so that the model cannot slip a line.
    const n: GrammarSchema = { const: index + 1 }
    return { type: 'object', properties: { n, label: { enum: allowed(candidate) } } }
  })
  return {
    messages: [
      { role: 'system', text: system },
      { role: 'user', text: numbered(example.map(({ sentence }) => sentence)) },
      { role: 'assistant', text: JSON.stringify(example.map(({ label }, index) => ({ n: index + 1, label }))) },
      { role: 'user', text: numbered(candidates.map(({ text }) => text)) },
    ],
    schema: { type: 'array', prefixItems: entries, minItems: entries.length, maxItems: entries.length },
    maxTokens: candidates.length * ENTRY_TOKENS + 16,
  }
}

const answer = z.array(z.object({ label: z.string() }))

/**
 * Reads the answer by position; numbers the model wrote are ignored.
 * @returns the label of each candidate, null for what is nothing to keep; entries that are missing or odd are null as well
 */
export function readLabels(value: unknown, count: number, labels: readonly string[]): (string | null)[] {
  const parsed = answer.safeParse(value)
  const entries = parsed.success ? parsed.data : []
  return Array.from({ length: count }, (_, index) => {
    const label = entries[index]?.label
    return label !== undefined && labels.includes(label) ? label : null
  })
}

/** As `readLabels`: whether each candidate is of the person's life; in doubt it is not. */
export function readOrigins(value: unknown, count: number): boolean[] {
  const parsed = answer.safeParse(value)
  const entries = parsed.success ? parsed.data : []
  return Array.from({ length: count }, (_, index) => {
    const label = entries[index]?.label
    return label !== undefined && label !== BOOKS && label !== NONE
  })
}

function numbered(sentences: readonly string[]): string {
  return sentences.map((sentence, index) => `${index + 1}. ${sentence.replace(/\s+/g, ' ')}`).join('\n')
}
