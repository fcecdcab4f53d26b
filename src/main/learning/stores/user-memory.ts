// What the person told about their life and work, one sentence an item.

import { z } from 'zod'
import { defineStore, renderLines } from '../define-store.ts'
import { quoteIn } from '../evidence.ts'
import type { CaptureSpec } from '../protocol.ts'
import { userMemoryTools } from './user-memory-tools.ts'

export const memoryContent = z.strictObject({
  /** `note`: the short form in third person; `own`: the person's sentence as they said it. */
  voice: z.enum(['note', 'own']).default('own').meta({ hidden: true }),
})
export type MemoryContent = z.infer<typeof memoryContent>

/** What kind of statement a sentence is; people and things are told of in the same kinds. */
export const memoryLabels: CaptureSpec['labels'] = {
  fact: { when: 'what is so in their life, work, people or things', example: 'I sing alto in a choir.' },
  preference: {
    when: 'what they like or want, or how they want things done',
    example: 'I like sheet music on paper.',
  },
  commitment: { when: 'what somebody will do, promised or has to do', example: "I'll bring the cake." },
  decision: { when: 'what was decided or changed', example: 'We decided to rehearse on Tuesdays.' },
  opinion: { when: 'what they think of something', example: 'I find the hall too loud.' },
}

export const userMemory = defineStore<MemoryContent>({
  id: 'user_memory',
  title: 'Memories',
  schema: memoryContent,
  tools: () => userMemoryTools,
  learn: {
    labels: memoryLabels,
    found(sentence, turn) {
      return {
        item: {
          kind: sentence.label,
          text: sentence.statement,
          content: { voice: sentence.grounded ? 'note' : 'own' },
          validFrom: sentence.from ?? turn.at,
          validTo: sentence.to,
        },
        evidence: sentence.sources.map((source) => quoteIn(turn, source)),
      }
    },
  },
  render: (items, budget) =>
    renderLines(items, budget, ({ text, content }) => (content.voice === 'own' ? `The user said: "${text}"` : text)),
  fromHand: (text, before) => ({
    kind: before?.kind ?? 'note',
    text,
    content: { voice: /\b(?:the user|user's)\b/iu.test(text) || !/\b(?:I|my|we|our)\b/u.test(text) ? 'note' : 'own' },
  }),
})
