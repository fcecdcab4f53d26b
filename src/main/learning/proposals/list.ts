// The inbox by stretches: what waits, by where it came from, the oldest chat first, and behind all of it what is flagged;
// what is decided newest first.
import { and, asc, eq, gt, inArray, isNull, lte, ne, notInArray, or, type SQL, sql } from 'drizzle-orm'
import type { Outputs } from '../../../shared/contract/index.ts'
import type { ProposalId } from '../../../shared/ids.ts'
import type { StoreId } from '../../../shared/memory.ts'
import { MOST_AT_ONCE, type ProposalGroup } from '../../../shared/proposals.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { ReadHandle } from '../../database/database.ts'
import { conversation, document, proposal } from '../../database/schema.ts'
import { WRONG } from '../acts/wrong.ts'
import { PROPOSED_BY_MODE } from '../modes.ts'
import type { ProposalRow } from './rows.ts'

export interface ProposalQuery {
  /** `open`: all that waits now. `knowledge` and `instructions` are the halves of it; `later` was put off. */
  part?: 'open' | 'knowledge' | 'instructions' | 'later' | 'decided'
  store?: StoreId | null
  offset?: number
  limit?: number
}

export interface ProposalRows extends Pick<Outputs['proposals']['list'], 'groups' | 'total' | 'counts'> {
  /** `group` names one of `groups`, null of decided ones; `first`: the one before it is of another group. */
  rows: { row: ProposalRow; group: string | null; first: boolean }[]
}

interface Place {
  owner: string
  /** What was put off until then waits again. */
  now: Date
  /** Stores whose suggestions are decided one by one. */
  instructions: readonly StoreId[]
}

/** What came from a chat or a document has its id behind the sign for "flagged", and from nowhere "~". */
const GROUP_KEY = /^[01] ([0-9a-f-]{36})$/

export async function listRows(read: ReadHandle, place: Place, query: ProposalQuery): Promise<ProposalRows> {
  const { part = 'open', store = null, offset = 0, limit = 50 } = query
  const open = part !== 'decided'
  const all = and(partOf(place, part), store === null ? undefined : eq(proposal.store, store))
  // The one before tells whether a group begins here.
  const before = offset > 0 ? 1 : 0
  // Places first, along an index, and whole rows after.
  const places = await read
    .select({ id: proposal.id, key: proposal.groupKey })
    .from(proposal)
    .where(all)
    .orderBy(
      ...(open
        ? [asc(proposal.groupKey), asc(proposal.createdAt), asc(proposal.id)]
        : [sql`${proposal.decidedAt} desc nulls last`, sql`${proposal.id} desc nulls last`]),
    )
    .offset(offset - before)
    .limit(limit + before)
  const found = await read
    .select()
    .from(proposal)
    .where(
      isAnyOf(
        proposal.id,
        places.map(({ id }) => id),
      ),
    )
  const byId = new Map(found.map((row) => [row.id, row]))
  const rows = places.slice(before).flatMap(({ id, key }, index) => {
    const row = byId.get(id)
    if (!row) return []
    return [{ row, group: open ? key : null, first: open && places[index + before - 1]?.key !== key }]
  })
  const groups = open ? await groupsOf(read, place, all, [...new Set(rows.flatMap(({ group }) => group ?? []))]) : []
  const counts = await countParts(read, place)
  const known = store === null && part !== 'open' && part !== 'decided'
  return { rows, groups, total: known ? counts[part] : await read.$count(proposal, all), counts }
}

async function countParts(read: ReadHandle, place: Place): Promise<ProposalRows['counts']> {
  const number = (part: 'knowledge' | 'instructions' | 'later') =>
    sql<number>`(count(*) filter (where ${partOf(place, part)}))::int`
  const [counts] = await read
    .select({ knowledge: number('knowledge'), instructions: number('instructions'), later: number('later') })
    .from(proposal)
    .where(and(eq(proposal.owner, place.owner), sql`${proposal.status} = 'open'`))
  return counts ?? { knowledge: 0, instructions: 0, later: 0 }
}

/** Open ones that wait now: those put off are not counted. */
export function countWaiting(read: ReadHandle, owner: string, now: Date): Promise<number> {
  return read.$count(proposal, partOf({ owner, now, instructions: [] }, 'open'))
}

function partOf({ owner, now, instructions }: Place, part: NonNullable<ProposalQuery['part']>): SQL | undefined {
  // In the words of the indexes, which no value of a parameter could be known to match.
  const open = and(eq(proposal.owner, owner), sql`${proposal.status} = 'open'`)
  const waits = and(open, or(isNull(proposal.snoozedUntil), lte(proposal.snoozedUntil, now)))
  switch (part) {
    case 'open':
      return waits
    case 'knowledge':
      return and(waits, notInArray(proposal.store, [...instructions]))
    case 'instructions':
      return and(waits, inArray(proposal.store, [...instructions]))
    case 'later':
      return and(open, gt(proposal.snoozedUntil, now))
    case 'decided':
      // What the person said is wrong was never suggested.
      return and(eq(proposal.owner, owner), sql`${proposal.status} <> 'open'`, ne(proposal.reason, WRONG))
  }
}

/** Where the suggestions came from, how many wait of each, and which of them one click may decide. */
async function groupsOf(
  read: ReadHandle,
  { owner, instructions }: Place,
  all: SQL | undefined,
  wanted: readonly string[],
): Promise<ProposalGroup[]> {
  if (wanted.length === 0) return []
  const decidable = instructions.length === 0 ? sql`true` : notInArray(proposal.store, [...instructions])
  const { rows } = await read.execute<Group>(sql`
    select wanted.key, counted.waiting, first.members
    from unnest(${sql.param([...wanted])}::text[]) as wanted (key)
    cross join lateral (
      select count(*)::int as waiting from ${proposal} where ${all} and ${proposal.groupKey} = wanted.key
    ) counted
    cross join lateral (
      select coalesce(json_agg(json_build_array(one.id, one.together) order by one.created_at, one.id), '[]') as members
      from (
        select ${proposal.id}, ${proposal.createdAt},
          ${proposal.groupKey} < '1' and ${proposal.reason} <> ${PROPOSED_BY_MODE.ask} and ${decidable} as together
        from ${proposal} where ${all} and ${proposal.groupKey} = wanted.key
        order by ${proposal.createdAt}, ${proposal.id} limit ${MOST_AT_ONCE}
      ) one
    ) first`)
  const groups = new Map(rows.map((row) => [row.key, row]))
  const titles = await titlesOf(
    read,
    owner,
    wanted.flatMap((key) => sourceOf(key) ?? []),
  )
  return wanted.map((key) => {
    const { waiting = 0, members = [] } = groups.get(key) ?? {}
    const from = titles.get(sourceOf(key) ?? '')
    return {
      key,
      flagged: key.startsWith('1'),
      conversationId: from?.conversationId ?? null,
      documentId: from?.documentId ?? null,
      title: from?.title ?? null,
      waiting,
      ids: members.map(([id]) => id),
      together: members.flatMap(([id, together]) => (together ? id : [])),
    }
  })
}

interface Group extends Record<string, unknown> {
  key: string
  waiting: number
  /** The oldest of them, and whether one click may decide it with others. */
  members: [ProposalId, boolean][]
}

/** The chat or document a group is of. */
function sourceOf(key: string): string | null {
  return GROUP_KEY.exec(key)?.[1] ?? null
}

type Source = Pick<ProposalGroup, 'conversationId' | 'documentId' | 'title'>

async function titlesOf(read: ReadHandle, owner: string, ids: readonly string[]): Promise<Map<string, Source>> {
  if (ids.length === 0) return new Map()
  const chats = await read
    .select({ id: conversation.id, title: conversation.title })
    .from(conversation)
    .where(and(eq(conversation.owner, owner), isAnyOf(conversation.id, ids)))
  const files = await read
    .select({ id: document.id, title: document.name })
    .from(document)
    .where(and(eq(document.owner, owner), isAnyOf(document.id, ids)))
  return new Map<string, Source>([
    ...chats.map(({ id, title }) => [id, { conversationId: id, documentId: null, title }] as const),
    ...files.map(({ id, title }) => [id, { conversationId: null, documentId: id, title }] as const),
  ])
}
