// Items that say the same: word for word, or by the same rules that tell so when something is learned. Old data, several
// doors and imports make them; what is learned now is compared when it is written.

import { and, asc, eq, inArray } from 'drizzle-orm'
import type { ReadHandle } from '../../database/database.ts'
import { evidence, memory } from '../../database/schema.ts'
import { judgeAll } from '../change/compare.ts'
import { evidenceOf } from '../evidence.ts'
import type { Evidence, LearningStore } from '../protocol.ts'
import { type MemoryRow, storedItem } from '../rows.ts'
import { contentWords, foldSentence, jaccard } from '../words.ts'
import type { CurationGroup } from './group.ts'

/** Items of one store that are looked at; the latest changed first. */
const LOOKED_AT = 5000
/** Share of words two items must have in common to be compared by rule. */
const ALIKE = 0.6
/** Items that have one word in common; a word more have tells nothing. */
const MOST_WITH_WORD = 60

/**
 * Groups of active items of a store that are one. Only within one place: a private item is never merged with a shared
 * one, nor one of a conversation with one that holds everywhere.
 */
export async function findDuplicates(db: ReadHandle, owner: string, store: LearningStore): Promise<CurationGroup[]> {
  const rows = await db
    .select()
    .from(memory)
    .where(and(eq(memory.owner, owner), eq(memory.store, store.id), eq(memory.status, 'active')))
    .orderBy(asc(memory.createdAt), asc(memory.id))
    .limit(LOOKED_AT)
  const byPlace = groupBy(rows, placeOf)
  const groups: { kind: 'duplicate' | 'near-duplicate'; items: MemoryRow[] }[] = []
  for (const items of byPlace.values()) {
    const taken = new Set<string>()
    for (const same of groupBy(items, ({ text }) => foldSentence(text)).values()) {
      if (same.length < 2 || !canBeOne(store, same)) continue
      groups.push({ kind: 'duplicate', items: same })
      for (const { id } of same) taken.add(id)
    }
    const left = items.filter(({ id }) => !taken.has(id))
    for (const pair of alike(store, left)) groups.push({ kind: 'near-duplicate', items: pair })
  }
  if (groups.length === 0) return []
  const sources = await sourcesOf(
    db,
    groups.flatMap(({ items }) => items),
  )
  return groups.map(({ kind, items }) => toGroup(store, kind, items, sources))
}

function groupBy(rows: readonly MemoryRow[], key: (row: MemoryRow) => string): Map<string, MemoryRow[]> {
  const groups = new Map<string, MemoryRow[]>()
  for (const row of rows) {
    const group = groups.get(key(row))
    if (group) group.push(row)
    else groups.set(key(row), [row])
  }
  return groups
}

function placeOf({ namespace, projectId, conversationId, kind }: MemoryRow): string {
  return [namespace, projectId, conversationId, kind].join('\n')
}

/** Items with fields of their own are one only when these say the same. */
function canBeOne(store: LearningStore, items: readonly MemoryRow[]): boolean {
  const [first, ...others] = items
  if (!first) return false
  const own = (row: MemoryRow) => JSON.stringify(Object.entries(row.data).sort(([a], [b]) => a.localeCompare(b)))
  return others.every((row) => {
    const relation = store.relate?.(storedItem(first), storedItem(row)) ?? null
    const ends = row.subjectId === first.subjectId && row.objectId === first.objectId
    return ends && (relation === 'same' || (relation === null && own(row) === own(first)))
  })
}

/** Pairs that a rule takes for the same, each item in one of them at most. */
function alike(store: LearningStore, rows: readonly MemoryRow[]): MemoryRow[][] {
  if (store.policy.compareBy !== 'meaning') return []
  const words = new Map(rows.map((row) => [row.id, contentWords(row.text)]))
  const having = new Map<string, MemoryRow[]>()
  for (const row of rows) {
    for (const word of new Set(words.get(row.id))) having.set(word, [...(having.get(word) ?? []), row])
  }
  const paired = new Set<string>()
  const pairs: MemoryRow[][] = []
  for (const row of rows) {
    if (paired.has(row.id)) continue
    const own = words.get(row.id) ?? []
    const near = new Set(
      own.flatMap((word) => {
        const others = having.get(word) ?? []
        return others.length <= MOST_WITH_WORD ? others : []
      }),
    )
    const judged = judgeAll({ text: row.text, quote: row.text })
    const same = [...near].find(
      (other) =>
        other.id > row.id &&
        !paired.has(other.id) &&
        jaccard(own, words.get(other.id) ?? []) >= ALIKE &&
        canBeOne(store, [row, other]) &&
        judged(other.text, null) === 'same',
    )
    if (!same) continue
    paired.add(row.id).add(same.id)
    pairs.push([row, same])
  }
  return pairs
}

function toGroup(
  store: LearningStore,
  kind: 'duplicate' | 'near-duplicate',
  items: readonly MemoryRow[],
  sources: ReadonlyMap<string, Evidence[]>,
): CurationGroup {
  // What the person wrote or pinned keeps its words; else what says most.
  const stays =
    items.find(({ pinned, author }) => pinned || author === 'person') ??
    items.toSorted((a, b) => b.text.length - a.text.length)[0]
  if (!stays) throw new Error('A group has no items.')
  const { subjectId, objectId, validTo } = stays
  const began = items.flatMap(({ validFrom }) => (validFrom ? [validFrom.getTime()] : []))
  return {
    kind,
    store: store.id,
    items: [stays, ...items.filter(({ id }) => id !== stays.id)],
    after: stays.text,
    safe: kind === 'duplicate',
    change: {
      action: 'merge',
      ids: [stays, ...items.filter(({ id }) => id !== stays.id)].map(({ id }) => id),
      into: {
        kind: stays.kind,
        text: stays.text,
        content: stays.data,
        confidence: Math.max(...items.map(({ confidence }) => confidence)),
        validFrom: began.length > 0 ? new Date(Math.min(...began)) : null,
        validTo,
        subjectId,
        objectId,
      },
      evidence: distinct(items.flatMap(({ id }) => sources.get(id) ?? [])),
    },
  }
}

async function sourcesOf(db: ReadHandle, items: readonly MemoryRow[]): Promise<Map<string, Evidence[]>> {
  const ids = items.map(({ id }) => id)
  const rows = await db.select().from(evidence).where(inArray(evidence.memoryId, ids)).orderBy(asc(evidence.at))
  const found = new Map<string, Evidence[]>()
  for (const row of rows) found.set(row.memoryId, [...(found.get(row.memoryId) ?? []), evidenceOf(row)])
  return found
}

function distinct(sources: readonly Evidence[]): Evidence[] {
  return [
    ...new Map(
      sources.map((one) => [`${one.messageId}\n${one.documentId}\n${one.start}\n${one.quote}\n${+one.at}`, one]),
    ).values(),
  ]
}
