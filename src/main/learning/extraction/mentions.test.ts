import { describe, expect, it } from 'vitest'
import { namesPart, readMentions } from './mentions.ts'
import { splitSentences } from './sentences.ts'

function named(text: string, answers?: Record<string, string>, known?: ReadonlyMap<string, readonly never[]>) {
  const own = splitSentences(text)
  const mentions = readMentions(answers, { own, ...(known ? { known } : {}) })
  return [...new Set(mentions.map(({ name, type }) => `${name} ${type}`))].sort()
}

describe('who and what sentences name', () => {
  it.each<[string, string[]]>([
    ['Dr. Velma Osei works at Fernhill Hospital.', ['Fernhill Hospital organization', 'Velma Osei person']],
    ['The kickoff for Project Halberd is on Monday.', ['Halberd project']],
    ["I had dinner at Ana's with my colleague Piet.", ['Ana person', 'Piet person']],
    ['Torsten moved to Graz, my sister lives in Linz.', ['Graz place', 'Linz place', 'Torsten person']],
    [
      'I have three projects right now: Kittiwake, Puffin and Razorbill.',
      ['Kittiwake project', 'Puffin project', 'Razorbill project'],
    ],
    ["Viva's on 4 February.", []],
    ["Ida starts Year 7 at St Brannock's.", ['Ida person', 'St Brannock organization']],
    ["St. Mary's School is near Ealing.", ['Ealing place', "St. Mary's School organization"]],
    ['She studied at the University of Tartu.', ['University of Tartu organization']],
    ['We use Python and PostgreSQL.', ['PostgreSQL thing', 'Python thing']],
    ['Meine Kollegin Anke Vogt wohnt in Graz.', ['Anke Vogt person', 'Graz place']],
    ["I'm Lena, I like the quiet.", ['Lena person']],
    ['Delacroix & Fils sends the invoices.', ['Delacroix & Fils organization']],
    ['Traffic was bad on Monday. Nobody came. Coffee helps.', []],
    ['PLEASE STOP SHOUTING AT ME', []],
    ['', []],
  ])('%s', (text, expected) => {
    expect(named(text)).toEqual(expected)
  })

  it('are one where a first name follows the full one', () => {
    expect(named('Gera Vossen called. Vossen wants the draft, and Gera is right.')).toEqual(['Gera Vossen person'])
  })

  it('are asked about where the sentence leaves a doubt, by fixed names, and strong signs outweigh the answer', () => {
    const own = splitSentences('Kestrel needs a review. My boss Tamsin knows.')
    const schema = namesPart.schema({ own, sentences: [], turn: null as never })
    expect(schema && 'properties' in schema ? Object.keys(schema.properties) : []).toEqual(['Kestrel'])
    expect(named('Kestrel needs a review. My boss Tamsin knows.', { Kestrel: 'project', Tamsin: 'place' })).toEqual([
      'Kestrel project',
      'Tamsin person',
    ])
    expect(named('Kestrel needs a review.', { Kestrel: 'other' })).toEqual([])
  })

  it('are not asked about when they are known', () => {
    const own = splitSentences('Kestrel needs a review.')
    const known = new Map([['kestrel', ['project'] as const]])
    expect(namesPart.schema({ own, sentences: [], turn: null as never, known })).toBeNull()
    expect(readMentions(undefined, { own, known })).toMatchObject([{ name: 'Kestrel', type: 'project' }])
  })

  it('keep their place in the message, emoji, right-to-left marks and zero-width characters around them', () => {
    const text = '🎉\u200f Piet\u200b told Ana.'
    const own = splitSentences(text)
    for (const { name, start, end } of readMentions(undefined, { own })) expect(text.slice(start, end)).toBe(name)
    expect(named(text)).toContain('Ana person')
  })

  it('of a text of 100,000 characters are found in time and number', () => {
    const text = 'Ana Brandt met Piet Lind in Ghent. '.repeat(3000)
    expect(named(text)).toEqual(['Ana Brandt person', 'Ghent place', 'Piet Lind person'])
    const names = Array.from({ length: 3000 }, (_, index) => `Zo${'abcdefghij'[index % 10]}${index}n Krem`).join(', ')
    expect(named(`Guests: ${names}.`).length).toBeLessThanOrEqual(40)
  })
})
