// The scores of a life: what of a question's needed and outdated items a prompt gives, how long corrections take, and
// whether the floors hold. Pure, so that a small test can show that they count what they say.
import type { LifeQuestion, Places } from './growth-life.ts'
import { type Phrase, phraseName, standsIn } from './story.ts'

/** Largest share of the outdated items that may be given as if they still held. */
export const MOST_OUTDATED = 0.05
/** A correction is asked after at most so many turns. */
export const MOST_TURNS = 10

/** What a question needs, and what no longer holds, after a number of turns. */
export interface Wanted {
  needed: Phrase[]
  outdated: Phrase[]
}

/** @param turns so many have been learned from */
export function wantedAfter({ needed, outdated }: LifeQuestion, turns: number, places: Places): Wanted {
  const has = (id: string) => (places.get(id) ?? Number.POSITIVE_INFINITY) <= turns
  return {
    needed: needed
      .filter(({ from, until }) => has(from) && !(until !== undefined && has(until)))
      .map((one) => one.phrase),
    outdated: outdated.filter(({ from }) => has(from)).map((one) => one.phrase),
  }
}

export interface Answered {
  /** Everything needed stands in the prompt; false where nothing can be known yet. */
  reached: boolean
  isNeeded: boolean
  /** Outdated items there are, and those the prompt gives as if they still held. */
  outdated: number
  given: { phrase: string; line: string }[]
}

/**
 * Words by which a line itself says that it tells of the past: the marks of a line of the prompt, and the plainest of a
 * person. A date alone is none: it says when something was said, not that it is over.
 */
const PAST =
  /\((?:[^()]*, )?(?:until \d|(?:(?:perhaps|in part) )?no longer so)[^()]*\)$|\bused to\b|\bno longer\b|\bany ?more\b/iu

/** @param lines of the prompt, without the question itself */
export function scoreAnswer({ needed, outdated }: Wanted, lines: readonly string[]): Answered {
  const current = lines.filter((line) => !PAST.test(line))
  const isIn = (phrase: Phrase) => current.some((line) => standsIn(phrase, line))
  // "On Thursday, not on Tuesday" names both and says which one holds.
  const tellsNow = (line: string) => needed.some((phrase) => standsIn(phrase, line))
  return {
    reached: needed.length > 0 && needed.every(isIn),
    isNeeded: needed.length > 0,
    outdated: outdated.length,
    given: outdated.flatMap((phrase) => {
      const line = current.find((one) => standsIn(phrase, one) && !tellsNow(one))
      return line === undefined ? [] : [{ phrase: phraseName(phrase), line }]
    }),
  }
}

/** Whether what a correction says has taken hold: what is needed now comes, and nothing that is over. */
export function hasTakenHold({ reached, isNeeded, given }: Answered): boolean {
  return (reached || !isNeeded) && given.length === 0
}

/** An answer, and how many tokens the core and the recalled block of its prompt hold. */
export type Asked = Answered & { tokens: number }

export interface CheckpointScore {
  turns: number
  questions: number
  /** Questions that what was said until then answers. */
  answerable: number
  reached: number
  outdated: number
  given: number
  /** Mean over all questions of what the core and the recalled block hold. */
  tokens: number
}

/** @param answers to all questions after so many turns */
export function scoreCheckpoint(turns: number, answers: readonly Asked[]): CheckpointScore {
  const count = (of: (answer: Asked) => number) => answers.reduce((sum, answer) => sum + of(answer), 0)
  return {
    turns,
    questions: answers.length,
    answerable: count(({ isNeeded }) => Number(isNeeded)),
    reached: count(({ reached }) => Number(reached)),
    outdated: count((answer) => answer.outdated),
    given: count(({ given }) => given.length),
    tokens: answers.length === 0 ? 0 : count(({ tokens }) => tokens) / answers.length,
  }
}

/** @param scores in order @returns what does not hold, a sentence each */
export function failedFloors(scores: readonly CheckpointScore[]): string[] {
  const failed: string[] = []
  for (const [index, score] of scores.entries()) {
    const before = scores[index - 1]
    if (before && score.reached / score.questions <= before.reached / before.questions) {
      failed.push(`The share reached does not rise from ${before.turns} to ${score.turns} turns.`)
    }
  }
  const outdated = scores.reduce((sum, score) => sum + score.outdated, 0)
  const given = scores.reduce((sum, score) => sum + score.given, 0)
  if (given > outdated * MOST_OUTDATED) failed.push(`${given} of ${outdated} outdated items are given.`)
  const [at100, last] = scores.slice(-2)
  if (at100 && last && Math.round(last.tokens) > Math.round(at100.tokens)) {
    failed.push(`A turn takes more tokens after ${last.turns} turns than after ${at100.turns}.`)
  }
  return failed
}
