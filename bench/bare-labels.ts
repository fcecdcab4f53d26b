// The plainest labelling call that works on a small model (one forced entry a sentence): what learning's own calls are
// compared with. It knows nothing of the product's labels, stores or prompts.
import type { JsonRequest } from '../src/main/engine/engine.ts'

const EXAMPLE = [
  ['We chose Fastmail for the new domain.', 'decision', 'The user chose Fastmail for the new domain.'],
  ['Could you help me with something?', 'none', ''],
  ["I'll call the printer on Tuesday.", 'commitment', 'The user will call the printer on Tuesday.'],
  ['I like my reports short.', 'preference', 'The user likes short reports.'],
  ['Hanna runs the office in Turku.', 'fact', 'Hanna runs the office in Turku.'],
  ['The old logo was better.', 'opinion', 'The user finds the old logo better.'],
] as const

const KINDS = ['decision', 'commitment', 'preference', 'fact', 'opinion']
const ENTRY_TOKENS = 80

export function bareLabelRequest(sentences: readonly string[]): JsonRequest {
  const n = { type: 'integer' as const }
  const none = { type: 'object' as const, properties: { n, label: { const: 'none' } } }
  const kept = {
    type: 'object' as const,
    properties: { n, label: { enum: KINDS }, statement: { type: 'string' as const, maxLength: 200 } },
  }
  const count = sentences.length
  return {
    messages: [
      {
        role: 'system',
        text: 'Label each numbered sentence of the user: decision ("we chose X"), commitment ("I will do X"), preference ("I like X"), fact ("X is Y"), opinion ("X is better"), none (greetings, questions, filler). Add a short statement in third person that keeps names and numbers.',
      },
      { role: 'user', text: numbered(EXAMPLE.map(([sentence]) => sentence)) },
      {
        role: 'assistant',
        text: JSON.stringify(
          EXAMPLE.map(([, label, statement], index) =>
            label === 'none' ? { n: index + 1, label } : { n: index + 1, label, statement },
          ),
        ),
      },
      { role: 'user', text: numbered(sentences) },
    ],
    schema: { type: 'array', minItems: count, maxItems: count, items: { oneOf: [none, kept] } },
    maxTokens: count * ENTRY_TOKENS + 16,
  }
}

function numbered(sentences: readonly string[]): string {
  return sentences.map((sentence, index) => `${index + 1}. ${sentence}`).join('\n')
}
