import { expect, it } from 'vitest'
import { argumentTexts, readArguments } from './call-arguments.ts'

const call = { to: '42', count: 3, tags: ['a', 'b'], loud: false }

it('an unchanged call is read back as it was', () => {
  expect(readArguments(call, argumentTexts(call))).toEqual({ values: call })
})

it('what was text stays text, whatever it looks like; anything else is read as what it is', () => {
  const texts = argumentTexts(call).map(({ name, text }) => ({ name, text: name === 'to' ? '[1]' : text }))
  expect(readArguments(call, texts)).toEqual({ values: { ...call, to: '[1]' } })
  expect(readArguments({ count: 3 }, [{ name: 'count', text: '4' }])).toEqual({ values: { count: 4 } })
})

it('a value that cannot be read is named', () => {
  expect(readArguments(call, [{ name: 'tags', text: 'a, b' }])).toEqual({ unreadable: 'tags' })
})
