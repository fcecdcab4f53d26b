// English verbs in the third person: what follows "I" or "they" as it follows one name.
import { isPast, verbBase } from '../change/lexicon.ts'
import { fold } from '../words.ts'

const ADVERB =
  /^(?:also|always|never|often|usually|sometimes|still|just|now|only|already|currently|recently|generally|mostly|normally|typically|definitely|probably|absolutely|rarely|seldom|even|both|all|rather|much|first|then|soon|\p{L}{3,}ly)$/iu
const SAME =
  /^(?:will|would|can|could|must|should|may|might|shall|can['’]t|cannot|won['’]t|wouldn['’]t|couldn['’]t|mustn['’]t|shouldn['’]t|ought|used|did|didn['’]t|had|hadn['’]t)$/iu
/** Present and past look alike: which one is meant cannot be told. */
const EITHER = /^(?:put|cut|set|hit|let|cost|quit|shut|spread|bet|hurt|read|cast|split|upset|beat|fit)$/iu
const IRREGULAR_PAST =
  /^(?:went|bought|sold|left|led|ran|took|gave|made|met|began|broke|chose|came|drank|drove|ate|fell|felt|flew|found|forgot|grew|heard|held|kept|knew|lost|paid|rode|said|saw|sent|sang|sat|slept|spoke|spent|stood|swam|taught|told|thought|wore|won|wrote|got|became|built|brought|caught|dealt|dug|drew|fought|hid|hung|lent|lit|meant|rang|rose|shook|shot|showed|stole|stuck|struck|swore|threw|understood|woke|withdrew|overheard|agreed|freed|guaranteed)$/iu

/**
 * @param rest what follows the pronoun: "prefer tea", "'ve moved", "don't eat meat"
 * @returns the same after one name or "the user"; null when it cannot be told
 */
export function thirdPersonOrNull(rest: string): string | null {
  const short = /^['’](m|ve|ll|d|re)\b\s*/iu.exec(rest)
  if (short) {
    const after = rest.slice(short[0].length)
    const form = { m: 'is', re: 'is', ve: 'has', ll: 'will' }[(short[1] ?? '').toLowerCase()]
    if (form) return `${form} ${after}`
    return `${/^(?:been|had|done|gone|seen|better|\p{L}+ed|already|never)\b/iu.test(after) ? 'had' : 'would'} ${after}`
  }
  const words = rest.split(/(\s+)/u)
  let at = 0
  while (at < words.length && ADVERB.test(words[at] ?? '')) at += 2
  const verb = words[at]
  if (!verb) return null
  const clean = verb.replace(/[.,;:!]+$/u, '')
  const form = formOf(clean)
  if (form === null) return null
  words[at] = form + verb.slice(clean.length)
  return words.join('')
}

/** As above; unchanged where it cannot be told. */
export function thirdPerson(rest: string): string {
  return thirdPersonOrNull(rest) ?? rest
}

function formOf(verb: string): string | null {
  if (!/^[\p{L}'’-]+$/u.test(verb)) return null
  const lower = verb.toLowerCase().replace('’', "'")
  const known: Record<string, string> = {
    am: 'is',
    are: 'is',
    were: 'was',
    have: 'has',
    "haven't": 'has not',
    do: 'does',
    "don't": 'does not',
    "aren't": 'is not',
    "weren't": 'was not',
    go: 'goes',
    was: 'was',
    "wasn't": 'was not',
  }
  if (Object.hasOwn(known, lower)) return known[lower] ?? null
  if (SAME.test(lower)) return lower
  if (EITHER.test(lower)) return null
  if (
    IRREGULAR_PAST.test(lower) ||
    (!/eed$/u.test(lower) && isPast(fold(lower))) ||
    (/[^e]ed$/u.test(lower) && lower.length > 4)
  )
    return lower
  if (/(?:s|sh|ch|x|z|o)$/u.test(lower)) return `${lower}es`
  if (/[^aeiou]y$/u.test(lower)) return `${lower.slice(0, -1)}ies`
  return `${lower}s`
}

const FINITE =
  /\b(?:am|is|are|was|were|isn['’]t|aren['’]t|wasn['’]t|weren['’]t|has|have|had|hasn['’]t|haven['’]t|does|do|did|don['’]t|doesn['’]t|didn['’]t|will|would|can|could|shall|should|must|may|might|won['’]t|can['’]t|cannot)\b|['’](?:s|re|ve|ll|m)\b/iu
/** Clauses that hang on another one: their verb is not the sentence's. */
const SUBORDINATE =
  /\s+(?:that|which|who|whom|whose|if|because|when|while|where|until|before|after|since|unless|so|as|I|we|we['’]\p{L}+|I['’]\p{L}+|they|he|she|it)\s.*$/u

/** @returns whether an English sentence has a verb of its own; "Two months for a paper." has none */
export function hasFiniteVerb(text: string): boolean {
  // "Now I share a house", "Next spring we plant them": the subject comes after a word of time.
  if (
    /^(?:(?!the\b|of\b|that\b|because\b|if\b|when\b)\p{L}+,?\s+){0,3}(?:I|we|he|she|they|it|you|there|this|that)\b/iu.test(
      text,
    )
  )
    return true
  const main = text.replace(SUBORDINATE, '')
  if (FINITE.test(main)) return true
  const words = main.toLowerCase().match(/\p{L}[\p{L}'’-]*/gu) ?? []
  return words.slice(1).some((word, index) => {
    const next = words[index + 2] ?? ''
    if (IRREGULAR_PAST.test(word) || WITHOUT_OBJECT.test(word)) return true
    // "reserved for", "based in": a participle, unless an object follows.
    if (/[^e]ed$/u.test(word) && word.length > 4) return !/^(?:for|by|in|on|to|at|with|as|from|only)?$/u.test(next)
    if (verbBase(word) !== null && !/ing$/u.test(word) && !DETERMINER.test(words[index] ?? '')) return true
    // "handles tables", "prefers tea": an s before an object or an adverb.
    return (
      /[^s]s$/u.test(word) &&
      word.length > 4 &&
      /^(?:the|a|an|my|our|his|her|their|its|to|that|in|on|at|for|all|no|\p{L}+ly|very|much|better|well|only|every|each|up|out|off|back|over)$/u.test(
        next,
      ) &&
      index > 0 &&
      !/^(?:of|the|a|an|my|our|these|those|some|all|two|three)$/u.test(words[index] ?? '')
    )
  })
}

/** Of these the past form needs no object: "Otto moved to Bern." */
const WITHOUT_OBJECT =
  /^(?:moved|arrived|returned|retired|died|graduated|stayed|lived|worked|started|stopped|ended|opened|closed|changed|happened|failed|passed|crashed|expired|travelled|traveled|walked|talked|joined|emigrated|relocated|resigned|recovered|signed|called|emailed|visited|asked|agreed|decided|wanted|needed|liked|loved|hated|preferred|turned|landed|departed|appeared|switched|migrated)$/u
const DETERMINER = /^(?:the|a|an|my|our|his|her|their|its|this|that|of|no|some|any|each|every|to)$/u
