import { describe, expect, it } from 'vitest'
import { judge, remainderOf } from './compare.ts'
import { withoutOldState } from './spoken.ts'

/** Similarities are those the bundled embedder gives, rounded. */
const judged = (said: string, known: string, similarity: number | null) =>
  judge({ text: said, quote: said }, known, similarity)

describe('what a new statement means for a known one', () => {
  it.each([
    ['The user likes figs.', 'The user likes figs', 1],
    ['I like figs!', 'i like  FIGS', 0.99],
    ['The user really likes figs.', 'The user likes figs.', 0.95],
  ])('the same again: %s / %s', (said, known, similarity) => expect(judged(said, known, similarity)).toBe('same'))

  it.each([
    ['We moved our payroll from Tallyho to Brinkwater last week.', 'Our payroll runs on Tallyho.', 0.6],
    [
      'Yesterday we finished migrating off Tallyho.',
      'Our firm runs all payroll on Tallyho, mainly for the north.',
      0.5,
    ],
    ['We stopped using Tallyho last week.', 'We use Tallyho for payroll.', 0.6],
    ['The regatta is in Ferrara, not in Ravenna.', "The user's regatta is on 3 June in Ravenna.", 0.7],
    ['We replaced Tallyho with Brinkwater.', 'Our payroll runs on Tallyho.', 0.4],
    ['We use Brinkwater instead of Tallyho now.', 'We use Tallyho for payroll.', 0.6],
    ['The user lives in Ferrara now.', 'The user lives in Ravenna.', 0.7],
    ['The user no longer eats meat.', 'The user eats meat.', 0.85],
    ['The user prefers coffee to tea.', 'The user prefers tea to coffee.', 0.99],
    ['The deadline for the grant is 10 April.', 'The deadline for the grant is 3 April.', 0.95],
    ["The user's favourite colour is green.", "The user's favourite colour is blue.", 0.85],
    ['The user started at Corda as a data analyst.', 'The user works at Brightwell.', 0.5],
    ['The launch was postponed to 9 November.', 'The launch is on 14 May.', 0.65],
    ['I drink coffee again.', 'The user does not drink coffee any more since last autumn (2025).', 0.7],
    ['Otto and I broke up last week.', 'Otto and the user started seeing each other.', 0.6],
    ['Ines had the twins on Saturday.', 'Ines is expecting twins in May.', 0.7],
    ['Ines leads the harbour project now.', 'Otto leads the harbour project.', 0.75],
    ['My last day at Corda was Friday.', 'The user is a planner at Corda Analytics.', 0.5],
    ['Ines and Otto have moved to Turku.', 'Otto lives in Vaasa with a cat.', 0.6],
    ["I've started eating fish again.", 'The user is vegetarian.', 0.4],
    ['The garden budget is 16,000 now.', 'The garden project has a budget of 18,000.', 0.7],
    ["The rent's 895 now.", 'The rent is 875.', 0.8],
    ['Brinkwater pulled out, so Corda does it.', 'Our caterer is Brinkwater.', 0.4],
    ['Ines had the baby on Saturday.', "Ines told the user she's pregnant.", 0.6],
    ['The chess club is on the second Tuesday now.', 'The chess club meets on the first Monday of the month.', 0.7],
    // What is denied, how often, for when, and where somebody stayed for a while.
    [
      'The office wrote, my first day is 9 May and not 2 May because of a strike.',
      'The user starts at Corda on 2 May 2026.',
      0.4,
    ],
    ['The vet says Biscuit needs the drops once a day now.', 'Biscuit has bad eyes, so drops twice a day.', 0.5],
    [
      'My place in the Vale of Turku relay is for May 2027 now.',
      'Signed up for the Vale of Turku relay, it is on 30 March 2026.',
      0.5,
    ],
    ['I live in Vaasa now.', "The user is staying at Ida's in Turku for now.", 0.4],
    ['Market week got pushed to 24 November, the tents are late.', 'Market week is 17 November 2026.', 0.7],
    ['The fair was moved to 18 May 2026.', 'The fair is on 4 May 2026 in Ghent.', 0.6],
    ['The Corsa is gone.', "I've bought a used car, a Corsa.", 0.4],
    ["I've given up caffeine.", 'The user drinks two espressos, coffee all day.', 0.4],
    ['I bought a scooter, so no more tram.', 'The user takes the tram to work.', 0.4],
  ])('replaces: %s / %s', (said, known, similarity) => expect(judged(said, known, similarity)).toBe('replaces'))

  it.each([
    ['The user likes pears.', 'The user likes figs.', 0.7],
    ['I gave up smoking.', 'The user likes coffee.', 0.3],
    ['Biscuit needs the drops once a day now.', 'Mocha needs the drops twice a day.', 0.6],
    ['Ida takes iron once a week now.', 'The user takes iron twice a day.', 0.6],
    ['The user has a cat and not 2 dogs.', 'The meeting is on 2 May.', 0.1],
    ['The user uses Rust.', 'The user uses Go.', 0.5],
    ["The user's daughter is called Ines.", "The user's daughter is called Mara.", 0.8],
    ["The user's sister lives in Ferrara.", 'The user lives in Ravenna.', 0.6],
    ['The user plans to move to Ferrara next year.', 'The user lives in Ravenna.', 0.55],
    ['The rent of the shop is 900.', 'The rent of the flat is 700.', 0.6],
    ['We will move our payroll from Tallyho to Brinkwater next month.', 'Our payroll runs on Tallyho.', 0.6],
    ['The team uses Svelte for the frontend.', 'The team uses Rust for the backend.', 0.6],
    ['The user is learning the flute now.', 'The user plays the cello.', 0.5],
    ["The user's office is on the third floor.", "The user's office is in Delft.", 0.45],
    ['The boat is green.', 'The gardener comes on Mondays.', 0.1],
    ['The user moved out of the flat in June.', 'The boat lies in Ravenna.', 0.2],
    ['The user takes the bus, not the train.', 'The train to Ferrara leaves at nine.', 0.25],
    ['The user does not like Mondays.', 'The user likes Fridays.', 0.6],
    ['Ines is calm, Otto is not.', 'Otto is still in Ravenna.', 0.3],
    ['My last day at Corda is Friday.', 'The user is a planner at Corda Analytics.', 0.5],
    ['Ines and Otto live in Turku.', "Otto's sister lives in Vaasa.", 0.5],
    ['The garden budget is 16,000 now.', 'The kitchen project has a budget of 18,000.', 0.6],
  ])('both are true: %s / %s', (said, known, similarity) => expect(judged(said, known, similarity)).toBe('both'))
})

describe('in doubt both stay', () => {
  it.each([
    ['Wim lives in Turku now.', 'Ida and Wim live in Vaasa.', 'unsure'],
    ["I'm in the office on Fridays now.", 'I work from home on Mondays and Fridays.', 'both'],
    ['We live in Turku now.', 'We pay 1,150 pounds of rent.', 'unsure'],
    ['I live in Turku now.', 'I share a flat in Vaasa with my cousin and a dog.', 'unsure'],
    ['We live in Turku now.', 'The rent of the shop is 900.', 'both'],
    ['We pay 700 in rent now.', 'The rent of the shop is 900.', 'both'],
    ['The rent of the new flat is 1,300 now.', 'We pay 1,150 in rent.', 'replaces'],
    ['The rent of the flat is 1,300.', 'We pay 1,150 in rent.', 'unsure'],
  ])('%s / %s: %s', (said, known, relation) => expect(judged(said, known, 0.6)).toBe(relation))
})

describe('verbs that no list knows', () => {
  it.each([
    ['Ole juggles five clubs now.', 'Ole juggles three clubs.'],
    ['Ich spritze jetzt einmal am Tag Insulin.', 'Ich spritze zweimal am Tag Insulin.'],
    ['I only need one pillow now.', 'I need two pillows.'],
  ])('%s / %s', (said, known) => expect(judged(said, known, 0.6)).toBe('replaces'))
})

describe('what stays true of an item that said several things', () => {
  it.each([
    [
      "Mia's doctor cut the spray to once a day.",
      'Mia has hay fever, she needs her spray twice a day.',
      'Mia has hay fever.',
    ],
    [
      'Ole took over Heron from Nele.',
      'Otter is led by Wim, Heron by Nele, and Stork by Ida.',
      'Otter is led by Wim. Stork is led by Ida.',
    ],
    ['The rent is 900 now.', 'The rent is 800.', null],
    ["I've started eating fish again.", 'The user is vegetarian, have been since school', null],
    [
      'My knee is fine again.',
      "The user's knee is really bad, they think the race is off",
      'The user thinks the race is off.',
    ],
    [
      'Brinkwater pulled out last week.',
      'Our caterer is Brinkwater & Sons, they did the spring ball.',
      'Brinkwater & Sons did the spring ball.',
    ],
    ['I only need my spray once a day now.', 'I have hay fever and need my spray twice a day.', 'I have hay fever.'],
    ['Ole no longer naps after lunch.', 'Ole goes to playgroup and naps after lunch.', 'Ole goes to playgroup.'],
    ['Wim and Ida are separated.', 'Wim and Ida are married and run a mill.', 'Wim and Ida run a mill.'],
    [
      "Heron's budget was cut to 240,000.",
      'Heron has a budget of 300,000 and lasts two years.',
      'Heron lasts two years.',
    ],
    ['Oma spritzt nur noch einmal am Tag.', 'Oma hat Diabetes und spritzt zweimal am Tag.', 'Oma hat Diabetes.'],
    // Of one clause: where, with whom and as what beside another time.
    ['The sync runs at 4 am now.', 'The sync runs at 2 am on the old server.', 'The sync runs on the old server.'],
    ['Der Verein tagt jetzt donnerstags.', 'Der Verein tagt dienstags im Rathaus.', 'Der Verein tagt im Rathaus.'],
    ['Ida works four days a week now.', 'Ida works three days a week as a nurse.', 'Ida works as a nurse.'],
    [
      'The chess club moved to the last Sunday of the month.',
      'The chess club meets on the first Wednesday of the month in the barn.',
      'The chess club meets in the barn.',
    ],
    [
      'The chess club moved to the last Sunday of the month.',
      'The chess club meets on the first Wednesday of the month, which clashes with work now',
      null,
    ],
    ['The ferry leaves at 9:40 now.', 'The ferry leaves at 9:15.', null],
    [
      'The rent went up to 455 already.',
      'The user found a room in Turku, 430 pounds a month, with two others.',
      'The user found a room in Turku, with two others.',
    ],
    [
      "I've saved 5,200 pounds now.",
      'The boat is 6,400 pounds and the user has saved 4,000 so far.',
      'The boat is 6,400 pounds.',
    ],
    // Of a list: what did not end.
    ['I no longer like figs.', 'I like figs and pears.', 'I like pears.'],
    ['I stopped taking iron tablets.', 'I take iron tablets and vitamin D.', 'I take vitamin D.'],
    ['Otter has six boats now.', 'Otter has five boats and two sheds.', 'Otter has two sheds.'],
    ['Ole has given up his bees.', 'Ole keeps bees and grows roses.', 'Ole grows roses.'],
    ['Our bar opens at 8:30 now.', 'Our bar opens at 9:00 and closes at 18:00.', 'Our bar closes at 18:00.'],
    ['I drink my tea without sugar now.', 'I drink my tea with milk and sugar.', 'I drink my tea with milk.'],
  ])('%s / %s', (said, known, left) => expect(remainderOf({ text: said, quote: said }, known, 0.6)).toBe(left))
})

describe('the new state alone', () => {
  it.each([
    ['We moved our payroll from Tallyho to Brinkwater last week.', 'We moved our payroll to Brinkwater last week.'],
    ['The user uses Brinkwater instead of Tallyho now.', 'The user uses Brinkwater now.'],
    ['The regatta is in Ferrara, not in Ravenna.', 'The regatta is in Ferrara.'],
    ['The train goes from Turku.', 'The train goes from Turku.'],
    ['Moved from A to B.', 'Moved to B.'],
    ["I said Ida lives in Turku, that's wrong: she lives in Vaasa.", 'Ida lives in Vaasa.'],
    ['It cost 48,000 a year, not 84,000.', 'It cost 48,000 a year.'],
  ])('%s', (text, expected) => expect(withoutOldState(text)).toBe(expected))
})
