// Whether a conversation is in the middle of a play: the person speaks as somebody else until one of the two ends it.
import type { FinishedTurn } from '../protocol.ts'

/** Both get a part: "you are a clerk and I am a captain". A part for the assistant alone is a way of asking. */
const BEGINS =
  /\brole[- ]?play(?:ing)?\b|\b(?:let['’]?s|let us|can we|shall we|want to) play (?:a (?:game|scene)|pretend|make-believe)\b|\b(?:pretend|imagine|act as if|act like|let['’]?s say|you are now|you['’]re now|you are|you play|you['’]ll be|you be)\b[^.!?\n]{0,80}\b(?:and I(?:['’]m| am|['’]ll be| play)|I(?:['’]m| am|['’]ll be| play) (?:an?|the|your)|my name is)\b/iu
const ENDS =
  /\b(?:stop|end|enough|quit|exit|leave|finish|pause|no more|done with|out of)\b[^.!?\n]{0,30}\b(?:role[- ]?play(?:ing)?|playing|game|story|scene|act|pretending|pretend|character)\b|\b(?:that was fun|back to (?:reality|normal|work|real life|business|me)|seriously now|now seriously|for real now|game over)\b/iu

/** @returns whether the message is said in a play that began in an earlier message of the conversation */
export function inPlay({ before, userText }: Pick<FinishedTurn, 'before' | 'userText'>): boolean {
  const said = [...before.filter(({ role }) => role !== 'assistant').map(({ text }) => text)]
  const playing = said.reduce((on, text) => !ENDS.test(text) && (on || BEGINS.test(text)), false)
  return playing && !ENDS.test(userText)
}
