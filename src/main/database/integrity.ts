// Whether a database is whole: everything in it can be read, its indexes find every row, and what belongs together agrees.
// Reads only. Used by `verify`, by the check of a backup and by the tests of durability.
import { sql } from 'drizzle-orm'
import { AppError } from '../../shared/errors.ts'
import type { ReadHandle } from './database.ts'
import { AGREEMENTS } from './integrity-rules.ts'
import { QueryError } from './messages.ts'

export interface Finding {
  /** What does not hold: `readable`, `index`, `words`, `reference`, or the name of an agreement in integrity-rules.ts. */
  rule: string
  /** Table, index or constraint; never words of the person. */
  where: string
  /** How many rows; 1 where it is no matter of rows. */
  count: number
  /** Ids of a few of them, or the code of the error. */
  examples: string[]
}

/** Rows of each index of words that are looked for: the newest, which a crash would have hit, and as many others. */
const SOUGHT_ROWS = 25
/** Rows an index of words may give back for one word; of a more frequent one nothing can be said. */
const MOST_HITS = 2000
/** How often something has to be found before it counts. */
const LOOKS = 3

/**
 * Looks through a whole database, also while it is written. Takes about a second for 10,000 memories. Only one at a time on
 * a handle: it tells the planner for a moment which way to read.
 * @returns what does not hold; empty when all is well
 * @throws AppError DATABASE_STOPPED when the engine ends meanwhile
 */
export async function checkIntegrity(read: ReadHandle): Promise<Finding[]> {
  const tables = await tablesOf(read)
  const findings: Finding[] = []
  for (const check of [checkTables, checkReferences]) findings.push(...(await check(read, tables)))
  for (const check of [checkIndexes, checkWords]) findings.push(...(await confirmed(() => check(read))))
  findings.push(...(await checkAgreements(read)))
  return findings
}

/**
 * These checks read more than once, and between two reads somebody may write: what is really wrong is wrong every time.
 */
async function confirmed(check: () => Promise<Finding[]>): Promise<Finding[]> {
  let found = await check()
  for (let again = 1; again < LOOKS && found.length > 0; again++) {
    const now = new Set((await check()).map(({ rule, where }) => `${rule} ${where}`))
    found = found.filter(({ rule, where }) => now.has(`${rule} ${where}`))
  }
  return found
}

async function tablesOf(read: ReadHandle): Promise<string[]> {
  const { rows } = await read.execute<{ name: string }>(
    sql`select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname`,
  )
  return rows.map(({ name }) => name)
}

/** Reads every value of every row, long ones that lie elsewhere included. */
async function checkTables(read: ReadHandle, tables: readonly string[]): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const name of tables) {
    const error = await errorOf(() =>
      read.execute(sql`select count(*), sum(octet_length(record_send(t))) from ${sql.identifier(name)} t`),
    )
    if (error !== null) findings.push({ rule: 'readable', where: name, count: 1, examples: [error] })
  }
  return findings
}

interface IndexRow extends Record<string, unknown> {
  name: string
  table: string
  columns: string
  predicate: string | null
}

/** Reads each table once by itself and once along each of its indexes: both must come to the same rows. */
async function checkIndexes(read: ReadHandle): Promise<Finding[]> {
  const { rows: indexes } = await read.execute<IndexRow>(sql`
    select c.relname as name, t.relname as table, pg_get_expr(i.indpred, i.indrelid) as predicate,
      (select string_agg(pg_get_indexdef(i.indexrelid, k, true)
         || case when i.indoption[k - 1] & 1 = 1 then ' desc' else ' asc' end
         || case when i.indoption[k - 1] & 2 = 2 then ' nulls first' else ' nulls last' end, ', ' order by k)
       from generate_series(1, i.indnkeyatts) k) as columns
    from pg_index i
      join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid join pg_am on pg_am.oid = c.relam
    where t.relnamespace = 'public'::regnamespace and pg_am.amname = 'btree'
    order by t.relname, c.relname`)
  const findings: Finding[] = []
  for (const { name, table, columns, predicate } of indexes) {
    const rows = sql`select ctid from ${sql.identifier(table)} ${predicate === null ? sql`` : sql.raw(`where ${predicate}`)}`
    const count = (from: ReturnType<typeof sql>) =>
      read.execute<{ count: number; sum: string | null }>(
        sql`select count(*)::int as count, sum(hashtid(ctid)) as sum from (${from}) found`,
      )
    let seen: { count: number; sum: string | null } | undefined
    let found: typeof seen
    const error = await errorOf(async () => {
      seen = (await planned(read, 'table', () => count(rows))).rows[0]
      found = (await planned(read, 'index', () => count(sql`${rows} order by ${sql.raw(columns)}`))).rows[0]
    })
    if (error !== null) findings.push({ rule: 'index', where: name, count: 1, examples: [error] })
    else if (seen?.count !== found?.count || seen?.sum !== found?.sum) {
      const count = Math.max(1, Math.abs((seen?.count ?? 0) - (found?.count ?? 0)))
      findings.push({ rule: 'index', where: name, count, examples: [] })
    }
  }
  return findings
}

/** Ways of reading the planner may not take meanwhile. */
const FORBIDDEN = {
  table: ['enable_indexscan', 'enable_indexonlyscan', 'enable_bitmapscan'],
  index: ['enable_seqscan', 'enable_bitmapscan', 'enable_sort'],
}

async function planned<T>(read: ReadHandle, way: keyof typeof FORBIDDEN, work: () => Promise<T>): Promise<T> {
  const set = (value: string) =>
    read.execute(
      sql`select ${sql.join(
        FORBIDDEN[way].map((name) => sql`set_config(${name}, ${value}, false)`),
        sql`, `,
      )}`,
    )
  await set('off')
  try {
    return await work()
  } finally {
    await set('on')
  }
}

/** Rows that point at one that is not there: Postgres keeps them from being written, and damage does not ask it. */
async function checkReferences(read: ReadHandle): Promise<Finding[]> {
  const { rows: references } = await read.execute<{
    name: string
    from: string
    column: string
    to: string
    key: string
  }>(
    sql`select c.conname as name, f.relname as from, fa.attname as column, t.relname as to, ta.attname as key
      from pg_constraint c join pg_class f on f.oid = c.conrelid join pg_class t on t.oid = c.confrelid
        join pg_attribute fa on fa.attrelid = f.oid and fa.attnum = c.conkey[1]
        join pg_attribute ta on ta.attrelid = t.oid and ta.attnum = c.confkey[1]
      where c.contype = 'f' and c.connamespace = 'public'::regnamespace and cardinality(c.conkey) = 1 order by c.conname`,
  )
  const findings: Finding[] = []
  for (const { name, from, column, to, key } of references) {
    const [source, target] = [sql.identifier(column), sql.identifier(key)]
    const broken = sql`select distinct source.${source}::text as id from ${sql.identifier(from)} source
      left join ${sql.identifier(to)} target on target.${target} = source.${source}
      where source.${source} is not null and target.${target} is null`
    findings.push(...(await brokenRows(read, 'reference', name, broken)))
  }
  return findings
}

/** Looks for rows by a word of theirs in each index of words. */
async function checkWords(read: ReadHandle): Promise<Finding[]> {
  const { rows: indexes } = await read.execute<IndexRow & { key: string; kind: string }>(sql`
    select c.relname as name, t.relname as table, pg_get_expr(i.indpred, i.indrelid) as predicate,
      pg_get_indexdef(i.indexrelid, 1, true) as columns
    from pg_index i
      join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid join pg_am on pg_am.oid = c.relam
    where t.relnamespace = 'public'::regnamespace and pg_am.amname = 'bm25' order by c.relname`)
  const findings: Finding[] = []
  for (const { name, table, columns, predicate } of indexes) {
    const missing: string[] = []
    const error = await errorOf(async () => {
      const text = sql.raw(columns)
      const where = predicate === null ? sql`` : sql.raw(`where ${predicate}`)
      const pick = (order: string) => sql`(select id, ${text} as words from ${sql.identifier(table)} ${where}
        order by ${sql.raw(order)} limit ${SOUGHT_ROWS})`
      const { rows } = await read.execute<{ id: string; word: string }>(sql`
        select picked.id::text as id, longest.word from (${pick('id desc')} union ${pick('hashtext(id::text)')}) picked
        cross join lateral (select word from unnest(tsvector_to_array(to_tsvector('public.words', picked.words))) word
          where word ~ '^[a-z0-9]{4,40}$' and tsvector_to_array(to_tsvector('public.words', word)) = array[word]
          order by length(word) desc, word limit 1) longest`)
      for (const { id, word } of rows) {
        const hits = await read.execute<{ id: string }>(sql`select id::text as id from ${sql.identifier(table)} ${where}
          order by ${text} <@> to_bm25query(${word}, ${name}) limit ${MOST_HITS}`)
        if (hits.rows.length < MOST_HITS && !hits.rows.some((hit) => hit.id === id)) missing.push(id)
      }
    })
    if (error !== null) findings.push({ rule: 'words', where: name, count: 1, examples: [error] })
    if (missing.length > 0) findings.push(finding('words', name, missing.length, missing))
  }
  return findings
}

async function checkAgreements(read: ReadHandle): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { rule, table, broken } of AGREEMENTS) findings.push(...(await brokenRows(read, rule, table, broken)))
  return findings
}

async function brokenRows(
  read: ReadHandle,
  rule: string,
  where: string,
  broken: ReturnType<typeof sql>,
): Promise<Finding[]> {
  const findings: Finding[] = []
  const error = await errorOf(async () => {
    const { rows } = await read.execute<{ count: number; examples: string[] | null }>(
      sql`select count(*)::int as count, (array_agg(id::text))[1:5] as examples from (${broken}) broken`,
    )
    const [{ count, examples } = { count: 0, examples: [] }] = rows
    if (count > 0) findings.push(finding(rule, where, count, examples ?? []))
  })
  if (error !== null) findings.push({ rule, where, count: 1, examples: [error] })
  return findings
}

function finding(rule: string, where: string, count: number, examples: readonly string[]): Finding {
  return { rule, where, count, examples: examples.slice(0, 5) }
}

/** @returns what kept it from being read; null when nothing did. */
async function errorOf(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof QueryError) return error.code ?? 'unknown error'
    // Said in words already, with what Postgres called it.
    const state = error instanceof AppError ? error.details['state'] : undefined
    if (typeof state === 'string') return state
    throw error
  }
}
