// What the person has to do: put on the list and taken off it in conversation. What is due stands in the prompt when the
// question is about plans, and on the day itself.
import { defineStore, renderLines } from '../define-store.ts'
import { isChatter } from '../extraction/gate.ts'
import type { Sentence } from '../extraction/sentences.ts'
import type { FinishedTurn, Found, StoredItem, WholeTurn } from '../protocol.ts'
import { itemsOf } from './items.ts'
import { asTitle, dayInWords, dayOf, meant, saidIn } from './said.ts'
import { dueIn, type TodoContent, todoContent, withoutDay } from './todo-content.ts'
import { todoTools } from './todo-tools.ts'

type Todo = StoredItem<TodoContent>

const ID = 'todos'
/** Of a find: the to-do is taken off the list undone. */
const DROPPED = 'dropped'
/** Open to-dos that are looked at; somebody with more than these has another problem. */
const MOST_OPEN = 200
/** To-dos due within so many days stand with a question about plans. */
const SOON_DAYS = 7
const MOST_SHOWN = 5

export const todos = defineStore<TodoContent>({
  id: ID,
  title: 'To-dos',
  schema: todoContent,
  policy: { basic: false, dated: false, compareBy: 'own' },
  learn: {
    labels: {},
    found: () => null,
    known: ({ owner }, db) => itemsOf<TodoContent>(db, { owner, store: ID, limit: MOST_OPEN }),
    turn: readTodos,
    relate: (item, known) => (asTitle(item.text).toLowerCase() === known.text.toLowerCase() ? 'same' : 'both'),
    process(_turn, { item, evidence }, [first, ...others]) {
      if (first?.named && item.kind === DROPPED)
        return [{ action: 'retire', id: first.id, base: first.version, reason: 'dropped', evidence }]
      if (first?.named) return [{ action: 'update', id: first.id, base: first.version, item, evidence }]
      const same = [first, ...others].find((known) => known?.relation === 'same' && known.content.done === null)
      if (!same) return [{ action: 'add', item, evidence }]
      // The same again, perhaps with another day.
      if (item.content.due === null || item.content.due === same.content.due)
        return [{ action: 'confirm', id: same.id, base: same.version, evidence }]
      const moved = { ...item, content: { ...same.content, due: item.content.due } }
      return [{ action: 'update', id: same.id, base: same.version, item: moved, evidence }]
    },
  },
  tools: () => todoTools,
  async recall({ owner, text, now, timeZone }, db) {
    if (isChatter(text)) return null
    const open = (await itemsOf<TodoContent>(db, { owner, store: ID, limit: MOST_OPEN })).filter(isOpen)
    const today = dayOf(now, timeZone)
    const until = ABOUT_PLANS.test(text) ? addDays(today, SOON_DAYS) : today
    const due = open.filter(({ content }) => content.due !== null && content.due <= until)
    return due
      .sort((a, b) => (a.content.due ?? '').localeCompare(b.content.due ?? ''))
      .slice(0, MOST_SHOWN)
      .map((item) => ({ ...item, reason: { kind: 'due', words: [], similarity: null } }))
  },
  render: (items, budget) => renderLines(items, budget, line),
  fromHand(text, before, { at, timeZone }) {
    const due = dueIn(text, at, timeZone)
    const content = { done: null, ...before?.content, due: due ?? before?.content.due ?? null }
    return { kind: 'todo', text: asTitle(withoutDay(text, at, timeZone)), content }
  },
})

const ABOUT_PLANS =
  /\b(?:to-?do|to do|tasks?|plans?|planning|agenda|schedule|deadlines?|due|overdue|upcoming|next (?:week|days?|up|steps?)|this (?:week|morning|afternoon|evening)|today|tonight|tomorrow|weekend|week ahead|what(?:['’]s| is| are)? (?:left|next|open|coming)|should i (?:do|work|start)|remind(?:er|ers)?|busy|free|time for|prepare|priorit\w+|heute|morgen|woche|aufgaben|aujourd['’]hui|demain|semaine|hoy|mañana|semana|tareas)\b/iu

const ADD =
  /^(?:(?:ok(?:ay)?|also|and|so|then|now|hey|hi|please|oh)[,:!]?\s+)*(?:(?:can|could|would|will) you\s+)?(?:please\s+)?(?:(?:to-?do|task)\s*:\s*(?<a>.+)|(?:add|put|write|note)(?: down)?\s+(?:(?:a|the|this|that) (?:to-?do|task)(?:\s+to)?\s*:?\s*(?<b>.+)|(?:["“'‘](?<q>[^"”'’]+)["”'’]|(?<c>.+?))\s+(?:to|on|in)(?:to)?\s+(?:my|the|our)\s+(?:to-?do|task|todo)(?:s|\s*-?list)?(?<rest>\b.*)?)|remind me(?: (?<when>(?:on|by|at|next|this|tomorrow|today|tonight)\b.{0,30}?))? (?:to|about|of|that I (?:have|need) to)\s+(?<d>.+)|(?:don['’]?t|do not) (?:let me )?forget to\s+(?<e>.+)|(?:don['’]?t|do not) let me forget(?: about)?\s+(?<f>.+))$/iu
/** "I have to … by Friday": an obligation counts when it has a day. */
const OBLIGED =
  /^(?:(?:ok(?:ay)?|also|and|so|then|but|next|first|finally)[,:]?\s+)*(?:I|we)(?:['’]ve| have)?\s+(?:(?:still|also|really|just)\s+)*(?:have to|has to|need to|must|got to|gotta|should|['’]ll have to)\s+(?<a>.+)$/iu
/** "The comparison is due Friday": something the person has to hand in. */
const DUE = /^(?:(?:also|and|so|but)[,:]?\s+)*(?:the|my|our)\s+(?<a>(?:[\p{L}\p{N}'’-]+\s+){1,6}?)(?:is|are)\s+due\b/iu
const DONE =
  /^(?:(?:ok(?:ay)?|also|and|so|then|great|good news|done|finally|yes|btw|by the way|update)[,:!.]?\s+)*(?:(?:I|we)(?:['’]ve| have|['’]m| am| are)?\s+(?:(?:just|already|finally|now)\s+)*(?:done|did|finished|completed|sent|paid|called|booked|bought|submitted|filed|handed in|returned|cleaned|fixed|written|wrote|made|signed|picked up|dropped off|renewed|got|taken care of|took care of|dealt with|sorted(?: out)?|with)\s+.+|.+\s+(?:is|are|was|were|has been|have been|['’]s)\s+(?:(?:now|all|already|finally)\s+)*(?:done|finished|completed|sent|paid|booked|submitted|filed|sorted(?: out)?|taken care of|handed in)\b.*|(?:mark|tick|check|cross)\s+(?:off\s+)?.+?(?:\s+(?:as )?(?:done|off|complete[d]?|finished))?|done with\s+.+)$/iu
const DROP =
  /\b(?:(?:remove|delete|drop|cancel|take|strike|forget)\s+.+?\s+(?:from|off)\s+(?:my|the|our)\s+(?:to-?do|task|todo)(?:s|\s*-?list)?|(?:I|we) (?:no longer|don['’]t|do not) (?:have|need) to\s+.+)\b/iu
const NOT_DONE = /\b(?:not|n['’]t|never|almost|nearly|haven['’]t|still)\b/iu

/** What the person puts on the list, moves or takes off it. */
function readTodos({ turn, own, known }: WholeTurn<TodoContent>): Found<TodoContent>[] {
  const open = known.filter(isOpen)
  return own.flatMap((sentence) => readSentence(turn, sentence, open) ?? [])
}

function readSentence(turn: FinishedTurn, sentence: Sentence, open: readonly Todo[]): Found<TodoContent> | null {
  const { text } = sentence
  const evidence = [saidIn(turn, sentence)]
  const today = dayOf(turn.at, turn.timeZone)
  const bare = text.replace(/[.!\s]+$/u, '')
  const dropped = DROP.test(bare) ? meant(text, open) : null
  if (dropped) {
    const found = change(dropped, {}, evidence)
    return { ...found, item: { ...found.item, kind: DROPPED } }
  }
  const added = ADD.exec(bare)?.groups
  if (added) {
    const what = added['a'] ?? added['b'] ?? added['q'] ?? added['c'] ?? added['d'] ?? added['e'] ?? added['f'] ?? ''
    return addition(turn, `${what}${added['rest'] ?? ''}`, text, evidence)
  }
  if (/\?\s*$/u.test(text)) return null
  const obliged = OBLIGED.exec(bare)?.groups?.['a']
  const due = dueIn(text, turn.at, turn.timeZone)
  if (obliged && due) return addition(turn, obliged, text, evidence)
  const handedIn = due ? DUE.exec(bare)?.groups?.['a'] : undefined
  const about = meant(withoutDay(text, turn.at, turn.timeZone), open)
  if (!about) return handedIn ? addition(turn, handedIn, text, evidence) : null
  if (DONE.test(bare) && !NOT_DONE.test(text)) return { ...change(about, { done: today }, evidence), whole: false }
  // "The tax return is due on Monday now", "move the dentist to Friday".
  if (due && /\b(?:due|move[d]?|postpone[d]?|push(?:ed)?|shift(?:ed)?|deadline|by|until)\b/iu.test(text))
    return change(about, { due }, evidence)
  return null
}

function change(about: Todo, set: Partial<TodoContent>, evidence: Found['evidence']): Found<TodoContent> {
  return {
    item: { kind: 'todo', text: about.text, content: { ...about.content, ...set } },
    evidence,
    about: about.id,
    whole: true,
  }
}

function addition(
  turn: FinishedTurn,
  what: string,
  sentence: string,
  evidence: Found['evidence'],
): Found<TodoContent> | null {
  const text = asTitle(withoutDay(what, turn.at, turn.timeZone).replace(/^(?:to\s+)/iu, ''))
  if (!/\p{L}{2}/u.test(text) || /^(?:it|this|that|them|these|those)$/iu.test(text)) return null
  const due = dueIn(sentence, turn.at, turn.timeZone)
  return { item: { kind: 'todo', text, content: { due, done: null } }, evidence, whole: true, asked: true }
}

function isOpen({ content }: Todo): boolean {
  return content.done === null
}

function line({ text, content }: Todo): string {
  if (content.done) return `Off the to-do list since ${dayInWords(content.done)}: ${text}`
  return content.due ? `To do, due ${dayInWords(content.due)}: ${text}` : `To do: ${text}`
}

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
