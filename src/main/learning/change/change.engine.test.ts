// What is known changes: on a real database and the bundled embedder, with a scripted language model that repeats what was
// said. What two sentences mean for each other is tested beside `compare.ts`; here is what follows from it.
import { and, asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { evidence, memory, proposal } from '../../database/schema.ts'
import type { JsonRequest } from '../../engine/engine.ts'
import { openTestLearning, sentencesOf, type TestLearning } from '../testing.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning()
})
afterAll(() => test.close())

let owner = ''
let person = 0
beforeEach(() => {
  owner = `change-${person++}`
  test.model.answer(asFacts)
})
const asFacts = (request: JsonRequest) =>
  sentencesOf(request).map((statement, index) => ({ n: index + 1, label: 'fact', statement }))
const tell = (text: string, more: Parameters<TestLearning['say']>[1] = {}) => test.tell(text, { owner, ...more })
/** Items in the order they were learned, of whatever store. */
const items = async (status: 'active' | 'superseded' = 'active') =>
  test.db.read
    .select()
    .from(memory)
    .where(and(eq(memory.owner, owner), eq(memory.status, status)))
    .orderBy(asc(memory.id))
const memories = async (status: 'active' | 'superseded' = 'active') => (await items(status)).map(({ text }) => text)
const proposals = () => test.db.read.select().from(proposal).where(eq(proposal.owner, owner))

describe('a change', () => {
  it('ends the old item where the new one begins, and keeps both in the history', async () => {
    await tell('My boat lies in the harbour of Turku.')
    await tell('My boat lies in the harbour of Vaasa now.')
    const [old] = await items('superseded')
    const [now] = await items()
    expect([old?.text, now?.text].join()).toMatch(/Turku.*Vaasa/)
    expect(old?.supersededBy).toBe(now?.id)
    expect(old?.validTo).toEqual(now?.validFrom)
    expect(now?.validTo).toBeNull()
    const { history } = await test.learning.get(owner, now?.id as never)
    expect(history.map(({ action }) => action)).toContain('supersede')
  })

  it('takes a field of the profile along that was read out of the old sentence', async () => {
    await tell("I'm vegetarian, have been since school, so no goulash.")
    expect((await items()).map(({ store }) => store)).toContain('user_profile')
    await tell("I've started eating fish again, the doctor asked me to.")
    const left = (await items()).filter(({ store }) => store === 'user_profile')
    expect(left.map(({ text }) => text).join()).not.toMatch(/vegetarian/)
    expect((await memories('superseded')).join()).toMatch(/vegetarian/)
  })

  it('keeps an item the person pinned, and asks', async () => {
    await tell('Our workshop opens at eight.')
    const [item] = await items()
    await test.learning.pin(owner, item?.id as never, true)
    await tell('Our workshop opens at nine now.')
    expect((await memories()).join()).toMatch(/eight.*nine/)
    expect(await proposals()).toMatchObject([{ action: 'retire', memoryId: item?.id, status: 'open' }])
  })

  it('keeps what was written by hand, and asks once, however often it comes up', async () => {
    const { memory: written } = await test.learning.add(owner, {
      store: 'user_memory',
      text: 'The rent of the studio is 700 euros.',
    })
    await tell('The rent of the studio is 750 euros now.')
    await tell('The rent of the studio is now 750 euros.')
    expect(await memories()).toContain('The rent of the studio is 700 euros.')
    expect((await memories()).join()).toContain('750 euros')
    expect(await proposals()).toMatchObject([{ memoryId: written.id, reason: 'uncertain' }])
    // The suggestion is inert until it is decided, and ends the old item then.
    const [open] = await proposals()
    await test.learning.proposals.accept(owner, open?.id as never)
    expect(await memories()).not.toContain('The rent of the studio is 700 euros.')
  })

  it('says in the prompt that what the person was asked about may be over, and no more once they have answered', async () => {
    await tell('At work I lead the meadow project of the harbour.')
    await tell('My new boss is Ada Brand.')
    const [open] = await proposals()
    expect(open).toMatchObject({ action: 'retire', reason: 'uncertain' })
    const line = async () => {
      const { recalled } = await test.context('Which project do I lead at work?', { owner })
      return recalled?.items.find(({ line: text }) => /meadow/.test(text))?.line
    }
    expect(await line()).toMatch(/perhaps no longer so/)
    await test.learning.proposals.decline(owner, open?.id as never, false)
    expect(await line()).toMatch(/meadow/)
    expect(await line()).not.toMatch(/perhaps/)
  })

  it('asks when only the person can know', async () => {
    await tell('The launch of the ferry line is on 14 May.')
    await tell('I think the launch of the ferry line is on 21 May.')
    expect(await memories()).toHaveLength(2)
    expect(await proposals()).toMatchObject([{ action: 'retire', reason: 'uncertain', status: 'open' }])
  })

  it('takes the newer words for a field of one value, whoever wrote it', async () => {
    await test.learning.add(owner, { store: 'user_profile', text: 'Lives in Tartu' })
    await tell('I live in Narva now.')
    expect((await memories()).filter((text) => /^Lives in/.test(text))).toEqual(['Lives in Narva'])
    expect(await proposals()).toEqual([])
  })

  it('does not let an older turn, learned from late, replace what was said after it', async () => {
    await tell('Our office is in Delft.')
    test.model.answer(() => {
      throw new Error('no')
    })
    const late = await test.say('Our office is in Gouda now.', { owner })
    for (let attempt = 0; attempt < 6; attempt++) await test.learning.idle()
    test.model.answer(asFacts)
    await tell('Our office is in Leiden now.')
    await test.learning.retryFailed(owner)
    await test.learning.idle()
    expect(late.messageId).toBeTruthy()
    expect((await memories()).join()).toContain('Leiden')
    expect((await memories()).join()).not.toMatch(/Gouda|Delft/)
  })
})

describe('an item that says several things', () => {
  it('keeps what stays true, resting on the words it always rested on', async () => {
    await tell('Our heron sculpture is blue, and our garden pond is two metres deep.')
    await tell('Our garden pond is three metres deep now.')
    const now = (await memories()).join('\n')
    expect(now).toMatch(/heron sculpture is blue/)
    expect(now).not.toMatch(/two metres/)
    expect(now).toMatch(/three metres/)
    const kept = (await items()).find(({ text }) => text.includes('heron'))
    const { evidence: sources } = await test.learning.get(owner, kept?.id as never)
    expect(sources.map(({ quote }) => quote).join()).toContain('heron sculpture')
  })

  it('is asked about when what stays true cannot be told apart', async () => {
    await tell('Otter is led by Wim, Heron and Stork belong to Nele.')
    await tell('Ute leads Otter now.')
    expect((await memories()).join('\n')).toMatch(/belong to Nele/)
  })
})

describe('a field that changes', () => {
  it('goes when a sentence says so that is no field itself', async () => {
    await tell('I live in Leeuwarden.')
    await tell('Since last week we live in Zwolle with all our goats.')
    const now = (await memories()).join('\n')
    expect(now).not.toContain('Leeuwarden')
    expect(now).toContain('Zwolle')
  })

  it('goes with the last day there, also where its name is said short', async () => {
    await tell("I'm a planner at Corda Analytics.")
    expect((await memories()).join('\n')).toContain('Works at Corda Analytics')
    await tell('My last day at Corda was Friday, they gave me a spade.')
    expect((await memories()).join('\n')).not.toContain('Corda Analytics')
  })

  it('takes with it what was said of the old value elsewhere', async () => {
    await tell('I live in Ravenna and I love the mosaics there.')
    await tell('My sister Ilse lives in Ravenna too.')
    await tell('I moved to Ferrara.')
    const now = (await memories()).join('\n')
    expect(now).not.toMatch(/I live in Ravenna/)
    expect(now).toMatch(/Ilse lives in Ravenna/)
    expect(now).toContain('Lives in Ferrara')
  })
})

describe('a correction', () => {
  it('puts B in the place of A and keeps the rest, with the sources of both', async () => {
    await tell('The regatta is on 3 June in Ravenna.')
    await tell('The regatta is in Ferrara, not in Ravenna.')
    const rows = await items()
    expect(rows.map(({ text }) => text)).toEqual(['The regatta is on 3 June 2026 in Ferrara.'])
    const quotes = await test.db.read
      .select({ quote: evidence.quote })
      .from(evidence)
      .where(eq(evidence.memoryId, rows[0]?.id as never))
    expect(quotes.map(({ quote }) => quote).sort()).toEqual([
      'The regatta is in Ferrara, not in Ravenna.',
      'The regatta is on 3 June in Ravenna.',
    ])
  })

  it.each([
    ['The dentist appointment is on Monday at 10:15.', 'Sorry, I meant Tuesday.', /Tuesday 10 March 2026 at 10:15/],
    ['My locker has the number 41.', "That's wrong: it's 42.", /number 42/],
    ['The invoice is due on 3 May.', "No, it's 13 May.", /13 May/],
    ['My tailor is called Bruno.', 'I meant Benno.', /Benno/],
  ])('"%s" – "%s"', async (said, corrected, expected) => {
    const { conversationId } = await tell(said)
    await tell(corrected, { conversationId })
    expect(await memories()).toHaveLength(1)
    expect((await memories()).join()).toMatch(expected)
  })

  it('"scratch that" takes back what the message before it taught, and no more', async () => {
    const { conversationId } = await tell('Our well is twelve metres deep.')
    await tell('The pump was made in Pori.', { conversationId })
    await tell('Scratch that.', { conversationId })
    expect(await memories()).toEqual(['Our well is twelve metres deep.'])
    expect(await memories('superseded')).toEqual(['The pump was made in Pori.'])
  })

  it('"I meant …" changes nothing when it is not clear what was meant', async () => {
    const { conversationId } = await tell('The ferry goes on Mondays and on Fridays.')
    await tell('I meant Tuesday.', { conversationId })
    expect(await memories()).toEqual(['The ferry goes on Mondays and on Fridays.'])
  })
})
