// Bytes as text: UTF-8, UTF-16 with its mark, and the Western single-byte writing of old files. What is none of these is
// not text, whatever its name says.

/** Controls that stand in texts: tab, line ends, page feed, backspace, and the escape of colours in a log. */
const ODD = /[\u0000-\u0007\u000e-\u001a\u001c-\u001f\u007f\ufffd]/gu
/** Most of these a text may hold, as a share of its characters. */
const MOST_ODD = 0.01
/** In UTF-8 that somebody cut or joined, few characters are broken. */
const MOST_BROKEN = 0.005
/** Western text has accents here and there; other alphabets in single bytes cannot be told apart. */
const MOST_HIGH = 0.3

/** @returns the text; null when the bytes are none */
export function decodeText(bytes: Uint8Array): string | null {
  const [first, second, third, fourth] = bytes
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? null : decoded(bytes, 'utf-16le')
  if (first === 0xfe && second === 0xff) return decoded(bytes, 'utf-16be')
  if (bytes.includes(0)) return null
  const text = new TextDecoder('utf-8').decode(bytes)
  if (share(text, /\ufffd/gu) <= MOST_BROKEN) return isText(text) ? text : null
  const high = bytes.reduce((count, byte) => (byte >= 0x80 ? count + 1 : count), 0)
  return high <= bytes.length * MOST_HIGH ? decoded(bytes, 'windows-1252') : null
}

function decoded(bytes: Uint8Array, encoding: string): string | null {
  const text = new TextDecoder(encoding).decode(bytes)
  return isText(text) ? text : null
}

function isText(text: string): boolean {
  return share(text, ODD) <= MOST_ODD
}

function share(text: string, what: RegExp): number {
  if (text === '') return 0
  let count = 0
  for (const _ of text.matchAll(what)) count += 1
  return count / text.length
}
