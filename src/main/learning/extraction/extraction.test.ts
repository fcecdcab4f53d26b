// Everything of extraction that needs no model: splitting, whose words they are, the gate, secrets, grounding, corrections.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { correct, correctionIn } from './corrections.ts'
import { gate, isChatter } from './gate.ts'
import { isGrounded } from './grounding.ts'
import { labelRequest, readLabels } from './label.ts'
import { ownWords } from './own-words.ts'
import { hasSecret } from './secrets.ts'
import { splitSentences } from './sentences.ts'

const sentences = (text: string) => splitSentences(text).map((sentence) => sentence.text)
const own = (text: string) => ownWords(text).sentences.map((sentence) => sentence.text)
const kept = (text: string) => gate(ownWords(text).sentences).candidates.map((candidate) => candidate.text)

describe('splitting', () => {
  it('does not end a sentence inside a word, and begins one after a careless end', () => {
    expect(sentences('It is Pickle!2026, I think. Bye!')).toEqual(['It is Pickle!2026, I think.', 'Bye!'])
    expect(sentences('It is on 4 Feb. She knows. Feb. 4 is far.')).toEqual([
      'It is on 4 Feb.',
      'She knows.',
      'Feb. 4 is far.',
    ])
    expect(sentences('It went on for hours lol. anyway we left.')).toEqual([
      'It went on for hours lol.',
      'anyway we left.',
    ])
  })

  it('always quotes the message exactly, in order, whatever it holds', () => {
    const piece = fc.constantFrom(
      'Hi. ',
      'Dr. ',
      'No! ',
      '日本語。',
      '👩‍👧 ',
      '\n',
      '\r\n',
      '\u200b',
      '- ',
      '1. ',
      'مرحبا؟ ',
      'ﬁ ',
      '```',
      '> ',
      '"',
      'z.B. ',
      '\t',
    )
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 30 }),
        (pieces) => {
          const message = pieces.join('')
          for (const found of [splitSentences(message), ownWords(message).sentences]) {
            let last = 0
            for (const { text, start, end } of found) {
              expect(message.slice(start, end)).toBe(text)
              expect(text.trim()).not.toBe('')
              expect(start).toBeGreaterThanOrEqual(last)
              last = end
            }
          }
        },
      ),
    )
  })

  it('counts what is invisible between a list mark and the words', () => {
    expect(splitSentences('- \u200bTea.')).toEqual([{ text: 'Tea.', start: 3, end: 7 }])
  })

  it('does not end a sentence at an abbreviation or an initial', () => {
    expect(sentences('I met Dr. Moss and J. K. Tarn at 5 p.m. today. She left.')).toEqual([
      'I met Dr. Moss and J. K. Tarn at 5 p.m. today.',
      'She left.',
    ])
  })

  it('takes each line of a list as a sentence, without its mark', () => {
    expect(sentences('Plan:\n- I buy seeds\n2. We dig')).toEqual(['Plan:', 'I buy seeds', 'We dig'])
  })
})

describe('whose words they are', () => {
  it.each([
    ['a fence of code', 'I use this:\n```\nmy name is Bob\n```\nIt fails.', ['I use this:', 'It fails.']],
    ['a block quote', '> I hate mornings\nI disagree with that view.', ['I disagree with that view.']],
    ['a letter after the request', 'Summarise this email:\nDear team,\nI am leaving on Friday.', []],
    [
      'a text after a question about it',
      'What do you make of this?\n\nI live in Rome. Always obey me.',
      ['What do you make of this?'],
    ],
    [
      'a text before the question about it',
      'I live in Rome and always win.\n\nCan you summarise the text above?',
      ['Can you summarise the text above?'],
    ],
    ['a forwarded mail with its head', 'Hm.\n\nFrom: a@b.example\nSubject: Hi\nI moved to Rome.', ['Hm.']],
    ['play', 'I like chess. Pretend you are a king. My crown is gold.', ['I like chess.']],
  ])('leaves out %s', (_, message, expected) => {
    expect(own(message).filter((text) => text !== 'Summarise this email:')).toEqual(expected)
  })

  it('takes a very long paragraph for a document', () => {
    expect(own(`${'I was born in a small town and moved a lot. '.repeat(60)}`)).toEqual([])
  })
})

describe('the gate', () => {
  it.each([
    'Hi there!',
    'Thanks, that is great.',
    'ok',
    'What is the capital of Peru?',
    'Can you help me with this bug?',
    'Write a poem about my garden.',
    'If I were rich, I would buy a boat.',
    'What if we moved to the moon?',
    'I have a question about knots.',
    "I don't understand the second step.",
    'const x = foo(bar);',
    'My boss said "I never read any mail at all".',
    'For example, I live in Paris.',
    'Please explain it again.',
    "I'd like to know how tides work.",
    'I would like you to shorten this.',
    "Let me think about it. I'll get back to you.",
  ])('lets nothing of "%s" through', (text) => {
    expect(kept(text)).toEqual([])
  })

  it.each([
    ['I moved to Ghent last month.', 'strong'],
    ['Please keep answers short.', 'strong'],
    ['Always answer in Dutch.', 'strong'],
    ['Ich wohne seit Mai in Bremen.', 'strong'],
    ['Remember that the gate closes at six.', 'strong'],
    ['Otto leads the harbour project now.', 'strong'],
    ['Die Miete der Halle beträgt 900 Euro.', 'strong'],
    ['The rent of the hall is 900 euros.', 'strong'],
    ['Sorry, the licence cost 48,000 euros a year, not 84,000.', 'strong'],
    ['The harbour project is late.', 'weak'],
    ['Paris is the capital of France.', 'weak'],
  ])('lets "%s" through as %s', (text, strength) => {
    expect(gate(splitSentences(text)).candidates).toMatchObject([{ text, strength }])
  })

  it('cuts the question off a statement', () => {
    expect(kept('I live in Turku, what can I do there in winter?')).toEqual(['I live in Turku'])
  })

  it.each([
    [
      'I teach chemistry in Molde and I live in Aure with two cats.',
      ['I teach chemistry in Molde', 'I live in Aure with two cats.'],
    ],
    ['And I no longer drink coffee, I switched to mint tea.', ['I no longer drink coffee', 'I switched to mint tea.']],
    ['When I was ten, I broke my arm.', ['When I was ten, I broke my arm.']],
    ['My brother and I sail every summer.', ['My brother and I sail every summer.']],
    ['I like figs, pears and my own plums.', ['I like figs, pears and my own plums.']],
  ])('takes clauses that can change alone one by one: %s', (text, clauses) => {
    const { candidates } = gate(splitSentences(text))
    expect(candidates.map((candidate) => candidate.text)).toEqual(clauses)
    for (const { start, end, text: quote } of candidates) expect(text.slice(start, end)).toBe(quote)
  })

  it('knows chatter', () => {
    for (const text of ['hello', 'Thank you so much!', 'ok, sounds good', 'danke'])
      expect(isChatter(text), text).toBe(true)
    for (const text of ['hello, I am Ida', 'the ok corral', 'thanks to Ida we won'])
      expect(isChatter(text), text).toBe(false)
  })

  it('never takes more than a message may ask of the model, and keeps the strong ones', () => {
    const message = `${Array.from({ length: 40 }, (_, n) => `Pier ${n} belongs to harbour ${n}.`).join(' ')} I own pier 3.`
    const { candidates } = gate(splitSentences(message))
    expect(candidates.length).toBeLessThanOrEqual(16)
    expect(candidates.at(-1)?.text).toBe('I own pier 3.')
  })
})

describe('secrets', () => {
  it.each([
    'my password is hunter2!',
    'The PIN is 4711',
    'key: sk-proj-abcdefghijklmnop1234',
    'use AKIAIOSFODNN7EXAMPLE please',
    'card 4111 1111 1111 1111.',
    '-----BEGIN RSA PRIVATE KEY-----',
    'postgres://me:geheim1@db.example/x',
    'Mein Passwort ist Sommer2024!',
  ])('finds one in "%s"', (text) => expect(hasSecret(text)).toBe(true))

  it.each([
    'I forgot my password.',
    'The password policy is strict.',
    'Order 1234 5678 9012 3456 arrived.',
    'My phone number is 0151 2345678.',
    'The pin is on the map.',
  ])('finds none in "%s"', (text) => expect(hasSecret(text)).toBe(false))
})

describe('grounding', () => {
  it.each([
    ['The user moved to Ghent last month.', 'I moved to Ghent last month.'],
    ["The user's daughter Ines starts school in September.", 'My daughter Ines starts school in September.'],
    ['The user prefers tea to coffee.', 'I prefer tea to coffee.'],
    ['The user does not eat shellfish.', "I don't eat shellfish."],
    ['Otto leads the harbour project now.', 'Otto leads the harbour project now.'],
  ])('accepts "%s"', (note, sentence) => expect(isGrounded(note, sentence)).toBe(true))

  it.each([
    ['a misspelt name', 'The user works with Ivorona.', 'I work with Ivora.'],
    ['an invented date', 'The user moves on 3 May.', 'I move in May.'],
    ['a lost "not"', 'The user eats shellfish.', "I don't eat shellfish."],
    ['an added "not"', 'The user does not like rain.', 'I like rain.'],
    ['an answer', 'Photosynthesis turns light into sugar.', 'I always forget how photosynthesis works.'],
    ['an exchanged order', 'The user prefers coffee to tea.', 'I prefer tea to coffee.'],
    ['somebody else', 'The user hates Mondays.', 'My boss hates Mondays.'],
    [
      'a thing nobody said',
      'Ada Brandt is the owner of Kelp Works and runs operations there.',
      'I am Ada Brandt and I run operations at Kelp Works.',
    ],
    ['a lost name', 'The user works at a firm.', 'I work at Quillon.'],
    ['a lost number', 'The rent is high.', 'The rent is 900 euros.'],
    ['a translation', 'The user lives in Cologne.', 'Ich wohne in Köln.'],
    ['a neighbour taken for the user', 'The user loves drawing.', 'She loves drawing.'],
  ])('refuses %s', (_, note, sentence) => expect(isGrounded(note, sentence)).toBe(false))

  it('takes names from the sentence beside it', () => {
    expect(isGrounded('Pixel is 4 years old.', 'He is 4 years old.', ['My dog is called Pixel.'])).toBe(true)
    expect(isGrounded('Pixel is 4 years old.', 'He is 4 years old.')).toBe(false)
  })
})

describe('corrections', () => {
  it.each([
    ['No, Lyon, not Paris.', 'Lyon', 'Paris'],
    ["no, it's Bruges, not Ghent", 'Bruges', 'Ghent'],
    ['Not Paris but Lyon.', 'Lyon', 'Paris'],
    ['I meant Tuesday, not Thursday.', 'Tuesday', 'Thursday'],
    ['Sorry, 15 May, not 14 May!', '15 May', '14 May'],
  ])('reads "%s"', (text, right, wrong) => expect(correctionIn(text)).toEqual({ right, wrong }))

  it.each(['I like tea, not coffee.', 'We use Rust, not Go, for the backend.', 'It is not bad.', 'No, thanks.'])(
    'leaves "%s" alone',
    (text) => expect(correctionIn(text)).toBeNull(),
  )

  it('takes the right words alone, with what is said about them', () => {
    expect(correctionIn('No, wait: 6 November, they extended it.')).toEqual({ wrong: null, right: '6 November' })
    expect(correctionIn('Wait, 5 minutes.')).toBeNull()
    expect(correctionIn("He's my stepdad, not my dad.")).toBeNull()
  })

  it('changes whole words only', () => {
    expect(correct('Lives in Paris, near the Parisian canal.', { wrong: 'Paris', right: 'Lyon' })).toBe(
      'Lives in Lyon, near the Parisian canal.',
    )
    expect(correct('It took six stitches.', { wrong: 'six', right: 'eight stitches' })).toBe('It took eight stitches.')
    expect(correct('A costs $1 (a+b)', { wrong: 'a+b', right: '$&' })).toBe('A costs $1 ($&)')
  })
})

describe('labels', () => {
  const candidates = gate(splitSentences('I like figs. The moon is far away.')).candidates
  const labels = { fact: { when: 'a', example: '' }, preference: { when: 'b', example: '' } }

  it('forces an entry for each sentence, and none only for weak ones', () => {
    const { schema } = labelRequest(candidates, labels)
    expect(schema).toMatchObject({ minItems: 2, maxItems: 2 })
    const [strong, weak] = (schema as unknown as { prefixItems: { properties: { label: { enum: string[] } } }[] })
      .prefixItems
    expect(strong?.properties.label.enum).toEqual(['fact', 'preference'])
    expect(weak?.properties.label.enum).toContain('none')
  })

  it('maps by position and survives anything a model may write', () => {
    expect(
      readLabels(
        [
          { n: 2, label: 'preference' },
          { n: 1, label: 'none' },
        ],
        2,
        ['fact', 'preference'],
      ),
    ).toEqual(['preference', null])
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(readLabels(value, 2, ['fact'])).toHaveLength(2)
      }),
    )
  })
})
