// Sharing an item with a team or with everyone on this machine: a reviewed act that makes a copy. The copy has an id of
// its own and leads back to nothing private: no chat, no message, no document, no entity that only the person knows.
import { and, eq, sql } from 'drizzle-orm'
import type { Outputs } from '../../../shared/contract/index.ts'
import { AppError } from '../../../shared/errors.ts'
import { type EntityId, type EvidenceId, type MemoryId, newId } from '../../../shared/ids.ts'
import type { Namespace } from '../../../shared/memory.ts'
import type { ReadHandle, WriteHandle } from '../../database/database.ts'
import { entity, memory } from '../../database/schema.ts'
import { isVisible } from '../../database/visible.ts'
import type { Batch } from '../change/batch.ts'
import { insertEvidence, note, setVector } from '../change/write-items.ts'
import { createEntity } from '../entities/resolve.ts'
import { type EntityRow, needRoot } from '../entities/rows.ts'
import { hasSecret } from '../extraction/secrets.ts'
import { flagsOf } from '../proposals/flags.ts'
import { bodyOf, type EvidenceRow, type MemoryRow, needMemory } from '../rows.ts'
import { foldSentence } from '../words.ts'
import { EVERYONE, membershipsOf, readViewer } from './teams.ts'

export interface ShareRequest {
  id: MemoryId
  /** A team's, or `global`. */
  namespace: Namespace
  /** In other words than the item's own. */
  text?: string | undefined
}

type Preview = Outputs['memory']['sharePreview']

const OF_THE_USER = /^The user(?=['’\s])/u

/**
 * What others would get, before anything is shared: "The user" is the person's name in the team.
 * @throws AppError NOT_FOUND, NOT_ALLOWED when it may not be shared or not there, CONFLICT when it is shared already
 */
export async function previewShare(
  db: ReadHandle,
  owner: string,
  { id, namespace, text }: ShareRequest,
): Promise<Preview> {
  const { row, words, entities } = await prepare(db, owner, id, namespace, text)
  return {
    text: words,
    namespace,
    entities: entities.map(({ name, type }) => ({ name, type })),
    flags: flagsOf('add', words),
    narrowed: row.conversationId !== null || row.projectId !== null,
  }
}

/**
 * Makes the copy; undone like any change.
 * @returns its id
 * @throws as `previewShare`
 */
export async function share(tx: WriteHandle, batch: Batch, { id, namespace, text }: ShareRequest): Promise<MemoryId> {
  const { row, words } = await prepare(tx, batch.owner, id, namespace, text)
  const copy: MemoryRow = {
    ...row,
    id: newId<MemoryId>(),
    version: 1,
    namespace,
    projectId: null,
    conversationId: null,
    subjectId: await sharedEnd(tx, batch, row.subjectId, namespace),
    objectId: await sharedEnd(tx, batch, row.objectId, namespace),
    text: words,
    pinned: false,
    supersededBy: null,
    author: 'person',
    extractor: null,
    createdAt: batch.at,
    updatedAt: batch.at,
    lastUsedAt: null,
    useCount: 0,
  }
  // Its ground is the person's decision to share these words, and nothing they were learned from.
  const ground: EvidenceRow = {
    id: newId<EvidenceId>(),
    owner: batch.owner,
    memoryId: copy.id,
    origin: 'hand',
    conversationId: null,
    messageId: null,
    documentId: null,
    quote: words,
    start: null,
    end: null,
    at: batch.at,
  }
  await tx.insert(memory).values(copy)
  await insertEvidence(tx, [ground])
  await setVector(tx, batch, copy)
  await note(tx, batch, 'add', null, bodyOf(copy, [ground]), copy, 'shared')
  return copy.id
}

async function prepare(
  db: ReadHandle,
  owner: string,
  id: MemoryId,
  namespace: Namespace,
  text: string | undefined,
): Promise<{ row: MemoryRow; words: string; entities: EntityRow[] }> {
  const row = await needMemory(db, owner, id)
  const team = (await membershipsOf(db, owner)).find((membership) => membership.namespace === namespace)
  if (!team && namespace !== EVERYONE) {
    throw new AppError('NOT_ALLOWED', 'You do not belong to this team. Nothing was shared.', { field: 'namespace' })
  }
  if (row.status !== 'active') throw new AppError('NOT_ALLOWED', 'Only what holds now can be shared.')
  if (row.localOnly) throw new AppError('NOT_ALLOWED', 'This is kept on this computer only. Nothing was shared.')
  if (row.namespace !== 'user') throw new AppError('CONFLICT', 'This is a shared item already.')
  const words = text ?? row.text.replace(OF_THE_USER, team?.name ?? 'Somebody')
  if (hasSecret(words) || hasSecret(row.text)) {
    throw new AppError('NOT_ALLOWED', 'This holds a password, a key or a card number. Nothing was shared.')
  }
  await refuseSharedAlready(db, owner, row, namespace, words)
  const ends = [row.subjectId, row.objectId].filter((end): end is EntityId => end !== null)
  const entities = await Promise.all(ends.map((end) => needRoot(db, owner, end)))
  return { row, words, entities }
}

async function refuseSharedAlready(
  db: ReadHandle,
  owner: string,
  row: MemoryRow,
  namespace: Namespace,
  words: string,
): Promise<void> {
  const viewer = await readViewer(db, owner, { conversationId: null })
  const shared = await db
    .select({ text: memory.text })
    .from(memory)
    .where(
      and(
        isVisible(viewer, sql`memory`),
        eq(memory.namespace, namespace),
        eq(memory.store, row.store),
        eq(memory.status, 'active'),
        sql`lower(${memory.text}) = lower(${words})`,
      ),
    )
  if (shared.some(({ text }) => foldSentence(text) === foldSentence(words))) {
    throw new AppError('CONFLICT', 'This is shared there already. Nothing was changed.')
  }
}

/** The entity of that name among the shared ones, whoever made it; a new one when there is none. */
async function sharedEnd(
  tx: WriteHandle,
  batch: Batch,
  end: EntityId | null,
  namespace: Namespace,
): Promise<EntityId | null> {
  if (end === null) return null
  const own = await needRoot(tx, batch.owner, end)
  const [known] = await tx
    .select({ id: entity.id })
    .from(entity)
    .where(
      and(
        eq(entity.namespace, namespace),
        eq(entity.folded, own.folded),
        eq(entity.type, own.type),
        eq(entity.status, 'active'),
      ),
    )
    .orderBy(entity.createdAt)
    .limit(1)
  if (known) return known.id
  return (await createEntity(tx, batch, { name: own.name, type: own.type }, [], namespace)).id
}
