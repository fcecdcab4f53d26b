import { describe, expect, it } from 'vitest'
import { revealHidden } from './reveal-hidden.ts'

describe('hidden characters', () => {
  it.each([
    ['a right-to-left override', 'invoice\u202egnp.exe', 'invoice⟨U+202E⟩gnp.exe'],
    ['an isolate', 'a\u2066b\u2069', 'a⟨U+2066⟩b⟨U+2069⟩'],
    ['a zero-width space', 'pay\u200bpal', 'pay⟨U+200B⟩pal'],
    ['a joiner between Latin letters', 'a\u200db', 'a⟨U+200D⟩b'],
    ['a soft hyphen', 'a\u00adb', 'a⟨U+00AD⟩b'],
    ['a byte order mark', '\ufeffa', '⟨U+FEFF⟩a'],
    ['words written in tag characters', 'hi\u{e0068}\u{e0069}', 'hi⟨U+E0068⟩⟨U+E0069⟩'],
    ['tag characters behind an emoji that takes none', '😀\u{e0061}', '😀⟨U+E0061⟩'],
    ['a control character', 'a\u0007b', 'a⟨U+0007⟩b'],
  ])('%s is shown', (_name, text, shown) => {
    expect(revealHidden(text)).toBe(shown)
  })

  it.each([
    ['an emoji joined of several', '👩‍💻 and 👨‍👩‍👧'],
    ['a flag of a part of a country', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['a Persian word', 'می\u200cخواهم'],
    ['a Hindi word', 'क्\u200dष'],
    ['tabs and line ends', 'a\tb\r\nc'],
    ['Arabic and Hebrew letters', 'مرحبا שלום'],
  ])('%s is left alone', (_name, text) => {
    expect(revealHidden(text)).toBe(text)
  })
})
