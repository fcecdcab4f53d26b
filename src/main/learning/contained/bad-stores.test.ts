// Stores whose code throws, hangs or answers with rubbish, beside those that work: reported, left out, nothing else stops.
import { and, eq, ne } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { MemoryId } from '../../../shared/ids.ts'
import type { Log } from '../../app/log.ts'
import { job, memory } from '../../database/schema.ts'
import { defineStore } from '../define-store.ts'
import { BUILT_IN_STORES } from '../machine.ts'
import type { CaptureSpec, Found, LearningStore, WholeTurn } from '../protocol.ts'
import { saidIn } from '../stores/said.ts'
import { finishedTurn, openTestLearning, sentencesOf, type TestLearning, withoutVectors } from '../testing.ts'
import { containStore } from './contain.ts'

/** What the code of the store does, whatever it is asked; null: what it should. */
let act: (() => unknown) | null = null
const calls: Record<string, number> = {}
// biome-ignore lint/suspicious/noExplicitAny: it answers with what no type allows
const bad = (name: string, good: (...given: any[]) => unknown) =>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  ((...given: any[]) => {
    calls[name] = (calls[name] ?? 0) + 1
    return act ? act() : good(...given)
    // biome-ignore lint/suspicious/noExplicitAny: as above
  }) as any

const noted = ({ turn, own }: WholeTurn): Found[] =>
  own
    .filter(({ text }) => text.startsWith('Note'))
    .map((sentence) => ({
      item: { kind: 'note', text: sentence.text, content: {} },
      evidence: [saidIn(turn, sentence)],
    }))
const add: LearningStore['process'] = (_, { item, evidence }) => [{ action: 'add', item, evidence }]
const capture: CaptureSpec & Pick<LearningStore, 'process' | 'relate'> = {
  labels: { memo: { when: 'a memo', example: 'Memo: tea.' } },
  read: bad('read', () => ({ items: [], whole: false })),
  known: bad('known', async () => []),
  turn: bad('turn', noted),
  found: bad('found', () => null),
  combined: bad('combined', () => []),
  mentions: bad('mentions', () => []),
  reaction: bad('reaction', () => []),
  part: {
    key: 'memo',
    instruction: 'memo: nothing.',
    example: [],
    schema: bad('schema', () => null),
    maxTokens: bad('maxTokens', () => 4),
  },
  relate: bad('relate', () => 'both'),
  process: bad('process', add),
}
const broken = defineStore({
  id: 'broken',
  title: 'Broken',
  schema: z.strictObject({}),
  policy: { compareBy: 'own' },
  learn: capture,
  recall: bad('recall', async () => null),
  render: bad('render', (items: { id: string; version: number; text: string }[]) => ({
    lines: items.map(({ id, version, text }) => ({ id, version, line: `Well: ${text}` })),
    leftOut: 0,
  })),
  credit: bad('credit', () => null),
  curate: bad('curate', async () => []),
  fromHand: bad('fromHand', (text: string) => ({ kind: 'note', text, content: {} })),
})

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({
    stores: [broken, ...BUILT_IN_STORES],
    embedder: withoutVectors,
    patience: { recallMs: 500, learnMs: 500 },
  })
})
afterAll(() => test.close())

let owner = ''
let people = 0
beforeEach(async () => {
  // Other ways to fail are told of too, so each test has a machine of its own.
  act = null
  await test.restart()
  owner = `patient-${people++}`
  test.settings.learnByItself = true
  test.model.answer((request) => sentencesOf(request).map((_, index) => ({ n: index + 1, label: 'fact' })))
})
const tell = (text: string) => test.tell(text, { owner })
const prompt = async (text: string) => {
  const { core, recalled } = await test.context(text, { owner, budgetTokens: 400 })
  return [core?.text, recalled?.text].filter(Boolean).join('\n')
}
const rowsOf = (store: string) =>
  test.db.read
    .select()
    .from(memory)
    .where(and(eq(memory.owner, owner), eq(memory.store, store)))
const unfinished = () =>
  test.db.read
    .select()
    .from(job)
    .where(and(eq(job.owner, owner), eq(job.kind, 'learn'), ne(job.status, 'done')))

const RUBBISH: [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a number', 4711],
  ['a text', 'rubbish'],
  ['an empty object', {}],
  ['a list of nothing', [null, undefined, 3, 'x', {}]],
  ['a promise', Promise.resolve([{}])],
  ['finds without a source', [{ item: { kind: 'note', text: 'Rubbish', content: {} }, evidence: [] }]],
  ['items of another form', [{ item: { kind: 'note', text: 'Rubbish', content: { odd: 1 } }, evidence: [] }]],
  [
    'changes of what it never saw',
    [{ action: 'retire', id: '01990000-0000-7000-8000-000000000001', base: 1, reason: '', evidence: [] }],
  ],
  ['lines that are none', { lines: [{ id: 7, line: {} }], leftOut: 'x' }],
]

const throwing = () => {
  throw new Error('a bug beside the words Zanzibar')
}
/** One kind of rubbish after another. */
const mixed = () => {
  let next = 0
  return () => RUBBISH[next++ % RUBBISH.length]?.[1]
}

describe('a contained store', () => {
  const at = new Date('2026-03-03T10:00:00Z')
  const item = {
    id: '01990000-0000-7000-8000-000000000002' as MemoryId,
    version: 1,
    kind: 'note',
    text: 'The tea is green.',
    content: {},
    pinned: false,
    confidence: 1,
    validFrom: null,
    updatedAt: at,
    subjectId: null,
    objectId: null,
  }
  const turn = finishedTurn('Note: the tea is green.')
  const found: Found = { item, evidence: [{ origin: 'user', quote: turn.userText, messageId: turn.messageId, at }] }
  const ways: [string, () => unknown][] = [
    ['throws', throwing],
    ['rejects', () => Promise.reject(new Error('a bug'))],
    ...RUBBISH.map(([name, value]): [string, () => unknown] => [`answers ${name}`, () => value]),
  ]

  it.each(ways)('whose code %s answers as if it had nothing to say, and is told of', async (_, way) => {
    const error = vi.fn()
    const store = containStore(broken, { ...test.log, error } as unknown as Log)
    act = way
    // Where it was asked for no promise, what it rejects with is nobody's to handle.
    const quiet = () => {}
    process.on('unhandledRejection', quiet)
    const input = { sentences: [], own: [], turn }
    const read = { owner, conversationId: turn.conversationId, text: '', recent: [], now: at, timeZone: 'UTC' }
    const { capture: learn } = store
    expect(store.process(turn, found, [{ ...item, relation: 'both' }])).toEqual([])
    expect(store.render([item], { tokens: 100, count: () => 1 }).lines).toEqual([
      { id: item.id, version: 1, line: 'The tea is green.' },
    ])
    expect(store.relate?.(item, item)).toBeNull()
    expect(store.credit?.(item, true)).toBeNull()
    expect(store.fromHand('Black tea.', item, { at: turn.at, timeZone: 'UTC' })).toMatchObject({
      kind: 'note',
      text: 'Black tea.',
      content: {},
    })
    expect(() => store.fromHand('Black tea.', null, { at: turn.at, timeZone: 'UTC' })).toThrow(/Nothing was saved/u)
    expect(learn?.read?.('Tea.', turn)).toEqual({ items: [], whole: false })
    expect(learn?.turn?.({ turn, own: [], known: [], teams: [] })).toEqual([])
    expect(learn?.found({} as never, turn)).toBeNull()
    expect(learn?.combined?.({}, input)).toEqual([])
    expect(learn?.mentions?.({}, input)).toEqual([])
    expect(learn?.reaction?.({ turn } as never, [])).toEqual([])
    expect(learn?.part?.schema(input)).toBeNull()
    expect(learn?.part?.maxTokens(input)).toBeGreaterThan(0)
    expect((await store.recall(read, test.db.read)) ?? []).toEqual([])
    // Items of others are left out where the plan is made.
    expect(await store.curate?.({ owner, now: at, db: test.db.read })).toBeInstanceOf(Array)
    expect(error).toHaveBeenCalledWith(expect.objectContaining({ store: 'broken' }), expect.any(String))
    expect(JSON.stringify(error.mock.calls)).not.toMatch(/Zanzibar|tea/u)
    await new Promise(setImmediate)
    process.off('unhandledRejection', quiet)
  })
})

describe('a store of which every function', () => {
  it.each([
    ['throws', throwing],
    ['answers with rubbish', mixed()],
  ])('%s is left out; the turn is learned from, and the prompt holds what the others know', async (_, way) => {
    await tell('Note: the tea is green.')
    act = way
    await tell('Note: I keep bees behind the old mill. Remind me to feed the bees on Friday.')
    expect(await unfinished()).toEqual([])
    expect(await rowsOf('todos')).toHaveLength(1)
    const said = await prompt('What about the bees behind the old mill and the green tea?')
    expect(said).toContain('bees')
    // Its item is there as it was said.
    expect(said).toContain('the tea is green')
    expect(said).not.toContain('Well:')
    await test.learning.curation.plan(owner)
    const { answerId } = await tell('Where are the bees?')
    await test.learning.react(owner, { answerId, signal: 'down', comment: 'too long' })
    expect((await rowsOf('feedback')).length).toBeGreaterThan(0)
    expect((await rowsOf('broken')).map(({ text }) => text)).toEqual(['Note: the tea is green.'])
    // The person may still word its item anew.
    const [row] = await rowsOf('broken')
    await test.learning.edit(owner, { id: row?.id as never, version: row?.version ?? 0, text: 'The tea is black.' })
    expect((await rowsOf('broken'))[0]?.text).toBe('The tea is black.')
  })

  it('hangs holds up neither the answer nor the queue, and is not asked again while it does', async () => {
    const error = vi.spyOn(test.log, 'error')
    await tell('My brother Onno builds canoes.')
    const letGo: ((value: unknown) => void)[] = []
    act = () => new Promise((resolve) => letGo.push(resolve))
    const before = calls['recall'] ?? 0
    expect(await prompt('What does Onno build?')).toContain('canoes')
    expect(await prompt('What does my brother Onno build?')).toContain('canoes')
    expect(calls['recall']).toBe(before + 1)
    await tell('My sister Ida mends sails.')
    await tell('Note: Ida lives in Visby.')
    expect(await unfinished()).toEqual([])
    expect((await test.texts(owner)).join()).toMatch(/Ida mends sails|mends sails/u)
    expect(await rowsOf('broken')).toEqual([])
    expect((await test.learning.curation.plan(owner)).count).toBeGreaterThanOrEqual(0)
    const told = error.mock.calls.map(([where]) => where as unknown as { err: string })
    expect(told.some(({ err }) => err === 'TookTooLong')).toBe(true)
    error.mockRestore()

    // Once it answers again it is asked again.
    act = null
    for (const go of letGo) go(null)
    await new Promise(setImmediate)
    await tell('Note: the sail is red.')
    expect((await rowsOf('broken')).map(({ text }) => text)).toEqual(['Note: the sail is red.'])
  })
})

describe('what a store says of its sources', () => {
  const claim = (evidence: (turn: WholeTurn['turn']) => Found['evidence']) => {
    const { turn } = capture
    act = null
    capture.turn = ({ turn: of }) => [
      { item: { kind: 'note', text: 'The user owns a castle', content: {} }, evidence: evidence(of) },
    ]
    return () => {
      if (turn) capture.turn = turn
    }
  }
  it.each<[string, (turn: WholeTurn['turn']) => Found['evidence']]>([
    ['words nobody said', ({ messageId, at }) => [{ origin: 'user', quote: 'I own a castle.', messageId, at }]],
    ['no words at all', ({ messageId, at }) => [{ origin: 'user', quote: '', messageId, at }]],
    ['an act by hand that never was', ({ at }) => [{ origin: 'hand', quote: 'I own a castle.', at }]],
  ])('%s: it is not kept, and the turn is', async (_, evidence) => {
    const back = claim(evidence)
    await test.restart()
    try {
      await tell('My brother Onno builds canoes.')
      expect(await unfinished()).toEqual([])
      expect((await test.texts(owner)).join()).toContain('canoes')
      expect((await test.texts(owner)).join()).not.toContain('castle')
    } finally {
      back()
    }
  })

  it('the assistant’s words wait for the person, even where its policy trusts them', async () => {
    const back = claim(({ answerText, messageId, at }) => [{ origin: 'assistant', quote: answerText, messageId, at }])
    const { trusted } = broken.policy
    Object.assign(broken.policy, { trusted: ['user', 'hand', 'assistant'] })
    await test.restart()
    try {
      await tell('My brother Onno builds canoes.')
      expect(await unfinished()).toEqual([])
      expect((await test.texts(owner)).join()).not.toContain('castle')
      expect((await test.learning.proposals.list(owner, { store: 'broken' })).items).toMatchObject([
        { after: 'The user owns a castle' },
      ])
    } finally {
      back()
      Object.assign(broken.policy, { trusted })
    }
  })
})
