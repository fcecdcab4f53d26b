import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markMath } from './math-marks.ts'

describe('formulas', () => {
  it.each([
    ['so $x$ it is', 'so $$x$$ it is'],
    ['$n-1$, $f(x)$ and $2^{10}$.', '$$n-1$$, $$f(x)$$ and $$2^{10}$$.'],
    ['$\\frac{a}{b}$', '$$\\frac{a}{b}$$'],
    ['\\(a\nb\\)', '$$a b$$'],
    ['\\[ a \\]', '$$\na\n$$'],
    ['  \\[\n  a\n  \\]', '  $$\n  a\n  $$'],
    ['$$ a\nb $$', '$$\na\nb\n$$'],
    ['as $$a$$ says', 'as $$a$$ says'],
  ])('%j', (text, marked) => {
    expect(markMath(text, false)).toBe(marked)
  })

  it.each([
    '$5 and $10',
    'between $5 and 10$',
    '$5/month or $50/year',
    'pay $20 now, then 30$',
    'costs 5$ or 7$',
    '$HOME and $PATH',
    'echo $A$B',
    '`$x$` and ``\\(y\\)``',
    '```sh\n$x$\n```',
    '- a\n  ```\n  $x$\n  ```',
    '\\$x\\$',
    '\\\\(a\\\\)',
    'f\\(a',
    'the $ sign',
    'https://example.org/?a=$b&c=$d',
  ])('%j is none', (text) => {
    expect(markMath(text, false)).toBe(text)
  })

  it('half a formula is held back while the text grows, and comes as it is when it ends so', () => {
    expect(markMath('so\n\\[ \\frac{1', true)).toBe('so\n')
    expect(markMath('so\n\\[ \\frac{1', false)).toBe('so\n\\[ \\frac{1')
    expect(markMath('so\n$$\n\\frac{1', true)).toBe('so\n')
    expect(markMath('so\n$$\n\\frac{1', false)).toBe('so\n\\$\\$\n\\frac{1')
    expect(markMath(`costs $$ and ${'so on '.repeat(500)}`, true)).toContain('so on')
  })

  it('loses no words, whatever stands around', () => {
    const piece = fc.constantFrom('$', '$$', '\\(', '\\)', '\\[', '\\]', '`', '```', '\n', ' ', 'ab', '1', '\\', '~~~')
    const bare = (text: string) => text.replace(/[\\$()[\]\s]/g, '')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('')
        expect(bare(markMath(text, false))).toBe(bare(text))
      }),
      { numRuns: 500 },
    )
  })
})
