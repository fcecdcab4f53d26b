// Whether a message can need a tool that writes at all. A small model that is offered one likes to use it, and what is
// only asked is nothing to keep.
import { ownWords } from '../extraction/own-words.ts'

const ASKS = /\?["'”’)\]]*\s*$/u
/** "Can you note that down?" is a request in the form of a question. */
const REQUEST =
  /\b(?:remember|memori[sz]e|note|save|store|keep|log|record|add|put|write\s+down|track|mark|tick|check\s+off|update|change|correct|set|call|rename|forget|delete|remove|archive|close|cancel|merk\w*|notier\w*|speicher\w*|vergiss|retiens|note[rz]?|oublie|guarda|recuerda|olvida)\b/iu

/** @returns false for a message that holds questions alone */
export function tellsOrRequests(text: string): boolean {
  const { sentences } = ownWords(text)
  return sentences.some((sentence) => !ASKS.test(sentence.text) || REQUEST.test(sentence.text))
}
