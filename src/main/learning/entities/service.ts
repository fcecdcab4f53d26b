// What the window may do with people and things. A person's act is one batch, undone by the same call as a change to a
// memory.
import { and, eq } from 'drizzle-orm'
import type { Inputs, Outputs } from '../../../shared/contract/index.ts'
import { AppError } from '../../../shared/errors.ts'
import { type BatchId, type EntityId, type MemoryId, newId } from '../../../shared/ids.ts'
import type { EntityType } from '../../../shared/memory.ts'
import type { ReadHandle, WriteHandle } from '../../database/database.ts'
import { entity } from '../../database/schema.ts'
import type { Batch } from '../change/batch.ts'
import type { ForgetRequest } from '../forgetting/forget.ts'
import type { LearningPorts } from '../ports.ts'
import { viewMemory } from '../rows.ts'
import {
  addAlias,
  archiveEntity,
  mergeEntities,
  removeAlias,
  renameEntity,
  splitEntity,
  unmergeEntity,
} from './change.ts'
import { chooseEntity, entitiesNamed } from './find.ts'
import { countKnown, graphAround } from './graph.ts'
import { countTypes, knownOf, listEntities, neighbours, withAliases } from './read.ts'
import { type EntityRow, needRoot, rootsOf } from './rows.ts'

type Calls = Inputs['entities']
type Results = Outputs['entities']
type View = Results['get']['entity']

/** Of one entity this many items and neighbours are shown. */
const SHOWN = 100
const NEIGHBOURS = 30

export interface SplitRequest {
  id: EntityId
  name: string
  type: EntityType
  memoryIds: readonly MemoryId[]
}

export interface RenameRequest {
  id: EntityId
  version: number
  name?: string | undefined
  type?: EntityType | undefined
}

export interface Entities {
  list(owner: string, query: Calls['list']): Promise<Results['list']>
  get(owner: string, id: EntityId): Promise<Results['get']>
  personNamed(owner: string, name: string): Promise<Results['personNamed']>
  graph(owner: string, id: EntityId, types: readonly EntityType[] | null): Promise<Results['graph']>
  merge(owner: string, pair: { from: EntityId; into: EntityId }): Promise<Results['merge']>
  part(owner: string, id: EntityId): Promise<Results['part']>
  split(owner: string, to: SplitRequest): Promise<Results['split']>
  rename(owner: string, set: RenameRequest): Promise<Results['rename']>
  addName(owner: string, id: EntityId, name: string): Promise<Results['addName']>
  removeName(owner: string, id: EntityId, name: string): Promise<Results['removeName']>
  archive(owner: string, id: EntityId, archived: boolean): Promise<Results['archive']>
  /** @returns candidates, and nothing changed, when the name means several */
  forget(owner: string, request: Calls['forget']): Promise<Results['forget']>
}

/**
 * @param forget forgets what a person asked for, with everything that says it
 * @param tell called when what is known of somebody changed
 */
export function createEntities(
  ports: Pick<LearningPorts, 'db' | 'clock' | 'embedder'>,
  forget: (owner: string, request: ForgetRequest) => Promise<{ batchId: BatchId; finalAt: Date }>,
  tell: () => void,
): Entities {
  const { db, clock, embedder } = ports

  const act = async (
    owner: string,
    name: string,
    work: (tx: WriteHandle, batch: Batch) => Promise<EntityRow>,
  ): Promise<{ entity: View; batchId: BatchId }> => {
    const batch: Batch = {
      owner,
      id: newId<BatchId>(),
      actor: 'person',
      author: 'person',
      at: clock.now(),
      extractor: null,
      vectors: { model: embedder.model, of: () => null },
    }
    const row = await db.write(name, (tx) => work(tx, batch))
    tell()
    return { entity: await viewOne(db.read, owner, row), batchId: batch.id }
  }

  return {
    async list(owner, { query = '', type = null, status = 'active', cursor = null, limit = 50 }) {
      const { rows, total } = await listEntities(db.read, owner, {
        query,
        type,
        // A search finds what was put away as well.
        status: query.trim() === '' ? status : null,
        before: cursor === null ? null : readCursor(cursor),
        limit: limit + 1,
      })
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const known = await countKnown(
        db.read,
        owner,
        page.map(({ id }) => id),
      )
      const views = await viewAll(db.read, owner, page)
      return {
        items: views.map((view) => ({ ...view, known: known.get(view.id) ?? 0 })),
        total,
        types: await countTypes(db.read, owner, status),
        nextCursor: rows.length > limit && last ? `${last.mentionedAt.getTime()}_${last.id}` : null,
      }
    },

    async get(owner, id) {
      const root = await needRoot(db.read, owner, id)
      const ties = await knownOf(db.read, owner, root.id, { limit: SHOWN, kinds: ['relationship'] })
      const known = await knownOf(db.read, owner, root.id, { limit: SHOWN, except: ['relationship'] })
      const past = await knownOf(db.read, owner, root.id, { limit: SHOWN, statuses: ['superseded', 'archived'] })
      const near = await neighbours(db.read, owner, root.id, { limit: NEIGHBOURS })
      const ends = await rootsOf(
        db.read,
        owner,
        ties.items.flatMap(({ subjectId, objectId }) => [subjectId, objectId].filter((end) => end !== null)),
      )
      const others = [
        ...new Map([...ends.values(), ...near.map((one) => one.entity)].map((row) => [row.id, row])).values(),
      ]
      const views = new Map((await viewAll(db.read, owner, others)).map((view) => [view.id, view]))
      const merged = await db.read
        .select({ id: entity.id, name: entity.name })
        .from(entity)
        .where(and(eq(entity.owner, owner), eq(entity.mergedInto, root.id)))
      return {
        entity: await viewOne(db.read, owner, root),
        ties: ties.items.map((item) => {
          const outward = ends.get(item.subjectId as EntityId)?.id === root.id
          const end = outward ? item.objectId : item.subjectId
          const other = end ? ends.get(end) : undefined
          const relation = typeof item.data['relation'] === 'string' ? item.data['relation'] : null
          return { memory: viewMemory(item), relation, other: (other && views.get(other.id)) ?? null, outward }
        }),
        known: known.items.map(viewMemory),
        more: ties.more || known.more || past.more,
        past: past.items.map(viewMemory),
        count: (await countKnown(db.read, owner, [root.id])).get(root.id) ?? 0,
        merged,
        neighbours: near.flatMap(({ entity: row, depth, through }) => {
          const view = views.get(row.id)
          return view ? [{ entity: view, steps: depth, through: through.text }] : []
        }),
      }
    },

    async personNamed(owner, name) {
      const { entity: found, candidates } = chooseEntity(await entitiesNamed(db.read, owner, [name]), 'person', true)
      return { person: found && candidates.length === 1 ? { id: found.id, name: found.name } : null }
    },

    async graph(owner, id, types) {
      const root = await needRoot(db.read, owner, id)
      const graph = await graphAround(db.read, owner, root, types)
      const views = await viewAll(
        db.read,
        owner,
        graph.nodes.map((node) => node.entity),
      )
      return {
        ...graph,
        nodes: graph.nodes.flatMap(({ steps, hidden }, index) => {
          const view = views[index]
          return view ? [{ entity: view, steps, hidden }] : []
        }),
      }
    },

    merge: (owner, { from, into }) => act(owner, 'entity.merge', (tx, batch) => mergeEntities(tx, batch, from, into)),
    part: (owner, id) => act(owner, 'entity.part', (tx, batch) => unmergeEntity(tx, batch, id)),
    split: (owner, { id, ...to }) => act(owner, 'entity.split', (tx, batch) => splitEntity(tx, batch, id, to)),
    rename: (owner, { id, version, name, type }) =>
      act(owner, 'entity.rename', (tx, batch) =>
        renameEntity(tx, batch, id, {
          version,
          ...(name === undefined ? {} : { name }),
          ...(type === undefined ? {} : { type }),
        }),
      ),
    addName: (owner, id, name) => act(owner, 'entity.name', (tx, batch) => addAlias(tx, batch, id, name)),
    removeName: (owner, id, name) => act(owner, 'entity.name', (tx, batch) => removeAlias(tx, batch, id, name)),
    archive: (owner, id, archived) =>
      act(owner, 'entity.archive', (tx, batch) => archiveEntity(tx, batch, id, archived)),

    async forget(owner, { name, mode }) {
      const named = await entitiesNamed(db.read, owner, [name])
      const meant = [...new Map(named.map((hit) => [hit.entity.id, hit.entity])).values()]
      const [only] = meant
      if (!only) throw new AppError('NOT_FOUND', `Nobody and nothing is known by the name "${name}".`)
      if (meant.length > 1) return { batchId: null, finalAt: null, candidates: await viewAll(db.read, owner, meant) }
      const { batchId, finalAt } = await forget(owner, { entityId: only.id, mode, keep: [], also: [] })
      return { batchId, finalAt, candidates: [] }
    },
  }
}

async function viewOne(db: ReadHandle, owner: string, row: EntityRow): Promise<View> {
  const [view] = await viewAll(db, owner, [row])
  if (!view) throw new AppError('NOT_FOUND', 'This person or thing is not known any more.')
  return view
}

async function viewAll(db: ReadHandle, owner: string, rows: readonly EntityRow[]): Promise<View[]> {
  const entries = await withAliases(db, owner, rows)
  return entries.map((entry, index) => {
    const row = rows[index]
    return { ...entry, status: row?.status === 'archived' ? 'archived' : 'active', version: row?.version ?? 1 }
  })
}

function readCursor(cursor: string): { at: Date; id: EntityId } {
  const [, time, id] = /^(\d{1,16})_([0-9a-f-]{36})$/.exec(cursor) ?? []
  if (!time || !id) throw new AppError('INVALID_INPUT', 'The list changed. Open it again.', { field: 'cursor' })
  return { at: new Date(Number(time)), id: id as EntityId }
}
