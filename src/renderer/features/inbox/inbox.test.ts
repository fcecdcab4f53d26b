import { describe, expect, it } from 'vitest'
import { newId, type ProposalId } from '../../../shared/ids.ts'
import type { ProposalGroup } from '../../../shared/proposals.ts'
import { type InboxItem, type InboxPage, PAGE, showPages } from './inbox-pages.ts'
import { keyAct } from './keys.ts'

function item(group: string, first = false): InboxItem {
  return {
    id: newId<ProposalId>(),
    store: 'user_memory',
    action: 'add',
    status: 'open',
    memoryId: null,
    namespace: 'user',
    before: null,
    after: 'The barn is red.',
    data: { before: null, after: {} },
    merges: [],
    reason: 'mode-propose',
    evidence: [],
    flags: [],
    trial: [],
    stale: false,
    gone: false,
    version: null,
    createdAt: new Date(),
    snoozedUntil: null,
    decidedAt: null,
    decidedBy: null,
    batchId: null,
    group,
    first,
  }
}

const groupOf = (key: string, items: readonly InboxItem[]): ProposalGroup => {
  const ids = items.filter(({ group }) => group === key).map(({ id }) => id)
  return {
    key,
    conversationId: null,
    documentId: null,
    title: key,
    flagged: false,
    waiting: ids.length,
    ids,
    together: ids,
  }
}
const page = (items: InboxItem[], total: number, keys: readonly string[]): InboxPage => ({
  items,
  groups: keys.map((key) => groupOf(key, items)),
  total,
  counts: { knowledge: total, instructions: 0, later: 0 },
})
const nothing = () => false

describe('what is shown of a long list', () => {
  const first = Array.from({ length: PAGE }, (_, index) => item('a', index === 0))
  const second = Array.from({ length: PAGE }, (_, index) => item('b', index === 0))
  const pages = new Map([
    [3, page(first, 1000, ['a'])],
    [4, page(second, 1000, ['b'])],
  ])

  it('is what was read, at its place', () => {
    const shown = showPages(pages, nothing)
    expect([shown?.total, shown?.at(0), shown?.at(3 * PAGE), shown?.at(5 * PAGE - 1)]).toEqual([
      1000,
      undefined,
      first[0],
      second.at(-1),
    ])
    expect(shown?.indexOf(second[0]?.id as ProposalId)).toBe(4 * PAGE)
    expect(showPages(new Map(), nothing)).toBeNull()
  })

  it('leaves out what was decided: the rest moves up, the groups say so, and the next one begins the group', () => {
    const gone = [first[0], first[7], second[0]].map((one) => one?.id)
    const shown = showPages(pages, (id) => gone.includes(id))
    expect(shown?.total).toBe(997)
    expect(shown?.at(3 * PAGE)).toEqual({ ...first[1], first: true })
    expect(shown?.at(4 * PAGE - 2)).toEqual({ ...second[1], first: true })
    expect(shown?.indexOf(gone[1] as ProposalId)).toBe(-1)
    expect(
      [...(shown?.groups.values() ?? [])].map(({ waiting, ids, together }) => [waiting, ids.length, together.length]),
    ).toEqual([
      [48, 48, 48],
      [49, 49, 49],
    ])
  })

  it('begins a group anew when several of its first ones go', () => {
    const gone = first.slice(0, 3).map(({ id }) => id)
    const shown = showPages(pages, (id) => gone.includes(id))
    expect(shown?.at(3 * PAGE)).toEqual({ ...first[3], first: true })
  })
})

describe('a letter', () => {
  const pressed = (key: string, more: Partial<Parameters<typeof keyAct>[0]> = {}) =>
    keyAct({
      key,
      ctrlKey: false,
      metaKey: false,
      altKey: false,
      repeat: false,
      defaultPrevented: false,
      target: null,
      ...more,
    })
  it('decides once, and moves as long as it is held', () => {
    expect(['a', 'E', 'd', 'l', 'J', 'k', 'x', 'Enter'].map((key) => pressed(key))).toEqual([
      'approve',
      'edit',
      'decline',
      'later',
      'next',
      'previous',
      null,
      null,
    ])
    expect([pressed('a', { repeat: true }), pressed('j', { repeat: true })]).toEqual([null, 'next'])
  })

  it('means nothing with a modifier, or when something else took it', () => {
    expect([
      pressed('a', { ctrlKey: true }),
      pressed('d', { metaKey: true }),
      pressed('a', { defaultPrevented: true }),
    ]).toEqual([null, null, null])
  })
})
