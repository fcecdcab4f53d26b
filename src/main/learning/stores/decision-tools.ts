// What the model may do with decisions when the person lets it.
import { z } from 'zod'
import { pickItem } from '../tools/pick.ts'
import { defineTool } from '../tools/tool.ts'
import { decisionContent, OWN_DECISION } from './decision-content.ts'
import { speaksOfDeciding, speaksOfOutcome } from './decision-words.ts'
import { itemsCalled } from './items.ts'

const words = z.string().trim().max(200)

export const decisionTools = [
  defineTool({
    name: 'log_decision',
    summary: 'something was decided, by the person or in your answer',
    description:
      'Keeps one decision. decision: what was chosen and for what. why: the reason, or empty. alternatives: what was not chosen. by: who decided. confidence: how sure.',
    params: z.strictObject({
      decision: words.min(3),
      why: words,
      alternatives: z.array(words.min(1)).max(5),
      by: z.enum(['user', 'assistant']),
      confidence: z.enum(['low', 'medium', 'high']),
    }),
    writes: true,
    fits: speaksOfDeciding,
    run: async ({ decision, why, alternatives, by, confidence }, { said, turn }) => {
      const content = decisionContent.parse({ why: why === '' ? null : why, alternatives, confidence })
      const { conversationId, messageId, at } = turn
      if (by === 'assistant') {
        const evidence = [{ origin: 'assistant' as const, conversationId, messageId, quote: decision, at }]
        const item = { kind: OWN_DECISION, text: decision, content, author: 'assistant' as const, validFrom: at }
        return { finds: [{ item, evidence }] }
      }
      const kept = said(decision)
      // A decision of theirs that they did not tell of is none.
      if (kept.evidence.every(({ origin }) => origin !== 'user')) {
        return { reply: 'Nothing was kept: the message tells of no such decision.' }
      }
      return {
        finds: [{ item: { kind: 'decision', text: kept.text, content, validFrom: at }, evidence: kept.evidence }],
      }
    },
  }),
  defineTool({
    name: 'record_outcome',
    summary: 'the person tells how something that was decided turned out',
    description:
      'Keeps the outcome of one decision. about: its number such as #3f2a91, or words of it. outcome: what came of it, in their words. quality: how it turned out.',
    params: z.strictObject({
      about: words.min(2),
      outcome: words.min(3),
      quality: z.enum(['good', 'mixed', 'bad', 'unknown']),
    }),
    writes: true,
    fits: speaksOfOutcome,
    run: async ({ about, outcome, quality }, access) => {
      const { db, turn, said } = access
      const [called] = await itemsCalled(db, { owner: turn.owner, store: 'decision_log', text: about })
      const picked = called ? { item: called } : await pickItem(access, about)
      if (!picked.item) return picked.answer
      const { id, version, kind, text } = picked.item
      const content = { ...decisionContent.parse(picked.item.content), outcome, quality }
      const item = { kind, text, content }
      return { changes: [{ action: 'update', id, base: version, item, evidence: said(outcome).evidence }] }
    },
  }),
]
