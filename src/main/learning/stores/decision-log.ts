// What was decided, why and against what, and how it turned out. The person's decisions come from their words; those the
// assistant took in an answer are marked as its own, and carry no claim about the person.
import { defineStore, renderLines } from '../define-store.ts'
import { type Sentence, splitSentences } from '../extraction/sentences.ts'
import type { Evidence, FinishedTurn, Found, HandedOver, StoredItem, WholeTurn } from '../protocol.ts'
import { contentWords } from '../words.ts'
import { type DecisionContent, decisionContent, OWN_DECISION } from './decision-content.ts'
import { decisionTools } from './decision-tools.ts'
import {
  adviceIn,
  choiceIn,
  decisionIn,
  mentions,
  type Quality,
  qualityIn,
  reviewIn,
  type SaidDecision,
} from './decision-words.ts'
import { itemsCalled, itemsNear, itemsOf, shortId } from './items.ts'
import { asTitle, dayInWords, dayOf, saidIn } from './said.ts'

type Decision = StoredItem<DecisionContent>

const ID = 'decision_log'
const NEWEST = 100
const NEAR = 20
/** Share of a decision's words that an outcome has to name. */
const ENOUGH = 0.5
const MOST_SHOWN = 3
const LONGEST = 190

export const decisionLog = defineStore<DecisionContent>({
  id: ID,
  title: 'Decisions',
  schema: decisionContent,
  policy: {
    basic: false,
    defaultMode: 'agentic',
    compareBy: 'own',
    trustedByKind: { [OWN_DECISION]: ['user', 'hand', 'assistant'] },
  },
  learn: {
    labels: {},
    found: () => null,
    async known({ owner, userText, answerText }, db) {
      const text = `${userText}\n${answerText}`
      const [called, near, newest] = await Promise.all([
        itemsCalled<DecisionContent>(db, { owner, store: ID, text }),
        itemsNear<DecisionContent>(db, { owner, store: ID, text: userText, limit: NEAR }),
        itemsOf<DecisionContent>(db, { owner, store: ID, limit: NEWEST }),
      ])
      return [...new Map([...called, ...near, ...newest].map((item) => [item.id, item])).values()]
    },
    turn: readDecisions,
    changed: (before, { content }, at) => {
      const { outcome, quality } = content
      const told = outcome !== before.content.outcome || quality !== before.content.quality
      if (!told || outcome === null || (quality !== 'good' && quality !== 'bad')) return []
      return [lessonOf({ ...before, content }, outcome, quality, [{ origin: 'hand', quote: outcome, at }])]
    },
    relate: (item, known) => (sameDecision(item, known) ? 'same' : 'both'),
    process(_turn, { item, evidence }, [first, ...others]) {
      if (first?.named) return [{ action: 'update', id: first.id, base: first.version, item, evidence }]
      const same = [first, ...others].find((known) => known?.relation === 'same')
      return same
        ? [{ action: 'confirm', id: same.id, base: same.version, evidence }]
        : [{ action: 'add', item, evidence }]
    },
  },
  async recall({ owner, text, now, timeZone }, db) {
    if (!ABOUT_DECISIONS.test(text)) return null
    const today = dayOf(now, timeZone)
    const open = await itemsOf<DecisionContent>(db, { owner, store: ID, limit: NEWEST })
    return open
      .filter(({ content }) => content.due !== null && content.due <= today && content.quality === 'unknown')
      .slice(0, MOST_SHOWN)
      .map((item) => ({ ...item, reason: { kind: 'due', words: [], similarity: null } }))
  },
  tools: () => decisionTools,
  render: (items, budget) => renderLines(items, budget, line),
  fromHand: (text, before) => {
    const said = decisionIn(text, undefined)
    return {
      kind: before?.kind ?? 'decision',
      text: text.trim(),
      content: before?.content ?? (said ? contentOf(said, null) : decisionContent.parse({})),
    }
  },
})

const ABOUT_DECISIONS =
  /\b(?:decisions?|decide[ds]?|decid\w+|outcomes?|choose|chose|choice|review|plans?|planning|agenda|due|next (?:week|steps?)|this week|today)\b/iu
const LOG_IT =
  /\b(?:log|record|note|save|write down|keep)\b.{0,30}\b(?:your|that|this|the)\s+(?:decision|choice|recommendation|verdict)\b/iu

function readDecisions(input: WholeTurn<DecisionContent>): (Found<DecisionContent> | HandedOver)[] {
  const { turn, own, known } = input
  const finds: (Found<DecisionContent> | HandedOver)[] = []
  for (const [index, sentence] of own.entries()) {
    const next = own[index + 1]
    const told = outcomeIn(turn, sentence, own[index - 1], known)
    if (told) {
      finds.push(...told)
      continue
    }
    const review = reviewIn(sentence.text, turn.at, turn.timeZone)
    const said = decisionIn(sentence.text, next?.text)
    if (said) finds.push(decided(turn, said, sentence, next))
    else if (review) finds.push(...reviewOf(turn, sentence, review, finds, known))
  }
  return [...finds, ...ownDecisions(input)]
}

function decided(
  turn: FinishedTurn,
  said: SaidDecision,
  sentence: Sentence,
  next: Sentence | undefined,
): Found<DecisionContent> {
  const reason = said.why && next && !sentence.text.includes(said.why) ? [saidIn(turn, next)] : []
  const due =
    reviewIn(sentence.text, turn.at, turn.timeZone) ?? (next ? reviewIn(next.text, turn.at, turn.timeZone) : null)
  return {
    item: { kind: 'decision', text: asTitle(said.decision), content: contentOf(said, due) },
    evidence: [saidIn(turn, sentence), ...reason],
    whole: true,
  }
}

function contentOf({ choice, why, alternatives, confidence }: SaidDecision, due: string | null): DecisionContent {
  return { choice, why, alternatives, confidence, outcome: null, quality: 'unknown', due, after: null }
}

/** "The Postgres migration went well": the outcome of a decision that is known, and the lesson to be learned from it. */
function outcomeIn(
  turn: FinishedTurn,
  sentence: Sentence,
  before: Sentence | undefined,
  known: readonly Decision[],
): (Found<DecisionContent> | HandedOver)[] | null {
  const quality = qualityIn(sentence.text)
  if (!quality || /\?\s*$/u.test(sentence.text)) return null
  const about = decisionMeant(sentence.text, known) ?? (before ? decisionMeant(before.text, known) : null)
  if (!about) return null
  const evidence = [saidIn(turn, sentence)]
  const outcome = sentence.text.replace(/[,;]?\s*(?:please )?(?:note|log|record|save) (?:it|that|this)\b/iu, '').trim()
  const found: Found<DecisionContent> = {
    item: { kind: about.kind, text: about.text, content: { ...about.content, outcome, quality } },
    evidence,
    about: about.id,
    whole: true,
  }
  return quality === 'good' || quality === 'bad' ? [found, lessonOf(about, outcome, quality, evidence)] : [found]
}

/** What an outcome teaches, as a suggestion: the person decides whether it is a lesson. */
function lessonOf(about: Decision, outcome: string, quality: Quality, evidence: Evidence[]): HandedOver {
  const why = about.content.why ? `, decided because ${about.content.why}` : ''
  const text = `"${about.text}"${why}, turned out ${quality}: ${outcome}`
  return {
    store: 'learned_knowledge',
    item: {
      kind: 'lesson',
      text,
      content: { title: about.text.slice(0, 120), tags: contentWords(about.text).slice(0, 5) },
    },
    evidence,
    waits: true,
  }
}

/** The decision a text is about: the one it calls by its id, else the one whose choice or words it names. */
function decisionMeant(text: string, known: readonly Decision[]): Decision | null {
  const called = known.find(({ id }) =>
    new RegExp(`(?<![\\p{L}\\p{N}])${shortId(id)}(?![\\p{L}\\p{N}])`, 'iu').test(text),
  )
  if (called) return called
  const words = new Set(contentWords(text))
  const scored = known
    .map((item) => {
      const own = contentWords(item.text)
      const share = own.filter((word) => words.has(word)).length / Math.max(own.length, 1)
      return { item, share: share + (item.content.choice && mentions(text, item.content.choice) ? 1 : 0) }
    })
    .filter(({ share }) => share >= ENOUGH)
    .sort((a, b) => b.share - a.share || b.item.updatedAt.getTime() - a.item.updatedAt.getTime())
  // An outcome still missing is more likely told than one that is known.
  const best = scored.filter(({ share }) => share === scored[0]?.share)
  return (best.find(({ item }) => item.content.outcome === null) ?? best[0])?.item ?? null
}

/** "Let's review that in June": of the decision this message told before, or of a known one it names. */
function reviewOf(
  turn: FinishedTurn,
  sentence: Sentence,
  due: string,
  finds: (Found<DecisionContent> | HandedOver)[],
  known: readonly Decision[],
): Found<DecisionContent>[] {
  const last = finds.findLast((found): found is Found<DecisionContent> => found.store === undefined && !found.about)
  if (last) {
    last.item = { ...last.item, content: { ...last.item.content, due } }
    last.evidence = [...last.evidence, saidIn(turn, sentence)]
    return []
  }
  const about = decisionMeant(sentence.text, known)
  if (!about) return []
  const item = { kind: about.kind, text: about.text, content: { ...about.content, due } }
  return [{ item, evidence: [saidIn(turn, sentence)], about: about.id, whole: true }]
}

/** What the assistant decided in its answer: to the question of this turn, or of the one before when it is to log that. */
function ownDecisions({ turn, known }: WholeTurn<DecisionContent>): Found<DecisionContent>[] {
  const log = LOG_IT.test(turn.userText)
  const asked = choiceIn(turn.userText) ?? (log ? questionBefore(turn) : null)
  if (!asked) return []
  const answers = log
    ? [turn.answerText, turn.before.findLast(({ role }) => role === 'assistant')?.text ?? '']
    : [turn.answerText]
  for (const answer of answers) {
    const said = adviceIn(splitSentences(answer), asked)
    if (!said) continue
    const after = known.find((item) => rests(`${turn.userText}\n${answer}`, item, said))
    const { conversationId, messageId, at } = turn
    return [
      {
        item: {
          kind: OWN_DECISION,
          text: asTitle(said.decision).slice(0, LONGEST),
          content: { ...contentOf(said, null), after: after?.id ?? null },
          author: 'assistant',
        },
        evidence: [{ origin: 'assistant', conversationId, messageId, quote: said.at.text, at }],
      },
    ]
  }
  return []
}

function questionBefore({ before }: FinishedTurn): ReturnType<typeof choiceIn> {
  const question = before.findLast(({ role }) => role === 'user')?.text ?? ''
  return choiceIn(question) ?? { options: [], topic: null }
}

/** Whether a new decision speaks of an earlier one: by its id, or by what was chosen then. */
function rests(text: string, { id, content }: Decision, said: SaidDecision): boolean {
  if (text.includes(shortId(id))) return true
  return content.choice !== null && content.choice !== said.choice && mentions(text, content.choice)
}

function sameDecision(item: { text: string }, known: Decision): boolean {
  const [one, two] = [contentWords(item.text), contentWords(known.text)]
  return one.length === two.length && one.every((word) => two.includes(word))
}

function line({ id, kind, text, content }: Decision): string {
  const { why, alternatives, outcome, quality, due, after, confidence } = content
  const facts = [
    why ? `because ${why}` : null,
    alternatives.length > 0 ? `not ${alternatives.join(', ')}` : null,
    confidence ? `confidence ${confidence}` : null,
    after ? `follows decision #${shortId(after)}` : null,
    outcome ? `outcome ${quality}: ${outcome}` : due ? `outcome due ${dayInWords(due)}` : null,
  ].filter((fact) => fact !== null)
  const who = kind === OWN_DECISION ? 'You decided' : 'The user decided'
  return `${who} (#${shortId(id)}): ${[text, ...facts].join('; ')}`
}
