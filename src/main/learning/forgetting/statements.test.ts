import { describe, expect, it } from 'vitest'
import { Statements } from './statements.ts'

/** What sentences say of one item: as a stranger's sentence, and as one tied to the item. */
function judge(text: string, sentence: string, more: { quotes?: string[]; kept?: string[]; tied?: boolean } = {}) {
  const statements = new Statements([{ id: 'a', wordings: [text, ...(more.quotes ?? [])], names: [] }])
  statements.keep(more.kept ?? [])
  return statements.judge(sentence, more.tied ? new Set(['a']) : new Set())?.verdict ?? null
}

describe('a sentence anywhere', () => {
  it.each([
    ['The user lives in Ghent.', 'I have been living in Ghent for years.'],
    ["The user's dentist is Dr. Vanterpool.", 'My dentist, Dr. Vanterpool, moved.'],
    ['The user is allergic to peanuts.', 'Peanuts: I am allergic!'],
    ['The rent is 1,450 euros a month.', 'We pay 1450 euros of rent each month.'],
    ["The user's daughter Wiebke plays the oboe.", 'Wiebke, my daughter, plays the oboe in an orchestra.'],
    ['The user takes lisinopril for blood pressure.', 'Lisinopril keeps my blood pressure down.'],
  ])('says "%s" with "%s"', (text, sentence) => {
    expect(judge(text, sentence)).toBe('same')
  })

  it('says it in the words it was learned from, in any language', () => {
    const quotes = ['Ich wohne in Köln']
    expect(judge('Der Benutzer wohnt in Köln.', 'Wie gesagt, ich wohne in Köln.', { quotes })).toBe('same')
  })

  it.each([
    ['The user lives in Ghent.', 'The weather is fine today.'],
    ['The user is allergic to peanuts.', 'Elephants do not eat peanuts.'],
    ['The user prefers short answers.', 'The short version of the report is attached.'],
    ['The user works as a nurse in Leeds.', 'How does a nurse measure blood pressure?'],
    ['The meeting is on Friday at 10.', 'Friday prayers begin at noon.'],
  ])('does not say "%s" with "%s"', (text, sentence) => {
    expect(judge(text, sentence)).not.toBe('same')
  })

  it('only mentions it when another name or number stands in the place of its own, or only a name is shared', () => {
    expect(judge('Annelotte lives in Ghent.', 'Annelotte lives in Lyon.')).toBe('mentions')
    expect(judge('The drill is in room 12.', 'The drill is in room 14.')).not.toBe('same')
    expect(judge('The user lives in Ghent.', 'Which restaurants in Ghent are good?')).toBe('mentions')
    expect(judge("The user's dentist is Dr. Vanterpool.", 'Call Dr. Vanterpool about the parking lot.')).toBe(
      'mentions',
    )
  })
})

describe('a sentence tied to the item', () => {
  it.each([
    ['The user lives in Ghent.', 'Ghent is lovely!'],
    ['The user is allergic to marzipan.', 'Then no marzipan in the recipes.'],
    ["The user's aunt Quillfeather keeps llamas.", 'Greetings to Quillfeather!'],
    ['The PIN of the safe is 7741.', 'Noted: 7741.'],
  ])('says "%s" with "%s"', (text, sentence) => {
    expect(judge(text, sentence, { tied: true })).toBe('same')
  })

  it('does not say it with a name that something else keeps, or with everyday words alone', () => {
    const kept = ['Annelotte is a doctor.']
    expect(judge('Annelotte lives in Ghent.', 'Annelotte called today.', { tied: true, kept })).toBeNull()
    expect(judge('The user prefers short answers.', 'In short, use a list.', { tied: true })).toBeNull()
    expect(judge('The user lives in Ghent.', 'Shall I write the mail now?', { tied: true })).toBeNull()
  })
})

it('finds candidates by parts of words that stand in every form of them', () => {
  const parts =
    new Statements([{ id: 'a', wordings: ['The factories in Łódź closed.'], names: [] }]).searchParts() ?? []
  for (const form of ['factory', 'factories']) expect(parts.some((part) => form.includes(part))).toBe(true)
  expect(parts.some((part) => 'Łódź'.toLowerCase().includes(part.toLowerCase()))).toBe(true)
})

it('reads words with signs in them', () => {
  expect(
    judge('The user prefers C++ to node.js and e-mail (a lot).', 'Node.js, C++ or e-mail: I prefer C++ a lot.'),
  ).toBe('same')
})
