// Standing instructions for the assistant, each in its version. Nothing becomes one by itself: the person's wish, what the
// assistant says it should change and remarks on answers are suggestions, tried out on past turns and decided one by one.
import { z } from 'zod'
import { defineStore, renderLines } from '../define-store.ts'
import { splitSentences } from '../extraction/sentences.ts'
import type { Evidence, Found, StoredItem, WholeTurn } from '../protocol.ts'
import { wishIn } from './feedback-words.ts'
import { itemsOf } from './items.ts'
import { asTitle, meant, saidIn } from './said.ts'
import { differenceOf } from './text-difference.ts'

export const instructionContent = z.strictObject({
  version: z.int().min(1).default(1).meta({ title: 'Version', readOnly: true }),
  /** The version before, word for word. */
  before: z.string().nullable().default(null).meta({ hidden: true }),
  /** What changed: "-" before words that went, "+" before those that came. */
  diff: z.string().default('').meta({ hidden: true }),
})
type InstructionContent = z.infer<typeof instructionContent>

const ID = 'self_improvement'
const INSTRUCTION = 'instruction'
const MOST = 10
const LONGEST = 300

export const selfImprovement = defineStore<InstructionContent>({
  id: ID,
  title: 'Instructions to itself',
  schema: instructionContent,
  policy: {
    basic: false,
    modes: ['off', 'propose', 'ask'],
    defaultMode: 'propose',
    compareBy: 'own',
    // Only what the person writes as an instruction is one at once.
    trusted: ['hand'],
    standing: { kinds: [INSTRUCTION], most: MOST },
    triedOut: true,
  },
  learn: {
    labels: {},
    found: () => null,
    known: ({ owner }, db) => itemsOf<InstructionContent>(db, { owner, store: ID, limit: MOST }),
    turn: readWishes,
    reaction: ({ signal, comment, turn, at }, known) => {
      // What a rule of style covers is counted there.
      if (signal !== 'down' || comment === null || wishIn(comment)) return []
      const evidence: Evidence[] = [{ origin: 'hand', conversationId: turn.conversationId, quote: comment, at }]
      return [{ ...suggested(`Mind what was said of an answer: ${comment}`, evidence, known), waits: true }]
    },
    relate: () => 'both',
    process(_turn, { item, evidence }, [first]) {
      if (!first?.named) return [{ action: 'add', item, evidence }]
      return [{ action: 'supersede', id: first.id, base: first.version, by: item, reason: 'improved', evidence }]
    },
  },
  render: (items, budget) => renderLines(items, budget, ({ text }) => `How you work, as the user approved: ${text}`),
  fromHand: (text, before) => ({
    kind: INSTRUCTION,
    text: text.trim(),
    content: contentOf(text.trim(), before),
  }),
})

/** A wish of the person for every answer, put to the assistant. */
const WISHED =
  /^(?:(?:please|ok(?:ay)?|and|so|also|no)[,:!]?\s+)*(?:(?:I want|I['’]d like|I would like|I need) you to (?<a>(?:always|never|stop|not)\b.+)|you (?:should|must|need to|have to|ought to|shouldn['’]t|should not|must not|mustn['’]t) (?<b>.+)|(?:from now on|in (?:the )?future|going forward|next time),?\s+(?:please\s+|you\s+(?:should\s+)?)?(?<c>.+)|(?<d>(?:always|never)\s+(?!been\b|was\b|had\b|again\b|mind\b)\p{L}+.+)|(?<e>stop \p{L}+ing\b.+))$/iu
/** What the assistant says of itself. */
const RESOLVED =
  /^(?:(?:you['’]re right|sorry|I apologi[sz]e|understood|noted)[^.!]*?[,;:]\s*)?I (?:should(?:n['’]t| not)?|will (?:always|never|no longer|stop)|['’]ll (?:always|never|stop)|ought to|must(?: not)?) (?:always |never |stop |have )?(?<what>.+)$/iu
/** Of this one answer, not of every one. */
const THIS_TIME = /\b(?:this time|now|here|for (?:this|that) (?:one|question)|above|once)\b/iu

function readWishes({ turn, own, known }: WholeTurn<InstructionContent>): Found<InstructionContent>[] {
  for (const sentence of own) {
    const said = WISHED.exec(sentence.text.replace(/[.!\s]+$/u, ''))?.groups
    const what = said?.['a'] ?? said?.['c'] ?? said?.['d'] ?? said?.['e']
    const negative = /^(?:.*\b)?(?:shouldn['’]t|should not|must not|mustn['’]t)\b/iu.test(sentence.text)
    const text = what ?? (said?.['b'] ? `${negative ? 'Do not ' : ''}${said['b']}` : null)
    if (!text || /\?\s*$/u.test(sentence.text) || THIS_TIME.test(text)) continue
    return [suggested(text, [saidIn(turn, sentence)], known)]
  }
  const resolved = splitSentences(turn.answerText).find(({ text }) => RESOLVED.test(text) && !THIS_TIME.test(text))
  if (!resolved || turn.userText === '') return []
  const { conversationId, messageId, at } = turn
  const evidence: Evidence[] = [{ origin: 'assistant', conversationId, messageId, quote: resolved.text, at }]
  return [suggested(resolved.text.replace(/^.*?\bI (?:should|['’]ll|will|must|ought to)\s+/iu, ''), evidence, known)]
}

/** A new instruction, or the next version of the one that is about the same. */
function suggested(
  what: string,
  evidence: Evidence[],
  known: readonly StoredItem<InstructionContent>[],
): Found<InstructionContent> {
  const text = asTitle(what).slice(0, LONGEST)
  const before = meant(text, known)
  const item = { kind: INSTRUCTION, text, content: contentOf(text, before) }
  return { item, evidence, ...(before ? { about: before.id } : {}) }
}

function contentOf(text: string, before: StoredItem<InstructionContent> | null): InstructionContent {
  const version = (before?.content.version ?? 0) + 1
  return { version, before: before?.text ?? null, diff: differenceOf(before?.text ?? '', text) }
}
