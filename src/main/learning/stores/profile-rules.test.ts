import { describe, expect, it } from 'vitest'
import { readProfile } from './profile-rules.ts'

const read = (sentence: string) =>
  Object.fromEntries(readProfile(sentence).facts.map(({ field, value }) => [field, value]))

describe('what a sentence states about the person', () => {
  it.each([
    [
      "I'm Ilse, research chemist at Kelp Works, short answers please.",
      { name: 'Ilse', role: 'research chemist', organisation: 'Kelp Works', answer_style: 'short answers' },
    ],
    ["I'm Ilse Aarts, call me Ils.", { name: 'Ilse Aarts', preferred_name: 'Ils' }],
    ['Ruben Dahl, everyone says Ru.', { name: 'Ruben Dahl', preferred_name: 'Ru' }],
    ['My name is Tomasz but everyone calls me Tomek.', { name: 'Tomasz', preferred_name: 'Tomek' }],
    ['Use Juniper from now on, please.', { preferred_name: 'Juniper' }],
    ['I moved to Ghent last month.', { place: 'Ghent' }],
    ['we live in Ghent, the two of us and a cat', { place: 'Ghent' }],
    ['I am based in San Remo, Italy.', { place: 'San Remo, Italy' }],
    ['I work as a nurse at the North Clinic.', { role: 'nurse', organisation: 'the North Clinic' }],
    ['Ich wohne in Köln und arbeite als Lehrerin.', { role: 'Lehrerin', place: 'Köln' }],
    ['Always answer in French.', { language: 'French' }],
    ['My time zone is Europe/Berlin.', { time_zone: 'Europe/Berlin' }],
    ['I teach Latin and I am allergic to walnuts.', { diet: 'allergic to walnuts' }],
    ["I'm a strict vegetarian since 2019.", { diet: 'a strict vegetarian' }],
    ["I don't eat gluten anymore (coeliac) so no bread.", { diet: "don't eat gluten" }],
    ["I don't eat pork because of my faith.", { diet: "don't eat pork" }],
    ['I work with Imke and Joost.', {}],
    ['Please keep your answers short.', { answer_style: 'short answers' }],
    ['Please keep your answers short and start with the result.', { answer_style: 'short answers' }],
    ['Ich bin Vegetarier.', {}],
  ])('%s', (sentence, facts) => expect(read(sentence)).toEqual(facts))

  it.each([
    "I hate it when people call me Mike, it's Michael.",
    'He works as a bus mechanic for Severn Lines.',
    'The head nurse at Fernhill Hospital wrote to me.',
    'I applied for the nurse course at the University of Turku.',
    'I joined the Wharfedale Wind Ensemble last week.',
    "I'm German.",
    "I'm tired and a vegetarian.",
    'My sister lives in Turku.',
    'If I lived in Rome, I would cycle.',
    'I no longer work at Kelp Works.',
    'Would you call me a cab?',
    'She calls me every day.',
    "I don't like long explanations.",
    'Pretend my name is Zed.',
    'I am in Berlin this week.',
    'We decided to use Postgres instead of DynamoDB because the team knows it.',
    'Just use Postgres instead.',
  ])('nothing in "%s"', (sentence) => expect(read(sentence)).toEqual({}))

  it('says whether anything else is in the sentence', () => {
    expect(readProfile('My name is Ilse Aarts.').whole).toBe(true)
    expect(readProfile('My name is Ilse Aarts and I keep bees.').whole).toBe(false)
  })
})
