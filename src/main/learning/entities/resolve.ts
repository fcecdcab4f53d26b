// From a name to its entity, in the transaction that writes what was said of it: known ones are found, new ones made, and
// a name that is nearly another's leads to a question, never to a silent merge.
import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { type EntityId, newId, type ProposalId } from '../../../shared/ids.ts'
import type { EntityType } from '../../../shared/memory.ts'
import type { WriteHandle } from '../../database/database.ts'
import { entity, entityAlias, proposal } from '../../database/schema.ts'
import type { Batch } from '../change/batch.ts'
import { wasDeclined } from '../proposals/claims.ts'
import type { EntityRef, Evidence } from '../protocol.ts'
import { chooseEntity, entitiesNamed } from './find.ts'
import { foldName, isNearName, shortForms } from './names.ts'
import { bodyOfEntity, ENTITY_STORE, type EntityRow, needRoot, noteEntity, updateEntity } from './rows.ts'

/** Of so many entities of a kind the latest mentioned ones are compared for likeness. */
const COMPARED = 2000
/** Most questions one new name may raise. */
const MOST_QUESTIONS = 3
const LONGEST_NAME = 200

/**
 * @returns the entity a name stands for; null when it could be several people, since a wrong link is worse than none
 */
export async function resolveEntity(
  tx: WriteHandle,
  batch: Batch,
  ref: EntityRef,
  evidence: readonly Evidence[],
  namespace = 'user',
): Promise<EntityId | null> {
  const name = tidy(ref.name)
  const folded = foldName(name)
  if (folded === '') return null
  const named = await entitiesNamed(tx, batch.owner, [folded], namespace)
  const { entity: known, candidates } = chooseEntity(named, ref.type, ref.certain)
  if (known) {
    await mention(tx, batch, known)
    return known.id
  }
  if (candidates.length > 1) return null
  return (await createEntity(tx, batch, { name, type: ref.type }, evidence, namespace)).id
}

/** Something was said of it: it stands first in the directory, and comes back when it was archived. */
async function mention(tx: WriteHandle, batch: Batch, row: EntityRow): Promise<void> {
  if (row.status === 'archived') {
    const before = await bodyOfEntity(tx, row)
    const after = await updateEntity(tx, batch.at, row, { status: 'active', mentionedAt: batch.at })
    await noteEntity(tx, batch, 'restore', before, await bodyOfEntity(tx, after), 'revived')
    return
  }
  await tx.update(entity).set({ mentionedAt: batch.at }).where(eq(entity.id, row.id))
}

export async function createEntity(
  tx: WriteHandle,
  batch: Batch,
  { name, type }: { name: string; type: EntityType },
  evidence: readonly Evidence[],
  namespace = 'user',
): Promise<EntityRow> {
  const row: EntityRow = {
    id: newId<EntityId>(),
    owner: batch.owner,
    namespace,
    type,
    name,
    folded: foldName(name),
    version: 1,
    status: 'active',
    mergedInto: null,
    createdAt: batch.at,
    updatedAt: batch.at,
    mentionedAt: batch.at,
  }
  await tx.insert(entity).values(row)
  await writeShortForms(tx, row)
  await noteEntity(tx, batch, 'add', null, await bodyOfEntity(tx, row))
  await suggestMerges(tx, batch, row, evidence)
  return row
}

/** First and last name of a person, by which they may be called. */
export async function writeShortForms(tx: WriteHandle, row: EntityRow): Promise<void> {
  await tx.delete(entityAlias).where(and(eq(entityAlias.entityId, row.id), eq(entityAlias.derived, true)))
  if (row.type !== 'person') return
  for (const alias of shortForms(row.name)) {
    await tx
      .insert(entityAlias)
      .values({ entityId: row.id, owner: row.owner, alias, folded: foldName(alias), derived: true })
      .onConflictDoNothing()
  }
}

/** Asks whether a new entity is one that is known: names nearly alike, or one name for two kinds. */
async function suggestMerges(
  tx: WriteHandle,
  batch: Batch,
  row: EntityRow,
  evidence: readonly Evidence[],
): Promise<void> {
  const others = await tx
    .select({ id: entity.id, name: entity.name, folded: entity.folded, type: entity.type })
    .from(entity)
    .where(
      and(
        eq(entity.owner, row.owner),
        eq(entity.namespace, row.namespace),
        eq(entity.status, 'active'),
        sql`${entity.id} <> ${row.id}`,
      ),
    )
    .orderBy(desc(entity.mentionedAt))
    .limit(COMPARED)
  const near = others.filter((other) =>
    other.type === row.type ? isNearName(other.folded, row.folded) : other.folded === row.folded,
  )
  for (const other of near.slice(0, MOST_QUESTIONS)) {
    const claim = mergeClaim(row, other as { name: string; type: EntityType })
    const about = { store: ENTITY_STORE, action: 'merge' as const, claim }
    if (await wasDeclined(tx, row.owner, about)) continue
    await tx.insert(proposal).values({
      id: newId<ProposalId>(),
      owner: row.owner,
      store: ENTITY_STORE,
      action: 'merge',
      entityId: row.id,
      before: { names: [other.name, row.name] },
      after: { claim, entities: { from: row.id, into: other.id } } satisfies MergeQuestion,
      reason: other.type === row.type ? 'near-name' : 'two-kinds',
      evidence: [...evidence],
      createdAt: batch.at,
    })
  }
}

/**
 * Asks whether two known entities are one.
 * @returns the question, an open one when it was asked before; null when the person said no to it
 */
export async function askWhetherSame(
  tx: WriteHandle,
  batch: Batch,
  pair: MergeQuestion['entities'],
): Promise<ProposalId | null> {
  const from = await needRoot(tx, batch.owner, pair.from)
  const into = await needRoot(tx, batch.owner, pair.into)
  const claim = mergeClaim(from as NamedKind, into as NamedKind)
  if (await wasDeclined(tx, batch.owner, { store: ENTITY_STORE, action: 'merge', claim })) return null
  const [open] = await tx
    .select({ id: proposal.id })
    .from(proposal)
    .where(
      and(
        eq(proposal.owner, batch.owner),
        eq(proposal.status, 'open'),
        inArray(proposal.entityId, [from.id, into.id]),
        sql`${proposal.after} -> 'entities' @> any(array[${JSON.stringify({ from: from.id, into: into.id })},
          ${JSON.stringify({ from: into.id, into: from.id })}]::jsonb[])`,
      ),
    )
    .limit(1)
  if (open) return open.id
  const id = newId<ProposalId>()
  await tx.insert(proposal).values({
    id,
    owner: batch.owner,
    store: ENTITY_STORE,
    action: 'merge',
    entityId: from.id,
    before: { names: [into.name, from.name] },
    after: { claim, entities: { from: from.id, into: into.id } } satisfies MergeQuestion,
    reason: 'suggested',
    evidence: [],
    messageId: batch.messageId ?? null,
    createdAt: batch.at,
  })
  return id
}

type NamedKind = { name: string; type: EntityType }

/** What is kept of the question whether two entities are one, until it is answered. */
export interface MergeQuestion {
  claim: string
  entities: { from: EntityId; into: EntityId }
}

/** What a person decides on when two names may be one. */
export function mergeClaim(from: { name: string; type: EntityType }, into: { name: string; type: EntityType }): string {
  const [one, two] = [into, from].map(({ name, type }) => `${name} (${type})`)
  return `${one} and ${two} are the same.`
}

function tidy(name: string): string {
  return name
    .replace(/[\p{Cf}\p{Cc}]+/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .slice(0, LONGEST_NAME)
}
