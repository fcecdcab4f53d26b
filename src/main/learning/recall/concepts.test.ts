import { describe, expect, it } from 'vitest'
import { contentWords } from '../words.ts'
import { answerKindOf, holdsKind } from './answer-kind.ts'
import { CONCEPTS, conceptsIn, speaksOf } from './concepts.ts'
import { questionOf } from './question.ts'

const asked = (text: string) => questionOf({ text, recent: [], floor: true, now: new Date('2026-11-20T10:00:00Z') })
const shared = (question: string, statement: string) => {
  const stems = new Set(contentWords(statement))
  return asked(question)
    .concepts.filter((concept) => speaksOf(concept, stems))
    .map(({ id }) => id)
}

describe('what a question about a life is about', () => {
  it.each([
    ['Who do I report to?', "The user's new manager is Ottilie Brand.", 'superior'],
    ['Am I seeing anyone?', 'The user has split from their boyfriend.', 'partner'],
    ['What do I pay for my room?', "The user's rent is 410 a month.", 'rent'],
    ['How do I get to the office?', 'The user takes the tram since May.', 'commute'],
    ['Which pets have I got?', 'The user adopted a terrier.', 'pets'],
    ['Which food makes me ill?', 'The user is allergic to celery.', 'allergy'],
    ["When is my father's party?", 'Dad turns 70 in May.', 'father'],
    ['What does Iva do for a living?', 'Iva works as a locksmith.', 'work'],
    ['Who did my cousin marry?', "Lea's husband is called Juri.", 'partner'],
  ])('%s / %s', (question, statement, concept) => expect(shared(question, statement)).toContain(concept))

  it('is nothing where no life is asked about', () => {
    for (const text of ['How tall is a giraffe?', 'Write a function that sorts a list.', 'What is rent control?']) {
      expect(asked(text).concepts).toEqual([])
    }
  })

  it('is nothing particular where much is asked about', () => {
    const everything = 'Tell me of my job, my boss, my rent, my pets, my allergies and my holiday.'
    expect(conceptsIn(everything, contentWords(everything))).toEqual([])
  })

  it('is looked up by words that mean something', () => {
    for (const { id, words, query } of CONCEPTS) {
      expect(words.size, id).toBeGreaterThan(0)
      expect(contentWords(query).length, id).toBeGreaterThanOrEqual(words.size)
    }
    expect(new Set(CONCEPTS.map(({ id }) => id)).size).toBe(CONCEPTS.length)
  })
})

describe('what a question wants to hear', () => {
  it.each([
    ['When does the choir meet?', 'time', 'The choir meets on Mondays.', 'The choir is loud.'],
    ['Which day do I swim?', 'time', 'The user swims every Friday.', 'The user swims badly.'],
    ['Where does my aunt live?', 'place', 'Aunt Rosa lives in Vaasa.', 'Aunt Rosa is a nurse.'],
    ['How old is my uncle?', 'number', 'Uncle Bo is 61.', 'Uncle Bo is kind.'],
    ["What's my dentist called?", 'person', 'The dentist is a Dr Ferro.', 'The dentist is expensive.'],
  ] as const)('%s', (question, kind, answer, other) => {
    expect(answerKindOf(question)).toBe(kind)
    expect(holdsKind(kind, answer)).toBe(true)
    expect(holdsKind(kind, other)).toBe(false)
  })

  it('is not said by every question', () => expect(answerKindOf('Do I like figs?')).toBeNull())

  it('a question for a fact is none for advice', () => {
    expect(asked('Where do I work?').asksAdvice).toBe(false)
    expect(asked('Who do I live with?').asksAdvice).toBe(false)
    expect(asked('What do I do about moths?').asksAdvice).toBe(true)
    expect(asked('What should I cook tonight?').asksAdvice).toBe(true)
  })
})
