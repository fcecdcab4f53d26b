// The inbox by stretches: what waits, by where it came from, the oldest chat first, and behind all of it what is flagged;
// what is decided newest first.
import { and, asc, desc, eq, gt, inArray, isNull, lte, ne, notInArray, or, type SQL, sql } from 'drizzle-orm'
import type { Outputs } from '../../../shared/contract/index.ts'
import type { ProposalId } from '../../../shared/ids.ts'
import type { StoreId } from '../../../shared/memory.ts'
import { MOST_AT_ONCE, type ProposalGroup } from '../../../shared/proposals.ts'
import type { ReadHandle } from '../../database/database.ts'
import { conversation, document, message, proposal } from '../../database/schema.ts'
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

/** Behind every id: what came from no chat and no document stands last. */
const NOWHERE = '~'

/** Ids grow with time: by them the oldest chat stands first, and the order holds while one decides. */
const source = sql<string>`coalesce(${message.conversationId}::text, ${proposal.evidence} -> 0 ->> 'documentId', ${sql.raw(`'${NOWHERE}'`)})`
const flagged = sql<number>`(jsonb_array_length(${proposal.flags}) > 0)::int`
const groupKey = sql<string>`${flagged} || ' ' || ${source}`

export async function listRows(read: ReadHandle, place: Place, query: ProposalQuery): Promise<ProposalRows> {
  const { part = 'open', store = null, offset = 0, limit = 50 } = query
  const open = part !== 'decided'
  const all = and(partOf(place, part), store === null ? undefined : eq(proposal.store, store))
  // The one before tells whether a group begins here.
  const before = offset > 0 ? 1 : 0
  // Places first and whole rows after: what is sorted is small.
  const places = await read
    .select({ id: proposal.id, key: groupKey })
    .from(proposal)
    .leftJoin(message, eq(message.id, proposal.messageId))
    .where(all)
    .orderBy(
      ...(open
        ? [asc(flagged), asc(source), asc(proposal.createdAt), asc(proposal.id)]
        : [desc(proposal.decidedAt), desc(proposal.id)]),
    )
    .offset(offset - before)
    .limit(limit + before)
  const found = await read
    .select()
    .from(proposal)
    .where(
      inArray(
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
    .where(and(eq(proposal.owner, place.owner), eq(proposal.status, 'open')))
  return counts ?? { knowledge: 0, instructions: 0, later: 0 }
}

/** Open ones that wait now: those put off are not counted. */
export function countWaiting(read: ReadHandle, owner: string, now: Date): Promise<number> {
  return read.$count(proposal, partOf({ owner, now, instructions: [] }, 'open'))
}

function partOf({ owner, now, instructions }: Place, part: NonNullable<ProposalQuery['part']>): SQL | undefined {
  const own = eq(proposal.owner, owner)
  const waits = and(
    own,
    eq(proposal.status, 'open'),
    or(isNull(proposal.snoozedUntil), lte(proposal.snoozedUntil, now)),
  )
  switch (part) {
    case 'open':
      return waits
    case 'knowledge':
      return and(waits, notInArray(proposal.store, [...instructions]))
    case 'instructions':
      return and(waits, inArray(proposal.store, [...instructions]))
    case 'later':
      return and(own, eq(proposal.status, 'open'), gt(proposal.snoozedUntil, now))
    case 'decided':
      // What the person said is wrong was never suggested.
      return and(own, inArray(proposal.status, ['accepted', 'declined', 'expired']), ne(proposal.reason, WRONG))
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
  const ranked = read
    .select({
      key: groupKey.as('key'),
      id: proposal.id,
      alone: sql<boolean>`(${flagged} = 1 or ${proposal.reason} = ${PROPOSED_BY_MODE.ask} or ${
        instructions.length === 0 ? sql`false` : inArray(proposal.store, [...instructions])
      })`.as('alone'),
      place:
        sql<number>`row_number() over (partition by ${groupKey} order by ${proposal.createdAt}, ${proposal.id})`.as(
          'place',
        ),
      waiting: sql<number>`(count(*) over (partition by ${groupKey}))::int`.as('waiting'),
    })
    .from(proposal)
    .leftJoin(message, eq(message.id, proposal.messageId))
    .where(and(all, inArray(groupKey, [...wanted])))
    .as('ranked')
  const members = await read.select().from(ranked).where(lte(ranked.place, MOST_AT_ONCE)).orderBy(asc(ranked.place))
  const sources = wanted.map((key) => key.slice(2)).filter((id) => id !== NOWHERE)
  const titles = await titlesOf(read, owner, sources)
  return wanted.map((key) => {
    const of = members.filter((member) => member.key === key)
    const from = titles.get(key.slice(2))
    return {
      key,
      flagged: key.startsWith('1'),
      conversationId: from?.conversationId ?? null,
      documentId: from?.documentId ?? null,
      title: from?.title ?? null,
      waiting: of[0]?.waiting ?? 0,
      ids: of.map(({ id }) => id as ProposalId),
      together: of.filter(({ alone }) => !alone).map(({ id }) => id as ProposalId),
    }
  })
}

type Source = Pick<ProposalGroup, 'conversationId' | 'documentId' | 'title'>

async function titlesOf(read: ReadHandle, owner: string, ids: readonly string[]): Promise<Map<string, Source>> {
  if (ids.length === 0) return new Map()
  const chats = await read
    .select({ id: conversation.id, title: conversation.title })
    .from(conversation)
    .where(and(eq(conversation.owner, owner), inArray(sql`${conversation.id}::text`, [...ids])))
  const files = await read
    .select({ id: document.id, title: document.name })
    .from(document)
    .where(and(eq(document.owner, owner), inArray(sql`${document.id}::text`, [...ids])))
  return new Map<string, Source>([
    ...chats.map(({ id, title }) => [id, { conversationId: id, documentId: null, title }] as const),
    ...files.map(({ id, title }) => [id, { conversationId: null, documentId: id, title }] as const),
  ])
}
