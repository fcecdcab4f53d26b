// A sentence in the first person as a note in the third: "I prefer tea" becomes "The user prefers tea". Rules, because
// each word stays the person's own; where English grammar leaves a doubt the sentence stays as it was said.
import { elidesSubject } from './kinds.ts'
import { thirdPerson, thirdPersonOrNull } from './verbs.ts'

const SELF = /(?<![\p{L}’'-])(?:I|[Mm]e|[Mm]y|[Mm]ine|myself)(?![\p{L}-])/u
const GROUP = /(?<![\p{L}’'-])(?:we|us|our|ours|ourselves)(?![\p{L}-])/iu
const OTHERS = /(?<![\p{L}’'-])(?:they|them|their|he|she|him|her|his)(?![\p{L}-])/iu
const TO_YOU = /(?<![\p{L}’'-])(?:you|your|yours)(?![\p{L}-])/iu
const QUOTED = /["“”„«»]/u
/** "The user's wife's allergic": two marks of owning, and the second one is none. */
const SHORT_IS =
  /(\b[Tt]he user['’]s \p{Ll}+)['’]s(?= (?:an?|not|also|now|very|too|quite|really|still|back|away|ill|sick|pregnant|allergic|vegan|vegetarian|retired|dead|busy|tired|afraid|scared|called|named|going|coming|moving|getting|working|living|leaving|having|expecting|at|in|on)\b)/gu
/** A verb after "and" that may belong to the same "I": it would need the form of the third person as well. */
const SECOND_VERB =
  /\b(?:and|or|but|then)\s+(?:(?:also|then|usually|always|often|sometimes|never|mostly)\s+)?(?:work|play|run|walk|cook|study|love|hate|like|live|prefer|need|want|use|eat|drink|speak|read|write|teach|lead|manage|own|take|make|go|get|keep|bring|do|have|know|think|sing|row|swim|ride|drive|help|meet|call|start|stop|try|leave|stay|come|sleep|look|feel|find|give|put|pay|see|send|spend|travel|train|volunteer|coach|garden|paint|knit|bake|hike|cycle|climb|dance|build|repair|sell|buy|grow|raise|breed|collect|don['’]t|am|'m)\b/iu
const PRESENT_SUBJECT = /(?<![\p{L}’'-])I\s+(?!(?:will|would|can|could|must|should|may|might|had|did|was|used to)\b)/u

/**
 * @param said the person's own, without pronouns that point elsewhere
 * @param withOthers somebody else is named in it, who "their" might stand for
 * @returns the note; null when the sentence speaks of no "I", of "we", or leaves a doubt
 */
export function toThirdPerson(said: string, withOthers: boolean): string | null {
  // Typed in haste: "i moved to Porto".
  const sentence = unhurried(said)
  // "Keep your answers short for me" is said to the assistant: "your" would be open.
  if (!SELF.test(sentence) || GROUP.test(sentence) || TO_YOU.test(sentence) || QUOTED.test(sentence)) return null
  // "Malin's plan and my plan": whose "their" is would be open where somebody else is named.
  const named = withOthers || OTHERS.test(sentence)
  const elided = elidesSubject(sentence)
  let text = elided ? withSubject(sentence) : sentence
  // "The user promised Doreth they would …": who left out the "I" speaks of nobody else in it.
  let mentioned = elided
  const user = (opens: boolean) => (opens ? 'The user' : 'the user')
  for (let step = 0; step < 12; step++) {
    const match = /(?<![\p{L}’'-])(I|me|my|mine|myself|My|Me|Mine)(?![\p{L}-])/u.exec(text)
    if (!match) break
    const before = text.slice(0, match.index)
    const rest = text.slice(match.index + match[0].length)
    const opens = /^\s*$|[.!?]\s+$/u.test(before)
    switch (match[0].toLowerCase()) {
      case 'i': {
        const behind = /^['’]/u.test(rest) ? rest : rest.replace(/^\s+/u, '')
        // "My wife and I", "am I": the verb is not where it is looked for.
        if (
          /\b(?:and|or)\s+$/iu.test(before) &&
          /\p{L}+\s+(?:and|or)\s+$/iu.test(before) &&
          !/[,;]\s*(?:and|or)\s+$/iu.test(before)
        ) {
          if (!/\b(?:that|because|if|when)\b/iu.test(before) && !hasVerb(before)) return null
        }
        const again = mentioned && (elided || !named)
        if (again) {
          text = `${before}they${plural(rest)}`
          break
        }
        if (PRESENT_SUBJECT.test(text.slice(match.index)) && SECOND_VERB.test(behind)) {
          const form = thirdPersonOrNull(behind)
          // In the past both verbs have one form; in the present the second one would be wrong.
          if (form === null || form !== behind) return null
        }
        const form = thirdPersonOrNull(behind)
        if (form === null) return null
        text = `${before}${user(opens)} ${form}`
        mentioned = true
        break
      }
      case 'my':
        text = mentioned && (elided || !named) ? `${before}their${rest}` : `${before}${user(opens)}'s${rest}`
        mentioned = true
        break
      case 'mine':
        text = `${before}${user(opens)}'s${rest}`
        break
      case 'myself':
        text = `${before}themselves${rest}`
        break
      default:
        text = mentioned && (elided || !named) ? `${before}them${rest}` : `${before}${user(opens)}${rest}`
        mentioned = true
    }
  }
  text = text.replace(SHORT_IS, '$1 is')
  return SELF.test(text) ? null : text.replace(/^./u, (letter) => letter.toUpperCase())
}

/** @returns the text without the short forms of haste: "i moved", "im gonna be late", "dont". */
export function unhurried(said: string): string {
  return said
    .replace(/(?<![\p{L}\p{N}.'’_-])i(?=['’](?:m|ve|ll|d)\b|\s)/gu, 'I')
    .replace(
      /(?<![\p{L}\p{N}.'’_-])im(?=\s(?:an?|the|so|not|also|out|off|in|at|on|into|from|back|still|just|really|very|gonna|going|allergic|vegan|vegetarian|pregnant|sick|tired|working|living|moving|getting|trying|starting|planning|having|leaving|doing|learning|taking|staying)\b)/giu,
      "I'm",
    )
    .replace(/(?<![\p{L}\p{N}.'’_-])ive(?=\s\p{L})/giu, "I've")
    .replace(/(?<![\p{L}\p{N}.'’_-])gonna(?=\s\p{L})/giu, 'going to')
    .replace(/(?<=\b(?:i|we|they|you|he|she|it) )(do|did|does|is|was|ca|wo|have|has|are)nt(?=\s\p{L})/giu, "$1n't")
}

/** Puts "The user" before a sentence that left out the "I". */
function withSubject(sentence: string): string {
  const [first = '', ...others] = sentence.split(' ')
  const verb = first.toLowerCase()
  // "Not going to Berlin", "No longer going …".
  const form = /ing$|^(?:not|no)$/u.test(verb)
    ? `is ${verb}`
    : /^(?:want|need|hope|prefer|love|hate|have|reckon|think|guess|suppose)$/u.test(verb)
      ? thirdPerson(verb)
      : verb
  return ['The user', form, ...others].join(' ')
}

/** "I'm", "I was" after "they". */
function plural(rest: string): string {
  return rest
    .replace(/^['’]m\b/u, "'re")
    .replace(/^['’]d\b/u, ' would')
    .replace(/^(\s+)am\b/u, '$1are')
    .replace(/^(\s+)was(n['’]t)?\b/u, '$1were$2')
}

function hasVerb(text: string): boolean {
  return /\b(?:is|are|was|were|has|have|had|does|do|did|will|would|can|could|\p{L}{3,}(?:ed|s))\b/iu.test(text)
}
