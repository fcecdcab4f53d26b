// The thread of one conversation: goal, plan and progress, what was asked, answered, decided and reported. Seen in its own
// conversation alone, and used once a part of that no longer fits into the prompt. Each step, point and question is an
// item, so that a step keeps its id whatever becomes of it.
import { z } from 'zod'
import { defineStore, renderLines } from '../define-store.ts'
import type { Sentence } from '../extraction/sentences.ts'
import type { Evidence, FinishedTurn, Found, LearningStore, StoredItem, WholeTurn } from '../protocol.ts'
import { itemsOf } from './items.ts'
import { dayOf, saidIn } from './said.ts'
import { doneIn, goalIn, openQuestion, pointsOf, sameStep, stepsOf } from './session-words.ts'

export const sessionContent = z.strictObject({
  /** Of a step: its place in the plan, from 1; never given twice in a conversation. */
  n: z.int().min(1).nullable().default(null).meta({ title: 'Step', readOnly: true }),
  /** Of a step: the day it was done. */
  done: z.string().nullable().default(null).meta({ title: 'Done', readOnly: true }),
  /** Of a field of one's own: which. */
  field: z.string().max(60).nullable().default(null).meta({ hidden: true }),
})
export type SessionContent = z.infer<typeof sessionContent>
type Item = StoredItem<SessionContent>

export interface SessionOptions {
  /** Whether goals, plans and progress are kept; what is there stays as it is while this is off. */
  planning?: () => boolean
  /** Fields of one's own: what a turn says of each, or null when it does not mention it. */
  fields?: Readonly<Record<string, (turn: FinishedTurn) => string | null>>
}

export const SESSION_STORE = 'session_context'
const KINDS = ['goal', 'step', 'field', 'point', 'question']
/** Of a find: the item has had its time. */
const OVER = 'over'
/** Points of one conversation; the oldest go first. */
const MOST_POINTS = 24
const SEEN = 100
export const NOTHING_OF_A_STEP: SessionContent = { n: null, done: null, field: null }

/** @returns the store; with options of one's own for a machine that is put together by hand */
export function defineSessionContext({
  planning = () => true,
  fields = {},
}: SessionOptions = {}): LearningStore<SessionContent> {
  return defineStore<SessionContent>({
    id: SESSION_STORE,
    title: 'This conversation',
    schema: sessionContent,
    policy: {
      basic: false,
      placement: 'thread',
      compareBy: 'own',
      dated: false,
      trusted: ['user', 'hand', 'assistant', 'tool'],
      limits: { changesPerTurn: 40 },
    },
    learn: {
      labels: {},
      found: () => null,
      known: ({ owner, conversationId }, db) =>
        itemsOf<SessionContent>(db, { owner, store: SESSION_STORE, conversationId, limit: SEEN }),
      turn: (input) => {
        const finds = [
          ...(planning() ? planned(input) : []),
          ...fieldsOf(input, fields),
          ...points(input),
          ...questions(input),
        ]
        return finds.map((found) => ({
          ...found,
          scope: { namespace: 'user', conversationId: input.turn.conversationId },
        }))
      },
      relate: (item, known) => (item.kind === known.kind && item.text === known.text ? 'same' : 'both'),
      process(_turn, { item, evidence }, [first, ...others]) {
        if (first?.named && item.kind === OVER)
          return [{ action: 'retire', id: first.id, base: first.version, reason: 'over', evidence }]
        if (first?.named) return [{ action: 'update', id: first.id, base: first.version, item, evidence }]
        return [first, ...others].some((known) => known?.relation === 'same') ? [] : [{ action: 'add', item, evidence }]
      },
    },
    render(items, budget) {
      const sorted = [...items].sort(inThreadOrder)
      const isPoint = ({ kind }: Item) => kind === 'point'
      // Of many points the newest stay, whatever their order in the block.
      const ranked = [...sorted.filter((item) => !isPoint(item)), ...sorted.filter(isPoint).reverse()]
      const kept = new Set(renderLines(ranked, budget, line).lines.map(({ id }) => id))
      const { lines } = renderLines(
        sorted.filter(({ id }) => kept.has(id)),
        { ...budget, tokens: Number.POSITIVE_INFINITY },
        line,
      )
      return { lines, leftOut: items.length - lines.length }
    },
    fromHand: (text, before) => ({
      kind: before?.kind ?? 'point',
      text,
      content: before?.content ?? NOTHING_OF_A_STEP,
    }),
  })
}

export const sessionContext = defineSessionContext()

/** Goal, steps and what became of them. */
function planned({ turn, own, known }: WholeTurn<SessionContent>): Found<SessionContent>[] {
  const finds: Found<SessionContent>[] = []
  const goal = goalIn(own)
  const before = known.find(({ kind }) => kind === 'goal')
  if (goal && (!before || goal.replaces)) {
    const item = { kind: 'goal', text: goal.text, content: NOTHING_OF_A_STEP }
    finds.push({ item, evidence: [saidIn(turn, goal.said)], ...(before ? { about: before.id } : {}) })
  }
  const steps = known.filter(({ kind }) => kind === 'step')
  const listed = stepsOf(turn.userText, turn.answerText)
  const fresh = listed.filter((text) => !steps.some((step) => sameStep(step.text, text)))
  // An answer that only counts something up is no other plan: steps are added to a plan that it repeats a part of.
  const isPlan = steps.length === 0 || fresh.length < listed.length
  let next = Math.max(0, ...steps.map(({ content }) => content.n ?? 0))
  for (const text of isPlan ? fresh : []) {
    next += 1
    const quote = turn.answerText.includes(text) ? text : turn.answerText.slice(0, 200)
    finds.push({
      item: { kind: 'step', text, content: { ...NOTHING_OF_A_STEP, n: next } },
      evidence: [answered(turn, quote)],
    })
  }
  const done = new Set<string>()
  for (const sentence of own) {
    const open = steps
      .filter(({ id, content }) => content.done === null && !done.has(id))
      .map((step) => ({ step, n: step.content.n ?? 0, text: step.text }))
    for (const { step } of doneIn(sentence.text, open)) {
      done.add(step.id)
      const content = { ...step.content, done: dayOf(turn.at, turn.timeZone) }
      finds.push({
        item: { kind: 'step', text: step.text, content },
        evidence: [saidIn(turn, sentence)],
        about: step.id,
      })
    }
  }
  return finds
}

function fieldsOf(
  { turn, known }: WholeTurn<SessionContent>,
  fields: NonNullable<SessionOptions['fields']>,
): Found<SessionContent>[] {
  return Object.entries(fields).flatMap(([field, read]): Found<SessionContent>[] => {
    const value = read(turn)
    const before = known.find(({ kind, content }) => kind === 'field' && content.field === field)
    if (value === null || value === before?.text) return []
    const item = { kind: 'field', text: value, content: { ...NOTHING_OF_A_STEP, field } }
    return [{ item, evidence: [whole(turn)], ...(before ? { about: before.id } : {}) }]
  })
}

function points({ turn, own, known }: WholeTurn<SessionContent>): Found<SessionContent>[] {
  const found = pointsOf(own, turn.answerText).map(
    ({ text, said, answered: quotes }): Found<SessionContent> => ({
      item: { kind: 'point', text, content: NOTHING_OF_A_STEP },
      evidence: [
        ...said.map((sentence: Sentence) => saidIn(turn, sentence)),
        ...quotes.map((quote) => answered(turn, quote)),
      ],
    }),
  )
  const before = known
    .filter(({ kind }) => kind === 'point')
    .sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime())
  const tooMany = before.slice(0, Math.max(0, before.length + found.length - MOST_POINTS))
  return [...found, ...tooMany.map((item) => over(item, turn))]
}

/** What the assistant asked back is open until the person goes on. */
function questions({ turn, known }: WholeTurn<SessionContent>): Found<SessionContent>[] {
  const gone = known.filter(({ kind }) => kind === 'question').map((item) => over(item, turn))
  const text = openQuestion(turn.answerText)
  if (!text) return gone
  return [...gone, { item: { kind: 'question', text, content: NOTHING_OF_A_STEP }, evidence: [answered(turn, text)] }]
}

function over(item: Item, turn: FinishedTurn): Found<SessionContent> {
  return { item: { kind: OVER, text: item.text, content: item.content }, evidence: [whole(turn)], about: item.id }
}

function answered({ conversationId, messageId, at }: FinishedTurn, quote: string): Evidence {
  return { origin: 'assistant', conversationId, messageId, quote, at }
}

/** A change that follows from the turn, not from a sentence of it. */
function whole(turn: FinishedTurn): Evidence {
  return answered(turn, turn.answerText.slice(0, 200))
}

/** Goal, steps by their place, fields, points, questions; what was said first stands first. */
export function inThreadOrder(a: Item, b: Item): number {
  return (
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    (a.content.n ?? 0) - (b.content.n ?? 0) ||
    a.updatedAt.getTime() - b.updatedAt.getTime() ||
    a.id.localeCompare(b.id)
  )
}

function line({ kind, text, content }: Item): string {
  switch (kind) {
    case 'goal':
      return `Goal: ${text}`
    case 'step':
      return `Step ${content.n}${content.done ? ', done' : ', open'}: ${text}`
    case 'field':
      return `${content.field}: ${text}`
    case 'question':
      return `You asked back: ${text}`
    default:
      return text
  }
}
