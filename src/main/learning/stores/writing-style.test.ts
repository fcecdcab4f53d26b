// How the person writes: counted in their own texts, and there when they ask for a draft.
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { memory } from '../../database/schema.ts'
import { openTestLearning, type TestLearning, withoutVectors } from '../testing.ts'
import { readTraits } from './writing-traits.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({ embedder: withoutVectors })
})
afterAll(() => test.close())

let owner = ''
let people = 0
beforeEach(() => {
  owner = `writer-${people++}`
  test.settings.storeModes = {
    user_profile: 'off',
    user_memory: 'off',
    entity_memory: 'off',
    writing_style: 'always',
  }
})
const tell = (text: string) => test.tell(text, { owner })
const traits = async () => {
  const rows = await test.db.read.select().from(memory).where(eq(memory.owner, owner)).orderBy(memory.kind)
  return Object.fromEntries(rows.map(({ kind, data }) => [kind, data['reading']]))
}
const prompt = async (text: string) => (await test.context(text, { owner })).recalled?.text ?? ''

const CASUAL = `Here's the mail I wrote yesterday:
Hey Tomas,
I can't make it on Thursday, sorry! Let's move it to next week. Does Monday work for you? I'll bring the samples and we'll look at them together.
Cheers,
Ines`
const FORMAL = `This is my draft:
Dear Ms Oduya,
I am writing with regard to the position that was advertised last week. I would like to apply, and I have attached my documents. I do not have further obligations until June and therefore could begin at once.
Kind regards,
Ines Prado`

describe('what a text shows', () => {
  it('is counted, not guessed', () => {
    expect(
      Object.fromEntries(readTraits(CASUAL.split('\n').slice(1).join('\n')).map((t) => [t.trait, t.reading])),
    ).toEqual({
      greeting: 'Hey',
      sign_off: 'Cheers',
      sentence_length: 'short',
      contractions: 'yes',
      formality: 'casual',
      emoji: 'no',
    })
    expect(
      Object.fromEntries(readTraits(FORMAL.split('\n').slice(1).join('\n')).map((t) => [t.trait, t.reading])),
    ).toMatchObject({
      greeting: 'Dear',
      sign_off: 'Kind regards',
      contractions: 'no',
      formality: 'formal',
    })
    expect(readTraits('- milk\n- eggs\n- flour')).toContainEqual({ trait: 'bullets', reading: 'yes' })
    expect(readTraits('Hi')).toEqual([{ trait: 'greeting', reading: 'Hi' }])
  })
})

describe('the store', () => {
  it('learns from texts the person calls theirs, and changes its mind by count', async () => {
    await tell(CASUAL)
    expect(await traits()).toMatchObject({ greeting: 'Hey', sign_off: 'Cheers', formality: 'casual' })
    await tell(CASUAL)
    await tell(FORMAL)
    expect(await traits()).toMatchObject({ greeting: 'Hey', formality: 'casual' })
    await tell(FORMAL)
    // As many of both: the newest holds.
    expect(await traits()).toMatchObject({ greeting: 'Dear', formality: 'formal' })
  })

  it("takes nothing from somebody else's mail, nor from talk", async () => {
    await tell(`What do you make of this mail from my landlord?\n\n${FORMAL.split('\n').slice(1).join('\n')}`)
    await tell('Hey, what is the capital of Peru?')
    expect(await traits()).toEqual({})
  })

  it('stands with a request for a draft, and with no other question', async () => {
    await tell(CASUAL)
    const drafted = await prompt('Draft a reply to Tomas about the samples.')
    expect(drafted).toContain('How the user writes: Greets with "Hey"')
    expect(drafted).toContain('Casual tone')
    expect(await prompt('How deep is the Baltic Sea?')).toBe('')
  })

  it('keeps what the person wrote by hand against every count', async () => {
    await tell(CASUAL)
    const [row] = await test.db.read.select().from(memory).where(eq(memory.owner, owner))
    const greeting = (await test.learning.list(owner, { limit: 20 })).items.find(({ kind }) => kind === 'greeting')
    expect(row).toBeDefined()
    await test.learning.edit(owner, { id: greeting?.id as never, version: 1, text: 'Greets with "Moin"' })
    await tell(FORMAL)
    expect(await traits()).toMatchObject({ greeting: 'Greets with "Moin"', sign_off: 'Kind regards' })
  })
})
