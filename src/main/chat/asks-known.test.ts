import { expect, it } from 'vitest'
import { type MemoryId, newId } from '../../shared/ids.ts'
import { asksWhatIsKnown, tellWhatIsKnown } from './asks-known.ts'

it.each([
  ['What do you know about me?', 'en'],
  ['so, what do you remember about me', 'en'],
  ['Tell me everything you know about me, please.', 'en'],
  ["What's known about me?", 'en'],
  ['Was weißt du über mich?', 'de'],
  ['Was hast du bisher über mich gelernt?', 'de'],
  ['Que sais-tu de moi ?', 'fr'],
  ['¿Qué sabes de mí?', 'es'],
  ['Che cosa sai di me?', 'it'],
  ['O que você sabe sobre mim?', 'pt'],
  ['Wat weet je over mij?', 'nl'],
] as const)('%s', (text, language) => {
  expect(asksWhatIsKnown(text)).toBe(language)
})

it.each([
  'What do you know about Rome?',
  'What do you know about me and my sister Marta, and what should we cook?',
  'What do you know about measles?',
  'My boss asked "what do you know about me?" and I froze.',
  '',
])('%s asks something else', (text) => {
  expect(asksWhatIsKnown(text)).toBeNull()
})

it('tells what is known and how much more there is, a line each', () => {
  const items = [{ id: newId<MemoryId>(), version: 1, text: 'Lives in\nGraz', pinned: false }]
  const told = tellWhatIsKnown('en', [{ store: 'user_profile', title: 'Profile', items, total: 3 }])
  expect(told.split('\n')).toEqual(
    expect.arrayContaining(['**Profile**', '- Lives in Graz', '- and 2 more on the Memory page']),
  )
  expect(tellWhatIsKnown('de', [])).toMatch(/noch nichts/)
})
