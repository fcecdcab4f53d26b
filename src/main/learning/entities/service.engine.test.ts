import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type EntityId, type EvidenceId, type MemoryId, newId, type ProposalId } from '../../../shared/ids.ts'
import { entity, evidence, memory } from '../../database/schema.ts'
import { OWNER, openTestLearning, type TestLearning } from '../testing.ts'

let test: TestLearning
let owner = OWNER
beforeAll(async () => {
  test = await openTestLearning()
})
afterAll(() => test.close())
beforeEach(() => {
  owner = `person-${newId<EntityId>()}`
})

const tell = (text: string) => test.tell(text, { owner })
const listed = async (query = '') => (await test.learning.entities.list(owner, { query })).items.map(({ name }) => name)

async function idOf(name: string): Promise<EntityId> {
  const { items } = await test.learning.entities.list(owner, { query: name })
  const [item] = items
  if (!item) throw new Error(`nobody is called ${name}`)
  return item.id
}

describe('people and things through the contract', () => {
  it('are listed page by page, the latest mentioned first, and searched with those put away', async () => {
    await tell('Ana Brandt works at Castellan Insurance.')
    await tell('Piet Lind works at Nordlys Foundation.')
    const first = await test.learning.entities.list(owner, { limit: 3 })
    expect(first.total).toBe(4)
    const second = await test.learning.entities.list(owner, { limit: 3, cursor: first.nextCursor })
    expect(second.nextCursor).toBeNull()
    const names = [...first.items, ...second.items].map(({ name }) => name)
    expect(names.slice(0, 2).sort()).toEqual(['Nordlys Foundation', 'Piet Lind'])
    expect(new Set(names).size).toBe(4)

    await test.learning.entities.archive(owner, await idOf('Piet'), true)
    expect(await listed()).not.toContain('Piet Lind')
    expect(await listed('piet')).toEqual(['Piet Lind'])
  })

  it('are found by a name or an alias where that means one person', async () => {
    await tell('Ana Brandt works at Castellan Insurance.')
    await test.learning.entities.addName(owner, await idOf('Ana'), 'Annie')
    const named = async (name: string) => (await test.learning.entities.personNamed(owner, name)).person?.name ?? null
    expect(await named('ana brandt')).toBe('Ana Brandt')
    expect(await named('Annie')).toBe('Ana Brandt')
    expect(await named('Ana')).toBe('Ana Brandt')
    expect(await named('Castellan Insurance')).toBeNull()
    await tell('Ana Kowalski works at Nordlys Foundation.')
    expect(await named('Ana')).toBeNull()
  })

  it('show what is known of one at both ends of a tie, and who is two steps away', async () => {
    await tell('Ana Brandt works at Castellan Insurance.')
    await tell('Castellan Insurance is based in Bristol.')
    await tell('Ana Brandt likes rowing.')
    const ana = await test.learning.entities.get(owner, await idOf('Ana'))
    expect(ana.ties.map(({ relation, other, outward }) => [relation, other?.name, outward])).toEqual([
      ['works_at', 'Castellan Insurance', true],
    ])
    expect(ana.known.map(({ text }) => text)).toEqual(['Ana Brandt likes rowing.'])
    expect(ana.neighbours.map(({ entity, steps }) => [entity.name, steps])).toEqual([
      ['Castellan Insurance', 1],
      ['Bristol', 2],
    ])
    const company = await test.learning.entities.get(owner, await idOf('Castellan'))
    expect(company.ties.map(({ other, outward }) => [other?.name, outward]).sort()).toEqual([
      ['Ana Brandt', false],
      ['Bristol', true],
    ])
    expect(ana.count).toBe(2)
    const { items, types } = await test.learning.entities.list(owner, {})
    expect(items.map(({ name, known }) => [name, known]).sort()).toEqual([
      ['Ana Brandt', 2],
      ['Bristol', 1],
      ['Castellan Insurance', 2],
    ])
    expect(types).toEqual({ person: 1, organization: 1, place: 1 })
  })

  it('are merged and parted, renamed and undone', async () => {
    await tell('Halyard Labs is a client.')
    await tell('Halliard Labs pays late.')
    const [from, into] = [await idOf('Halliard'), await idOf('Halyard')]
    const { batchId, entity: both } = await test.learning.entities.merge(owner, { from, into })
    expect(both.aliases).toEqual(['Halliard Labs'])
    expect(await listed()).toEqual(['Halyard Labs'])
    expect((await test.learning.entities.get(owner, into)).merged).toEqual([{ id: from, name: 'Halliard Labs' }])
    expect((await test.learning.undo(owner, batchId)).count).toBeGreaterThan(0)
    expect((await listed()).sort()).toEqual(['Halliard Labs', 'Halyard Labs'])

    const renamed = await test.learning.entities.rename(owner, { id: into, version: 1, name: 'Halyard Works' })
    expect(renamed.entity).toMatchObject({ name: 'Halyard Works', aliases: ['Halyard Labs'] })
    await expect(
      test.learning.entities.rename(owner, { id: into, version: 1, name: 'Something' }),
    ).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('keep what was known before, apart from what holds', async () => {
    await tell('Ana Brandt lives in Bristol.')
    await tell('Ana Brandt moved to Lisbon.')
    const ana = await test.learning.entities.get(owner, await idOf('Ana'))
    expect([...ana.ties.map(({ memory }) => memory), ...ana.known].map(({ text }) => text).join()).toContain('Lisbon')
    expect(ana.past.map(({ text }) => text).join()).toContain('Bristol')
  })

  it('go by names that can be given, taken away and brought back', async () => {
    await tell('Gera Vossen lives in Ghent.')
    const id = await idOf('Gera')
    await test.learning.entities.addName(owner, id, 'Aunt Gé')
    expect(await listed('aunt')).toEqual(['Gera Vossen'])
    await expect(test.learning.entities.removeName(owner, id, 'Somebody')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    const { entity: left, batchId } = await test.learning.entities.removeName(owner, id, 'aunt gé')
    expect(left.aliases).toEqual([])
    expect(await listed('aunt')).toEqual([])
    await test.learning.undo(owner, batchId)
    expect(await listed('aunt')).toEqual(['Gera Vossen'])
  })

  describe('drawn', () => {
    it('with the ties between them, only what holds, and by kind', async () => {
      await tell('Ana Brandt works at Castellan Insurance.')
      await tell('Castellan Insurance is based in Bristol.')
      await tell('Ana Brandt lives in Bristol.')
      const id = await idOf('Ana')
      const graph = await test.learning.entities.graph(owner, id, null)
      expect(graph.nodes.map(({ entity, steps }) => [entity.name, steps])).toEqual([
        ['Ana Brandt', 0],
        ['Bristol', 1],
        ['Castellan Insurance', 1],
      ])
      expect(graph.total).toBe(2)
      const names = new Map(graph.nodes.map(({ entity }) => [entity.id, entity.name]))
      const edges = graph.edges.map(({ from, to, relation }) => [names.get(from), relation, names.get(to)].join(' '))
      expect(edges.sort()).toEqual([
        'Ana Brandt lives_in Bristol',
        'Ana Brandt works_at Castellan Insurance',
        'Castellan Insurance located_in Bristol',
      ])
      const places = await test.learning.entities.graph(owner, id, ['place'])
      expect(places.nodes.map(({ entity }) => entity.name)).toEqual(['Ana Brandt', 'Bristol'])

      const tie = graph.edges.find(({ relation }) => relation === 'lives_in')
      await test.learning.forget(owner, { ids: [tie?.memoryId as MemoryId], mode: 'learned', keep: [], also: [] })
      const after = await test.learning.entities.graph(owner, id, null)
      expect(after.nodes.map(({ entity, steps }) => [entity.name, steps])).toEqual([
        ['Ana Brandt', 0],
        ['Castellan Insurance', 1],
        ['Bristol', 2],
      ])
    })

    it('at most sixty of them, hubs folded, and the rest counted', async () => {
      const [hub, ...near] = Array.from({ length: 101 }, () => newId<EntityId>())
      const far = Array.from({ length: 50 }, () => newId<EntityId>())
      const at = new Date()
      const named = (id: EntityId, name: string) => ({
        ...{ id, owner, name, folded: name.toLowerCase(), type: 'person' },
        ...{ createdAt: at, updatedAt: at, mentionedAt: at },
      })
      const tie = (subjectId: EntityId, objectId: EntityId, later: number) => ({
        ...{
          id: newId<MemoryId>(),
          owner,
          store: 'entity_memory',
          kind: 'relationship',
          text: 'They know each other.',
        },
        ...{ subjectId, objectId, status: 'active' as const, author: 'person' },
        ...{ createdAt: at, updatedAt: new Date(at.getTime() + later), data: { relation: 'knows' } },
      })
      await test.db.write('test.world', async (tx) => {
        await tx
          .insert(entity)
          .values([
            named(hub as EntityId, 'Hub'),
            ...near.map((id, index) => named(id, `Near ${index}`)),
            ...far.map((id, index) => named(id, `Far ${index}`)),
          ])
        // The first is told of again and again: it is the newest, and a hub of its own.
        const ties = [
          ...near.map((id, index) => tie(hub as EntityId, id, 1000 - index)),
          ...far.map((id, index) => tie(near[0] as EntityId, id, -index)),
        ]
        await tx.insert(memory).values(ties)
        await tx.insert(evidence).values(
          ties.map(({ id, text }) => ({
            ...{ id: newId<EvidenceId>(), owner, memoryId: id, origin: 'hand' as const, quote: text, at },
          })),
        )
      })
      const graph = await test.learning.entities.graph(owner, hub as EntityId, null)
      const names = graph.nodes.map(({ entity: { name } }) => name)
      expect(names.length).toBeLessThanOrEqual(60)
      expect(names.slice(0, 3)).toEqual(['Hub', 'Near 0', 'Near 1'])
      expect(names.filter((name) => name.startsWith('Far'))).toHaveLength(6)
      expect(graph.total).toBe(150)
      expect(graph.nodes.map(({ hidden }) => hidden).slice(0, 3)).toEqual([60, 44, 0])
    })
  })

  it('an ambiguous name forgets nothing and lists who could be meant; one that means one forgets it', async () => {
    await tell('Gera Vossen lives in Ghent.')
    await tell('Jan Vossen lives in Bruges.')
    const asked = await test.learning.entities.forget(owner, { name: 'Vossen' })
    expect(asked.batchId).toBeNull()
    expect(asked.candidates.map(({ name }) => name).sort()).toEqual(['Gera Vossen', 'Jan Vossen'])
    expect(await listed('Vossen')).toHaveLength(2)

    const { batchId, candidates } = await test.learning.entities.forget(owner, { name: 'Gera Vossen' })
    expect(candidates).toEqual([])
    expect(await listed('Vossen')).toEqual(['Jan Vossen'])
    expect((await test.texts(owner)).join()).not.toContain('Gera')
    await test.learning.undo(owner, batchId as never)
    expect(await listed('Gera')).toEqual(['Gera Vossen'])
    await expect(test.learning.entities.forget(owner, { name: 'Nobody Known' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('a near name waits in the inbox as one click, which undo takes back; a no is remembered', async () => {
    await tell('Halyard Labs is a client.')
    await tell('Halliard Labs pays late.')
    const inbox = async () => (await test.learning.proposals.list(owner, {})).items
    const [question] = await inbox()
    expect(question).toMatchObject({ action: 'merge', store: 'entity_memory', stale: false, memoryId: null })
    expect(question?.after).toBe('Halyard Labs (organization) and Halliard Labs (organization) are the same.')
    const { batchId } = await test.learning.proposals.accept(owner, question?.id as ProposalId)
    expect(await listed()).toEqual(['Halyard Labs'])
    expect(await inbox()).toEqual([])
    await test.learning.undo(owner, batchId)
    expect(await listed()).toHaveLength(2)
    const [again] = await inbox()
    await test.learning.proposals.decline(owner, again?.id as ProposalId, false)
    expect(await inbox()).toEqual([])
    expect(await listed()).toHaveLength(2)
  })
})
