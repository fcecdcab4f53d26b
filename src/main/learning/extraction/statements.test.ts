// From messages to statements by rules, without a model: a scripted one would hide that none was needed.
import { describe, expect, it } from 'vitest'
import type { ConversationId, MessageId } from '../../../shared/ids.ts'
import { BUILT_IN_STORES } from '../machine.ts'
import type { FinishedTurn } from '../protocol.ts'
import { userMemory } from '../stores/user-memory.ts'
import { userProfile } from '../stores/user-profile.ts'
import { extract } from './extract.ts'
import { elidesSubject, kindOf } from './kinds.ts'
import { toThirdPerson } from './wording.ts'

const turnOf = (userText: string, before: FinishedTurn['before'] = []): FinishedTurn => ({
  owner: 'me',
  conversationId: 'c' as ConversationId,
  messageId: 'm' as MessageId,
  userText,
  answerText: 'Noted.',
  before,
  calls: [],
  at: new Date('2026-11-24T10:00:00Z'),
  timeZone: 'Europe/Berlin',
})
const learn = (text: string, before?: FinishedTurn['before'], answer: unknown = null) =>
  extract(turnOf(text, before), [userProfile, userMemory], async () => answer)
const texts = async (text: string, before?: FinishedTurn['before']) =>
  (await learn(text, before)).finds.map(({ found }) => found.item.text)

describe('the kind of a statement', () => {
  it.each([
    ['I promised Ada the slides.', 'commitment'],
    ["I'll bring the cake.", 'commitment'],
    ['Will send it on Monday.', 'commitment'],
    ['We settled on oak for the table.', 'decision'],
    ['Cancelled the trip to Bergen.', 'decision'],
    ['Ines prefers trains to planes.', 'preference'],
    ['She wants it in writing.', 'preference'],
    ['I think the hall is too loud.', 'opinion'],
    ['My read is that they will sell.', 'opinion'],
    ['It looks like rain to me.', 'opinion'],
    ['The cellar has two rooms.', null],
    ["I might move to Leeds, but nothing's decided.", null],
    ['We like it that the box looks like a book.', 'preference'],
  ])('%s', (text, kind) => expect(kindOf(text)).toBe(kind))

  it.each(['Promised Ada the slides.', 'Will send it.', 'Moving the alerts to mail.', 'Said yes to both.'])(
    'sees that "%s" leaves out the I',
    (text) => expect(elidesSubject(text)).toBe(true),
  )
  it.each(['Running keeps me fit.', 'Red is my colour.', 'Interesting!', 'Updated: the list.', 'Nothing works.'])(
    'and that "%s" does not',
    (text) => expect(elidesSubject(text)).toBe(false),
  )
})

describe('the model', () => {
  it.each([
    'I moved to Ghent and my sister Malin works at Corda. She leads the harbour project.',
    'Otters sleep in the water. Bran is good for you. The kiln is on the roof.',
    'Ich wohne in Bremen, meine Schwester Malin arbeitet bei Corda. Wir treffen uns freitags.',
    'We settled on oak because it lasts. Too long, shorter please. I have to send the plan to Ada by Friday.',
    'Sorry, I meant Ferrara, not Ravenna. Our goal is to cut the cost of transport.',
    'Le chat dort. Nous avons choisi le chêne. Il faut payer le loyer lundi.',
  ])('is asked at most twice with every store on: %s', async (text) => {
    for (const answer of [
      null,
      'nothing of use',
      [
        { n: 1, label: 'fact' },
        { n: 2, label: 'life' },
      ],
    ]) {
      let calls = 0
      const ask = async () => {
        calls += 1
        return answer
      }
      const { modelCalls } = await extract(turnOf(text), BUILT_IN_STORES, ask)
      expect(calls).toBe(modelCalls)
      expect(calls).toBeLessThanOrEqual(2)
    }
  })
})

describe('the third person', () => {
  it.each([
    ['I prefer tea.', 'The user prefers tea.'],
    ["I don't eat fish and I'm glad.", "The user does not eat fish and they're glad."],
    ['I gave up smoking and took up rowing.', 'The user gave up smoking and took up rowing.'],
    ['My doctor changed my dose.', "The user's doctor changed their dose."],
    ["Promised Ada I'd send my notes.", 'The user promised Ada they would send their notes.'],
    ['I sleep badly when I drink coffee.', 'The user sleeps badly when they drink coffee.'],
    ["I'd rather fly from Rotterdam.", 'The user would rather fly from Rotterdam.'],
    ['I need my glasses.', 'The user needs their glasses.'],
  ])('%s', (text, note) => expect(toThirdPerson(text, false)).toBe(note))

  it('does not let "their" mean somebody else', () => {
    expect(toThirdPerson('I told Malin my plan.', true)).toBe("The user told Malin the user's plan.")
  })

  it.each([
    ['we', 'We booked the train and I paid.'],
    ['a verb that may be past', 'I read on my phone.'],
    ['a second verb', 'I play the viola and sing in a choir.'],
    ['quoted words', 'I said "I am fine" to my boss.'],
    ['no first person', 'Otto leads the harbour project.'],
  ])('leaves a sentence alone for %s', (_, text) => expect(toThirdPerson(text, false)).toBeNull())
})

describe('statements', () => {
  it('puts in who "she" is, where only one can be meant', async () => {
    expect(await texts('Imogen Blaise runs the studio in Totnes. She fires the kiln only on Sundays.')).toEqual([
      'Imogen Blaise runs the studio in Totnes.',
      'Imogen Blaise fires the kiln only on Sundays.',
    ])
    const [, second] = await texts('Imogen Blaise trains Petra Holm. She fires the kiln only on Sundays.')
    expect(second ?? '').not.toMatch(/^(?:Imogen|Petra)/)
  })

  it('goes by the turn before as well', async () => {
    const before: FinishedTurn['before'] = [
      { role: 'user', text: 'My sister Malin moved to Visby.' },
      { role: 'assistant', text: 'Noted.' },
    ]
    expect(await texts('She prefers trains to planes.', before)).toEqual(['Malin prefers trains to planes.'])
  })

  it('never makes another person\u2019s statement the user\u2019s', async () => {
    for (const text of [
      "My boss doesn't like surprises. He wants the numbers the evening before.",
      'Ivora prefers reports on Monday. Updating the schedule.',
    ]) {
      for (const statement of await texts(text)) expect(statement).not.toMatch(/^The user (?:wants|prefers|does)/)
    }
  })

  it('keeps what explains a statement beside it, and what leans on one with it', async () => {
    expect(await texts('Promised Ondrej a review of the parser by Wednesday. It is about 900 lines.')).toEqual([
      'Promised Ondrej a review of the parser by Wednesday 25 November 2026 (it is about 900 lines).',
    ])
    expect(await texts('Karis wants the reports on paper, not by mail. Confirmed I will do the same.')).toEqual([
      'Karis wants the reports on paper, not by mail.',
      'The user confirmed they will do the same (Karis wants the reports on paper).',
    ])
  })

  it('quotes every sentence it rests on, its own first', async () => {
    const message = 'Promised Ondrej a review of the parser. It is about 900 lines.'
    const { finds } = await learn(message)
    const quotes = finds[0]?.found.evidence ?? []
    expect(quotes.map(({ quote }) => quote)).toEqual([
      'Promised Ondrej a review of the parser.',
      'It is about 900 lines.',
    ])
    for (const { quote, start, end } of quotes) expect(message.slice(start, end)).toBe(quote)
  })

  it('keeps a date that is told in passing', async () => {
    expect(await texts('Promised Ada to read her draft before her sabbatical begins on 1 June.')).toContain(
      "Ada's sabbatical begins on 1 June 2027.",
    )
  })

  it('asks nothing about what rules can tell, and once about a message without an I', async () => {
    expect((await learn('I keep bees. They sting.')).modelCalls).toBe(0)
    const books = [{ n: 1, label: 'books' }]
    const general = await learn('Copper conducts better than iron.', [], books)
    expect(general).toMatchObject({ modelCalls: 1, finds: [] })
    const life = await learn('The boiler in the annexe leaks.', [], [{ n: 1, label: 'life' }])
    expect(life.finds).toHaveLength(1)
    // In doubt nothing of it is kept.
    expect((await learn('The boiler in the annexe leaks.', [], null)).finds).toEqual([])
  })

  it.each([
    ["Nope, I don't own a car.", ['The user does not own a car.']],
    [
      'hey so quick thing - moved my dentist appt to thurs 3pm',
      ['The user moved their dentist appt to thurs 26 November 2026 3pm'],
    ],
    ['Big news: I got the place in Liverpool!', ['The user got the place in Liverpool!']],
    ['I prefer letters to calls, by the way.', ['The user prefers letters to calls.']],
    ['Reckon I will give up the allotment.', ['The user reckons they will give up the allotment.']],
    ["My wife's allergic to cats.", ["The user's wife is allergic to cats."]],
    ["I told her I'd drop the Friday shift.", ['The user told her the user would drop the Friday shift.']],
    ['I said Tunde lives in Accra, that’s wrong: he lives in Kumasi.', ['Tunde lives in Kumasi.']],
    ['Sorry, I was wrong about the city: the race is in Porto.', ['The race is in Porto.']],
    ["I don't have any siblings.", ['The user does not have any siblings.']],
    ['Correction to my last note: the supplier is Veldhoven.', ['The supplier is Veldhoven.']],
    [
      'Not going to Berlin after all - my conference was cancelled.',
      ['The user is not going to Berlin after all - their conference was cancelled.'],
    ],
    ['Scratch what I said earlier, the workshop is in room 204.', ['The workshop is in room 204.']],
    ['Did I tell you that I passed my driving test?', ['The user passed their driving test']],
    [
      'Two weeks from today I fly to Osaka for the fair, back on the 19th of December.',
      [
        'Two weeks from today (8 December 2026) the user flies to Osaka for the fair, back on the 19th of December 2026.',
      ],
    ],
    [
      'I told the team. also im out of office next week',
      ['The user told the team.', 'The user is out of office next week (week of 30 November 2026)'],
    ],
  ])('without what only opens talk or was typed in haste: %s', async (text, wanted) => {
    expect((await texts(text)).map((one) => one.replace(/’/gu, "'"))).toEqual(
      wanted.map((one) => one.replace(/’/gu, "'")),
    )
  })

  it('keeps a wish that outlasts the answer apart from what stands before it', async () => {
    expect(await texts("I used to smoke but quit in 2019. Please don't suggest bars.")).toEqual([
      'The user used to smoke but quit in 2019.',
      "Please don't suggest bars.",
    ])
  })

  it.each([
    ['said to be translated', "Translate into Norwegian: 'The yacht I own is called Aurora and I live in Hammerfest.'"],
    ['an order in haste', 'can u fix my bash script pls: for f in *.csv; do mv $f done/; done'],
    ['a mood', 'I told them. Still processing tbh.'],
    ['praise', 'The course is great. My tutor lives in Turku.'],
    ['a password with a mark inside', 'My laptop password is Pickle!2026, in case I forget.'],
  ])('leaves out what says nothing of the person: %s', async (_, text) => {
    const left = (await texts(text)).join('\n')
    expect(left).not.toMatch(/Aurora|Hammerfest|bash|processing|great|2026|Pickle/u)
  })

  it('says what "it" is where the turn before told, and what a sentence leans on', async () => {
    const said = (text: string): FinishedTurn['before'] => [
      { role: 'user', text },
      { role: 'assistant', text: 'Great!' },
    ]
    expect(
      await texts('My budget for it is 320,000 pounds.', said("We're looking for a house with a garden.")),
    ).toEqual(["The user's budget for it is 320,000 pounds (the house)."])
    expect(
      await texts(
        "I don't like the colour of it though, it's beige.",
        said('We sold the Volvo and bought a used electric Kia.'),
      ),
    ).toEqual(["The user does not like the colour of it though, it's beige (the used electric Kia)."])
    expect(await texts('They like Westgate School.', said('The twins turned seven on Friday.'))).toEqual([
      'They like Westgate School (the twins).',
    ])
    // Whoever decides is no thing.
    expect(await texts("They've put me on the Heron project, forty boats.", said('I have three new keys.'))).toEqual([
      "They've put the user on the Heron project, forty boats.",
    ])
    expect(await texts('It costs 305,000 pounds.', said('We found a house!'))).toEqual([
      'It costs 305,000 pounds (the house).',
    ])
    expect(await texts('I work from home on Mondays because of it.', said('Is there a train?'))).toEqual([
      'The user works from home on Mondays because of it.',
    ])
    expect(
      await texts('Honestly the new open-plan office is a nightmare. I work from home on Mondays because of it.'),
    ).toEqual(['The user works from home on Mondays because of it (the new open-plan office is a nightmare).'])
  })

  it('learns nothing in the middle of a play, and again once it is over', async () => {
    const play = (text: string): FinishedTurn['before'] => [
      { role: 'user', text },
      { role: 'assistant', text: 'Aye!' },
    ]
    const said = 'My ship is the Sea Ghost and I never use email.'
    const begun = play("Let's role-play: you are a clerk and I am a captain.")
    expect(await texts(said, begun)).toEqual([])
    expect(await texts(said, [...begun, ...play('Okay, stop the role play. Thanks!')])).not.toEqual([])
    // A part for the assistant alone is a way of asking.
    expect(await texts(said, play('You are an experienced editor. How do I cut a text?'))).not.toEqual([])
  })

  it('keeps other languages in their own words', async () => {
    expect(await texts('Ich züchte Bienen in meinem Garten.')).toEqual(['Ich züchte Bienen in meinem Garten.'])
    expect(await texts('私は東京に住んでいます。')).toEqual(['私は東京に住んでいます。'])
    expect(await texts('אני גר בחיפה.')).toEqual(['אני גר בחיפה.'])
  })
})
