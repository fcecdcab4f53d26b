// A problem that was told and what solved it: "The login says invalid credentials. — Clearing the cache worked." The person
// says that it worked; what they tried stands in their words, or in the answer they point back at.
import { ownWords } from '../extraction/own-words.ts'
import { type Sentence, splitSentences } from '../extraction/sentences.ts'
import type { Evidence, FinishedTurn } from '../protocol.ts'
import { contentWords } from '../words.ts'
import { asTitle, saidIn } from './said.ts'

export interface Solution {
  text: string
  problem: string
  evidence: Evidence[]
}

const SOLVES = String.raw`(?:worked|helped|did the trick|did it|(?:has |have )?(?:fixed|solved|resolved|cured) (?:it|that|this|the (?:problem|issue|error|bug|trouble))|was (?:it|the (?:fix|solution|cause)))`
const WORKED = new RegExp(
  String.raw`^(?:(?:ok(?:ay)?|great|thanks?(?: you)?|yes|yep|perfect|update|good news|nice|excellent|and|so|btw|by the way)[,:!.]?\s+)*(?<what>[^,;:?]{2,120}?)\s+(?:(?:has|have|just|actually|finally|really|indeed|also)\s+)*${SOLVES}\b(?<rest>[^?]*)$`,
  'iu',
)
/** What the answer before said to do, not what the person names. */
const POINTS_BACK =
  /^(?:that|this|it|(?:that|this|your|the) (?:suggestion|advice|tip|idea|fix|answer|solution|first one|second one|last one))$/iu
const NOT = /\b(?:not|n['’]t|never|no|none|nothing|neither|hardly|barely|only partly)\b/iu
const ADVISES =
  /^(?:(?:please|first|then|next|also|now)[,:]?\s+)*(?:(?:you (?:could|can|should|may|might)|i(?:['’]d| would)|it (?:may|might|could) help to)\s+(?:try|suggest|recommend)?\s*(?:to\s+)?|try(?: to)?\s+|have (?:them|her|him) )(?<what>.+)$/iu
const PROBLEM =
  /\b(?:errors?|fail(?:s|ed|ing|ure)?|can(?:no|['’])t|cannot|doesn['’]t|does not|don['’]t|won['’]t|isn['’]t|didn['’]t|unable|crash(?:es|ed|ing)?|broken|breaks?|invalid|denied|rejected|refuse[sd]?|stuck|hangs?|hung|freez\w+|froze|time[sd]? ?out|timeout|blank|problem|issue|bug|missing|leak\w*|exhausted|slow|stops?|stopped|loses?|lost|disappear\w*|flicker\w*|overheat\w*|rattl\w*|leaks)\b/iu
/** "A customer writes that …": who reports it is no part of the problem. */
const REPORTS =
  /^[^?]{2,90}?\b(?:says?|said|reports?|reported|writes?|wrote|told (?:us|me)|complains?|complained|tells (?:us|me)|noticed|notices|mentions?|mentioned)(?:\s+that\b|:)\s*/iu
const LONGEST = 300

/**
 * @param isPrivate whether words are about somebody in particular: such a problem is told without them or not at all
 */
export function solutionIn(
  turn: FinishedTurn,
  own: readonly Sentence[],
  isPrivate: (text: string) => boolean,
): Solution | null {
  for (const [index, sentence] of own.entries()) {
    const said = WORKED.exec(sentence.text.replace(/[.!\s]+$/u, ''))?.groups
    const what = said?.['what']?.trim() ?? ''
    if (!said || NOT.test(sentence.text)) continue
    const solution = POINTS_BACK.test(what) ? advised(turn) : what
    if (!solution || contentWords(solution).length === 0 || isPrivate(solution)) continue
    const problem = problemBefore(turn, own.slice(0, index), isPrivate)
    if (!problem) return null
    const text = `${problem.text}: ${solution[0]?.toLowerCase()}${solution.slice(1)} worked`
    return { text, problem: problem.text, evidence: [saidIn(turn, sentence), problem.source] }
  }
  return null
}

/** What the last answer said to try, in the words of its first advice. */
function advised({ before }: FinishedTurn): string | null {
  const answer = before.findLast(({ role }) => role === 'assistant')?.text ?? ''
  for (const { text } of splitSentences(answer)) {
    const what = ADVISES.exec(text.replace(/[.!\s]+$/u, ''))?.groups?.['what']
    if (what && contentWords(what).length > 0) return `"${asTitle(what).slice(0, LONGEST)}"`
  }
  return null
}

/** The problem told last: in this message, or in those before it. */
function problemBefore(
  turn: FinishedTurn,
  here: readonly Sentence[],
  isPrivate: (text: string) => boolean,
): { text: string; source: Evidence } | null {
  const told = [
    ...turn.before.flatMap(({ role, id, text }) =>
      role === 'user' && id
        ? ownWords(text).sentences.map((sentence) => ({
            sentence,
            source: { ...saidIn(turn, sentence), messageId: id },
          }))
        : [],
    ),
    ...here.map((sentence) => ({ sentence, source: saidIn(turn, sentence) })),
  ]
  for (const { sentence, source } of told.toReversed()) {
    const whole = sentence.text.replace(/\?.*$/su, '')
    if (!PROBLEM.test(whole)) continue
    const text = [whole, whole.replace(REPORTS, '')].find((one) => PROBLEM.test(one) && !isPrivate(one))
    if (text) return { text: asTitle(text).slice(0, LONGEST), source }
  }
  return null
}
