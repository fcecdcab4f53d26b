// The one model call of learning: each sentence gets a label, and a short note of what it states. A small model asked
// for an open list returns an empty one; forced to an entry for each numbered sentence it works.
import { z } from 'zod'
import type { GrammarSchema, JsonRequest } from '../../engine/engine.ts'
import type { Candidate } from './gate.ts'

export interface LabelSpec {
  when: string
  example: string
}

export interface RawLabel {
  label: string
  statement: string
}

/** Grows when the wording below changes; kept with what was extracted. */
export const LABEL_PROMPT_VERSION = 1

const NONE = 'none'
const STATEMENT_MAX = 220
/** Tokens of one entry at most: the statement, its label and the JSON around them. */
const ENTRY_TOKENS = 90

const EXAMPLE: readonly { sentence: string; label: string; statement: string }[] = [
  {
    sentence: 'I sing alto in the Larkfield choir.',
    label: 'fact',
    statement: 'The user sings alto in the Larkfield choir.',
  },
  {
    sentence: 'We decided to rehearse on Tuesdays.',
    label: 'decision',
    statement: 'The user and the choir decided to rehearse on Tuesdays.',
  },
  { sentence: 'That sounds lovely.', label: NONE, statement: '' },
  {
    sentence: "I'd rather have sheet music on paper, I don't like tablets.",
    label: 'preference',
    statement: 'The user prefers sheet music on paper and does not like tablets.',
  },
  { sentence: "I'll bring the cake on 9 June.", label: 'plan', statement: 'The user will bring the cake on 9 June.' },
  {
    sentence: 'Our old piano is gone, we play on a Yamaha now.',
    label: 'fact',
    statement: "The user's choir plays on a Yamaha now, the old piano is gone.",
  },
  {
    sentence: 'Always show the key first.',
    label: 'preference',
    statement: 'The user wants the key shown first, always.',
  },
  { sentence: 'I find the new hall too loud.', label: 'opinion', statement: 'The user finds the new hall too loud.' },
]

/** @returns the model call that labels `candidates`: at least one, in order. */
export function labelRequest(
  candidates: readonly Candidate[],
  labels: Readonly<Record<string, LabelSpec>>,
): JsonRequest {
  const names = Object.keys(labels)
  const example = EXAMPLE.filter(({ label }) => label === NONE || names.includes(label))
  const system = [
    'You keep notes about the user. The user\'s message comes as numbered sentences. For each sentence write a label and a short note that says the same in third person and can be understood on its own. Keep every name, number, date and "not" exactly as it is. Add nothing. Keep the language of the sentence.',
    'Labels:',
    ...names.map((name) => `- ${name}: ${labels[name]?.when}`),
    `- ${NONE}: filler, a detail that means nothing alone, a made-up situation, words of someone else`,
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
    const labelled: GrammarSchema = {
      type: 'object',
      properties: { n, label: { enum: names }, statement: { type: 'string', minLength: 3, maxLength: STATEMENT_MAX } },
    }
    if (strength === 'strong') return labelled
    return { oneOf: [{ type: 'object', properties: { n, label: { const: NONE } } }, labelled] }
  })
  return { type: 'array', prefixItems: entries, minItems: entries.length, maxItems: entries.length }
}

const answer = z.array(z.object({ label: z.string(), statement: z.string().default('') }))

/**
 * Reads the answer by position; numbers the model wrote are ignored.
 * @returns an entry for each candidate, null for `none`; entries that are missing or odd are null as well
 */
export function readLabels(value: unknown, count: number, labels: readonly string[]): (RawLabel | null)[] {
  const parsed = answer.safeParse(value)
  const entries = parsed.success ? parsed.data : []
  return Array.from({ length: count }, (_, index) => {
    const entry = entries[index]
    if (!entry || !labels.includes(entry.label)) return null
    return { label: entry.label, statement: entry.statement.replace(/\s+/g, ' ').trim() }
  })
}

function numbered(sentences: readonly string[]): string {
  return sentences.map((sentence, index) => `${index + 1}. ${sentence.replace(/\s+/g, ' ')}`).join('\n')
}

function exampleEntry({ label, statement }: (typeof EXAMPLE)[number], index: number) {
  return label === NONE ? { n: index + 1, label } : { n: index + 1, label, statement }
}
