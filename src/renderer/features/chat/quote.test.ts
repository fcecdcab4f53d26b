import { expect, it } from 'vitest'
import { withQuote } from './quote.ts'

it('quotes every line, after what was written already', () => {
  expect(withQuote('', 'one\n\ntwo\n')).toBe('> one\n>\n> two\n\n')
  expect(withQuote('First of all  \n', 'one')).toBe('First of all\n\n> one\n\n')
})
