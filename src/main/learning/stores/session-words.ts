// What a turn adds to the thread of its conversation: by plain rules, in the words that were said.
import { gate, isChatter } from '../extraction/gate.ts'
import { hasSecret } from '../extraction/secrets.ts'
import { type Sentence, splitSentences } from '../extraction/sentences.ts'
import { contentWords, fold } from '../words.ts'
import { asTitle } from './said.ts'

export interface Point {
  text: string
  /** Of the person's words, with offsets in their message. */
  said: Sentence[]
  /** Of the answer, word for word. */
  answered: string[]
}

const DECIDES =
  /\b(?:decid\w+|chose|chosen|agreed|settled|recommend\w*|suggest\w*|(?:I['’]d|I would|we['’]ll|let['’]s|let us) (?:\p{L}+ )?(?:go|use|take|pick|choose|keep|start)|go with|(?:is|are) (?:the )?(?:better|best|right)|should|must|instead|rather than)\b|^(?:use|choose|take|pick|stick|go|keep|put|call|name|start|return|prefer|avoid)\b/iu
const SUSPECTS =
  /\b(?:suspect\w*|likely|probably|might be|may be|could be|perhaps|cause[sd]?|culprit|because of|due to|caching|theory|hypothesis)\b/iu
const REPORTS =
  /\b(?:done|finished|fixed|solved|works?|working|passe[sd]|deployed|pushed|built|created|installed|checked|tested|tried|confirmed|merged|ruled out|measured|found|moved|changed|updated|configured|set up|ready|sent|wrote|written)\b/iu
const PROBLEM =
  /\b(?:errors?|fail\w*|leak\w*|crash\w*|broken|breaks?|slow\w*|grow\w*|stuck|hangs?|hanging|exceptions?|time-?outs?|problems?|issues?|bugs?|symptoms?|wrong|missing|warnings?|rejected|denied)\b/iu
const PLANS =
  /\b(?:next|plan\w*|steps?|going to|will|need to|have to|want to|goal|deadline|todo|first|then|finally)\b/iu

const LONGEST_POINT = 220
const LONGEST_QUESTION = 90
const MOST_SAID = 3

/** @returns what of a turn keeps the thread: questions with what was answered, and what the person reports or decides */
export function pointsOf(own: readonly Sentence[], answerText: string): Point[] {
  const answer = splitSentences(withoutCode(answerText)).filter(({ text }) => /\p{L}/u.test(text) && !hasSecret(text))
  const questions = own.filter(({ text }) => /\?\s*$/u.test(text))
  const points: Point[] = []
  const told = own
    .filter((sentence) => !questions.includes(sentence) && !isChatter(sentence.text))
    .map((sentence) => ({ sentence, weight: weightOf(sentence.text) }))
    .filter(
      ({ sentence, weight }) => weight > 0 || gate([sentence]).candidates.some(({ strength }) => strength === 'strong'),
    )
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST_SAID)
    .sort((a, b) => a.sentence.start - b.sentence.start)
  for (const { sentence } of told)
    points.push({ text: cut(sentence.text, LONGEST_POINT), said: [sentence], answered: [] })
  const question = questions.at(-1)
  const best = bestOf(answer, question !== undefined)
  if (best && question) {
    const text = `Asked "${cut(question.text, LONGEST_QUESTION)}": ${cut(plain(best.text), LONGEST_POINT - LONGEST_QUESTION)}`
    points.push({ text, said: [question], answered: [best.text] })
  } else if (best) {
    points.push({ text: `Answered: ${cut(plain(best.text), LONGEST_POINT)}`, said: [], answered: [best.text] })
  }
  return points
}

/** The sentence of an answer that decides, suspects or advises; to a question at least its first. */
function bestOf(answer: readonly Sentence[], asked: boolean): Sentence | null {
  const statements = answer.filter(({ text }) => !/\?\s*$/u.test(text) && !isChatter(text))
  const weighed = statements.map((sentence) => ({
    sentence,
    weight: DECIDES.test(sentence.text) ? 3 : weightOf(sentence.text),
  }))
  const top = weighed.reduce((best, one) => (one.weight > best.weight ? one : best), {
    sentence: statements[0],
    weight: asked ? 0 : 1,
  })
  return top.weight > 1 || asked ? (top.sentence ?? null) : null
}

function weightOf(text: string): number {
  return [DECIDES, SUSPECTS, REPORTS, PROBLEM, PLANS].filter((pattern) => pattern.test(text)).length
}

/** @returns what the assistant asks back at the end of its answer, and what stays open until the person goes on */
export function openQuestion(answerText: string): string | null {
  const last = splitSentences(withoutCode(answerText)).at(-1)?.text ?? ''
  if (!/\?\s*$/u.test(last) || /\b(?:anything else|help you|can I help|let me know|would you like me)\b/iu.test(last))
    return null
  return cut(plain(last), LONGEST_POINT)
}

const GOAL =
  /^(?:(?:hi|hello|hey|ok(?:ay)?|so|and|today|right|now)[,:!.]?\s+)*(?:(?:my|our|the) (?:new )?goal (?:is|:)\s*(?:to )?|(?:new )?goal:\s*|(?:I|we)(?:['’]d like| would like| want| need|['’]m trying|['’]re trying| am trying| are trying|['’]m going|['’]re going| have| plan)(?: you)? to |(?:can|could|would) you (?:please )?help (?:me|us) (?:to |with )?|(?:please )?help (?:me|us) (?:to |with )?|let['’]s )(?<what>.+?)[.!?\s]*$/iu
const NEW_GOAL = /\b(?:new goal|goal (?:is|:)|instead|change of plan)\b/iu

/** @returns what the person wants to get done in this conversation, and whether that takes the place of an earlier goal */
export function goalIn(own: readonly Sentence[]): { text: string; said: Sentence; replaces: boolean } | null {
  for (const sentence of own) {
    const what = GOAL.exec(sentence.text)?.groups?.['what']
    if (!what || contentWords(what).length < 2 || /^(?:know|ask|understand|see|say|add|mention|tell)\b/iu.test(what))
      continue
    return { text: cut(asTitle(what), LONGEST_POINT), said: sentence, replaces: NEW_GOAL.test(sentence.text) }
  }
  return null
}

const STEP = /^\s*(?:\*\*|__)?(?:step\s+)?(\d{1,2})[.):]\s*(.+)$/iu
const ASKS_FOR_PLAN =
  /\b(?:plan|steps?|how (?:do|can|should|would) (?:I|we)|how to|road ?map|checklist|to do|what (?:do|should) (?:I|we) do|want to|need to|help (?:me|us)|let['’]s|goal)\b/iu
const MOST_STEPS = 12

/** @returns the steps an answer lists, when a plan was asked for */
export function stepsOf(userText: string, answerText: string): string[] {
  if (!ASKS_FOR_PLAN.test(userText)) return []
  const steps = withoutCode(answerText)
    .split('\n')
    .flatMap((line) => {
      const text = STEP.exec(line)?.[2]
      if (!text) return []
      const bare = plain(text)
      // "Build the image: run docker build …": what to do stands before the colon.
      const [head = '', ...rest] = bare.split(/[:–—]\s/u)
      return [cut(asTitle(rest.length > 0 && contentWords(head).length >= 1 ? head : bare), LONGEST_QUESTION)]
    })
  return steps.length >= 2 && !steps.some(hasSecret) ? steps.slice(0, MOST_STEPS) : []
}

const DONE =
  /\b(?:done|finished|complete[d]?|ready|works?(?: now)?|(?:has|have|is|was|were|['’]s|['’]ve) (?:been )?(?:pushed|built|created|installed|deployed|written|set up|configured|tested|sent|merged|fixed)|(?:I|we)(?:['’]ve| have)?(?: just| already| now)? (?:pushed|built|created|installed|deployed|wrote|written|set up|configured|tested|sent|merged|fixed|did|made|added|ran|signed|booked|bought|called))\b|^(?:(?:just|already|finally)\s+)?(?:pushed|built|created|installed|deployed|wrote|set up|configured|tested|sent|merged|fixed|made|added|ran|signed|booked|bought|called)\b|^(?:\p{L}+ ){0,3}(?:pushed|built|created|installed|deployed|written|configured|tested|sent|merged|fixed)[.!\s]*$/iu
const NOT_YET = /\b(?:not|n['’]t|never|almost|nearly|still|once|when|after|before|if|until|will|going to)\b/iu
const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth']

/**
 * @param steps open steps with their place in the plan, from 1
 * @returns those that this sentence says are done
 */
export function doneIn<Step extends { n: number; text: string }>(sentence: string, steps: readonly Step[]): Step[] {
  if (!DONE.test(sentence) || NOT_YET.test(sentence) || /\?\s*$/u.test(sentence)) return []
  const numbers = [...sentence.matchAll(/\bsteps?\s+(\d{1,2})(?:\s*(?:and|,|-|to)\s*(\d{1,2}))?/giu)].flatMap(
    ([, a, b]) => [Number(a), b ? Number(b) : Number(a)],
  )
  const ordinal = ORDINALS.findIndex((word) => new RegExp(`\\b${word} (?:step|one|task)`, 'iu').test(sentence)) + 1
  const named = steps.filter(({ n }) => numbers.includes(n) || n === ordinal)
  if (named.length > 0) return named
  const said = new Set(contentWords(sentence))
  const scored = steps
    .map((step) => ({ step, shared: contentWords(step.text).filter((word) => said.has(word)).length }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared || a.step.n - b.step.n)
  const [best] = scored
  return best ? [best.step] : []
}

/** Whether two steps are the same one in other words. */
export function sameStep(one: string, two: string): boolean {
  const [a, b] = [contentWords(one), contentWords(two)]
  const shared = a.filter((word) => b.includes(word)).length
  return fold(one) === fold(two) || shared / Math.max(1, Math.min(a.length, b.length)) >= 0.75
}

function withoutCode(text: string): string {
  return text.replace(/<think>[\s\S]*?(?:<\/think>|$)/giu, '').replace(/(?:```|~~~)[\s\S]*?(?:```|~~~|$)/gu, '\n')
}

function plain(text: string): string {
  return text
    .replace(/\*\*|__|`/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
}

function cut(text: string, length: number): string {
  const flat = text.replace(/\s+/gu, ' ').trim()
  return flat.length <= length ? flat : `${flat.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`
}
