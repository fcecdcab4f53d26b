// Several people in one database: what is private stays so in every read, and what is shared reaches whom it is for.
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConversationId, type MemoryId, newId } from '../../../shared/ids.ts'
import { entity, evidence, memory } from '../../database/schema.ts'
import { openTestLearning, type TestLearning } from '../testing.ts'

const TEAM = 'team:harbour'
let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning()
})
afterAll(() => test.close())

let pairs = 0
/** Two people of one team; each pair has its own team. */
async function twoPeople() {
  const number = ++pairs
  const [alice, ben, team] = [`alice-${number}`, `ben-${number}`, `${TEAM}-${number}`]
  await test.learning.teams.join(alice, team, 'Alice')
  await test.learning.teams.join(ben, team, 'Ben')
  return { alice, ben, team }
}

async function known(owner: string, words: string): Promise<MemoryId> {
  const { items } = await test.learning.list(owner, { limit: 200 })
  const found = items.find(({ text }) => text.includes(words))
  if (!found) throw new Error(`Nothing known of "${words}": ${items.map(({ text }) => text).join(' | ')}`)
  return found.id
}

const linesOf = async (owner: string, text: string, more: { conversationId?: ConversationId } = {}) => {
  const { core, recalled } = await test.context(text, { owner, ...more })
  return [...(core?.items ?? []), ...(recalled?.items ?? [])].map(({ line }) => line)
}

describe('what is private', () => {
  it('N6: is in no prompt and no search of somebody else, however close the question', async () => {
    const { alice, ben } = await twoPeople()
    await test.tell('My dentist in Narvik is Doctor Lindqvist.', { owner: alice })
    expect((await linesOf(alice, 'Who is my dentist in Narvik?')).join()).toContain('Lindqvist')
    expect(await linesOf(ben, 'Who is my dentist in Narvik?')).toEqual([])
    expect(await test.learning.search(ben, 'dentist in Narvik Lindqvist', 20)).toEqual([])
    const { items } = await test.learning.list(ben, { query: 'Lindqvist' })
    expect(items).toEqual([])
  })

  it('N5: takes no part when somebody else says the same: no comparison, no model call holds it', async () => {
    const { alice, ben } = await twoPeople()
    await test.tell('I keep the spare key of the boathouse under the third plank.', { owner: alice })
    const before = await test.learning.get(alice, await known(alice, 'boathouse'))
    test.model.asked.length = 0
    await test.tell('I keep the spare key of the boathouse under the third plank.', { owner: ben })
    const after = await test.learning.get(alice, await known(alice, 'boathouse'))
    expect(after.memory).toEqual(before.memory)
    expect(after.evidence).toEqual(before.evidence)
    expect(await known(ben, 'boathouse')).not.toBe(before.memory.id)
    await test.tell('My sister Ragna has a boathouse too.', { owner: ben })
    expect(JSON.stringify(test.model.asked)).not.toContain('third plank')
  })

  it('can be neither read, changed nor forgotten by its id', async () => {
    const { alice, ben } = await twoPeople()
    await test.tell('I row every Tuesday with the Selje club.', { owner: alice })
    const id = await known(alice, 'Selje')
    await expect(test.learning.get(ben, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(test.learning.edit(ben, { id, version: 1, text: 'Mine now.' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(test.learning.pin(ben, id, true)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(test.learning.share(ben, { id, namespace: 'global' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await test.learning.get(alice, id)).memory.text).toContain('Selje')
  })

  it('N9: two people who name the same person have two entities, and no word of one reaches the other', async () => {
    const { alice, ben } = await twoPeople()
    await test.tell('Torunn Vik is my landlady and she plays the harp.', { owner: alice })
    await test.tell('Torunn Vik leads the audit at Fjordbank.', { owner: ben })
    const [hers] = (await test.learning.entities.list(alice, { query: 'Torunn' })).items
    const [his] = (await test.learning.entities.list(ben, { query: 'Torunn' })).items
    expect(hers?.id).toBeDefined()
    expect(his?.id).toBeDefined()
    expect(hers?.id).not.toBe(his?.id)
    expect((await linesOf(ben, 'What do I know about Torunn Vik?')).join()).not.toContain('harp')
    expect((await linesOf(alice, 'What do I know about Torunn Vik?')).join()).not.toContain('audit')
  })
})

describe('what is shared with a team', () => {
  it('S10: reaches a member unprompted, with the name of who shared it, and no one else', async () => {
    const { alice, ben, team } = await twoPeople()
    await test.tell('I learned that egress costs differ tenfold between cloud providers.', { owner: alice })
    const id = await known(alice, 'egress')
    const preview = await test.learning.sharePreview(alice, { id, namespace: team })
    expect(preview.text).not.toMatch(/the user/i)
    expect((await linesOf(ben, 'Which cloud provider has low egress costs?')).join()).toBe('')
    await test.learning.share(alice, { id, namespace: team })
    await test.learning.idle()
    const lines = await linesOf(ben, 'Which cloud provider has low egress costs?')
    expect(lines.join('\n')).toMatch(/egress costs differ tenfold.*shared by Alice/)
    expect(await linesOf('stranger', 'Which cloud provider has low egress costs?')).toEqual([])
    // Small talk is not decorated with it.
    expect(await linesOf(ben, 'Good morning!')).toEqual([])
  })

  it('is a copy that leads back to nothing private, and its undo takes it away again', async () => {
    const { alice, ben, team } = await twoPeople()
    await test.tell('Sigrid Aune runs the crane at Pier Nine.', { owner: alice })
    const id = await known(alice, 'crane')
    const { memory: copy, batchId } = await test.learning.share(alice, { id, namespace: team })
    expect(copy.id).not.toBe(id)
    const [row] = await test.db.read.select().from(memory).where(eq(memory.id, copy.id))
    expect(row).toMatchObject({ namespace: team, conversationId: null, projectId: null })
    const sources = await test.db.read.select().from(evidence).where(eq(evidence.memoryId, copy.id))
    expect(sources).toMatchObject([{ origin: 'hand', conversationId: null, messageId: null, documentId: null }])
    if (row?.subjectId) {
      const [of] = await test.db.read.select().from(entity).where(eq(entity.id, row.subjectId))
      expect(of?.namespace).toBe(team)
    }
    expect((await linesOf(ben, 'Who runs the crane at Pier Nine?')).join()).toContain('Sigrid Aune')
    await test.learning.undo(alice, batchId)
    expect(await linesOf(ben, 'Who runs the crane at Pier Nine?')).toEqual([])
    expect((await linesOf(alice, 'Who runs the crane at Pier Nine?')).join()).toContain('Sigrid Aune')
  })

  it('is gone from the prompts of who leaves the team', async () => {
    const { alice, ben, team } = await twoPeople()
    await test.tell('I learned that the ferry to Utsira is full in July.', { owner: alice })
    await test.learning.share(alice, { id: await known(alice, 'Utsira'), namespace: team })
    expect((await linesOf(ben, 'Is the ferry to Utsira full?')).join()).toContain('Utsira')
    await test.learning.teams.leave(ben, team)
    expect(await linesOf(ben, 'Is the ferry to Utsira full?')).toEqual([])
  })

  it('can be changed by nobody but who shared it', async () => {
    const { alice, ben, team } = await twoPeople()
    await test.tell('I learned that the printer on deck two eats labels.', { owner: alice })
    const { memory: copy } = await test.learning.share(alice, { id: await known(alice, 'printer'), namespace: team })
    await expect(
      test.learning.edit(ben, { id: copy.id, version: copy.version, text: 'It works well.' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(test.learning.forget(ben, [copy.id])).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await linesOf(ben, 'Does the printer on deck two work?')).join()).toContain('eats labels')
  })

  it('is refused for a team one is not in, twice, for a secret, and for what stays on this computer', async () => {
    const { alice, team } = await twoPeople()
    await test.tell('I learned that the east gate opens at six.', { owner: alice })
    const id = await known(alice, 'east gate')
    await expect(test.learning.share(alice, { id, namespace: 'team:elsewhere' })).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
    })
    await expect(
      test.learning.share(alice, { id, namespace: team, text: 'The gate password is hunter2-Xk99!' }),
    ).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    await test.learning.share(alice, { id, namespace: team })
    await expect(test.learning.share(alice, { id, namespace: team })).rejects.toMatchObject({ code: 'CONFLICT' })
    await test.tell('I learned that the west gate opens at seven.', { owner: alice })
    const kept = await known(alice, 'west gate')
    await test.db.write('pin here', (tx) => tx.update(memory).set({ localOnly: true }).where(eq(memory.id, kept)))
    await expect(test.learning.share(alice, { id: kept, namespace: team })).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
    })
  })
})

it('what everyone on this machine shares is seen by all of them', async () => {
  const { alice } = await twoPeople()
  await test.tell('I learned that the backup runs at half past two at night.', { owner: alice })
  await test.learning.share(alice, { id: await known(alice, 'backup'), namespace: 'global' })
  expect((await linesOf('anybody', 'When does the backup run at night?')).join()).toContain('half past two')
})

it('an item narrowed to one conversation is recalled there and nowhere else', async () => {
  const { alice } = await twoPeople()
  await test.tell('I learned that the loom needs oil every week.', { owner: alice })
  const id = await known(alice, 'loom')
  const here = newId<ConversationId>()
  await test.db.write('narrow', (tx) =>
    tx
      .update(memory)
      .set({ conversationId: here })
      .where(and(eq(memory.id, id), eq(memory.owner, alice))),
  )
  const inConversation = await linesOf(alice, 'How often does the loom need oil?', { conversationId: here })
  expect(inConversation.join()).toContain('loom needs oil')
  const elsewhere = await test.context('How often does the loom need oil?', { owner: alice })
  expect(elsewhere.used.some(({ memoryId }) => memoryId === id)).toBe(false)
})
