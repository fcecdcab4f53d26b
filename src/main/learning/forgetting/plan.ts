// What forgetting would take, item by item and sentence by sentence, before anything is changed.
import { and, eq, inArray, ne, or, sql } from 'drizzle-orm'
import type { Outputs } from '../../../shared/contract/index.ts'
import type { ForgetSelection } from '../../../shared/contract/memory.ts'
import type { ConversationId, EntityId } from '../../../shared/ids.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { ReadHandle } from '../../database/database.ts'
import { conversation, entity, memory, message, proposal } from '../../database/schema.ts'
import type { EntityRow } from '../entities/rows.ts'
import { viewMemory } from '../rows.ts'
import { contentWords } from '../words.ts'
import { type Going, holdsPart, readGoing } from './items.ts'
import { findPlaces, type Span } from './places.ts'
import { readSelection } from './select.ts'
import { UNDO_MS } from './undo-time.ts'

export type ProposalRow = typeof proposal.$inferSelect

export interface ForgetPlan {
  /** What the texts and items were when it was made. */
  stamp: string
  going: Going
  spans: Span[]
  proposals: ProposalRow[]
  entities: EntityRow[]
  conversationId: ConversationId | null
}

/** @throws AppError NOT_FOUND when there is nothing of the kind */
export async function planForget(db: ReadHandle, owner: string, selection: ForgetSelection): Promise<ForgetPlan> {
  const stamp = await stampOf(db, owner)
  const { rows, conversationId, entityIds } = await readSelection(db, owner, selection)
  const going = await readGoing(db, owner, rows)
  return {
    stamp,
    going,
    spans: await findPlaces(db, owner, going, conversationId),
    // A decision taken stands behind an item; it goes with it, and not before.
    proposals: (await findProposals(db, owner, going)).filter(({ status }) => status !== 'accepted'),
    entities: await findEntities(db, owner, going, entityIds),
    conversationId,
  }
}

/**
 * A plan made before, while nothing was said, learned or forgotten since; a fresh one otherwise. The search for sentences
 * may take seconds, and a transaction must not.
 */
export async function planStill(
  tx: ReadHandle,
  owner: string,
  selection: ForgetSelection,
  plan: ForgetPlan | null,
): Promise<ForgetPlan> {
  return plan && plan.stamp === (await stampOf(tx, owner)) ? plan : planForget(tx, owner, selection)
}

async function stampOf(db: ReadHandle, owner: string): Promise<string> {
  const { rows } = await db.execute<{ stamp: string }>(sql`select concat_ws(' ',
    (select concat_ws('/', count(*), max(created_at), count(*) filter (where status = 'pending')) from message where owner = ${owner}),
    (select concat_ws('/', count(*), sum(version)) from memory where owner = ${owner}),
    (select max(seq) from journal where owner = ${owner}),
    (select count(*) from blanked where owner = ${owner}),
    (select concat_ws('/', count(*), max(created_at)) from document where owner = ${owner}),
    (select concat_ws('/', count(*), max(created_at), max(decided_at)) from proposal where owner = ${owner})) as stamp`)
  return rows[0]?.stamp ?? ''
}

const LISTED = 500

export async function previewForget(
  db: ReadHandle,
  owner: string,
  selection: ForgetSelection,
): Promise<Outputs['memory']['forgetPreview']> {
  const { going, spans, proposals, entities, conversationId } = await planForget(db, owner, selection)
  return {
    items: [...going.items.values()].slice(0, LISTED).map(({ row, why }) => ({ memory: viewMemory(row), why })),
    itemCount: going.items.size,
    // What is taken comes first, so that nothing of it is cut off by what is not.
    sentences: [...spans.filter(({ selected }) => selected), ...spans.filter(({ selected }) => !selected)]
      .slice(0, LISTED)
      .map(({ targetId: _, start: __, end: ___, ...sentence }) => sentence),
    sentenceCount: spans.filter(({ selected }) => selected).length,
    proposals: proposals.length,
    entities: entities.map(({ name, type }) => ({ name, type })),
    conversation: conversationId ? await viewConversation(db, conversationId) : null,
    undoSeconds: UNDO_MS / 1000,
  }
}

async function viewConversation(db: ReadHandle, id: ConversationId) {
  const [row] = await db.select({ title: conversation.title }).from(conversation).where(eq(conversation.id, id))
  const messages = await db.$count(message, and(eq(message.conversationId, id), ne(message.role, 'root')))
  return { id, title: row?.title ?? '', messages }
}

/** Suggestions about these items, and others that say the same. */
export async function findProposals(
  db: ReadHandle,
  owner: string,
  { items, statements }: Pick<Going, 'items' | 'statements'>,
): Promise<ProposalRow[]> {
  if (items.size === 0) return []
  const parts = statements.searchParts()
  const words = sql`(coalesce(${proposal.before}::text, '') || coalesce(${proposal.after}::text, '') || ${proposal.evidence}::text || ${proposal.reason})`
  const rows = await db
    .select()
    .from(proposal)
    .where(
      and(
        eq(proposal.owner, owner),
        or(isAnyOf(proposal.memoryId, [...items.keys()]), holdsPart(words, parts) ?? sql`true`),
      ),
    )
  return rows.filter(
    (row) =>
      (row.memoryId && items.has(row.memoryId)) ||
      stringsIn([row.before, row.after, row.evidence, row.reason]).some(
        (text) => statements.judge(text)?.verdict === 'same',
      ),
  )
}

/** All texts inside a value. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsIn)
}

/**
 * People and things that go: those asked for, and those the items name of which nothing else is known.
 * Their names would otherwise outlive what was forgotten.
 */
async function findEntities(
  db: ReadHandle,
  owner: string,
  { items, statements }: Going,
  wanted: readonly EntityId[],
): Promise<EntityRow[]> {
  const linked = [...items.values()].flatMap(({ row }) => [row.subjectId ?? [], row.objectId ?? []].flat())
  const parts = statements.searchParts()
  const ids = [...new Set([...linked, ...wanted])]
  if (ids.length === 0 && items.size === 0) return []
  const rows = (await db
    .select()
    .from(entity)
    .where(
      and(
        eq(entity.owner, owner),
        ne(entity.status, 'trashed'),
        or(ids.length > 0 ? inArray(entity.id, ids) : undefined, parts ? holdsPart(entity.name, parts) : sql`false`),
      ),
    )) as EntityRow[]
  const meant = rows.filter(
    ({ id, name }) => ids.includes(id) || (contentWords(name).length > 0 && statements.sharesParticular(name)),
  )
  const lonely: EntityRow[] = []
  for (const row of meant) {
    if (wanted.includes(row.id) || !(await isKnownOtherwise(db, owner, row, items))) lonely.push(row)
  }
  if (lonely.length === 0) return lonely
  const into = lonely.map(({ id }) => id)
  const merged = (await db.select().from(entity).where(inArray(entity.mergedInto, into))) as EntityRow[]
  return [...new Map([...lonely, ...merged].map((row) => [row.id, row])).values()]
}

/** Whether an item that stays is about it, or names it. */
async function isKnownOtherwise(
  db: ReadHandle,
  owner: string,
  { id, name }: EntityRow,
  items: Going['items'],
): Promise<boolean> {
  const merged = db.select({ id: entity.id }).from(entity).where(eq(entity.mergedInto, id))
  const about = or(eq(memory.subjectId, id), inArray(memory.subjectId, merged))
  const linked = or(eq(memory.objectId, id), inArray(memory.objectId, merged))
  const rows = await db
    .select({ id: memory.id })
    .from(memory)
    .where(
      and(
        eq(memory.owner, owner),
        ne(memory.status, 'trashed'),
        or(about, and(linked, holdsPart(memory.text, contentWords(name)))),
      ),
    )
    .limit(items.size + 1)
  return rows.some((row) => !items.has(row.id))
}
