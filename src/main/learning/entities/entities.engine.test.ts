import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BatchId, type EntityId, newId } from '../../../shared/ids.ts'
import { entity, journal, memory, proposal } from '../../database/schema.ts'
import type { JsonRequest } from '../../engine/engine.ts'
import type { Batch } from '../change/batch.ts'
import { OWNER, openTestLearning, sentencesOf, type TestLearning } from '../testing.ts'
import { addAlias, archiveEntity, mergeEntities, renameEntity, splitEntity, unmergeEntity } from './change.ts'
import { entitiesNamed } from './find.ts'
import { directoryOf, knownOf, neighbours } from './read.ts'
import type { EntityRow } from './rows.ts'

let test: TestLearning
let owner = OWNER
beforeAll(async () => {
  test = await openTestLearning()
})
afterAll(() => test.close())
beforeEach(() => {
  // Each test is a person of their own.
  owner = `person-${newId<EntityId>()}`
  test.model.answer(script({}))
})

/** Labels every sentence, and answers what kind a name is of. */
function script(kinds: Record<string, string>) {
  return (request: JsonRequest): unknown => {
    if (!('properties' in request.schema)) {
      return sentencesOf(request).map((statement, index) => ({ n: index + 1, label: 'fact', statement }))
    }
    const { names } = request.schema.properties
    const asked = names && 'properties' in names ? Object.keys(names.properties) : []
    return { names: Object.fromEntries(asked.map((name) => [name, kinds[name] ?? 'other'])) }
  }
}

const tell = (text: string, more: Parameters<TestLearning['tell']>[1] = {}) => test.tell(text, { owner, ...more })

async function entities(of = owner): Promise<EntityRow[]> {
  const rows = await test.db.read.select().from(entity).where(eq(entity.owner, of)).orderBy(entity.createdAt)
  return rows as EntityRow[]
}

async function named(name: string, of = owner): Promise<EntityRow> {
  const [hit] = await entitiesNamed(test.db.read, of, [name])
  if (!hit) throw new Error(`nobody is called ${name}`)
  return hit.entity
}

async function ties(name: string): Promise<string[]> {
  const { id } = await named(name)
  const { items } = await knownOf(test.db.read, owner, id, { limit: 50, kinds: ['relationship'] })
  const roots = await Promise.all(
    items.map(async ({ data, subjectId, objectId }) => {
      const ends = await Promise.all([subjectId, objectId].map((end) => nameOf(end)))
      return `${ends[0]} ${String(data['relation'])} ${ends[1]}`
    }),
  )
  return roots.sort()
}

async function nameOf(id: EntityId | null): Promise<string> {
  const [row] = await test.db.read
    .select({ name: entity.name })
    .from(entity)
    .where(eq(entity.id, id as EntityId))
  return row?.name ?? '?'
}

function batch(of = owner): Batch {
  const { model } = test.embedder
  const at = test.clock.now()
  return {
    owner: of,
    id: newId<BatchId>(),
    actor: 'person',
    author: 'person',
    at,
    extractor: null,
    vectors: { model, of: () => null },
  }
}

async function act<Result>(
  work: (tx: Parameters<Parameters<TestLearning['db']['write']>[1]>[0], by: Batch) => Promise<Result>,
) {
  const by = batch()
  const result = await test.db.write('test.act', (tx) => work(tx, by))
  return { result, undo: () => test.learning.undo(owner, by.id) }
}

describe('people and things', () => {
  it('S11: a sales note makes the company and the person known, and their tie stands at both', async () => {
    await tell('Sales note: Acme Corp is a fintech in San Francisco with about 50 people, and Jane Smith is their CTO.')
    expect((await entities()).map(({ name, type }) => `${name} ${type}`).sort()).toEqual([
      'Acme Corp organization',
      'Jane Smith person',
      'San Francisco place',
    ])
    expect(await ties('Acme')).toContain('Jane Smith works_at Acme Corp')
    expect(await ties('Jane Smith')).toContain('Jane Smith works_at Acme Corp')
    expect(await ties('San Francisco')).toEqual(['Acme Corp located_in San Francisco'])
    const { items } = await test.learning.list(owner, { store: 'entity_memory', limit: 50 })
    expect(items.every(({ quote }) => quote?.includes('Acme Corp is a fintech'))).toBe(true)
  })

  it('keeps a sentence about somebody else once, and one about the person with their memories', async () => {
    await tell('Priya leads Quill. I met Priya in Lisbon.')
    const { items } = await test.learning.list(owner, { limit: 50 })
    const kept = items.map(({ store, text }) => `${store}: ${text}`)
    expect(kept.filter((line) => line.includes('leads Quill'))).toHaveLength(1)
    expect(kept.find((line) => line.includes('leads Quill'))).toMatch(/^entity_memory/)
    expect(kept.find((line) => line.includes('Lisbon'))).toMatch(/^user_memory/)
    const met = items.find(({ text }) => text.includes('Lisbon'))
    const [row] = await test.db.read
      .select()
      .from(memory)
      .where(eq(memory.id, met?.id as never))
    expect([await nameOf(row?.subjectId ?? null), await nameOf(row?.objectId ?? null)]).toEqual(['Priya', 'Lisbon'])
  })

  it('S19: ties at both ends, the newest first, an archived one off the list and back with news of it', async () => {
    test.model.answer(script({ Radar: 'project', Infra: 'project' }))
    await tell('Sarah designs Radar.')
    await tell('Tom Alvarez runs Infra.')
    await tell('Radar depends on Infra.')
    expect(await ties('Infra')).toEqual(['Radar depends_on Infra', 'Tom Alvarez leads Infra'])
    expect(await ties('Radar')).toEqual(['Radar depends_on Infra', 'Sarah works_on Radar'])
    const list = await directoryOf(test.db.read, owner)
    expect(
      list.entries
        .map(({ name }) => name)
        .slice(0, 2)
        .sort(),
    ).toEqual(['Infra', 'Radar'])

    const radar = await named('Radar')
    const { undo } = await act((tx, by) => archiveEntity(tx, by, radar.id, true))
    expect((await directoryOf(test.db.read, owner)).entries.map(({ name }) => name)).not.toContain('Radar')
    expect((await named('radar')).status).toBe('archived')
    await undo()
    expect((await named('Radar')).status).toBe('active')

    await act((tx, by) => archiveEntity(tx, by, radar.id, true))
    await tell('Radar is back, the board wants a demo in June.')
    expect((await named('Radar')).status).toBe('active')
    expect((await directoryOf(test.db.read, owner)).entries[0]?.name).toBe('Radar')
  })

  it('S34: moving off a project retires the tie at both ends, and what is said in confidence makes nobody known', async () => {
    test.model.answer(script({ Quill: 'project', Nimbus: 'project' }))
    await tell('Priya leads Quill.')
    expect(await ties('Quill')).toEqual(['Priya leads Quill'])
    await tell('Priya moved off Quill.')
    expect(await ties('Quill')).toEqual([])
    expect(await ties('Priya')).toEqual([])
    const [old] = await test.db.read
      .select()
      .from(memory)
      .where(and(eq(memory.owner, owner), eq(memory.status, 'superseded')))
    expect(old?.text).toContain('leads Quill')
    expect(old?.validTo).not.toBeNull()

    await tell('Nimbus will be sold next year, keep it between us.')
    expect((await entities()).map(({ name }) => name)).not.toContain('Nimbus')
    const { items } = await test.learning.list(owner, { limit: 50 })
    expect(items.find(({ text }) => text.includes('Nimbus'))?.store).toBe('user_memory')
  })

  it('S34: from one project to another, the new tie takes the place of the old one', async () => {
    test.model.answer(script({ Quill: 'project', Orchid: 'project' }))
    await tell('Priya leads Quill.')
    await tell('Priya moved from Quill to Orchid.')
    expect(await ties('Quill')).toEqual([])
    expect(await ties('Priya')).toEqual(['Priya works_on Orchid'])
    expect(await ties('Orchid')).toEqual(['Priya works_on Orchid'])
  })

  it('S47: a fixed project is late no more, who leads what is right at both ends, and undo brings the old state back', async () => {
    test.model.answer(script({ Atlas: 'project', Beacon: 'project', Compass: 'project' }))
    await tell('Dave leads Atlas.')
    await tell('Atlas is late by a month.')
    await tell('Eve leads Beacon.')
    await tell('Compass is short of people.')
    const { messageId } = await tell('Dave fixed Atlas by cutting scope.')
    const texts = async () => (await test.texts(owner)).filter((text) => text.includes('Atlas'))
    expect(await texts()).not.toContain('Atlas is late by a month.')
    expect(await ties('Atlas')).toEqual(['Dave leads Atlas'])
    await tell('Eve is on leave.')
    expect(await ties('Beacon')).toEqual(['Eve leads Beacon'])
    const eve = await knownOf(test.db.read, owner, (await named('Eve')).id, { limit: 10 })
    expect(eve.items.map(({ text }) => text)).toContain('Eve is on leave.')

    const turn = (await test.learning.turnsOf(owner, [messageId])).get(messageId)
    await test.learning.undo(owner, turn?.changes[0]?.batchId as BatchId)
    expect(await texts()).toContain('Atlas is late by a month.')
  })

  it('takes the entities a turn made away with it, and keeps those that are known otherwise', async () => {
    const { messageId } = await tell('Tamsin Okoro works at Castellan Insurance.')
    await tell('Castellan Insurance is in Bristol.')
    const turn = (await test.learning.turnsOf(owner, [messageId])).get(messageId)
    const { batchId } = await test.learning.undo(owner, turn?.changes[0]?.batchId as BatchId)
    const active = async () => (await entities()).filter(({ status }) => status === 'active').map(({ name }) => name)
    expect((await active()).sort()).toEqual(['Bristol', 'Castellan Insurance'])
    await test.learning.undo(owner, batchId)
    expect((await active()).sort()).toEqual(['Bristol', 'Castellan Insurance', 'Tamsin Okoro'])
  })

  it('knows everybody a statement names, and nobody a question or a request names', async () => {
    await tell('Yesterday I had lunch with Ana Brandt, Piet Lind and Odalys Reyes in Ghent.')
    expect((await entities()).map(({ name }) => name).sort()).toEqual([
      'Ana Brandt',
      'Ghent',
      'Odalys Reyes',
      'Piet Lind',
    ])
    await tell('I like rye bread. Who is Grace Hopper? Write a poem about Ada Lovelace.')
    expect(await entities()).toHaveLength(4)
  })

  it('N9: two people who name the same entity have one each, and no word crosses', async () => {
    const other = `${owner}-b`
    await tell('Acme Corp is our biggest client.')
    await tell('Acme Corp is bankrupt.', { owner: other })
    const [mine, theirs] = [await named('Acme'), await named('acme', other)]
    expect(mine.id).not.toBe(theirs.id)
    const known = await knownOf(test.db.read, owner, mine.id, { limit: 10 })
    expect(known.items.map(({ text }) => text).join()).not.toContain('bankrupt')
    expect((await knownOf(test.db.read, owner, theirs.id, { limit: 10 })).items).toEqual([])
    expect(await neighbours(test.db.read, owner, theirs.id)).toEqual([])
    await expect(act((tx, by) => mergeEntities(tx, by, theirs.id, mine.id))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('N5: nothing of somebody else reaches the model when a turn is learned from', async () => {
    await tell('Zebedee Thorne leads the Obsidian project.')
    const before = test.model.asked.length
    await tell('Zebedee is my neighbour.', { owner: `${owner}-b` })
    expect(JSON.stringify(test.model.asked.slice(before))).not.toMatch(/Obsidian|Thorne/)
    expect((await entities(`${owner}-b`)).map(({ name }) => name)).toEqual(['Zebedee'])
  })

  it('N21: one company by whatever legal form, and a near name is asked about with one click', async () => {
    await tell('Acme Corp is our client.')
    await tell('ACME Corporation pays late.')
    expect((await entities()).filter(({ type }) => type === 'organization')).toHaveLength(1)

    await tell('Acme Corp Holdings is their parent company.')
    const [question] = await test.db.read
      .select()
      .from(proposal)
      .where(and(eq(proposal.owner, owner), eq(proposal.action, 'merge')))
    expect(question?.reason).toBe('near-name')
    const { entities: pair } = (question as { after: { entities: { from: EntityId; into: EntityId } } }).after
    const { undo } = await act((tx, by) => mergeEntities(tx, by, pair.from, pair.into))
    expect((await entities()).filter(({ status }) => status === 'active').map(({ name }) => name)).toEqual([
      'Acme Corp',
    ])
    const merged = await knownOf(test.db.read, owner, (await named('Acme Corp')).id, { limit: 10 })
    expect(merged.items.map(({ text }) => text).join()).toMatch(/pays late.*|parent company/)
    expect((await named('Acme Corp Holdings')).name).toBe('Acme Corp')
    await undo()
    expect((await entities()).filter(({ status }) => status === 'active')).toHaveLength(2)
    expect((await named('Acme Corp Holdings')).name).toBe('Acme Corp Holdings')
  })

  it('N22: what only the answer said makes nobody known', async () => {
    await tell('Who should I ask about boats?', { answer: 'Otto Brandt leads the Seagrass project in Visby.' })
    expect(await entities()).toEqual([])
    expect(await test.texts(owner)).toEqual([])
  })
})

describe('names', () => {
  it('written down alone are nobody yet; with something said of them they are', async () => {
    await test.learning.add(owner, { store: 'user_memory', text: 'Walden' })
    expect(await entities()).toEqual([])
    await test.learning.add(owner, { store: 'user_memory', text: 'Ana Brandt likes rowing.' })
    expect((await entities()).map(({ name }) => name)).toEqual(['Ana Brandt'])
  })

  it('mean one entity by first, last and full name, and nobody where they could be two', async () => {
    await tell('Gera Vossen works at Tartine Foods.')
    await tell('Vossen lives in Ghent.')
    expect(await ties('Gera Vossen')).toEqual(['Gera Vossen lives_in Ghent', 'Gera Vossen works_at Tartine Foods'])
    await tell('Jan Vossen lives in Bruges.')
    const before = (await entities()).length
    await tell('Vossen likes sailing.')
    expect(await entities()).toHaveLength(before)
    expect((await entitiesNamed(test.db.read, owner, ['Vossen'])).map(({ entity: row }) => row.name).sort()).toEqual([
      'Gera Vossen',
      'Jan Vossen',
    ])
  })

  it('of two kinds stay apart and are asked about', async () => {
    await tell('Project Mercury is due in May.')
    await tell('My colleague Mercury is on leave.')
    expect((await entities()).map(({ name, type }) => `${name} ${type}`)).toEqual(['Mercury project', 'Mercury person'])
    const questions = await test.db.read.select().from(proposal).where(eq(proposal.owner, owner))
    expect(questions.map(({ reason }) => reason)).toEqual(['two-kinds'])
  })

  it('are known by their other names after a merge, a rename and an alias, and undo takes that back', async () => {
    await tell('Robert Johnson works at Stripe.')
    const { id, version } = await named('Robert Johnson')
    await act((tx, by) => addAlias(tx, by, id, 'Bob'))
    expect((await named('Bob')).id).toBe(id)
    await expect(act((tx, by) => renameEntity(tx, by, id, { version, name: 'Rob' }))).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    const { undo } = await act((tx, by) => renameEntity(tx, by, id, { version: version + 1, name: 'Rob Jones' }))
    expect([(await named('Rob Jones')).id, (await named('Robert Johnson')).id, (await named('Jones')).id]).toEqual([
      id,
      id,
      id,
    ])
    await undo()
    expect((await named('Robert Johnson')).name).toBe('Robert Johnson')
    expect(await entitiesNamed(test.db.read, owner, ['Rob Jones'])).toEqual([])
    expect((await named('Bob')).id).toBe(id)
  })

  it('part again: a split takes the named items, and its undo gives them back', async () => {
    await tell('Sam lives in Oslo.')
    await tell('Sam plays the cello.')
    const sam = await named('Sam')
    const known = await knownOf(test.db.read, owner, sam.id, { limit: 10 })
    const cello = known.items.find(({ text }) => text.includes('cello'))
    const { result, undo } = await act((tx, by) =>
      splitEntity(tx, by, sam.id, { name: 'Sam Reyes', type: 'person', memoryIds: cello ? [cello.id] : [] }),
    )
    const of = async (id: EntityId) =>
      (await knownOf(test.db.read, owner, id, { limit: 10 })).items.map(({ text }) => text)
    expect(await of(result.id)).toEqual(['Sam plays the cello.'])
    expect(await of(sam.id)).toEqual(['Sam lives in Oslo.'])
    await undo()
    expect(await of(sam.id)).toHaveLength(2)
    expect(
      (await entities())
        .filter(({ status }) => status === 'active')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['Oslo', 'Sam'])
  })

  it('merged through each other lead to one, and one of them can be taken out again', async () => {
    await tell('Kestrel Labs is a client.')
    await tell('Falcon Labs is a client.')
    await tell('Osprey Labs is a client.')
    const [kestrel, falcon, osprey] = [
      await named('Kestrel Labs'),
      await named('Falcon Labs'),
      await named('Osprey Labs'),
    ]
    await act((tx, by) => mergeEntities(tx, by, kestrel.id, falcon.id))
    await act((tx, by) => mergeEntities(tx, by, falcon.id, osprey.id))
    expect((await named('Kestrel Labs')).id).toBe(osprey.id)
    const known = async () => (await knownOf(test.db.read, owner, osprey.id, { limit: 10 })).items.length
    expect(await known()).toBe(3)
    await act((tx, by) => unmergeEntity(tx, by, kestrel.id))
    expect((await named('Kestrel Labs')).id).toBe(kestrel.id)
    expect(await known()).toBe(2)
    await expect(act((tx, by) => mergeEntities(tx, by, falcon.id, osprey.id))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })
})

describe('the graph', () => {
  it('is walked two steps at most, through what was merged', async () => {
    test.model.answer(script({ Halberd: 'project', Lantern: 'project' }))
    await tell('Ana Duarte leads Halberd.')
    await tell('Halberd depends on Lantern.')
    await tell('Lantern is funded by Nordlys Foundation.')
    const ana = await named('Ana Duarte')
    const names = async (depth: 1 | 2) =>
      (await neighbours(test.db.read, owner, ana.id, { depth })).map((one) => `${one.depth} ${one.entity.name}`)
    expect(await names(1)).toEqual(['1 Halberd'])
    expect(await names(2)).toEqual(['1 Halberd', '2 Lantern'])
  })

  it('of an entity with 10,000 facts is read in bounded pieces', async () => {
    await tell('Oakfield Council is a client.')
    const { id } = await named('Oakfield Council')
    const at = test.clock.now()
    await test.db.write('test.fill', async (tx) => {
      // One decision founds them all: the database wants a ground for every item.
      for (let part = 0; part < 10; part++) {
        await tx.insert(memory).values(
          Array.from({ length: 1000 }, (_, index) => ({
            id: newId<never>(),
            owner,
            store: 'entity_memory',
            kind: 'fact',
            subjectId: id,
            text: `Oakfield Council fact ${part * 1000 + index}`,
            status: 'proposed' as const,
            author: 'test',
            createdAt: at,
            updatedAt: new Date(at.getTime() + part * 1000 + index),
          })),
        )
      }
    })
    const { rows } = await test.db.read.execute<{ 'QUERY PLAN': string }>(
      `explain select * from memory where subject_id = '${id}' and owner = '${owner}' and status = 'proposed' order by updated_at desc, id desc limit 21`,
    )
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan).toContain('memory_by_subject')
    const known = await knownOf(test.db.read, owner, id, { limit: 20, statuses: ['proposed'] })
    expect(known.items[0]?.text).toBe('Oakfield Council fact 9999')
    expect(known.items).toHaveLength(20)
    expect(known.more).toBe(true)
  })

  it('leaves a journal entry of every change, under the one batch of the act', async () => {
    await tell('Mei-Ling Zhou works at Silverthread Studio.')
    const rows = await test.db.read.select().from(journal).where(eq(journal.owner, owner))
    expect(new Set(rows.map(({ batchId }) => batchId)).size).toBe(1)
    expect(rows.filter(({ target }) => target === 'entity').map(({ action }) => action)).toEqual(['add', 'add'])
  })
})
