// Scenarios of the guide that need documents, stores of one's own or a team, on a real database with a scripted model.
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { type ConversationId, newId } from '../../../shared/ids.ts'
import { embedding, memory } from '../../database/schema.ts'
import { defineStore } from '../define-store.ts'
import { UNDO_MS } from '../forgetting/undo-time.ts'
import { BUILT_IN_STORES } from '../machine.ts'
import { itemsOf } from '../stores/items.ts'
import { saidIn } from '../stores/said.ts'
import { openTestLearning, type TestLearning } from '../testing.ts'

/** S37: filled by code; blockers it hears of become items. */
const sprint = { processed: 0 }
const sprintStore = defineStore({
  id: 'sprint_notes',
  title: 'Sprint',
  schema: z.strictObject({}),
  policy: { compareBy: 'own' },
  learn: {
    labels: {},
    found: () => null,
    turn: ({ turn, own }) => {
      sprint.processed += 1
      return own
        .filter(({ text }) => /^we(?:['’]re| are) blocked by\b/iu.test(text))
        .map((sentence) => ({
          item: { kind: 'blocker', text: sentence.text, content: {} },
          evidence: [saidIn(turn, sentence)],
          whole: true,
        }))
    },
  },
  recall: async ({ owner, text }, db) =>
    /\bproject\b/iu.test(text) ? itemsOf(db, { owner, store: 'sprint_notes', kinds: ['note'], limit: 5 }) : null,
})

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({ stores: [...BUILT_IN_STORES, sprintStore] })
})
afterAll(() => test.close())

let people = 0
let me = ''
beforeEach(() => {
  me = `actor-${++people}`
  test.settings.learnByItself = true
})
async function prompt(text: string, owner = me, budgetTokens = 400): Promise<string> {
  const { core, recalled } = await test.context(text, { owner, budgetTokens })
  return [core?.text, recalled?.text].filter(Boolean).join('\n')
}

it('S31: course text that was imported and what was told are found together, and told apart', async () => {
  await test.tell('I prefer conversation to drills when I learn Spanish.', { owner: me })
  await test.learning.documents.add(me, {
    name: 'course.txt',
    text: 'Lesson seven, asking for directions in Spanish: "¿Cómo llego a la estación?" Turn left is "gira a la izquierda".',
  })
  await test.learning.idle()
  const { recalled, used } = await test.context('How do I practise asking for directions in Spanish?', {
    owner: me,
    budgetTokens: 600,
  })
  expect(recalled?.text).toContain('conversation to drills')
  expect(recalled?.text).toMatch(/Document 'course\.txt', not the user's words: .*directions/)
  expect(used.some(({ memoryId }) => memoryId !== null)).toBe(true)
  expect(used.some(({ passageId }) => passageId !== null)).toBe(true)
})

it('S37: a store filled by code stands in the prompt, hears every turn, and keeps what it found', async () => {
  await test.learning.add(me, {
    store: 'sprint_notes',
    text: 'The current project is Seagrass, in Elixir and Postgres.',
  })
  expect(await prompt('Which project am I on?')).toContain('The current project is Seagrass, in Elixir and Postgres.')
  const before = sprint.processed
  await test.tell('We are blocked by the licence of the map tiles.', { owner: me })
  expect(sprint.processed).toBe(before + 1)
  const { items } = await test.learning.list(me, { store: 'sprint_notes' })
  expect(items.map(({ text }) => text)).toContain('We are blocked by the licence of the map tiles.')
})

it('S59: a goal of the team reaches a question that shares no word with it, with its author; other people’s prompts not', async () => {
  const ben = `${me}-ben`
  await test.learning.teams.join(me, 'team:wharf', 'Alice')
  await test.learning.teams.join(ben, 'team:wharf', 'Ben')
  await test.tell('Our goal is to cut egress costs.', { owner: me })
  const open = (await test.learning.proposals.list(me, {})).items
  for (const { id } of open) await test.learning.proposals.accept(me, id)
  const goal = (await test.learning.list(me, { store: 'learned_knowledge' })).items[0]
  if (!goal) throw new Error('no goal was kept')
  if (goal.namespace === 'user') await test.learning.share(me, { id: goal.id, namespace: 'team:wharf' })
  await test.learning.idle()
  expect(await prompt('Datadog or Grafana?', ben)).toMatch(/egress costs.*shared by Alice/i)
  expect(await prompt('Datadog or Grafana?', 'stranger')).not.toContain('egress')
})

it('N3: a lesson that is deleted is gone from list, search and prompt; undo brings it back; purged, its vector is gone too', async () => {
  await test.tell('Lesson learned: every lighthouse needs a spare bulb.', { owner: me })
  const [lesson] = (await test.learning.list(me, { store: 'learned_knowledge' })).items
  if (!lesson) throw new Error('no lesson was kept')
  const question = 'What does every lighthouse need?'
  expect(await prompt(question)).toContain('spare bulb')

  const gone = async () => {
    expect((await test.learning.list(me, { store: 'learned_knowledge' })).items).toEqual([])
    expect(
      (await test.learning.search(me, 'lighthouse spare bulb', 10)).filter(({ kind }) => kind === 'memory'),
    ).toEqual([])
    const conversationId = newId<ConversationId>()
    expect((await test.context(question, { owner: me, conversationId })).used.some(({ memoryId }) => memoryId)).toBe(
      false,
    )
  }
  const { batchId } = await test.learning.forget(me, [lesson.id])
  await gone()
  await test.learning.undo(me, batchId)
  expect(await prompt(question)).toContain('spare bulb')

  await test.learning.forget(me, [lesson.id])
  test.clock.advance(UNDO_MS + 1000)
  test.jobs.wake()
  await test.learning.idle()
  await gone()
  expect(await test.db.read.select().from(memory).where(eq(memory.id, lesson.id))).toEqual([])
  expect(await test.db.read.select().from(embedding).where(eq(embedding.targetId, lesson.id))).toEqual([])
})
