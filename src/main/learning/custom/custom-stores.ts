// Stores a person makes, changes and tries out. The machine runs them like those in code.
import { randomBytes } from 'node:crypto'
import { and, asc, count, desc, eq, inArray, isNotNull, isNull } from 'drizzle-orm'
import type { Outputs } from '../../../shared/contract/index.ts'
import type { TrialEvent } from '../../../shared/contract/stores.ts'
import { type CustomStoreDefinition, customStoreDefinition } from '../../../shared/custom-store.ts'
import { AppError } from '../../../shared/errors.ts'
import type { StoreId } from '../../../shared/memory.ts'
import type { ReadHandle } from '../../database/database.ts'
import { memory, storeDefinition } from '../../database/schema.ts'
import type { LearningPorts } from '../ports.ts'
import type { LearningStore } from '../protocol.ts'
import { userMemory } from '../stores/user-memory.ts'
import { customStore } from './store.ts'
import { type TrialRequest, tryStore } from './trial.ts'

type View = Outputs['stores']['create']
type DefinitionRow = typeof storeDefinition.$inferSelect

/** A person with more needs another tool, and the labelling call must stay short. */
const MOST_STORES = 20

export interface CustomStores {
  list(owner: string): Promise<View[]>
  create(owner: string, definition: CustomStoreDefinition): Promise<View>
  change(owner: string, request: { id: StoreId; version: number; definition: CustomStoreDefinition }): Promise<View>
  remove(owner: string, id: StoreId): Promise<void>
  restore(owner: string, id: StoreId): Promise<View>
  /** Those that were removed, the last one first. */
  removed(owner: string): Promise<Outputs['stores']['removed']['stores']>
  /** Runs over past turns and tells what it finds; nothing is saved. What ends it early is its last event. */
  trial(owner: string, request: TrialRequest, signal?: AbortSignal): AsyncGenerator<TrialEvent>
  /** Reads what is kept and puts it into the registry; a definition that does not hold together is reported and left out. */
  load(): Promise<void>
}

/**
 * @param registry the machine's stores by id; kept up to date
 * @param contain what the machine does to every store it runs
 * @param tell called when stores came, changed or went
 */
export function createCustomStores(
  ports: LearningPorts,
  registry: Map<StoreId, LearningStore>,
  contain: (store: LearningStore) => LearningStore,
  tell: () => void,
): CustomStores {
  const { db, clock, log } = ports

  function register({ id, definition, owner }: Pick<DefinitionRow, 'id' | 'definition' | 'owner'>): void {
    registry.set(id, contain(customStore(id, definition, owner) as unknown as LearningStore))
  }

  async function need(read: ReadHandle, owner: string, id: StoreId): Promise<DefinitionRow> {
    const [row] = await read
      .select()
      .from(storeDefinition)
      .where(and(eq(storeDefinition.id, id), eq(storeDefinition.owner, owner)))
    if (!row) throw new AppError('NOT_FOUND', 'This store does not exist any more.')
    return row
  }

  /** Active items by store. */
  async function countItems(owner: string, ids: readonly StoreId[]): Promise<ReadonlyMap<StoreId, number>> {
    const counts = await db.read
      .select({ store: memory.store, items: count() })
      .from(memory)
      .where(and(eq(memory.owner, owner), eq(memory.status, 'active'), inArray(memory.store, [...ids])))
      .groupBy(memory.store)
    return new Map(counts.map(({ store, items }) => [store, items]))
  }

  async function view(owner: string, id: StoreId): Promise<View> {
    const row = await need(db.read, owner, id)
    return viewOf(row, (await countItems(owner, [id])).get(id) ?? 0)
  }

  /** Two stores of one name would be one in what the person says, and in the labelling call. */
  async function refuseName(read: ReadHandle, owner: string, title: string, except: StoreId | null): Promise<void> {
    const wanted = title.trim().toLowerCase()
    const own = await read
      .select()
      .from(storeDefinition)
      .where(and(eq(storeDefinition.owner, owner), isNull(storeDefinition.trashedAt)))
    const others = own.filter(({ id }) => id !== except)
    const builtIn = [...registry.values()].filter((store) => store.ownedBy === undefined)
    const taken = [...others.map(({ definition }) => definition.title), ...builtIn.map((store) => store.title)]
    if (taken.some((name) => name.trim().toLowerCase() === wanted)) {
      throw new AppError('INVALID_INPUT', `There is a store "${title}" already. Choose another name.`, {
        field: 'definition.title',
      })
    }
    if (except === null && others.length >= MOST_STORES) {
      throw new AppError('INVALID_INPUT', `There can be ${MOST_STORES} stores of your own. Remove one first.`)
    }
  }

  return {
    async list(owner) {
      const rows = await db.read
        .select()
        .from(storeDefinition)
        .where(and(eq(storeDefinition.owner, owner), isNull(storeDefinition.trashedAt)))
        .orderBy(asc(storeDefinition.createdAt), asc(storeDefinition.id))
      const counts = await countItems(
        owner,
        rows.map(({ id }) => id),
      )
      return rows.filter(isReadable).map((row) => viewOf(row, counts.get(row.id) ?? 0))
    },

    async create(owner, given) {
      const definition = customStoreDefinition.parse(given)
      const id = `custom:${randomBytes(8).toString('hex')}`
      const now = clock.now()
      await db.write('stores.create', async (tx) => {
        await refuseName(tx, owner, definition.title, null)
        await tx.insert(storeDefinition).values({ id, owner, definition, createdAt: now, updatedAt: now })
      })
      register({ id, definition, owner })
      tell()
      return view(owner, id)
    },

    async change(owner, { id, version, definition: given }) {
      const definition = customStoreDefinition.parse(given)
      await db.write('stores.change', async (tx) => {
        const before = await need(tx, owner, id)
        if (before.version !== version) {
          throw new AppError('CONFLICT', 'This store was changed meanwhile. Nothing was overwritten: look at it again.')
        }
        await refuseName(tx, owner, definition.title, id)
        await tx
          .update(storeDefinition)
          .set({ definition, version: version + 1, updatedAt: clock.now() })
          .where(eq(storeDefinition.id, id))
      })
      register({ id, definition, owner })
      tell()
      return view(owner, id)
    },

    async remove(owner, id) {
      await db.write('stores.remove', async (tx) => {
        await need(tx, owner, id)
        await tx.update(storeDefinition).set({ trashedAt: clock.now() }).where(eq(storeDefinition.id, id))
      })
      registry.delete(id)
      tell()
    },

    async restore(owner, id) {
      const row = await need(db.read, owner, id)
      await db.write('stores.restore', async (tx) => {
        await refuseName(tx, owner, row.definition.title, id)
        await tx.update(storeDefinition).set({ trashedAt: null }).where(eq(storeDefinition.id, id))
      })
      register(row)
      tell()
      return view(owner, id)
    },

    async removed(owner) {
      const rows = await db.read
        .select()
        .from(storeDefinition)
        .where(and(eq(storeDefinition.owner, owner), isNotNull(storeDefinition.trashedAt)))
        .orderBy(desc(storeDefinition.trashedAt), desc(storeDefinition.id))
      const counts = await countItems(
        owner,
        rows.map(({ id }) => id),
      )
      return rows.filter(isReadable).map((row) => ({
        ...viewOf(row, counts.get(row.id) ?? 0),
        removedAt: row.trashedAt ?? row.updatedAt,
      }))
    },

    trial: (owner, request, signal) => {
      const memories = registry.get(userMemory.id)
      return tryStore(ports, memories ? [memories] : [], owner, request, signal)
    },

    async load() {
      const rows = await db.read.select().from(storeDefinition).where(isNull(storeDefinition.trashedAt))
      for (const row of rows) {
        const parsed = customStoreDefinition.safeParse(row.definition)
        if (parsed.success) register({ ...row, definition: parsed.data })
        else log.error({ store: row.id }, 'a store of a person could not be read; its items are kept')
      }
    },
  }
}

function isReadable({ definition }: DefinitionRow): boolean {
  return customStoreDefinition.safeParse(definition).success
}

/** What a definition was made without, by an earlier version, has its default. */
function viewOf({ id, version, definition, createdAt, updatedAt }: DefinitionRow, items: number): View {
  return { id, version, definition: customStoreDefinition.parse(definition), items, createdAt, updatedAt }
}
