// Whether a note says what its sentence says, whoever worded it: no name, number or date that was not said and none
// lost, no "not" dropped or added, nothing given to the user that was said of somebody else. A note that fails is not
// kept; the sentence itself is kept instead.
import { capitalised, contentWords, fold, isStopWord, namesIn, negated, numbersIn, stem, wordsOf } from '../words.ts'

/** Words a note may add, because turning a sentence into third person needs them. Any other word is invented. */
const GLUE = new Set(
  contentWords(
    'want wants like likes prefer prefers live lives work works working use uses call called name named decide decided plan plans planning think thinks find finds believe need needs own owns team group company colleagues called keep answers answer responses previously formerly',
  ),
)
/** Share of the sentence's content words that the note must keep. */
const KEPT = 0.5

const SPEAKS_OF_SELF =
  /(?:^|[^\p{L}])(?:I|I['’]\w+|we|we['’]\w+|my|mine|our|ours|us|me|myself|please|ich|wir|mein\w*|unser\w*|je|nous|mon|ma|mes|notre|nos|yo|mi|mis|io|noi)(?=[^\p{L}]|$)/iu
const OWNED = /\b(?:my|our)\s+(?:(?:old|new|younger|older|elder|big|little|best|own|two|three)\s+)*(\p{L}+)/giu
const COMPARES = /\b(?:over|than|to|instead of|rather|from|before|after|not)\b/iu

/**
 * @param note the sentence as it was reworded
 * @param sentence the person's sentence
 * @param around the sentences beside it, whose names the note may take over
 */
export function isGrounded(note: string, sentence: string, around: readonly string[] = []): boolean {
  const source = [sentence, ...around].join('\n')
  if (note.length > sentence.length * 2 + 60) return false
  if (negated(note) !== negated(sentence)) return false

  const sourceForms = new Set(wordsOf(source).flatMap(({ word }) => forms(word)))
  const particular = [...capitalised(note), ...namesIn(note)].filter((word) => !isStopWord(word))
  if (particular.some((word) => !forms(word).some((form) => sourceForms.has(form)))) return false
  const sourceNumbers = new Set(numbersIn(source))
  if (numbersIn(note).some((number) => !sourceNumbers.has(number))) return false

  // Names and numbers are what a note is asked for later: none may get lost.
  const noteForms = new Set(wordsOf(note).flatMap(({ word }) => forms(word)))
  if (namesIn(sentence).some((name) => !forms(name).some((form) => noteForms.has(form)))) return false
  const noteNumbers = new Set(numbersIn(note))
  if (numbersIn(sentence).some((number) => !noteNumbers.has(number))) return false

  if (
    /\busers?\b/iu.test(note) &&
    !SPEAKS_OF_SELF.test(sentence) &&
    !/^(?:\p{L}+ )?(?:always|never|use|call|answer|keep|remember|don|do )/iu.test(sentence)
  ) {
    return false
  }
  // "My boss likes …" must not become "The user likes …".
  const noteStems = new Set(wordsOf(note).map(({ word }) => stem(fold(word))))
  for (const [, owned] of sentence.matchAll(OWNED)) {
    if (owned && !isStopWord(owned) && !noteStems.has(stem(fold(owned)))) return false
  }

  const inNote = contentWords(note)
  const inSentence = contentWords(sentence)
  const sourceWords = new Set(contentWords(source))
  if (inNote.length === 0) return false
  if (inNote.some((word) => !sourceWords.has(word) && !GLUE.has(word))) return false
  const kept = inSentence.filter((word) => inNote.includes(word))
  if (kept.length < KEPT * inSentence.length) return false
  // "tea to coffee" and "coffee to tea" have the same words.
  if (COMPARES.test(sentence) && !sameOrder(kept, note)) return false
  return true
}

/** Whether the note has the words in this order; it may hold one twice, a month for instance. */
function sameOrder(kept: readonly string[], note: string): boolean {
  const inNote = wordsOf(note).flatMap(({ word }) => contentWords(word))
  let last = -1
  for (const word of kept) {
    last = inNote.indexOf(word, last + 1)
    if (last < 0) return false
  }
  return true
}

function forms(word: string): string[] {
  const folded = fold(word).replace(/'s$/, '')
  return [folded, stem(folded), ...folded.split(/[-/.']/)]
}
