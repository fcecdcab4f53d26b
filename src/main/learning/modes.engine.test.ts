// Modes on the whole machine: what each lets through is a matter of the machine, at any moment, for every store.

import { createRouterClient } from '@orpc/server'
import { and, eq, ne } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { StoreMode } from '../../shared/memory.ts'
import { entity, job, memory, proposal } from '../database/schema.ts'
import { createLearningProcedures, createStoreProcedures } from './procedures.ts'
import { openTestLearning, sentencesOf, type TestLearning } from './testing.ts'
import { LEARN } from './turns.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning()
})
afterAll(() => test.close())

let owner = ''
let person = 0
beforeEach(() => {
  owner = `mode-${person++}`
  test.settings.learning = true
  test.settings.storeModes = {}
  test.settings.readOnlyStores = []
  test.model.answer((request) =>
    sentencesOf(request).map((statement, index) => ({ n: index + 1, label: 'fact', statement })),
  )
})

const STORES = ['user_profile', 'user_memory', 'entity_memory']
const setAll = (mode: StoreMode) => {
  test.settings.storeModes = Object.fromEntries(STORES.map((store) => [store, mode]))
}
const tell = (text: string) => test.tell(text, { owner })
const texts = () => test.texts(owner)
const waiting = () =>
  test.db.read
    .select()
    .from(proposal)
    .where(and(eq(proposal.owner, owner), eq(proposal.status, 'open')))
    .orderBy(proposal.createdAt, proposal.id)
const counts = async () => ({
  memories: await test.db.read.$count(memory, eq(memory.owner, owner)),
  proposals: await test.db.read.$count(proposal, eq(proposal.owner, owner)),
  jobs: await test.db.read.$count(job, and(eq(job.owner, owner), eq(job.kind, LEARN))),
})

describe('every mode for every store', () => {
  it('N1: an unknown mode is refused with the allowed values, and nothing runs in another one', async () => {
    for (const store of STORES) {
      await expect(test.learning.setMode(owner, store, 'sometimes' as StoreMode)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        details: { field: 'mode' },
        message: expect.stringContaining('off, always, agentic, propose, ask'),
      })
    }
    expect(test.settings.storeModes).toEqual({})
    for (const store of STORES) {
      for (const mode of ['off', 'agentic', 'propose', 'ask', 'always'] as const) {
        const { stores } = await test.learning.setMode(owner, store, mode)
        expect(stores.find(({ id }) => id === store)?.mode).toBe(mode)
      }
    }
    const first = 'user_profile'
    await test.learning.setMode(owner, first, 'ask')
    const { stores } = await test.learning.resetModes(owner, first)
    expect(stores.find(({ id }) => id === first)).toMatchObject({ mode: 'always', defaultMode: 'always' })
    expect(Object.keys(test.settings.storeModes)).toEqual(STORES.filter((store) => store !== first))
    await test.learning.resetModes(owner, null)
    expect(test.settings.storeModes).toEqual({})
    await expect(test.learning.resetModes(owner, 'nothing')).rejects.toThrow(/Possible|no store/i)
  })

  it('N1: through the contract a wrong mode, level, store or definition says what is possible, and nothing changes', async () => {
    const router = { learning: createLearningProcedures(test.learning), stores: createStoreProcedures(test.learning) }
    const client = createRouterClient(router, { context: { owner, log: test.log } })
    const before = JSON.stringify([test.settings, await client.learning.state({}), await client.stores.list({})])
    const definition = { title: 'Wines', lookFor: 'wines they liked', example: 'The Riesling was good.', fields: [] }
    const made = { ...definition, mode: 'always' as const, namespace: 'user' }
    const wrong: [() => Promise<unknown>, RegExp][] = [
      [
        () => client.learning.setMode({ store: 'user_memory', mode: 'sometimes' as StoreMode }),
        /"mode": possible: off, always, agentic, propose, ask\. Nothing was changed\./u,
      ],
      [() => client.learning.setMode({ store: 'user_memory', mode: true as never }), /"mode": possible: off, always/u],
      [() => client.learning.setMode({ store: 'memories', mode: 'off' }), /Possible: user_profile, user_memory/u],
      [() => client.learning.setLevel({ level: 'all' as never }), /"level": possible: off, basic, by_itself/u],
      [
        () => client.learning.setReadOnly({ store: 'user_memory', readOnly: 'yes' as never }),
        /"readOnly": .*boolean.* Nothing was changed/u,
      ],
      [
        () => client.stores.create({ definition: { ...made, mode: 'sometimes' as StoreMode } }),
        /"definition\.mode": possible: off, always, agentic, propose, ask/u,
      ],
      [
        () => client.stores.create({ definition: { ...made, colour: 'red' } as never }),
        /"definition": .*colour.* Nothing was changed/u,
      ],
    ]
    for (const [call, message] of wrong) await expect(call()).rejects.toThrow(message)
    expect(JSON.stringify([test.settings, await client.learning.state({}), await client.stores.list({})])).toBe(before)
  })

  it('agentic learns nothing by itself, and what is known is used', async () => {
    await tell('Our loom came from Harris.')
    setAll('agentic')
    const asked = test.model.asked.length
    const before = await counts()
    await tell('I dye wool with onion skins.')
    expect(await counts()).toEqual(before)
    expect(test.model.asked).toHaveLength(asked)
    const { recalled } = await test.context('Our loom came from Harris, did it?', { owner })
    expect(recalled?.text).toContain('Harris')
  })

  it.each(['propose', 'ask'] as const)('%s: what is found waits, and is in no prompt', async (mode) => {
    setAll(mode)
    await tell("I'm Ruta Varga. My cousin Istvan runs the mill in Eger.")
    expect(await texts()).toEqual([])
    const open = await waiting()
    expect(open.length).toBeGreaterThan(1)
    for (const row of open) expect(row).toMatchObject({ reason: `mode-${mode}` })
    // Nobody is known by a suggestion.
    expect(await test.db.read.$count(entity, eq(entity.owner, owner))).toBe(0)
    const { core, recalled } = await test.context('Who runs the mill in Eger?', { owner })
    expect([core?.text, recalled?.text].join('\n')).not.toMatch(/Istvan said|Name: Ruta/u)
    for (const { id } of open) await test.learning.proposals.accept(owner, id)
    expect((await texts()).join('\n')).toContain('Istvan')
    expect(await test.db.read.$count(entity, and(eq(entity.owner, owner), eq(entity.name, 'Istvan')))).toBe(1)
  })

  it('propose: a change of what is known waits with before and after, and a confirmation stays one', async () => {
    await tell('My office is on the third floor.')
    setAll('propose')
    await tell('My office is on the third floor.')
    expect(await waiting()).toEqual([])
    await tell('My office is on the fifth floor now.')
    expect((await texts()).join()).toContain('third')
    const [row, ...others] = await waiting()
    expect(others).toEqual([])
    expect(row).toMatchObject({ action: 'supersede', reason: 'mode-propose' })
    const view = await test.learning.proposals.get(owner, row?.id as never)
    expect(view).toMatchObject({
      before: expect.stringContaining('third'),
      after: expect.stringContaining('fifth'),
    })
    await test.learning.proposals.accept(owner, view.id)
    expect((await texts()).join()).toContain('fifth')
    expect((await texts()).join()).not.toContain('third')
  })

  it('S46: three modes side by side in one turn', async () => {
    test.settings.storeModes = { user_memory: 'agentic', entity_memory: 'propose' }
    await tell("I'm Bob, VP at Larkspur. Nadia Okafor leads our recruiting team. I prefer panels to single interviews.")
    const rows = await test.db.read.select().from(memory).where(eq(memory.owner, owner))
    expect(rows.filter(({ store }) => store === 'user_profile').map(({ status }) => status)).toContain('active')
    expect(rows.filter(({ store }) => store === 'user_memory')).toEqual([])
    const lesson = rows.filter(({ store }) => store === 'entity_memory')
    expect(lesson.length).toBeGreaterThan(0)
    for (const { status } of lesson) expect(status).toBe('proposed')
  })

  it('what one store learns changes no item of a store that waits for the person', async () => {
    await tell('I live in Ravenna and row there.')
    test.settings.storeModes = { user_memory: 'ask', entity_memory: 'ask' }
    const before = await texts()
    await tell('I moved to Ferrara last week.')
    const now = await texts()
    for (const text of before.filter((one) => one.includes('row there'))) expect(now).toContain(text)
    expect(now.some((text) => text.includes('Ferrara'))).toBe(true)
  })

  it('a read-only store is used and not learned', async () => {
    await tell('Our sheepdog is called Moss.')
    for (const store of STORES) await test.learning.setReadOnly(owner, store, true)
    const before = await counts()
    await tell('Our sheepdog is called Fern.')
    expect(await counts()).toEqual(before)
    const { recalled } = await test.context('Is our sheepdog called Moss?', { owner })
    expect(recalled?.text).toContain('Moss')
  })
})

describe('switched between queueing and the end of a job', () => {
  it.each(['off', 'agentic', 'propose'] as const)('to %s while the model is being asked', async (mode) => {
    test.model.answer((request) => {
      setAll(mode)
      return sentencesOf(request).map((statement, index) => ({ n: index + 1, label: 'fact', statement }))
    })
    // Another language: the model is asked what kind of statement it is.
    await tell('Unsere Werkstatt steht hinter dem alten Bahnhof.')
    expect(await texts()).toEqual([])
    expect(await waiting()).toHaveLength(mode === 'propose' ? 1 : 0)
  })
})

describe('off', () => {
  it.each(['the one switch', 'every store'])('by %s: no read, no write, no job, no token', async (way) => {
    await tell('The ferry to Sark leaves at nine.')
    if (way === 'every store') setAll('off')
    else test.settings.learning = false
    await test.learning.switched(owner)
    const before = await counts()
    const jobs = await test.db.read.$count(job, ne(job.owner, ''))
    const asked = test.model.asked.length
    const reads = (['select', 'selectDistinct', 'selectDistinctOn', 'execute', '$count'] as const).map((name) =>
      vi.spyOn(test.db.read, name),
    )
    const embed = vi.spyOn(test.embedder, 'embed')
    const count = vi.spyOn(test.model, 'countTokens')
    try {
      expect(await test.context('When does the ferry to Sark leave?', { owner })).toEqual({
        core: null,
        earlier: [],
        recalled: null,
        used: [],
      })
      for (const read of reads) expect(read).not.toHaveBeenCalled()
      expect(embed).not.toHaveBeenCalled()
      expect(count).not.toHaveBeenCalled()
    } finally {
      vi.restoreAllMocks()
    }
    await tell('The ferry to Herm leaves at ten.')
    expect(await counts()).toEqual(before)
    expect(await test.db.read.$count(job, ne(job.owner, ''))).toBe(jobs)
    expect(test.model.asked).toHaveLength(asked)
    // The person still sees what is there.
    expect((await test.learning.list(owner, {})).total).toBeGreaterThan(0)
  })
})
