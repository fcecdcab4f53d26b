// What nobody should send and no model should write: each leaves a clear trace, loses nothing and stops nothing else.

import { and, eq, ne } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { evidence, job, memory, message, passage } from '../database/schema.ts'
import { CURATE } from './curation/curation.ts'
import { UNDO_MS } from './forgetting/undo-time.ts'
import { OWNER, openTestLearning, sentencesOf, type TestLearning } from './testing.ts'

vi.setConfig({ testTimeout: 240_000 })

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({
    embedder: (real) => ({
      ...real,
      embed: (texts, as, options) =>
        quick ? Promise.resolve(texts.map(() => anyVector(real.dimensions))) : real.embed(texts, as, options),
    }),
  })
})
afterAll(() => test.close())

let quick = false
const anyVector = (dimensions: number) => new Float32Array(dimensions).fill(1 / Math.sqrt(dimensions))

let owner = OWNER
let person = 0
beforeEach(() => {
  owner = `bad-${person++}`
  test.model.answer((request) =>
    sentencesOf(request).map((statement, index) => ({ n: index + 1, label: 'fact', statement })),
  )
})
const tell = (text: string) => test.tell(text, { owner })
const texts = () => test.texts(owner)
/** The look for what could be tidied comes later. */
const jobs = () =>
  test.db.read
    .select()
    .from(job)
    .where(and(eq(job.owner, owner), ne(job.kind, CURATE)))
const expectAllDone = async () => {
  for (const row of await jobs()) expect(row, row.kind).toMatchObject({ status: 'done', error: null })
}
/** Every quote of the owner, with the message it says it stands in. */
async function expectQuotesStand() {
  const rows = await test.db.read
    .select({ quote: evidence.quote, start: evidence.start, end: evidence.end, text: message.text })
    .from(evidence)
    .innerJoin(message, eq(message.id, evidence.messageId))
    .where(eq(evidence.owner, owner))
  for (const { quote, start, end, text } of rows) expect(text.slice(start ?? 0, end ?? 0)).toBe(quote)
  return rows.length
}

/** In a language whose sentences no rule sorts: the model is asked. */
const said = 'Wir halten unsere Bienen hinter der alten Mühle bei Brügge.'

describe('model output', () => {
  const odd: [string, unknown][] = [
    ['nothing', null],
    ['an empty list', []],
    ['an object', {}],
    ['a text', 'fact'],
    [
      'too many entries',
      Array.from({ length: 40 }, (_, n) => ({ n, label: 'fact', statement: 'Zanzibar has 4711 bees' })),
    ],
    ['labels nobody has', [{ n: 1, label: 'secret', statement: 'Zanzibar' }]],
    ['numbers for texts', [{ n: 'one', label: 4711, statement: 4711 }]],
    ['another language', [{ n: 1, label: 'fact', statement: '我们在桑给巴尔养了四千七百一十一只蜜蜂' }]],
    ['a language that was not spoken', [{ n: 1, label: 'fact', statement: 'We keep 4711 bees in Zanzibar.' }]],
    ['the same words for ever', [{ n: 1, label: 'fact', statement: 'bees '.repeat(5000) }]],
    ['unseen characters', [{ n: 1, label: 'fact', statement: '\u200b\u202e\u0007' }]],
    ['deep nesting', JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`)],
  ]
  for (const [name, value] of odd) {
    it(`of ${name} leaves the sentence in its own words, and the next turn is learned from`, async () => {
      const asked = test.model.asked.length
      test.model.answer(() => value)
      await tell(said)
      await expectAllDone()
      expect(test.model.asked.length).toBeGreaterThan(asked)
      expect((await texts()).join('\n')).not.toMatch(/zanzibar|4711|secret|[\u4e00-\u9fff]/iu)
      expect((await texts()).join('\n')).toContain('Bienen hinter der alten Mühle')
      expect((await texts()).join('\n').length).toBeLessThan(said.length * 2)
      test.model.answer((request) => sentencesOf(request).map((statement, n) => ({ n, label: 'fact', statement })))
      await tell('My uncle Piet repairs church organs.')
      expect((await texts()).join('\n')).toContain('church organs')
    })
  }

  it('of any shape never fails a turn, and never brings a name or number the person did not say', async () => {
    const statement = fc.oneof(fc.constant('Zanzibar 4711'), fc.string(), fc.constant('我喜欢茶'))
    const entry = fc.record(
      { n: fc.anything(), label: fc.oneof(fc.constantFrom('fact', 'preference', 'none'), fc.string()), statement },
      { requiredKeys: [] },
    )
    const output = fc.oneof(
      fc.array(fc.oneof(entry, fc.jsonValue())),
      fc.jsonValue(),
      fc.dictionary(fc.string(), fc.array(entry)),
    )
    await fc.assert(
      fc.asyncProperty(output, async (value) => {
        test.model.answer(() => value)
        await tell(said)
        await expectAllDone()
        expect((await texts()).join('\n')).not.toMatch(/zanzibar|4711|[\u4e00-\u9fff]/iu)
      }),
      { numRuns: 40 },
    )
    expect((await texts()).filter((text) => text.includes('Bienen'))).toHaveLength(1)
  })

  it('that breaks its grammar is told in the log, without a word of the person, and asked for no second time', async () => {
    const warn = vi.spyOn(test.log, 'warn')
    test.model.answer(() => {
      throw Object.assign(new Error('cut after 90 tokens'), { name: 'GrammarBroken' })
    })
    await tell(said)
    await expectAllDone()
    expect((await texts()).join('\n')).toContain('Bienen hinter der alten Mühle')
    expect(warn).toHaveBeenCalled()
    expect(JSON.stringify(warn.mock.calls)).not.toMatch(/Bienen|Mühle/)
    warn.mockRestore()
  })
})

describe('a message', () => {
  const strange: [string, string, RegExp][] = [
    ['emoji', 'I adopted a 🐕‍🦺 called Luna 🌙 in Gdańsk 🇵🇱 👩🏽‍🚀!', /Luna/],
    ['right-to-left text', 'אני גר בחיפה ועובד כמורה לפיזיקה. My sister Noa lives in Haifa near the port.', /Noa/],
    ['marks of direction', 'I rent a flat in \u200fרחוב הרצל\u200e from Mr. Okafor since spring.', /Okafor/],
    ['zero-width characters', 'I w\u200bork w\u200dith Ber\u200bnadette at the har\ufeffbour museum.', /museum|mu/],
    ['letters built of parts', 'I visit my aunt Zoe\u0308 in Ko\u0308ln every autumn.'.normalize('NFD'), /aunt/],
    ['letters of other widths', 'Ｉ ｐｌａｙ the ｃｅｌｌｏ and I teach it in Ｏｓａｋａ.', /./],
    ['half of a character', 'I keep \ud83d two goats called Max and Moritz.', /goats/],
    ['stacked marks', `I own a b${'\u0301'.repeat(300)}oat called Nixe.`, /Nixe/],
  ]
  for (const [name, text, expected] of strange) {
    it(`with ${name} is learned from, quoted exactly, recalled, and forgotten`, async () => {
      const { messageId } = await tell(text)
      await expectAllDone()
      expect((await texts()).join('\n')).toMatch(expected)
      expect(await expectQuotesStand()).toBeGreaterThan(0)
      const { items } = await test.learning.list(owner, { limit: 50 } as never)
      const context = await test.context((await texts())[0] ?? '', { owner, budgetTokens: 800 })
      expect(context.used.length).toBeGreaterThan(0)
      await test.learning.forget(
        owner,
        items.map(({ id }) => id),
      )
      expect(await texts()).toEqual([])
      const [left] = await test.db.read.select().from(message).where(eq(message.id, messageId))
      expect(left).toBeDefined()
    })
  }

  it('that turns the direction of writing is kept and not learned from: nobody types that', async () => {
    const text = 'I rent a flat in \u202eteertS niaM\u202c from Mr. Okafor since spring.'
    const { messageId } = await tell(text)
    await expectAllDone()
    expect(await texts()).toEqual([])
    const [kept] = await test.db.read.select().from(message).where(eq(message.id, messageId))
    expect(kept?.text).toBe(text)
  })

  it('of any characters is learned from without a failure, and every quote stands in it', async () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('I', 'we', 'my', 'not', 'from', 'to', 'Lyon', '12', '"', '. ', '? ', '\n', '- ', '> '),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 30 }), async (words) => {
        // A zero is no text, and is taken out at the door (`words` in the contract).
        await tell(words.join(' ').replaceAll('\0', ''))
        await expectAllDone()
      }),
      { numRuns: 60 },
    )
    await expectQuotesStand()
    await tell(said)
    expect((await texts()).join('\n')).toContain('Bienen hinter der alten Mühle')
  })
})

describe('a clock that goes back', () => {
  const hour = 3_600_000

  it('never shortens the time to take a forget back, and makes it final after that time', async () => {
    await tell('My uncle Piet repairs church organs.')
    const { items } = await test.learning.list(owner, { limit: 50 } as never)
    const { batchId } = await test.learning.forget(
      owner,
      items.map(({ id }) => id),
    )
    test.clock.advance(-3 * hour)
    await tell('Thanks!')
    await test.learning.idle()
    await test.learning.undo(owner, batchId)
    expect((await texts()).join('\n')).toContain('church organs')

    test.clock.advance(3 * hour)
    const again = await test.learning.list(owner, { limit: 50 } as never)
    await test.learning.forget(
      owner,
      again.items.map(({ id }) => id),
    )
    test.clock.advance(-3 * hour)
    await tell('Thanks!')
    test.clock.advance(2 * UNDO_MS)
    test.jobs.wake()
    await test.learning.idle()
    expect(await test.db.read.select().from(memory).where(eq(memory.owner, owner))).toEqual([])
    test.clock.advance(3 * hour)
  })
})

describe('a message of 100 kB', () => {
  const hundred = 100_000
  /** What makes careless patterns run for ever. */
  const shapes: Record<string, string> = {
    'one word': 'a'.repeat(hundred),
    'one sentence': 'I like tea and '.repeat(hundred / 15),
    spaces: `I like tea.${' '.repeat(hundred)}I like rain.`,
    lines: 'I like tea\n'.repeat(hundred / 11),
    commas: 'I like tea, '.repeat(hundred / 12),
    'quotation marks': `"I said `.repeat(hundred / 8),
    brackets: '('.repeat(hundred),
    digits: '1 '.repeat(hundred / 2),
    points: 'No. '.repeat(hundred / 4),
    corrections: 'no, Lyon, not Paris, '.repeat(hundred / 21),
    capitals: 'Anna Berta '.repeat(hundred / 11),
    'quote marks': '> I live in Lyon\n'.repeat(hundred / 17),
    dates: 'on 3 March 2026 '.repeat(hundred / 16),
    emoji: '👩‍👩‍👧‍👦'.repeat(hundred / 11),
  }
  for (const [name, text] of Object.entries(shapes)) {
    it(`made of ${name} is kept whole, dealt with, and stops nothing`, async () => {
      // Tens of thousands of tokens of nonsense take the embedder minutes and show nothing.
      quick = true
      const { messageId } = await tell(text)
      await test.context(text, { owner })
      quick = false
      await expectAllDone()
      const [kept] = await test.db.read.select().from(message).where(eq(message.id, messageId))
      expect(kept?.text).toBe(text)
      await expectQuotesStand()
      await tell(said)
      expect((await texts()).join('\n')).toContain('Bienen hinter der alten Mühle')
    })
  }

  it('is found again in its parts, what it says of the person is learned within bounds, and all of it can be forgotten', async () => {
    const letters = Array.from(
      { length: 900 },
      (_, day) =>
        `On day ${day} the ferry number ${day * 7} came in late because of fog over the strait, said the harbour log.`,
    )
    const text = ['I am writing a novel about ferries.', ...letters, 'My editor Philippa wants it by June.'].join('\n')
    expect(text.length).toBeGreaterThan(80_000)
    const calls = test.model.asked.length
    const { messageId } = await tell(text)
    await expectAllDone()
    expect(test.model.asked.length - calls).toBeLessThanOrEqual(2)
    const parts = await test.db.read.select().from(passage).where(eq(passage.messageId, messageId))
    expect(parts.length).toBeGreaterThan(50)
    expect((await test.db.read.select().from(memory).where(eq(memory.owner, owner))).length).toBeLessThan(50)
    const found = await test.learning.search(owner, 'ferry number 4207', 5)
    expect(JSON.stringify(found)).toContain('4207')
  })
})
