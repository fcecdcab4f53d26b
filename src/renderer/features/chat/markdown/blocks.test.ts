import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitBlocks } from './blocks.ts'

describe('cutting markdown into blocks', () => {
  it('cuts paragraphs and keeps lists, fences and their blank lines whole', () => {
    const text = '# Title\n\nText\nmore\n\n- one\n\n- two\n\n  inner\n\n```js\na\n\nb\n```\n\nend\n'
    expect(splitBlocks(text)).toEqual([
      '# Title\n\n',
      'Text\nmore\n\n',
      '- one\n\n- two\n\n  inner\n\n',
      '```js\na\n\nb\n```\n\n',
      'end\n',
    ])
  })

  it('leaves an unclosed fence open to the end', () => {
    expect(splitBlocks('```\na\n\n# not a title\n')).toEqual(['```\na\n\n# not a title\n'])
  })

  it('a shorter or foreign fence does not close a longer one', () => {
    expect(splitBlocks('````\n```\n\n~~~\n````\n\nend')).toEqual(['````\n```\n\n~~~\n````\n\n', 'end'])
  })

  it('loses nothing, and finished blocks stay as they are while text is added', () => {
    const line = fc.constantFrom(
      '',
      'text',
      '- item',
      '1. item',
      '  indented',
      '```',
      '~~~',
      '# title',
      '> quote',
      '|a|b|',
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.array(line, { maxLength: 10 }), (first, added) => {
        const before = `${first.join('\n')}\n`
        const after = before + added.join('\n')
        const blocks = splitBlocks(before)
        expect(blocks.join('')).toBe(before)
        expect(splitBlocks(after).slice(0, Math.max(blocks.length - 1, 0))).toEqual(blocks.slice(0, -1))
      }),
    )
  })
})
