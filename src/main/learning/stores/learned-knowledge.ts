// Lessons that help elsewhere, and the goals one works towards. A lesson the person asks to save is theirs at once; one
// for a team is a suggestion, because sharing is a reviewed act.
import { z } from 'zod'
import type { Namespace } from '../../../shared/memory.ts'
import { defineStore, renderLines } from '../define-store.ts'
import { LONGEST_SENTENCE } from '../extraction/gate.ts'
import { readMentions } from '../extraction/mentions.ts'
import { isFirstName } from '../extraction/mentions-words.ts'
import type { Sentence } from '../extraction/sentences.ts'
import type { FinishedTurn, Found, StoredItem, WholeTurn } from '../protocol.ts'
import { contentWords, namesIn, wordsOf } from '../words.ts'
import { itemsOf } from './items.ts'
import { lessonsOfCalls } from './learned-from-tools.ts'
import { solutionIn } from './learned-solutions.ts'
import { asTitle, meant, saidIn } from './said.ts'

export const lessonContent = z.strictObject({
  title: z.string().max(120).default('').meta({ hidden: true }),
  /** When it applies, in the person's words. */
  when: z.string().max(300).nullable().default(null).meta({ title: 'When' }),
  tags: z.array(z.string().max(40)).max(8).default([]).meta({ title: 'Tags' }),
  /** Answers that used it and that the person liked, and those they did not. */
  helped: z.int().min(0).default(0).meta({ title: 'Helped', readOnly: true }),
  hurt: z.int().min(0).default(0).meta({ title: 'Did not help', readOnly: true }),
})
type LessonContent = z.infer<typeof lessonContent>

const ID = 'learned_knowledge'
const GOAL = 'goal'
/** Of a find: the goal is reached or given up. */
const CLOSED = 'closed'
/** How a tool is used: what it failed on and what worked. */
const TOOL_LESSON = 'tool_lesson'
const MOST_TOOL_LESSONS = 3
const MOST_GOALS = 5
const SEEN = 50
const TITLE_WORDS = 8

export const learnedKnowledge = defineStore<LessonContent>({
  id: ID,
  title: 'Lessons and goals',
  schema: lessonContent,
  policy: {
    basic: false,
    defaultMode: 'propose',
    compareBy: 'own',
    standing: { kinds: [GOAL], most: MOST_GOALS },
  },
  learn: {
    labels: {},
    found: () => null,
    known: ({ owner }, db) => itemsOf<LessonContent>(db, { owner, store: ID, kinds: [GOAL], limit: SEEN }),
    turn: readLessons,
    relate: (item, known) => (saysTheSame(item.text, known.text) ? 'same' : 'both'),
    process(_turn, { item, evidence }, [first, ...others]) {
      if (first?.named && item.kind === CLOSED)
        return [{ action: 'retire', id: first.id, base: first.version, reason: 'closed', evidence }]
      const same = [first, ...others].find((known) => known?.relation === 'same' && known.kind === item.kind)
      return same
        ? [{ action: 'confirm', id: same.id, base: same.version, evidence }]
        : [{ action: 'add', item, evidence }]
    },
  },
  // A question that needs a tool says little of how its table or file is made: one word in common is enough.
  async recall({ owner, text }, db) {
    const asked = new Set(parts(text))
    if (asked.size === 0) return null
    const lessons = await itemsOf<LessonContent>(db, { owner, store: ID, kinds: [TOOL_LESSON], limit: SEEN })
    return lessons
      .map((item) => ({ item, shared: aboutOf(item).filter((word) => asked.has(word)) }))
      .filter(({ shared }) => shared.length > 0)
      .sort((a, b) => b.shared.length - a.shared.length)
      .slice(0, MOST_TOOL_LESSONS)
      .map(({ item, shared }) => ({
        ...item,
        reason: { kind: 'words' as const, words: shared.slice(0, 5), similarity: null },
      }))
  },
  credit: ({ kind, text, content }, good) =>
    kind === GOAL
      ? null
      : {
          kind,
          text,
          content: good ? { ...content, helped: content.helped + 1 } : { ...content, hurt: content.hurt + 1 },
        },
  render: (items, budget) => renderLines(items, budget, line),
  fromHand: (text, before) => ({
    kind: before?.kind ?? (GOAL_SAID.test(text) ? GOAL : 'lesson'),
    text: text.trim(),
    content: { ...describe(text), helped: before?.content.helped ?? 0, hurt: before?.content.hurt ?? 0 },
  }),
})

const POLITE = String.raw`(?:(?:ok(?:ay)?|also|and|so|please|great|thanks|yes|(?:can|could|would) you(?: please)?)[,:!.]?\s+)*`
/** "Save this for the team: …", "Lesson learned: …". What follows is the lesson, in this sentence or the next ones. */
const SAVE = new RegExp(
  String.raw`^${POLITE}(?:(?:save|keep|store|record|note|remember)\s+(?:this|that|the following|it)(?:\s+(?:down|for later|for next time|for the future))?(?:\s+(?:as|like) an?\s+(?:lesson|insight|learning|rule of thumb))?(?<for>\s+for\s+(?:(?:my|the|our)(?:\s+whole)?\s+(?:team|group|colleagues|department)|everyone|us|me))?|(?:save|keep|record|note)\s+(?:an?|the|this)\s+(?:lesson|insight|learning)(?<for2>\s+for\s+(?:(?:my|the|our)\s+team|everyone|us|me))?|(?:an? )?(?:important )?(?:lesson|insight|learning|takeaway)s?(?:\s+learned|\s+learnt)?(?<for3>\s+for\s+(?:(?:my|the|our)\s+team|everyone|us|me))?|(?<for4>(?:note\s+)?(?:for|to)\s+(?:my|the|our)(?:\s+whole)?\s+team))\s*(?::|[–—]|\s-\s)\s*(?<what>.*)$`,
  'isu',
)
const GOAL_SAID =
  /^(?:(?:so|and|also|right now|currently|at the moment|this (?:week|month|quarter|year))[,:]?\s+)*(?:(?<goal>(?:new |current )?(?:team )?goal|(?:our|my|the)(?: team['’]s?| team)?(?: current| main| big)?(?: \p{L}+)? goal(?: (?:for|this|of|is|right)[^:]{0,40}?)?)(?: is(?: now)?|:)|(?:I['’]m|I am|we['’]re|we are|the team is)(?: (?:currently|still|now|really|all))? (?:trying|aiming|working|pushing|hoping) (?=to |towards ))\s*(?:to |towards )?(?<what>.+)$/iu
const REACHED =
  /\b(?:(?:reached|met|achieved|hit|closed|dropped|gave up(?: on)?|abandoned|finished|completed|accomplished)\b.{0,40}\bgoal|goal\b.{0,60}\b(?:reached|met|achieved|done|closed|dropped|over|off the table|accomplished)|no longer (?:trying|aiming|working|pushing)|(?:stopped|given up) trying|not trying\b.{0,60}\bany ?more)\b/iu
const TEAM = /team|group|colleagues|department|everyone|us\b/iu
const MONEY = /[$€£¥]\s?\d|\d\s?(?:[$€£¥]|(?:usd|eur|gbp|chf|dollars?|euros?|pounds?|francs?)\b)/iu
const CONTACT = /[^\s@]+@[^\s@]+\.[\p{L}]{2,}|(?:\+|\b0)\d[\d\s()/-]{6,}\d/u
const APPLIES =
  /(?:^|[,;]\s*|\s)(?<when>(?:when(?:ever)?|before|if|while|as soon as|every time|for (?:every|any|each|all)|in case)\s+[^,;.]{3,120})/iu

function readLessons({ turn, own, known, teams }: WholeTurn<LessonContent>): Found<LessonContent>[] {
  const finds: Found<LessonContent>[] = []
  for (const [index, sentence] of own.entries()) {
    const lesson = lessonAt(turn, own, index, teams)
    if (lesson) {
      finds.push(lesson)
      break
    }
    const goal = goalIn(turn, sentence, known, teams)
    if (goal) finds.push(goal)
  }
  return [...finds, ...worked(turn, own), ...ofTools(turn, own)]
}

/** A problem and what solved it, once the person says that it worked. */
function worked(turn: FinishedTurn, own: readonly Sentence[]): Found<LessonContent>[] {
  const solution = solutionIn(turn, own, isAboutSomebody)
  if (!solution) return []
  const { text, problem, evidence } = solution
  return [{ item: { kind: 'lesson', text, content: { ...describe(text), when: problem } }, evidence }]
}

/** What went wrong with a tool, and what went well instead. */
function ofTools(turn: FinishedTurn, own: readonly Sentence[]): Found<LessonContent>[] {
  const asked = own.find(({ text }) => !isPrivate(text))?.text.slice(0, 300) ?? null
  return lessonsOfCalls(turn).map(({ text, worked, evidence }) => ({
    item: { kind: TOOL_LESSON, text, content: { ...describe(text), tags: shortest(parts(worked)), when: asked } },
    evidence,
  }))
}

/** A lesson takes all that follows it in the message, as far as it is one paragraph. */
function lessonAt(
  turn: FinishedTurn,
  own: readonly Sentence[],
  index: number,
  teams: readonly Namespace[],
): Found<LessonContent> | null {
  const first = own[index]
  const said = first && SAVE.exec(first.text)
  if (!first || !said?.groups) return null
  const rest: Sentence[] = []
  for (const sentence of own.slice(index + 1)) {
    const before = rest.at(-1) ?? first
    if (/\n\s*\n/u.test(turn.userText.slice(before.end, sentence.start)) || /\?\s*$/u.test(sentence.text)) break
    rest.push(sentence)
  }
  const what = said.groups['what']?.trim() ?? ''
  const text = asTitle([what, ...rest.map((sentence) => sentence.text)].join(' ').slice(0, LONGEST_SENTENCE))
  if (contentWords(text).length < 2) return null
  const { for: a, for2: b, for3: c, for4: d } = said.groups
  const shared = TEAM.test(`${a ?? ''}${b ?? ''}${c ?? ''}${d ?? ''}`) && !isPrivate(text)
  return {
    item: { kind: 'lesson', text, content: describe(text) },
    evidence: [first, ...rest].map((sentence) => saidIn(turn, sentence)),
    whole: true,
    asked: true,
    ...forTeam(shared, teams),
  }
}

function goalIn(
  turn: FinishedTurn,
  sentence: Sentence,
  known: readonly StoredItem<LessonContent>[],
  teams: readonly Namespace[],
): Found<LessonContent> | null {
  const evidence = [saidIn(turn, sentence)]
  const { text } = sentence
  if (REACHED.test(text)) {
    const about = meant(text, known) ?? (known.length === 1 ? known[0] : null)
    return about
      ? {
          item: { kind: CLOSED, text: about.text, content: about.content },
          evidence,
          about: about.id,
          whole: true,
          asked: true,
        }
      : null
  }
  if (/\?\s*$/u.test(text)) return null
  const what = GOAL_SAID.exec(text.replace(/[.!\s]+$/u, ''))?.groups?.['what']
  if (
    !what ||
    contentWords(what).length < 2 ||
    /^(?:understand|figure|find|get|see|learn|know|fix|solve|debug)\b/iu.test(what)
  )
    return null
  const goal = asTitle(what)
  const shared = /\b(?:team|team['’]s|everyone)\b/iu.test(text) && !isPrivate(goal)
  return {
    item: { kind: GOAL, text: goal, content: describe(goal) },
    evidence,
    whole: true,
    asked: true,
    ...forTeam(shared, teams),
  }
}

/** What a team gets is the person's to decide once more, with the words as the others will read them. */
function forTeam(shared: boolean, teams: readonly Namespace[]): Pick<Found, 'scope' | 'waits'> {
  const [team] = teams
  return shared && team ? { scope: { namespace: team }, waits: true } : {}
}

/** Prices, addresses and people stay with the person who said them. */
function isPrivate(text: string): boolean {
  return (
    MONEY.test(text) ||
    CONTACT.test(text) ||
    wordsOf(text).some(({ word }) => /^\p{Lu}/u.test(word) && isFirstName(word))
  )
}

/** As `isPrivate`, and names of companies and long numbers too: whose problem it was is no part of a lesson. */
function isAboutSomebody(text: string): boolean {
  if (isPrivate(text) || /\d{5,}/u.test(text)) return true
  const mentions = readMentions(undefined, { own: [{ text, start: 0, end: text.length }] })
  return mentions.some(({ type }) => type === 'person' || type === 'organization')
}

function describe(text: string): LessonContent {
  const title = text
    .split(/\s+/u)
    .slice(0, TITLE_WORDS)
    .join(' ')
    .replace(/[,;:]$/u, '')
  const tags = [...new Set([...namesIn(text).map((name) => name.toLowerCase()), ...contentWords(text)])]
  return {
    title: title.slice(0, 120),
    when: APPLIES.exec(text)?.groups?.['when']?.trim() ?? null,
    tags: tags.filter((tag) => tag.length <= 40).slice(0, 5),
    helped: 0,
    hurt: 0,
  }
}

/** Words of content, those that names are made of too: "amount_cents" is about an amount. */
function parts(text: string): string[] {
  return contentWords(text.replace(/[_./:-]+/gu, ' '))
}

function aboutOf({ text, content }: StoredItem<LessonContent>): string[] {
  return [...new Set([...parts(`${text} ${content.when ?? ''}`), ...content.tags])]
}

function shortest(tags: readonly string[]): string[] {
  return tags.filter((tag) => tag.length <= 40).slice(0, 8)
}

function saysTheSame(one: string, two: string): boolean {
  const [a, b] = [contentWords(one), contentWords(two)]
  return a.length === b.length && a.every((word) => b.includes(word))
}

function line({ kind, text }: StoredItem<LessonContent>): string {
  return kind === GOAL ? `Goal: ${text}` : `Lesson: ${text}`
}
