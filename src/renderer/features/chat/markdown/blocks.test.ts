import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSplitter, readFence, splitBlocks } from './blocks.ts'

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

describe('a splitter for a growing text', () => {
  it('says what splitting anew would say, and keeps finished blocks as they are', () => {
    const line = fc.constantFrom('', 'text', '- item', '  indented', '```js', '```', '~~~', '# title', '> quote', '$$')
    fc.assert(
      fc.property(fc.array(fc.tuple(line, fc.constantFrom('', '\n')), { maxLength: 30 }), (pieces) => {
        const split = createSplitter()
        let text = ''
        for (const [words, end] of pieces) {
          const before = split(text)
          text += words + end
          const after = split(text)
          expect(after).toEqual(splitBlocks(text))
          // Half a line may yet turn out to go on with what stands before it.
          if (before.at(-1)?.includes('\n')) expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1))
        }
      }),
    )
  })

  it('starts over with another text', () => {
    const split = createSplitter()
    split('one\n\ntwo')
    expect(split('other')).toEqual(['other'])
  })
})

describe('a fence', () => {
  it('is a block of its own, also without blank lines around', () => {
    expect(splitBlocks('Look:\n```js\na\n```\nend\n')).toEqual(['Look:\n', '```js\na\n```\n', 'end\n'])
    expect(splitBlocks('- a\n  ```\n  b\n  ```\n')).toHaveLength(1)
  })

  it('is read without a parser', () => {
    expect(readFence('```JS title\na\n\nb\n```\n\n')).toEqual({ language: 'js', code: 'a\n\nb', closed: true })
    expect(readFence('```')).toEqual({ language: '', code: '', closed: false })
    expect(readFence('~~~\na\n```\n')).toEqual({ language: '', code: 'a\n```', closed: false })
    expect(readFence('```\n```')).toEqual({ language: '', code: '', closed: true })
    for (const other of ['text', '```a``` in a line', '``', '- ```\n  a\n  ```']) expect(readFence(other)).toBeNull()
  })
})
