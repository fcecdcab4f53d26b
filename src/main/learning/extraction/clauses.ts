// A sentence cut into clauses that each stand alone, because what one says can change while the rest stays true.
import { wordsOf } from '../words.ts'
import { FIRST_PERSON } from './gate-words.ts'
import type { Sentence } from './sentences.ts'

const CONJUNCTION = /^(?:and|but|so|also|then|oh|well|by the way|btw|anyway|und|aber|et|mais|y|pero)[,]?\s+/iu
/** A clause that only says when, why or under what condition. */
export const SUBORDINATE =
  /^(?:and |but )?(?:when(?:ever)?|while|because|since|if|although|though|as|after|before|until|where|once|no|not)\b/iu
/** A new clause with a subject of its own: what it says can change while the rest stays true. */
const NEXT_CLAUSE =
  /(?:,\s+|\s+|;\s+)(?:(?:and|but|so)\s+)(?=(?:I|we|I['’]\w+|we['’]\w+)\s|(?:my|our)\s+(?:\p{L}+\s+){1,3}(?:is|are|was|were|has|have|had|lives?|works?|likes?|wants?|needs?|studies|goes|runs?|starts?)\b)|[,;]\s+(?=(?:I|we|I['’]\w+|we['’]\w+)\s(?!(?:think|guess|believe|mean|know|hope|suppose|say)\b))/giu
const CLAUSE_WORDS = 3
/** "… and I've decided against it": nothing without the clause before. */
const LEANS_ON_CLAUSE = /^(?:I|we)(?:['’]\w+)?\s+(?:[\p{L}'’]+\s+){1,3}(?:it|that|this|them)(?=[.,;!]|$)/iu

/** Cuts a sentence into clauses that each stand alone. */
export function clausesOf(sentence: Sentence): Sentence[] {
  const { text } = sentence
  const clauses: Sentence[] = []
  let from = 0
  const take = (to: number) => {
    const cut = text.slice(from, to)
    const lead = CONJUNCTION.exec(cut)?.[0].length ?? 0
    const start = sentence.start + from + lead
    const own = cut.slice(lead).trimEnd()
    if (own !== '') clauses.push({ text: own, start, end: start + own.length })
  }
  const isClause = (part: string) => wordsOf(part).length >= CLAUSE_WORDS && FIRST_PERSON.test(part)
  for (const match of text.matchAll(NEXT_CLAUSE)) {
    const after = match.index + match[0].length
    // "Where I live and I work" or "when I came, I …" belong together.
    const before = text.slice(from, match.index)
    const rest = text.slice(after)
    if (!isClause(before) || !isClause(rest) || SUBORDINATE.test(before) || LEANS_ON_CLAUSE.test(rest)) continue
    take(match.index)
    from = after
  }
  take(text.length)
  return clauses
}
