// What the pages of stores show and set: each store with its fields and last activity, its rows, what it never keeps.
import { and, count, eq, max } from 'drizzle-orm'
import { z } from 'zod'
import type { Inputs, Outputs } from '../../../shared/contract/index.ts'
import { customField } from '../../../shared/custom-store.ts'
import { AppError } from '../../../shared/errors.ts'
import type { StoreId } from '../../../shared/memory.ts'
import { memory } from '../../database/schema.ts'
import type { CustomStores } from '../custom/custom-stores.ts'
import { forbiddenBy } from '../never-keep.ts'
import type { LearningPorts } from '../ports.ts'
import type { LearningStore } from '../protocol.ts'
import { previewFields } from './changed-fields.ts'
import { fieldsOf } from './fields.ts'
import { readRows } from './rows.ts'

type Calls = 'overview' | 'rows' | 'previewChange' | 'setNeverKeep' | 'tryNeverKeep'

export type StoreViews = {
  [Call in Calls]: (owner: string, input: Inputs['stores'][Call]) => Promise<Outputs['stores'][Call]>
}

/** @param storeOf throws where there is no such store for this owner */
export function createStoreViews(
  { db, settings, setNeverKeep }: Pick<LearningPorts, 'db' | 'settings' | 'setNeverKeep'>,
  stores: () => Iterable<LearningStore>,
  storeOf: (id: StoreId) => LearningStore,
  customStores: Pick<CustomStores, 'list'>,
): StoreViews {
  const own = (owner: string, id: StoreId): LearningStore => {
    const store = storeOf(id)
    if (store.ownedBy === undefined || store.ownedBy === owner) return store
    throw new AppError('NOT_FOUND', 'This store does not exist any more.')
  }
  return {
    async overview(owner) {
      const made = new Map((await customStores.list(owner)).map((view) => [view.id, view]))
      const activity = await db.read
        .select({ store: memory.store, items: count(), last: max(memory.createdAt) })
        .from(memory)
        .where(and(eq(memory.owner, owner), eq(memory.status, 'active')))
        .groupBy(memory.store)
      return {
        stores: [...stores()]
          .filter(({ ownedBy }) => ownedBy === undefined || ownedBy === owner)
          .map((store) => {
            const seen = activity.find((one) => one.store === store.id)
            return {
              id: store.id,
              title: store.title,
              own: made.get(store.id) ?? null,
              namespace: store.policy.scope.namespace,
              fields: [...fieldsOf(store)],
              items: seen?.items ?? 0,
              lastLearnedAt: seen?.last ?? null,
              neverKeep: [...(settings().neverKeep?.[store.id] ?? [])],
            }
          }),
      }
    },

    rows: async (owner, query) => readRows(db.read, own(owner, query.id), owner, query),

    async previewChange(owner, { id, fields }) {
      const view = (await customStores.list(owner)).find((one) => one.id === id)
      if (!view) throw new AppError('NOT_FOUND', 'This store does not exist any more.')
      return previewFields(db.read, { owner, store: id }, view.definition.fields, z.array(customField).parse(fields))
    },

    async setNeverKeep(owner, { id, rules }) {
      const store = own(owner, id)
      if (!setNeverKeep) throw new AppError('NOT_ALLOWED', `"${store.title}" cannot be given rules here.`)
      const distinct = [...new Map(rules.map((rule) => [rule.toLowerCase(), rule])).values()]
      const wordless = distinct.find((rule) => forbiddenBy(rule, [rule]) === null)
      if (wordless !== undefined) {
        throw new AppError('INVALID_INPUT', `“${wordless}” has no word to go by. Name what is never to be kept.`, {
          field: 'rules',
        })
      }
      const { [id]: _, ...others } = settings().neverKeep ?? {}
      const all = Object.fromEntries(Object.entries(others).map(([key, words]) => [key, [...(words ?? [])]]))
      await setNeverKeep(distinct.length > 0 ? { ...all, [id]: distinct } : all)
      return { rules: distinct }
    },

    tryNeverKeep: async (_, { rules, text }) => ({ rule: forbiddenBy(text, rules) }),
  }
}
