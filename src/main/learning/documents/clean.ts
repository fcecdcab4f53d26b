// Text of a file as it may be kept: what a reader does not see, a model must not read either.

/** Zero-width spaces and marks, characters that turn the direction of writing, and tags outside of flags. */
const UNSEEN =
  /\u{1f3f4}[\u{e0020}-\u{e007e}]{1,8}\u{e007f}|[\u200b\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u206f\u{e0000}-\u{e007f}]/gu
const FLAG = '\u{1f3f4}'
/** One half of a character that takes two. */
const HALF = /\p{Surrogate}/gu
/** No text: NUL, other controls but tab and line breaks. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/gu

/**
 * Takes out what is unseen. Joiners stay (emoji and many scripts are written with them), and half characters become the
 * mark of a broken one.
 * @returns the text, and how many characters were taken out
 */
export function cleanText(text: string): { text: string; removed: number } {
  let removed = 0
  const cleaned = text
    .replace(HALF, '\ufffd')
    .replace(/\r\n?/gu, '\n')
    .replace(CONTROL, () => {
      removed += 1
      return ''
    })
    .replace(UNSEEN, (match) => {
      if (match.startsWith(FLAG)) return match
      removed += 1
      return ''
    })
  return { text: cleaned, removed }
}
