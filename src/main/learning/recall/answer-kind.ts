// What kind of thing a question wants to hear: a time, a place, somebody, a number. What holds none of that kind answers
// less likely, however alike it sounds.
//
// "Expected answer type": Harabagiu et al., "FALCON: Boosting Knowledge for Answer Engines", TREC-9, 2000.
import { namesIn, numbersIn } from '../words.ts'

export type AnswerKind = 'time' | 'place' | 'person' | 'number'

const ASKS: readonly { kind: AnswerKind; pattern: RegExp }[] = [
  {
    kind: 'time',
    pattern:
      /\b(?:when(?:['’]s)?|(?:what|which) (?:date|day|weekday|month|year|time)|how (?:long|often|soon)|since when|until when|wann|quand|cuándo)\b/iu,
  },
  {
    kind: 'place',
    pattern:
      /\b(?:where(?:['’]s)?|(?:what|which) (?:city|town|part|place|country|street|room|shop|address)|wo|wohin|où|dónde)\b/iu,
  },
  {
    kind: 'number',
    pattern:
      /\b(?:how (?:much|many|old|far|tall|big)|what (?:number|price|size|age)|wie ?viele?|combien|cuánt[oa]s?)\b/iu,
  },
  {
    kind: 'person',
    pattern:
      /\b(?:who(?:m|se|['’]s)?|(?:what|which) (?:person|colleague|company)|what(?:['’]s| is| was) .{1,40} (?:called|name|named)|wer|wem|wen|qui|quién)\b/iu,
  },
]

const TIME =
  /\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|august|september|october|november|december|today|tomorrow|yesterday|tonight|morning|afternoon|evening|night|week(?:end|ly|s)?|month(?:ly|s)?|year(?:ly|s)?|dai?ly|days?|o['’]clock|noon|midnight|once|twice|every|since|until|before|after|\d{1,2}[:.]\d\d|\d{1,2} ?(?:am|pm)|(?:19|20)\d\d|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)\b/iu
const PLACE =
  /\b(?:in|at|to|from|near|on|off|outside|above|behind|opposite|downstairs|upstairs)\s+(?:the\s+|a\s+)?(?:\p{Lu}|flat\b|house\b)|\b(?:downstairs|upstairs|abroad|next door)\b/u

/** @returns null when the question does not say what it wants to hear */
export function answerKindOf(question: string): AnswerKind | null {
  return ASKS.find(({ pattern }) => pattern.test(question))?.kind ?? null
}

/** Whether a text holds something of the kind. */
export function holdsKind(kind: AnswerKind, text: string): boolean {
  switch (kind) {
    case 'time':
      return TIME.test(text)
    case 'place':
      return PLACE.test(text)
    case 'person':
      return namesIn(text).length > 0
    case 'number':
      return (
        numbersIn(text).length > 0 ||
        /\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half|hundred|thousand)\b/iu.test(text)
      )
  }
}
