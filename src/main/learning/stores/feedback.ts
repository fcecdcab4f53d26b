// What the person made of answers: raw signals as they came, and the one-line rules about style and method that plain code
// makes of them. One remark is a hint; the same remark three times is a rule, and only a rule stands in a prompt.
import { z } from 'zod'
import { messageId } from '../../../shared/ids.ts'
import { defineStore, renderLines } from '../define-store.ts'
import type { Evidence, Found, Reaction, StoredItem, WholeTurn } from '../protocol.ts'
import { isRemark, WISHES, type Wish, wishIn, wishOfEdit } from './feedback-words.ts'
import { itemsOf } from './items.ts'
import { saidIn } from './said.ts'

export const feedbackContent = z.strictObject({
  /** Of a hint or rule: which remark, and how often it was made; a remark against it counts one less. */
  wish: z.string().max(40).nullable().default(null).meta({ hidden: true }),
  times: z.int().min(0).default(1).meta({ title: 'Times', readOnly: true }),
  /** Of a raw signal. */
  signal: z
    .enum(['up', 'down', 'edit', 'regenerate', 'stop', 'irrelevant', 'words'])
    .nullable()
    .default(null)
    .meta({ title: 'How', readOnly: true }),
  /** Of "not relevant here": the memory. */
  about: z.string().max(40).nullable().default(null).meta({ hidden: true }),
  /** Of a button: the answer it stands under. */
  answer: messageId.optional().meta({ hidden: true }),
})
type FeedbackContent = z.infer<typeof feedbackContent>

const ID = 'feedback'
const RULE_FROM = 3
const MOST_RULES = 12
/** Of a find: the remark was taken back. */
const GONE = 'gone'

const SIGNALS: Record<NonNullable<FeedbackContent['signal']>, string> = {
  up: 'Liked an answer',
  down: 'Did not like an answer',
  edit: 'Edited an answer',
  regenerate: 'Asked for another answer',
  stop: 'Stopped an answer',
  irrelevant: 'Said that a memory is not relevant there',
  words: 'Corrected an answer in words',
}

export const feedback = defineStore<FeedbackContent>({
  id: ID,
  title: 'Feedback',
  schema: feedbackContent,
  policy: {
    basic: false,
    compareBy: 'own',
    dated: false,
    standing: { kinds: ['rule'], most: MOST_RULES },
    silentKinds: ['signal', 'hint'],
  },
  learn: {
    labels: {},
    found: () => null,
    known: ({ owner }, db) =>
      itemsOf<FeedbackContent>(db, { owner, store: ID, kinds: ['hint', 'rule'], limit: WISHES.length }),
    turn: remarks,
    reaction: ({ signal, comment, edited, memoryId, answerId, turn, at }, known) => {
      const said = comment ?? ''
      const evidence: Evidence[] = [
        {
          origin: 'hand',
          conversationId: turn.conversationId,
          quote: said || (edited ?? SIGNALS[signal]).slice(0, 300),
          at,
        },
      ]
      const wish = wishIn(said) ?? (edited === null ? null : wishOfEdit(turn.answerText, edited))
      return [
        signalOf(signal, said, { about: memoryId, answer: answerId }, evidence),
        ...(wish && signal !== 'up' ? distilled(wish, evidence, known) : []),
      ]
    },
    // Every signal is one of its own, however alike two look.
    relate: () => 'both',
    process(_turn, { item, evidence }, [first]) {
      if (!first?.named) return [{ action: 'add', item, evidence }]
      if (item.kind === GONE)
        return [{ action: 'retire', id: first.id, base: first.version, reason: 'taken back', evidence }]
      return [{ action: 'update', id: first.id, base: first.version, item, evidence }]
    },
  },
  render: (items, budget) => renderLines(items, budget, ({ text }) => text),
  fromHand: (text, before) => ({
    kind: before?.kind ?? 'rule',
    text,
    content: before?.content ?? { wish: null, times: RULE_FROM, signal: null, about: null },
  }),
})

/** Corrections in words: remarks of the person on the answer before this turn. */
function remarks({ turn, own, known }: WholeTurn<FeedbackContent>): Found<FeedbackContent>[] {
  if (!turn.before.some(({ role, text }) => role === 'assistant' && text !== '')) return []
  for (const sentence of own) {
    const wish = isRemark(sentence.text) ? wishIn(sentence.text) : null
    if (!wish) continue
    const evidence = [saidIn(turn, sentence)]
    return [signalOf('words', sentence.text, { about: null }, evidence), ...distilled(wish, evidence, known)]
  }
  return []
}

function signalOf(
  signal: Reaction['signal'] | 'words',
  comment: string,
  of: Pick<FeedbackContent, 'about' | 'answer'>,
  evidence: Evidence[],
): Found<FeedbackContent> {
  const text = comment === '' ? SIGNALS[signal] : `${SIGNALS[signal]}: ${comment.slice(0, 300)}`
  return { item: { kind: 'signal', text, content: { wish: null, times: 1, signal, ...of } }, evidence }
}

/** The remark counted, and what it speaks against counted down. */
function distilled(
  wish: Wish,
  evidence: Evidence[],
  known: readonly StoredItem<FeedbackContent>[],
): Found<FeedbackContent>[] {
  const before = known.find(({ content }) => content.wish === wish.key)
  const against = known.find(({ content }) => content.wish !== null && content.wish === wish.against)
  const found = counted(wish.rule, wish.key, (before?.content.times ?? 0) + 1, evidence)
  return [
    before ? { ...found, about: before.id } : found,
    ...(against
      ? [{ ...counted(against.text, wish.against ?? '', against.content.times - 1, evidence), about: against.id }]
      : []),
  ]
}

function counted(text: string, wish: string, times: number, evidence: Evidence[]): Found<FeedbackContent> {
  const kind = times <= 0 ? GONE : times >= RULE_FROM ? 'rule' : 'hint'
  return { item: { kind, text, content: { wish, times: Math.max(0, times), signal: null, about: null } }, evidence }
}
