// What can be counted in a text: greeting, sign-off, length of sentences, contractions, formality, emoji, lists.
import { splitSentences } from '../extraction/sentences.ts'

/** One thing a text shows. */
export interface Trait {
  trait: (typeof TRAITS)[number]
  reading: string
}

export const TRAITS = [
  'greeting',
  'sign_off',
  'sentence_length',
  'contractions',
  'formality',
  'emoji',
  'bullets',
] as const

const GREETING =
  /^\s*(hi there|hello there|hi all|hi everyone|hello all|hello everyone|good (?:morning|afternoon|evening)|dear (?:sir or madam|all|team)|hi|hello|hey|dear|hallo|guten tag|liebe[rs]?|sehr geehrte[rs]?|bonjour|salut|chère?|hola|buenos días|estimad[oa]|querid[oa]|ciao|gentile)\b(?=[^\n]{0,60}?(?:[,!:–-]|\n|$))/iu
const SIGN_OFF =
  /(?:^|\n|[.!?]\s+)\s*(kind regards|best regards|warm regards|many thanks|thanks(?: so much| a lot| again| in advance)?|thank you(?: so much| very much| in advance)?|best wishes|all the best|yours sincerely|sincerely(?: yours)?|yours faithfully|yours truly|respectfully|regards|cheers|best|love|talk soon|take care|see you(?: soon)?|lg|vg|liebe grüße|viele grüße|mit freundlichen grüßen|beste grüße|cordialement|bien à vous|amicalement|bises|saludos(?: cordiales)?|un saludo|un abrazo|atentamente|cordiali saluti|a presto)\s*[,.!–-]?\s*(?:\n[^\n]{0,50}\s*|\p{Lu}[\p{L}'’.-]{0,20}\s*)?$/iu
const CONTRACTION = /\b\p{L}+(?:n['’]t|['’](?:m|re|ve|ll|d))\b|\b(?:it|that|there|what|here|he|she|who|let)['’]s\b/giu
const LONG_FORM =
  /\b(?:(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should) not|cannot|I am|you are|we are|they are|it is|that is|I have|we have|I will|we will|I would)\b/giu
const FORMAL =
  /\b(?:dear|sincerely|regards|kindly|please find|pursuant|furthermore|therefore|however|hereby|would like to|would be grateful|appreciate|sehr geehrte\w*|freundlichen|veuillez|estimad[oa]|atentamente|as per|in accordance|at your earliest convenience|do not hesitate)\b/giu
const CASUAL =
  /\b(?:hey|hiya|cheers|gonna|wanna|gotta|yeah|yep|nope|cool|awesome|stuff|guys|folks|kinda|lol|btw|asap|thx|pls|ok|super|quick one|no worries|sounds good|ping|catch up)\b|!{1,}/giu
const EMOJI = /\p{Extended_Pictographic}|(?<!\S)[:;]-?[)(DP](?!\S)/gu
const BULLET = /^\s*(?:[-*•–]|\d{1,2}[.)])\s+\S/gmu
/** Below these counts a text says nothing of a trait. */
const LEAST_SENTENCES = 3
const LEAST_MARKS = 2

/** @returns what a text of the person shows; a trait of which it shows nothing is left out */
export function readTraits(text: string): Trait[] {
  const traits: Trait[] = []
  const add = (trait: Trait['trait'], reading: string | null) => {
    if (reading) traits.push({ trait, reading })
  }
  add('greeting', plain(GREETING.exec(text)?.[1]))
  add('sign_off', plain(SIGN_OFF.exec(text.trimEnd())?.[1]))
  const body = text.replace(GREETING, '')
  const sentences = splitSentences(body).filter((sentence) => /\p{L}/u.test(sentence.text))
  if (sentences.length >= LEAST_SENTENCES) {
    const average = count(body, /\p{L}[\p{L}\p{N}'’-]*/gu) / sentences.length
    add('sentence_length', average < 12 ? 'short' : average > 22 ? 'long' : 'medium')
  }
  const [short, long] = [count(body, CONTRACTION), count(body, LONG_FORM)]
  if (short + long >= LEAST_MARKS) add('contractions', short > long ? 'yes' : long > short ? 'no' : null)
  const [formal, casual] = [count(text, FORMAL), count(text, CASUAL) + (short > long ? 1 : 0)]
  if (formal + casual >= LEAST_MARKS) add('formality', formal > casual ? 'formal' : casual > formal ? 'casual' : null)
  add('emoji', count(text, EMOJI) > 0 ? 'yes' : sentences.length >= LEAST_SENTENCES ? 'no' : null)
  add('bullets', count(text, BULLET) >= LEAST_MARKS ? 'yes' : null)
  return traits
}

/** @returns the trait as the person and the model read it */
export function traitText({ trait, reading }: Trait): string {
  switch (trait) {
    case 'greeting':
      return `Greets with "${reading}"`
    case 'sign_off':
      return `Signs off with "${reading}"`
    case 'sentence_length':
      return (
        { short: 'Short sentences', medium: 'Sentences of middle length', long: 'Long sentences' }[reading] ?? reading
      )
    case 'contractions':
      return reading === 'yes' ? 'Uses contractions ("don\'t")' : 'No contractions ("do not")'
    case 'formality':
      return reading === 'formal' ? 'Formal tone' : 'Casual tone'
    case 'emoji':
      return reading === 'yes' ? 'Uses emoji' : 'No emoji'
    case 'bullets':
      return 'Puts points in a bullet list'
  }
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}

/** As most people write it: one large letter. */
function plain(found: string | undefined): string | null {
  if (!found) return null
  const text = found.replace(/\s+/gu, ' ').trim().toLowerCase()
  return `${text[0]?.toUpperCase()}${text.slice(1)}`
}
