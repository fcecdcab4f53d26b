// "No, Lyon, not Paris": a sentence that says nothing alone, but changes what was said before.

export interface Correction {
  wrong: string
  right: string
}

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

/** @returns the wrong and the right words when the sentence is a bare correction, else null. */
export function correctionIn(sentence: string): Correction | null {
  for (const { pattern, right } of PATTERNS) {
    const match = pattern.exec(sentence.trim())
    const first = match?.[1]?.trim()
    const second = match?.[2]?.trim()
    if (!first || !second) continue
    if (
      [first, second].some((value) => value.split(/\s+/).length > MOST_WORDS || /\b(?:I|we|you|he|she)\b/u.test(value))
    )
      continue
    return right === 1 ? { right: first, wrong: second } : { right: second, wrong: first }
  }
  return null
}

/** Puts the right words in the place of the wrong ones; null when the text does not hold them as whole words. */
export function correct(text: string, { wrong, right }: Correction): string | null {
  const escaped = wrong.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+')
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'giu')
  return pattern.test(text) ? text.replace(pattern, () => right) : null
}
