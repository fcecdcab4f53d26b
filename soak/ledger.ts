// What was acknowledged, and whether it is there: each line a process wrote before it went on is held against the database of
// the next one.
import { sql } from 'drizzle-orm'
import type { ReadHandle } from '../src/main/database/database.ts'
import { checkIntegrity } from '../src/main/database/integrity.ts'
import { MARK } from '../src/shared/forgotten.ts'

/** One acknowledgement. */
export type Ack =
  /** An item as it was answered. */
  | { what: 'item'; id: string; version: number; text: string; status: string }
  /** So many entries of the journal, or more, belong to one act. */
  | { what: 'batch'; id: string; count: number }
  | { what: 'undone'; batch: string }
  | { what: 'message'; id: string; text: string }
  | { what: 'answer'; id: string; text: string }
  | { what: 'proposal'; id: string; status: string }
  | { what: 'document'; id: string; text: string }
  | { what: 'setting'; key: string; value: unknown }
  /** Chats that came in, told by a word of theirs; none of them once the import was undone. */
  | { what: 'import'; word: string; messages: number }
  /** Said before what is overwritten: killed before its answer, it may have been done or not. */
  | { what: 'trying'; at: string }

/** A line of a process under test. `bytes`: how much of the recording there was when it was said. */
export type Line =
  | { say: 'open' | 'ready' | 'closing' | 'closed' }
  /** What is about to be done, so that it can be killed in the midst. */
  | { say: 'act'; name: string }
  | { say: 'ack'; ack: Ack; bytes: number | null }
  | { say: 'checked'; failures: string[] }
  | { say: 'failed'; failures: string[] }

/** Entries in the journal of an act on many items: all of them are there or none. */
export const MANY = 12
/** Messages of one import, and the same of them. */
export const IMPORTED = 12

/**
 * Holds a database against what was acknowledged. To be called where nothing is written meanwhile.
 * @returns what is missing or does not agree, in words for a developer
 */
export async function checkLedger(read: ReadHandle, acks: readonly Ack[]): Promise<string[]> {
  const failures = (await checkIntegrity(read)).map((finding) => `not whole: ${JSON.stringify(finding)}`)
  const of = <W extends Ack['what']>(what: W) =>
    acks.filter((ack): ack is Extract<Ack, { what: W }> => ack.what === what)

  // What came after the last answer about the same.
  const tried = new Set<string>()
  for (const ack of acks) {
    if (ack.what === 'trying') tried.add(ack.at)
    if (ack.what === 'setting') tried.delete(ack.key)
    if (ack.what === 'import') tried.delete(ack.word)
    if (ack.what === 'item') tried.delete(ack.id)
  }

  // Of an item the last that was said of it counts.
  const items = new Map(of('item').map((ack) => [ack.id, ack]))
  const rows = await byId<{ version: number; text: string; status: string }>(
    read,
    sql`select id::text as id, version, text, status from memory`,
  )
  for (const { id, version, text, status } of items.values()) {
    const row = rows.get(id)
    if (!row) {
      // Forgotten for good, once its time was over.
      if (status !== 'trashed' && !tried.has(id)) failures.push(`item ${id}, version ${version}, is missing`)
    } else if (row.version < version)
      failures.push(`item ${id} is at version ${row.version}, was acknowledged at ${version}`)
    else if (row.version === version && (row.text !== text || row.status !== status)) {
      failures.push(`item ${id}, version ${version}, is not as acknowledged`)
    }
  }

  const batches = await byId<{ count: number; undone: number }>(
    read,
    sql`select batch_id::text as id, count(*)::int as count, count(undone_by)::int as undone from journal group by batch_id`,
  )
  for (const { id, count } of of('batch')) {
    const found = batches.get(id)?.count ?? 0
    if (found < count) failures.push(`act ${id} has ${found} of ${count} entries in the journal`)
  }
  for (const { batch } of of('undone')) {
    const found = batches.get(batch)
    if (!found || found.undone === 0) failures.push(`act ${batch} was undone and is not`)
  }
  // Acts nobody had an answer to are there as a whole or not at all.
  const halves = await read.execute<{ id: string; count: number }>(sql`
    select batch_id::text as id, count(*)::int as count from journal
    where action = 'pin' group by batch_id having count(*) not in (1, ${MANY})`)
  for (const { id, count } of halves.rows) failures.push(`act ${id} was done by half: ${count} of ${MANY}`)

  // Forgetting an item takes what else says the same: sentence by sentence, mark by character.
  const forgets = acks.some((ack) => ack.what === 'item' && ack.status === 'trashed') || tried.size > 0
  const isKept = (found: string | undefined, said: string) =>
    found === said ||
    (forgets && found?.length === said.length && [...found].every((mark, at) => mark === MARK || mark === said[at]))
  const messages = await byId<{ text: string; status: string }>(
    read,
    sql`select id::text as id, text, status from message`,
  )
  for (const { id, text } of of('message')) {
    if (!isKept(messages.get(id)?.text, text)) failures.push(`message ${id} is missing or changed`)
  }
  for (const { id, text } of of('answer')) {
    const row = messages.get(id)
    if (!isKept(row?.text, text) || row?.status !== 'complete') failures.push(`answer ${id} is missing or changed`)
  }
  const imports = await byId<{ messages: number }>(
    read,
    sql`select substring(text from 'import-[0-9]+') as id, count(*)::int as messages from message
      where text like '%import-%' group by 1`,
  )
  for (const { id, messages } of imports.values()) {
    if (id !== null && messages !== IMPORTED) failures.push(`${id} came in by half: ${messages} of ${IMPORTED}`)
  }
  for (const { word, messages } of new Map(of('import').map((ack) => [ack.word, ack])).values()) {
    const found = imports.get(word)?.messages ?? 0
    if (found !== messages && !tried.has(word)) failures.push(`${word} has ${found} of ${messages} messages`)
  }
  const proposals = await byId<{ status: string }>(read, sql`select id::text as id, status from proposal`)
  for (const { id, status } of new Map(of('proposal').map((ack) => [ack.id, ack])).values()) {
    if (proposals.get(id)?.status !== status) failures.push(`suggestion ${id} is not ${status}`)
  }
  const documents = await byId<{ text: string }>(read, sql`select id::text as id, text from document`)
  for (const { id, text } of of('document')) {
    if (!isKept(documents.get(id)?.text, text)) failures.push(`document ${id} is missing or changed`)
  }
  const settings = await byId<{ value: unknown }>(read, sql`select key as id, value from setting`)
  for (const { key, value } of new Map(of('setting').map((ack) => [ack.key, ack])).values()) {
    if (tried.has(key)) continue
    if (JSON.stringify(settings.get(key)?.value) !== JSON.stringify(value)) failures.push(`setting ${key} is not kept`)
  }
  return failures
}

async function byId<Row>(read: ReadHandle, query: ReturnType<typeof sql>): Promise<Map<string, Row & { id: string }>> {
  const { rows } = await read.execute<Record<string, unknown>>(query)
  return new Map((rows as (Row & { id: string })[]).map((row) => [row.id, row]))
}
