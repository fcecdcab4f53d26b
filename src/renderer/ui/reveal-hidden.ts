// Makes characters visible that would hide or reorder text: bidirectional controls, zero-width characters, tag characters.
// Those that scripts and emoji need to look right are left alone.

import { MARK, splitMarks } from '../../shared/forgotten.ts'

const HIDDEN =
  /[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu

const EMOJI = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/u
/** Scripts whose letters join or separate through zero-width joiners. */
const JOINING =
  /\p{Script=Arabic}|\p{Script=Syriac}|\p{Script=Devanagari}|\p{Script=Bengali}|\p{Script=Gurmukhi}|\p{Script=Gujarati}|\p{Script=Oriya}|\p{Script=Tamil}|\p{Script=Telugu}|\p{Script=Kannada}|\p{Script=Malayalam}|\p{Script=Sinhala}|\p{Script=Khmer}|\p{Script=Mongolian}/u
const ZERO_WIDTH_NON_JOINER = '\u200c'
const ZERO_WIDTH_JOINER = '\u200d'
/** Flags of parts of countries: a black flag, letters as tag characters, and an end tag. */
const TAG_FLAG = /\u{1f3f4}[\u{e0061}-\u{e007a}\u{e0030}-\u{e0039}]{2,6}\u{e007f}/gu

/** Longer runs of the mark of forgetting say nothing more. */
const SHORT_MARK = MARK.repeat(3)

/** @returns the text with each hidden character written as its code point, such as ⟨U+202E⟩, and forgotten stretches short */
export function revealHidden(given: string): string {
  const text = splitMarks(given)
    .map((part) => (part.forgotten ? SHORT_MARK : part.text))
    .join('')
  HIDDEN.lastIndex = 0
  if (!HIDDEN.test(text)) return text
  const flags = [...text.matchAll(TAG_FLAG)].map((match) => [match.index, match.index + match[0].length] as const)
  return text.replace(HIDDEN, (character, offset: number) => {
    if (flags.some(([start, end]) => offset >= start && offset < end)) return character
    if (character === ZERO_WIDTH_JOINER || character === ZERO_WIDTH_NON_JOINER) {
      const before = lastCharacter(text.slice(0, offset))
      const after = firstCharacter(text.slice(offset + 1))
      if (character === ZERO_WIDTH_JOINER && EMOJI.test(before) && EMOJI.test(after)) return character
      if (JOINING.test(before) && JOINING.test(after)) return character
    }
    const code = character.codePointAt(0) ?? 0
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
  })
}

function lastCharacter(text: string): string {
  return [...text.slice(-2)].at(-1) ?? ''
}

function firstCharacter(text: string): string {
  return [...text.slice(0, 2)][0] ?? ''
}
