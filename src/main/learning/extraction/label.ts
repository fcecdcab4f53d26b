// The first model call of learning: each sentence that rules cannot tell gets a label. A small model asked for an open
// list returns an empty one; forced to an entry for each numbered sentence it works.
import { z } from 'zod'
import type { GrammarSchema, JsonRequest } from '../../engine/engine.ts'
import type { Candidate } from './gate.ts'

export interface LabelSpec {
  when: string
  example: string
}

/** Grows when the wording below changes; kept with what was extracted. */
export const LABEL_PROMPT_VERSION = 2

const NONE = 'none'
const GENERAL = 'general'
/** Tokens of one entry at most: its label and the JSON around it. */
const ENTRY_TOKENS = 20

const EXAMPLE: readonly { sentence: string; label: string }[] = [
  { sentence: 'Marta Quist leads the Seagrass project at Lund Marine.', label: 'fact' },
  { sentence: 'Seagrass grows in shallow water.', label: GENERAL },
  { sentence: 'We decided to rehearse on Tuesdays.', label: 'decision' },
  { sentence: 'That sounds lovely.', label: NONE },
  { sentence: 'Otto wants the report on paper.', label: 'preference' },
  { sentence: 'The printer on the second floor is broken again.', label: 'fact' },
  { sentence: "I'll bring the cake on 9 June.", label: 'commitment' },
  { sentence: 'HTML was invented at CERN.', label: GENERAL },
  { sentence: 'The new hall is too loud for me.', label: 'opinion' },
]

/** @returns the model call that labels `candidates`: at least one, in order. */
export function labelRequest(
  candidates: readonly Candidate[],
  labels: Readonly<Record<string, LabelSpec>>,
): JsonRequest {
  const names = Object.keys(labels)
  const example = EXAMPLE.filter(({ label }) => label === NONE || label === GENERAL || names.includes(label))
  const system = [
    "You sort the sentences of a user's message. Give each sentence one label:",
    ...names.map((name) => `- ${name}: ${labels[name]?.when}`),
    `- ${GENERAL}: anybody can look it up: science, history, famous people, how things work`,
    `- ${NONE}: filler, a question or request, a made-up situation, words of someone else`,
  ].join('\n')
  return {
    messages: [
      { role: 'system', text: system },
      { role: 'user', text: numbered(example.map(({ sentence }) => sentence)) },
      { role: 'assistant', text: JSON.stringify(example.map(exampleEntry)) },
      { role: 'user', text: numbered(candidates.map(({ text }) => text)) },
    ],
    schema: schemaFor(candidates, names),
    maxTokens: candidates.length * ENTRY_TOKENS + 16,
  }
}

function schemaFor(candidates: readonly Candidate[], names: string[]): GrammarSchema {
  const entries = candidates.map(({ strength }, index): GrammarSchema => {
    // The number is fixed, so that the model cannot slip a line.
    const n: GrammarSchema = { const: index + 1 }
    const allowed = strength === 'strong' ? names : [...names, GENERAL, NONE]
    return { type: 'object', properties: { n, label: { enum: allowed } } }
  })
  return { type: 'array', prefixItems: entries, minItems: entries.length, maxItems: entries.length }
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

function numbered(sentences: readonly string[]): string {
  return sentences.map((sentence, index) => `${index + 1}. ${sentence.replace(/\s+/g, ' ')}`).join('\n')
}

function exampleEntry({ label }: (typeof EXAMPLE)[number], index: number) {
  return { n: index + 1, label }
}
