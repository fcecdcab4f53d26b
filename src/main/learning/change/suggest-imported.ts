// Memories that came in with an import, as suggestions: they wait for the person like anything nobody with a say has said.
// Many at a time, by the same few statements however many there are.
import { and, eq, sql } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import { type BatchId, type MemoryId, newId, type ProposalId } from '../../../shared/ids.ts'
import type { StoreId } from '../../../shared/memory.ts'
import { type FieldValue, tidyValue } from '../../../shared/store-field.ts'
import type { WriteHandle } from '../../database/database.ts'
import { evidence, memory, proposal } from '../../database/schema.ts'
import { fitContent } from '../contained/content.ts'
import { hasSecret } from '../extraction/secrets.ts'
import { isForbidden } from '../never-keep.ts'
import { declinedClaims } from '../proposals/claims.ts'
import { flagsOf } from '../proposals/flags.ts'
import type { Change, Evidence, ItemContent, LearningStore } from '../protocol.ts'
import { bodyOf, type EvidenceRow, type MemoryRow } from '../rows.ts'
import { fieldsOf, withValues } from '../store-view/fields.ts'
import { importBatch, type Suggested } from './batch.ts'
import { evidenceRows, newRow, noteAll } from './write-items.ts'

/** An item as it came in. */
export interface ImportedItem {
  /** Taken for its row, so that the same import again finds it. */
  id: MemoryId
  store: StoreId
  kind: string | null
  text: string
  /** What it holds beside its text, as the file says; left out where the store does not take it. */
  data: Record<string, unknown>
  /** Values by field of the store, as a table has them. */
  fields: Readonly<Record<string, string>> | null
  at: Date
}

/** Why an item was not even suggested, in words for a person; null: it waits now. */
export type ImportOutcome = { id: MemoryId; left: string | null }

export interface ImportBatch {
  owner: string
  id: BatchId
  at: Date
  timeZone: string
}

/**
 * Suggests what came in.
 * @param stores `of` gives null where there is no such store: the item is suggested as a plain memory then
 */
export async function suggestImported(
  tx: WriteHandle,
  act: ImportBatch,
  stores: {
    of(store: StoreId): LearningStore | null
    plain: LearningStore
    neverKeep(store: StoreId): readonly string[]
  },
  items: readonly ImportedItem[],
): Promise<ImportOutcome[]> {
  const batch = importBatch(act)
  const { owner, at, timeZone } = act
  const outcomes: ImportOutcome[] = []
  const wanted: {
    store: LearningStore
    item: ItemContent<Record<string, unknown>>
    of: ImportedItem
    found: Evidence[]
  }[] = []
  for (const one of items) {
    const leave = (left: string) => outcomes.push({ id: one.id, left })
    const store = stores.of(one.store) ?? stores.plain
    if (hasSecret(one.text)) {
      leave('It looks like a password, a key or a card number. Such things are not kept.')
      continue
    }
    const item = itemOf(store, one, timeZone)
    if (typeof item === 'string') {
      leave(item)
      continue
    }
    const found: Evidence[] = [{ origin: 'import', quote: one.text, at: one.at }]
    if (isForbidden({ item, evidence: found }, stores.neverKeep(store.id))) {
      leave('A rule of yours says that this is never to be kept.')
      continue
    }
    wanted.push({ store, item, of: one, found })
  }
  const declined = await declinedClaims(
    tx,
    owner,
    wanted.map(({ store, item }) => ({ store: store.id, action: 'add' as const, claim: item.text })),
  )
  const waiting = await claimsWaiting(tx, owner)
  const rows: MemoryRow[] = []
  const sources: EvidenceRow[] = []
  const proposals: (typeof proposal.$inferInsert)[] = []
  for (const [index, { store, item, of, found }] of wanted.entries()) {
    const key = `${store.id} ${item.text}`
    const left = declined.has(index)
      ? 'You declined this before.'
      : waiting.has(key)
        ? 'The same waits for your decision already.'
        : null
    outcomes.push({ id: of.id, left })
    if (left !== null) continue
    waiting.add(key)
    const row: MemoryRow = { ...newRow(batch, store, item), id: of.id, status: 'proposed' }
    const change: Change = { action: 'add', item, evidence: found }
    rows.push(row)
    sources.push(...evidenceRows(batch, row.id, found))
    proposals.push({
      ...{ id: newId<ProposalId>(), owner, store: store.id, action: 'add', memoryId: row.id, baseVersion: row.version },
      ...{ after: { change, claim: item.text } satisfies Suggested, reason: '', evidence: [...found] },
      ...{ flags: flagsOf('add', item.text, [of.text]), createdAt: at },
    })
  }
  await insertAll(tx, memory, rows)
  await insertAll(tx, evidence, sources)
  await insertAll(tx, proposal, proposals)
  const byMemory = new Map(sources.map((source) => [source.memoryId, source]))
  await noteAll(
    tx,
    batch,
    rows.map((row) => {
      const source = byMemory.get(row.id)
      return { action: 'add', before: null, after: bodyOf(row, source ? [source] : []), row, reason: 'proposed' }
    }),
  )
  return outcomes
}

const AT_ONCE = 300

async function insertAll<Table extends typeof memory | typeof evidence | typeof proposal>(
  tx: WriteHandle,
  table: Table,
  rows: readonly Table['$inferInsert'][],
): Promise<void> {
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    await tx.insert(table).values(rows.slice(from, from + AT_ONCE) as never)
  }
}

/** @returns why it is no item of this store, where it is none */
function itemOf(
  store: LearningStore,
  { text, kind, data, fields, at }: ImportedItem,
  timeZone: string,
): ItemContent<Record<string, unknown>> | string {
  const worded = store.fromHand(text, null, { at, timeZone })
  try {
    if (fields !== null) return { ...worded, content: withValues(store, worded.content, valuesOf(store, fields)) }
    const content = Object.keys(data).length > 0 ? fitContent(store.schema, data) : null
    return content === null ? worded : { ...worded, kind: kind ?? worded.kind, text, content }
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
}

const YES = /^(?:y|yes|true|1|x|on|ja|oui|s[ií])$/iu
const NO = /^(?:n|no|false|0|off|nein|non)$/iu

/** Cells of a table as values of fields. What cannot be meant stays a text, and its field says why it is none. */
function valuesOf(store: LearningStore, cells: Readonly<Record<string, string>>): Record<string, FieldValue> {
  const fields = fieldsOf(store)
  const meant = (key: string, cell: string): FieldValue => {
    const field = fields.find((one) => one.key === key)
    const text = cell.trim()
    if (!field || text === '') return text === '' ? null : cell
    if (field.type === 'list')
      return tidyValue(
        field,
        text.split(/[;\n]|,\s/u).map((entry) => entry.trim()),
      )
    if (field.type === 'yes_no') return YES.test(text) ? true : NO.test(text) ? false : text
    return tidyValue(field, text)
  }
  // The item's own words are no field.
  const given = Object.entries(cells).filter(([key]) => key !== 'text')
  return Object.fromEntries(given.map(([key, cell]) => [key, meant(key, cell)]))
}

async function claimsWaiting(tx: WriteHandle, owner: string): Promise<Set<string>> {
  const rows = await tx
    .select({ store: proposal.store, claim: sql<string>`${proposal.after} ->> 'claim'` })
    .from(proposal)
    .where(and(eq(proposal.owner, owner), eq(proposal.status, 'open'), eq(proposal.action, 'add')))
  return new Set(rows.map(({ store, claim }) => `${store} ${claim}`))
}
