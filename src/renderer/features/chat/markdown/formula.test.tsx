// What a formula of a model becomes: elements KaTeX made, bounded, and nothing that links or loads.
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it, vi } from 'vitest'
import Formula from './formula.tsx'

vi.mock('katex/dist/katex.min.css', () => ({}))

const render = (tex: string, display = false) => renderToStaticMarkup(<Formula tex={tex} display={display} />)

describe('a formula', () => {
  it('is set, and can be read aloud', () => {
    const html = render('\\frac{a}{b}', true)
    expect(html).toContain('katex-display')
    expect(html).toContain('<math')
    expect(html).toContain('<annotation encoding="application/x-tex">\\frac{a}{b}</annotation>')
  })

  it.each([
    '\\href{javascript:alert(1)}{x}',
    '\\url{https://evil.example}',
    '\\includegraphics{https://evil.example/p.png}',
    '\\htmlStyle{background:url(https://evil.example)}{x}',
    '\\htmlId{root}{x}',
    '\\htmlClass{dialog}{x}',
    '\\htmlData{a=b}{x}',
    '\\color{red;background:url(https://evil.example)}x',
    '\\def\\x{\\x\\x}\\x',
    '\\def\\a{xxxxxxxxxx}\\def\\b{\\a\\a\\a\\a\\a\\a\\a\\a\\a\\a}\\def\\c{\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b}\\def\\d{\\c\\c\\c\\c\\c\\c\\c\\c\\c\\c}\\d\\d\\d\\d',
    '{'.repeat(900),
    '{'.repeat(900) + '}'.repeat(900),
    '\\sqrt{'.repeat(300),
    '\\frac{1}{',
    '\\undefinedcommand',
    '<img src=x onerror=alert(1)>',
  ])('%j links and loads nothing', (tex) => {
    const html = render(tex)
    for (const tag of html.match(/<[a-z][^>]*>/gi) ?? [])
      expect(tag).not.toMatch(/\s(?:href|src|srcset|xlink:href|on\w+|id|data-\w+)=/i)
    for (const [, style = ''] of html.matchAll(/style="(?<style>[^"]*)"/g)) expect(style).not.toMatch(/url|expression/i)
    expect(html.length).toBeLessThan(1_000_000)
  })

  it('is bounded in size', () => {
    for (const [, size = ''] of render('\\rule{1000em}{1000em}').matchAll(/[:\s](?<size>[\d.]+)em;/g)) {
      expect(Number(size)).toBeLessThanOrEqual(20)
    }
  })

  it('that is none stays as it was written', () => {
    expect(render('\\frac{1}{')).toBe('<code>\\frac{1}{</code>')
  })
})
