import { describe, expect, it } from 'vitest'
import type { Mention } from '../protocol.ts'
import { resolveAll } from './references.ts'
import type { Sentence } from './sentences.ts'

/** The last of the sentences as it reads once it is known whom it speaks of. */
function last(texts: readonly string[], people: readonly string[], self: readonly string[] = []) {
  let at = 0
  const sentences = texts.map((text): Sentence => {
    const start = at
    at += text.length + 1
    return { text, start, end: start + text.length }
  })
  const mentions = sentences.flatMap(({ text, start }) =>
    people.flatMap((name): Mention[] => {
      const index = text.indexOf(name)
      if (index < 0) return []
      return [{ name, type: 'person', certain: true, start: start + index, end: start + index + name.length }]
    }),
  )
  return resolveAll(sentences, mentions, self).at(-1)
}

describe('he and she', () => {
  it('are who was spoken of last, some messages ago too', () => {
    const said = ['Ivar is a baker.', 'What is rye good for?', 'It rained.', "He's allergic to sesame."]
    expect(last(said, ['Ivar'])).toMatchObject({ text: "Ivar's allergic to sesame.", unresolved: false })
    expect(last(['Inka made me a lamp.', 'Her birthday is in May.'], ['Inka'])?.text).toBe("Inka's birthday is in May.")
  })

  it('are nobody in particular where two may be meant', () => {
    const said = ['Ivar and Inka came by.', 'She brought plums.']
    expect(last(said, ['Ivar', 'Inka'])).toMatchObject({ text: 'She brought plums.', unresolved: true })
  })

  it('are never the person who writes', () => {
    const said = ['Ivar called.', 'Calm down Nell.', 'His boat is green.']
    expect(last(said, ['Ivar', 'Nell'], ['Nell'])?.text).toBe("Ivar's boat is green.")
    expect(last(said.slice(1), ['Nell'], ['Nell Ashe', 'Nell'])?.unresolved).toBe(true)
  })

  it('may be somebody of the family without a name', () => {
    expect(last(['dad turns 70 in May.', 'He keeps bees.'], [])?.text).toBe('Dad keeps bees.')
    expect(last(['mum and dad came by.', 'She brought plums.'], [])?.text).toBe('Mum brought plums.')
  })

  it('fit what was said of somebody before', () => {
    const said = ["I share with Merle, she's a potter.", 'He sings in a choir.']
    expect(last(said, ['Merle'])?.unresolved).toBe(true)
    expect(last(['I rent from Mr Quill.', 'She lives downstairs.'], ['Quill'])?.unresolved).toBe(true)
    expect(last(['I rent from Mr Quill.', 'He lives downstairs.'], ['Quill'])?.text).toBe('Quill lives downstairs.')
  })

  it('stay when nobody was spoken of', () => {
    expect(last(['It rained.', 'She left.'], [])).toMatchObject({ text: 'She left.', unresolved: true, from: null })
  })
})
