// "No, Lyon, not Paris": a sentence that says nothing alone, but changes what was said before.

/**
 * `wrong` null: only the right words were said, and the wrong ones are the last value of that kind; both null: what was
 * said last does not count.
 */
export type Correction =
  | { wrong: string; right: string }
  | { wrong: null; right: string }
  | { wrong: null; right: null }

const LEAD = String.raw`(?:(?:no|nope|actually|sorry|oh|correction|wait|ah|hm+)[,!.:;]?\s+)+`
const FILL = String.raw`(?:(?:it['’]?s|it is|it was|that['’]?s|i meant|i mean|i said|should be|make that|to say|to|in|at|on|the|is|rather)\s+)*`
const VALUE = String.raw`([^,;.!?]{1,60}?)`

const PATTERNS: readonly { pattern: RegExp; right: 1 | 2 }[] = [
  // No, Lyon, not Paris. / Sorry, I meant Lyon, not Paris. / I meant Lyon, not Paris.
  {
    pattern: new RegExp(
      `^(?:${LEAD}|(?:i meant?)\\s+)${FILL}${VALUE},?\\s+(?:and\\s+)?not\\s+${FILL}${VALUE}[.!]*$`,
      'iu',
    ),
    right: 1,
  },
  // Actually not Paris but Lyon. / No, not Paris, Lyon.
  {
    pattern: new RegExp(
      `^(?:${LEAD})?${FILL}not\\s+${FILL}${VALUE}(?:,?\\s+but|,|\\s*[–—-])\\s+${FILL}${VALUE}[.!]*$`,
      'iu',
    ),
    right: 2,
  },
  // Lyon, not Paris.
  { pattern: new RegExp(`^${FILL}${VALUE},\\s+not\\s+${FILL}${VALUE}[.!]*$`, 'iu'), right: 1 },
]
const MOST_WORDS = 5

const DAY = String.raw`(?:next\s|this\s)?(?:mon|tues|wednes|thurs|fri|satur|sun)day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo`
const MONTH = String.raw`january|february|march|april|may|june|july|august|september|october|november|december`
const NUMBER = String.raw`(?:[€$£]\s?)?\d+(?:[.,:]\d+)*(?:\s?(?:%|€|[\p{L}]{1,12}))?`
const DATE = String.raw`\d{1,2}(?:st|nd|rd|th|\.)?\s(?:of\s)?(?:${MONTH})|(?:${MONTH})\s\d{1,2}(?:st|nd|rd|th)?`
const PLAIN_VALUE = `(${DATE}|${DAY}|${NUMBER})`
const DENIED = String.raw`(?:that['’]?s|that is|that was|this is|it['’]?s|it is)\s+(?:wrong|not right|not correct|incorrect|not true)`
const MEANT = String.raw`(?:i meant(?: to say| to write)?|i mean|it['’]?s|it is|it was|that['’]?s|that should be|that should read|it should be|should be|should read|make (?:that|it)|ich meinte|ich meine|es ist|es sind|je voulais dire|c['’]est|quise decir|quería decir)`
const OPENS = String.raw`(?:no|nope|sorry|correction|wait|actually|oops|my mistake|pardon|nein|entschuldigung|falsch|non|désolée?|perdón)`
const SMALL = String.raw`(?:(?:on|at|in|the|by|around|am|um|le|el)\s+)?`
// The right words alone: "I meant Tuesday.", "That's wrong: it's 42.", "No, it's 15 May." A name needs words that say that
// it is one: "Sorry, Peter." is an apology.
const VALUE_ALONE = new RegExp(
  `^(?:(?:${OPENS}|${DENIED})[,;:.!–—-]*\\s+)*(?:no|no[,;]?\\s+wait|sorry|correction|oops|my mistake|nein|falsch|non|pardon|${DENIED}|i meant(?: to say| to write)?|make (?:that|it)|ich meinte|je voulais dire|quise decir|(?:${OPENS})[,;:.!–—-]*\\s+${MEANT})[,;:.!–—-]*\\s+(?:${MEANT}\\s+)?${SMALL}${PLAIN_VALUE}(?:,\\s+(?!not\\b)[^.!?]{2,60})?[.!]*$`,
  'iu',
)
const RIGHT_NAME = new RegExp(
  `^(?:(?:${caseless(OPENS)}|${caseless(DENIED)})[,;:.!–—-]*\\s+)*(?:${caseless('i meant(?: to say| to write)?')}|(?:${caseless(OPENS)}|${caseless(DENIED)})[,;:.!–—-]*\\s+${caseless(MEANT)})\\s+(?:in\\s+|at\\s+)?(\\p{Lu}[\\p{L}\\p{M}'’-]+(?:\\s\\p{Lu}[\\p{L}\\p{M}'’-]+){0,2})[.!]*$`,
  'u',
)
const TAKEN_BACK =
  /^(?:no,?\s+|sorry,?\s+|actually,?\s+|wait,?\s+|please\s+|oh,?\s+)*(?:scratch that|strike that|never mind (?:that|what I (?:just )?said)|(?:forget|ignore|disregard) (?:that|it|my last message|what I (?:just )?(?:said|wrote|told you)|the last (?:message|sentence))|that['’]?s not (?:true|right|correct)(?: at all)?|that was (?:wrong|not true|a lie|a joke)|I (?:made that up|was (?:just |only )?(?:joking|kidding))|I take that back|vergiss das|das stimmt nicht|das war falsch|oublie (?:ça|cela)|c['’]est faux)(?: again)?[.!]*$/iu

/** The words of a pattern in small letters or with a large first one, for patterns that must tell names by their case. */
function caseless(pattern: string): string {
  return pattern.replace(/(?<![\\\p{L}])\p{Ll}/gu, (letter) => `[${letter}${letter.toUpperCase()}]`)
}

/** @returns what the sentence corrects when it does nothing else, else null */
export function correctionIn(sentence: string): Correction | null {
  for (const { pattern, right } of PATTERNS) {
    const match = pattern.exec(sentence.trim())
    const first = match?.[1]?.trim()
    const second = match?.[2]?.trim()
    if (!first || !second) continue
    if (
      [first, second].some(
        (value) =>
          value.split(/\s+/).length > MOST_WORDS ||
          /\b(?:I|we|you|he|she|they|is|are|was|were|has|have|had|will)\b/iu.test(value),
      )
    )
      continue
    return right === 1 ? { right: first, wrong: second } : { right: second, wrong: first }
  }
  const bare = sentence.trim()
  if (TAKEN_BACK.test(bare)) return { wrong: null, right: null }
  const right = [VALUE_ALONE, RIGHT_NAME].map((pattern) => pattern.exec(bare)?.[1]).find(Boolean)
  return right ? { wrong: null, right } : null
}

/** Puts the right words in the place of the wrong ones; null when the text does not hold them as whole words. */
export function correct(text: string, { wrong, right }: { wrong: string; right: string }): string | null {
  const pattern = wholeWords(wrong, right)
  return pattern.test(text) ? text.replace(pattern, () => right) : null
}

/**
 * The wrong words where they stand as whole words, with what the right ones say again behind them: "six stitches" where
 * "eight stitches" takes the place of "six".
 */
export function wholeWords(wrong: string, right: string): RegExp {
  const asPattern = (words: readonly string[]) =>
    words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('\\s+')
  const replacing = right.trim().split(/\s+/)
  const again = replacing.slice(1).map((_, index) => asPattern(replacing.slice(index + 1)))
  const tail = again.length > 0 ? `(?:\\s+(?:${again.join('|')}))?` : ''
  return new RegExp(`(?<![\\p{L}\\p{N}])${asPattern(wrong.trim().split(/\s+/))}${tail}(?![\\p{L}\\p{N}])`, 'giu')
}
