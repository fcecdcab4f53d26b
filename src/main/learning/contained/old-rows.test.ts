// Items that were written under an earlier schema of their store: shown, not lost, still the person's to change, and the
// store works with what it can read of them.
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { memory } from '../../database/schema.ts'
import { addOrChange, defineStore, renderLines } from '../define-store.ts'
import type { Found, LearningStore, StoredItem } from '../protocol.ts'
import { itemsOf } from '../stores/items.ts'
import { meant, saidIn } from '../stores/said.ts'
import { openTestLearning, type TestLearning, withoutVectors } from '../testing.ts'
import { fitContent } from './content.ts'

/** A store of plants; what one holds beside its name depends on the version. */
function plants<Content extends Record<string, unknown>>(
  schema: z.ZodType<Content>,
  line: (content: Content) => string,
) {
  return defineStore<Content>({
    id: 'plants',
    title: 'Plants',
    schema,
    policy: { compareBy: 'own' },
    learn: {
      labels: {},
      found: () => null,
      known: ({ owner }, db) => itemsOf<Content>(db, { owner, store: 'plants', limit: 50 }),
      turn: ({ turn, own, known }) =>
        own.flatMap((sentence): Found<Content>[] => {
          const evidence = [saidIn(turn, sentence)]
          const died = /\bdied\b/u.test(sentence.text) ? meant(sentence.text, known) : null
          if (died) return [{ item: { ...died, kind: 'gone' }, evidence, about: died.id }]
          const what = /^I planted (?<what>.+?)\.?$/u.exec(sentence.text)?.groups?.['what']
          return what
            ? [
                {
                  item: {
                    kind: 'plant',
                    text: what,
                    content: (fitContent(schema, { water: 'often', spot: 'hall' }) ?? {}) as Content,
                  },
                  evidence,
                  whole: true,
                },
              ]
            : []
        }),
      process: (turn, found, near) =>
        found.item.kind === 'gone' && near[0]
          ? [{ action: 'retire', id: near[0].id, base: near[0].version, reason: 'died', evidence: found.evidence }]
          : addOrChange(turn, found, near),
    },
    render: (items, budget) => renderLines(items, budget, ({ text, content }) => `Plant: ${text} (${line(content)})`),
  }) as unknown as LearningStore
}
const first = plants(z.object({ water: z.string(), spot: z.string() }), ({ water, spot }) => `${water}, ${spot}`)
/** Another type for one field, one field less, one new with a default. */
const second = plants(
  z.strictObject({ water: z.number().nullable().default(null), pot: z.string().default('clay') }),
  ({ water, pot }) => `${pot.toUpperCase()}, ${water?.toFixed() ?? 'unknown'}`,
)
/** A field it cannot do without. */
const third = plants(z.strictObject({ light: z.enum(['sun', 'shade']) }), ({ light }) => light.toUpperCase())

const stores: LearningStore[] = []
let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({ stores, embedder: withoutVectors, start: false })
})
afterAll(() => test.close())

let owner = ''
let people = 0
async function use(store: LearningStore): Promise<void> {
  stores.splice(0, 1, store)
  await test.restart()
  test.learning.start()
}
beforeEach(async () => {
  owner = `gardener-${people++}`
  await use(first)
  await test.tell('I planted a fern.', { owner })
})
const items = async () => (await test.learning.list(owner, {})).items
const only = async () => {
  const [row] = await test.db.read.select().from(memory).where(eq(memory.owner, owner))
  if (!row) throw new Error('no item')
  return row
}
const prompt = async () => (await test.context('How is the fern?', { owner })).recalled?.text ?? ''

describe('after another version', () => {
  it('with other fields the item stands with what still fits, is changed by hand, and gets back the fields it had', async () => {
    expect(await prompt()).toContain('Plant: a fern (often, hall)')
    await use(second)
    expect(await items()).toMatchObject([{ text: 'a fern', data: { water: 'often', spot: 'hall' } }])
    expect(await prompt()).toContain('Plant: a fern (CLAY, unknown)')
    const { id, version } = await only()
    await test.learning.edit(owner, { id, version, text: 'a tall fern' })
    expect(await only()).toMatchObject({ text: 'a tall fern', data: { spot: 'hall', pot: 'clay' } })
    expect(await prompt()).toContain('Plant: a tall fern (CLAY, unknown)')
    // Nothing of what was written is lost: the history has it, and an undo brings it back.
    const { history } = await test.learning.get(owner, id)
    const edit = history.find(({ action }) => action === 'update')
    await test.learning.undo(owner, edit?.batchId as never)
    expect((await only()).data).toEqual({ water: 'often', spot: 'hall' })
    await use(first)
    expect(await prompt()).toContain('Plant: a fern (often, hall)')
  })

  it('that cannot read it the item stands as its sentence, and is still changed, pinned and forgotten', async () => {
    await use(third)
    expect(await items()).toMatchObject([{ text: 'a fern' }])
    expect(await prompt()).toContain('a fern')
    expect(await prompt()).not.toContain('Plant:')
    const { id, version } = await only()
    await test.learning.edit(owner, { id, version, text: 'a royal fern' })
    expect(await only()).toMatchObject({ text: 'a royal fern', data: { water: 'often', spot: 'hall' } })
    await test.learning.pin(owner, id, true)
    // Others are learned as before.
    await use(second)
    await test.tell('I planted a fig.', { owner })
    expect((await items()).map(({ text }) => text).sort()).toEqual(['a fig', 'a royal fern'])
    await test.learning.forget(owner, [id])
    expect((await items()).map(({ text }) => text)).toEqual(['a fig'])
  })

  it('the store works on with an old item: what is said of it reaches it', async () => {
    await use(second)
    await test.tell('The fern died.', { owner })
    expect(await items()).toEqual([])
    expect((await only()).status).toBe('superseded')
  })

  it('a suggestion from before can still be accepted, in the person’s own words too', async () => {
    test.settings.storeModes = { plants: 'propose' }
    await test.tell('I planted a yucca.', { owner })
    await test.tell('I planted an aloe.', { owner })
    test.settings.storeModes = {}
    await use(second)
    const [yucca, aloe] = (await test.learning.proposals.list(owner, {})).items
    await test.learning.proposals.accept(owner, yucca?.id as never)
    await test.learning.proposals.accept(owner, aloe?.id as never, 'an old aloe')
    expect((await items()).map(({ text }) => text).sort()).toEqual(['a fern', 'a yucca', 'an old aloe'])
  })
})

it('content fits by its fields alone', () => {
  const schema = z.strictObject({ a: z.string().default('x'), b: z.number().optional() })
  expect(fitContent(schema, { a: 'y', b: 'no', c: 1 })).toEqual({ a: 'y' })
  expect(fitContent(schema, null)).toBeNull()
  expect(fitContent(z.strictObject({ a: z.string() }), { b: 1 } satisfies StoredItem['content'])).toBeNull()
})
