// Where passages and memories come from: what a line says of its origin, whether it may still stand in a prompt, and
// which source its share is counted for.
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { MemoryId, PassageId } from '../../../shared/ids.ts'
import type { Origin, PassageSource } from '../../../shared/memory.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { ReadHandle } from '../../database/database.ts'
import { conversation, document, evidence, message, passage } from '../../database/schema.ts'
import { UNCERTAIN } from '../change/suggest.ts'
import type { PassageView } from '../learning.ts'
import type { PassageRow } from '../recall/hit.ts'

export interface KnownPassage {
  row: PassageRow
  conversationTitle: string | null
  documentName: string | null
  /** The person took its message out of recall. */
  barred: boolean
  /** Its conversation or document lies in the bin. */
  binned: boolean
  /** Whether what was learned from these words has been replaced since: all of it, or some. */
  over: 'all' | 'some' | null
}

/** Passages with what they are from; one whose source was deleted is not among them. */
export async function readPassages(
  db: ReadHandle,
  owner: string,
  ids: readonly PassageId[],
): Promise<Map<PassageId, KnownPassage>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({
      row: passage,
      title: conversation.title,
      conversationTrashed: conversation.trashedAt,
      learnable: message.learnable,
      documentName: document.name,
      documentTrashed: document.trashedAt,
      replaced: learnedHere(WAS_REPLACED),
      stands: learnedHere(sql`memory.status = 'active'`),
    })
    .from(passage)
    .leftJoin(message, eq(message.id, passage.messageId))
    .leftJoin(document, eq(document.id, passage.documentId))
    .leftJoin(conversation, eq(conversation.id, passage.conversationId))
    .where(and(eq(passage.owner, owner), inArray(passage.id, [...ids])))
  return new Map(
    rows.map(({ row, title, conversationTrashed, learnable, documentName, documentTrashed, ...learned }) => [
      row.id,
      {
        row,
        over: learned.replaced ? (learned.stands ? 'some' : 'all') : null,
        conversationTitle: title,
        documentName,
        barred: learnable === false,
        binned: conversationTrashed !== null || documentTrashed !== null,
      },
    ]),
  )
}

/** Something else holds instead, or it never held: the person said that it is wrong. */
const WAS_REPLACED = sql`memory.status = 'superseded'
  and (memory.superseded_by is not null or memory.valid_to <= coalesce(memory.valid_from, memory.created_at))`

/** Whether a memory in this state was learned from words of the passage itself. */
function learnedHere(state: SQL): SQL<boolean> {
  return sql<boolean>`(${passage.voice} = 'person' and exists (select 1 from evidence
    join memory on memory.id = evidence.memory_id and memory.owner = evidence.owner
    where evidence.message_id = ${passage.messageId} and evidence.owner = ${passage.owner}
      and evidence."start" < ${passage.end} and evidence."end" > ${passage.start} and ${state}))`
}

/** Whether a passage may stand in a prompt. */
export function stands(known: KnownPassage | undefined): known is KnownPassage {
  return known !== undefined && !known.barred && !known.binned
}

/** Passages as the person sees them. */
export async function viewPassages(
  db: ReadHandle,
  owner: string,
  ids: readonly PassageId[],
): Promise<Map<PassageId, PassageView>> {
  const found = await readPassages(db, owner, ids)
  return new Map(
    Array.from(found, ([id, known]) => {
      const { row, barred, binned } = known
      return [id, { text: row.text, source: sourceOf(known), barred, binned }]
    }),
  )
}

/** What the person sees of where a passage is from. */
export function sourceOf({ row, conversationTitle, documentName }: KnownPassage): PassageSource {
  const { voice, conversationId, messageId, documentId, start, end, at } = row
  return { voice, conversationId, conversationTitle, messageId, documentId, documentName, start, end, at }
}

/** What a memory rests on. */
export interface MemorySources {
  /** The person typed it, in a chat or by hand. */
  said: boolean
  /** For one that came in with a text only: the document, conversation or origin it shares with others of that text. */
  from: string | null
  /** Something said later speaks against it, and the person was asked whether it still holds. */
  inDoubt: boolean
  /** Quotes in messages, for telling that a passage says the same. */
  quotes: { messageId: string; quote: string }[]
}

const OWN: readonly Origin[] = ['user', 'hand']

/** @returns an entry for every id; an item without evidence counts as the person's */
export async function readMemorySources(
  db: ReadHandle,
  owner: string,
  ids: readonly MemoryId[],
): Promise<Map<MemoryId, MemorySources>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({
      memoryId: evidence.memoryId,
      origin: evidence.origin,
      conversationId: evidence.conversationId,
      messageId: evidence.messageId,
      documentId: evidence.documentId,
      quote: evidence.quote,
      inDoubt: sql<boolean>`exists (select 1 from proposal
        where proposal.memory_id = evidence.memory_id and proposal.status = 'open' and proposal.reason = ${UNCERTAIN})`,
    })
    .from(evidence)
    .where(and(eq(evidence.owner, owner), isAnyOf(evidence.memoryId, ids)))
  return new Map(
    [...new Set(ids)].map((id) => {
      const own = rows.filter(({ memoryId }) => memoryId === id)
      const [first] = own
      const said = !first || own.some(({ origin }) => OWN.includes(origin))
      return [
        id,
        {
          said,
          inDoubt: own.some(({ inDoubt }) => inDoubt),
          from: said ? null : (first.documentId ?? first.conversationId ?? first.origin),
          quotes: own.flatMap(({ messageId, quote }) => (messageId ? [{ messageId, quote }] : [])),
        },
      ]
    }),
  )
}
