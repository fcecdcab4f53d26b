// Reads what can still be read of a damaged cluster, on a copy of it, and puts that over a good older state: tables that can
// be read whole as they are, of others what their readable pages hold. Then the journal makes again what a table lost.
import { Connection } from '../database/connection.ts'
import { tablesOf } from '../database/inspect.ts'

const DEADLINE_MS = 5 * 60_000
/** Pages read by one statement where all is well. */
const PAGES = 256
/** Rows written by one statement. */
const ROWS = 200

export interface Salvaged {
  /** Rows brought over, by table. */
  replayed: Record<string, number>
  lost: Record<string, { pages: number; rows: number }>
  fromHistory: number
}

interface Row {
  key: string
  hash: string
  /** Where it stands. */
  ctid: string
  /** Its page is not what was written: it counts only where nothing better is known. */
  doubtful: boolean
}

interface TableRead {
  rows: Map<string, Row>
  /** Pages of which nothing could be read. */
  pages: number
  /** Every page was read and none is doubtful. */
  whole: boolean
}

/**
 * @param damaged a copy of the damaged cluster; it is opened, and may be changed by that
 * @param base a good cluster of this version's schema, closed; gets the rows
 * @param lostPages pages a file lost since the last orderly close, by its path: a table read to its end may be cut short
 * @returns null when the damaged one does not open at all
 */
export async function salvage(
  damaged: string,
  base: string,
  lostPages: ReadonlyMap<string, number>,
): Promise<Salvaged | null> {
  const from = new DamagedReader(damaged)
  if (!(await from.open())) return null
  const to = await Connection.open(base, DEADLINE_MS, () => {})
  const run = async (sql: string, params: unknown[] = []) =>
    (await to.query(sql, params, 'object', DEADLINE_MS)).rows as Record<string, unknown>[]
  const result: Salvaged = { replayed: {}, lost: {}, fromHistory: 0 }
  try {
    const known = new Set(await tablesOf((sql) => from.ask(sql)).catch(() => []))
    const tables = (await tablesOf(run)).filter((table) => known.has(table) && table !== 'schema_migration')
    await to.script(`set session_replication_role = replica`, DEADLINE_MS)
    for (const table of tables) {
      const key = await keyOf(run, table)
      if (key === null) continue
      const read = await from.read(table, key, lostPages)
      const replayed = await bringOver(from, run, table, key, read)
      if (replayed > 0) result.replayed[table] = replayed
      if (read.pages > 0) result.lost[table] = { pages: read.pages, rows: 0 }
    }
    result.fromHistory = await remakeFromHistory(run)
    for (const [table, rows] of await dropDangling(run)) {
      result.lost[table] = { pages: result.lost[table]?.pages ?? 0, rows }
    }
    await advanceSequences(run)
    await to.script('checkpoint', DEADLINE_MS)
    return result
  } finally {
    await from.close()
    await to.close(DEADLINE_MS)
  }
}

/** A cluster whose pages may trap the engine: then it is opened again, and that stretch is halved until it is found. */
class DamagedReader {
  readonly #data: string
  #connection: Connection | null = null

  constructor(data: string) {
    this.#data = data
  }

  async open(): Promise<boolean> {
    try {
      this.#connection = await Connection.open(this.#data, DEADLINE_MS, () => {})
      await this.#connection.script('set default_transaction_read_only = on', DEADLINE_MS)
      return true
    } catch {
      await this.close()
      return false
    }
  }

  async close(): Promise<void> {
    await this.#connection?.close(DEADLINE_MS).catch(() => {})
    this.#connection = null
  }

  async ask(sql: string, params: unknown[] = []): Promise<Record<string, unknown>[]> {
    if (this.#connection === null || this.#connection.ended) {
      await this.close()
      if (!(await this.open())) throw new Error('The damaged copy does not open any more.')
    }
    const connection = this.#connection as unknown as Connection
    return (await connection.query(sql, params, 'object', DEADLINE_MS)).rows as Record<string, unknown>[]
  }

  /** Every row that can be read, with a hash of what it says. */
  async read(table: string, key: string, lostPages: ReadonlyMap<string, number>): Promise<TableRead> {
    const read: TableRead = { rows: new Map(), pages: 0, whole: true }
    let pages: number
    try {
      const [about] = await this.ask(
        `select pg_relation_filepath(oid) as file,
           (pg_relation_size(oid) / current_setting('block_size')::int)::int as pages,
           (select pg_relation_filepath(toast.oid) from pg_class toast where toast.oid = pg_class.reltoastrelid) as toast
         from pg_class where oid = '"${table}"'::regclass`,
      )
      pages = Number(about?.['pages'] ?? 0)
      const lost = lostPages.get(String(about?.['file'])) ?? 0
      read.pages += lost
      if (lost > 0 || lostPages.has(String(about?.['toast']))) read.whole = false
    } catch {
      return { rows: new Map(), pages: 1, whole: false }
    }
    for (let start = 0; start < pages; start += PAGES) {
      await this.#stretch(table, key, start, Math.min(start + PAGES, pages), read)
    }
    return read
  }

  async #stretch(table: string, key: string, start: number, end: number, read: TableRead): Promise<void> {
    try {
      await this.#rows(table, key, start, end, read, false)
    } catch {
      read.whole = false
      if (end - start > 1) {
        const middle = (start + end) >> 1
        await this.#stretch(table, key, start, middle, read)
        await this.#stretch(table, key, middle, end, read)
        return
      }
      try {
        await this.ask('set ignore_checksum_failure = on')
        await this.#rows(table, key, start, end, read, true)
      } catch {
        // Row by row: one whose long value is lost must not take its neighbours along.
        if ((await this.#rowByRow(table, key, start, read)) === 0) read.pages += 1
      } finally {
        await this.ask('set ignore_checksum_failure = off').catch(() => {})
      }
    }
  }

  async #rows(
    table: string,
    key: string,
    start: number,
    end: number,
    read: TableRead,
    doubtful: boolean,
    only = '',
  ): Promise<number> {
    const found = await this.ask(
      `select ${key} as key, md5(t::text) as hash, ctid::text as ctid from "${table}" t
       where ctid >= '(${start},0)'::tid and ctid < '(${end},0)'::tid ${only}`,
    )
    for (const { key: name, hash, ctid } of found) {
      read.rows.set(String(name), { key: String(name), hash: String(hash), ctid: String(ctid), doubtful })
    }
    return found.length
  }

  async #rowByRow(table: string, key: string, page: number, read: TableRead): Promise<number> {
    let places: string[]
    try {
      const found = await this.ask(
        `select ctid::text as ctid from "${table}" where ctid >= '(${page},0)'::tid and ctid < '(${page + 1},0)'::tid`,
      )
      places = found.map(({ ctid }) => String(ctid))
    } catch {
      return 0
    }
    for (const ctid of places) {
      await this.#rows(table, key, page, page + 1, read, true, `and ctid = '${ctid}'::tid`).catch(() => 0)
    }
    return places.length
  }
}

type Run = (sql: string, params?: unknown[]) => Promise<Record<string, unknown>[]>

/** The primary key as one text; null for a table that has none. */
async function keyOf(run: Run, table: string): Promise<string | null> {
  const columns = await run(
    `select attname::text as name from pg_index join pg_attribute on attrelid = indrelid and attnum = any(indkey)
     where indisprimary and indrelid = '"${table}"'::regclass order by attnum`,
  )
  return columns.length === 0 ? null : `jsonb_build_array(${columns.map(({ name }) => `t."${name}"`).join(', ')})::text`
}

/**
 * Makes a table of the base what the damaged one says. What a whole table does not have was deleted; what one with lost
 * pages does not have may be on those.
 */
async function bringOver(from: DamagedReader, run: Run, table: string, key: string, read: TableRead): Promise<number> {
  const there = new Map<string, string>()
  for (const row of await run(`select ${key} as key, md5(t::text) as hash from "${table}" t`)) {
    there.set(String(row['key']), String(row['hash']))
  }
  const wanted = [...read.rows.values()].filter(
    (row) => there.get(row.key) !== row.hash && !(row.doubtful && there.has(row.key)),
  )
  let replayed = 0
  for (let start = 0; start < wanted.length; start += ROWS) {
    const some = wanted.slice(start, start + ROWS)
    const places = some.map(({ ctid }) => `'${ctid}'::tid`).join(', ')
    const doubtful = some.some((row) => row.doubtful)
    if (doubtful) await from.ask('set ignore_checksum_failure = on')
    const rows = await from.ask(`select to_jsonb(t)::text as row from "${table}" t where ctid in (${places})`)
    if (doubtful) await from.ask('set ignore_checksum_failure = off')
    const values = `[${rows.map(({ row }) => String(row)).join(',')}]`
    await run(`delete from "${table}" t where ${key} = any($1::text[])`, [some.map((row) => row.key)])
    const made = await run(
      `insert into "${table}" select * from jsonb_populate_recordset(null::"${table}", $1::text::jsonb)
       on conflict do nothing returning 1 as one`,
      [values],
    )
    replayed += made.length
  }
  if (read.whole) {
    const gone = [...there.keys()].filter((name) => !read.rows.has(name))
    for (let start = 0; start < gone.length; start += ROWS) {
      await run(`delete from "${table}" t where ${key} = any($1::text[])`, [gone.slice(start, start + ROWS)])
    }
  }
  return replayed
}

/** Items whose row is lost or older than their newest journal entry are made again from that entry. */
async function remakeFromHistory(run: Run): Promise<number> {
  // What was forgotten for good must not come back from the older state.
  await run(
    `delete from memory where exists (select 1 from journal where memory_id = memory.id and purged_at is not null)
       and (select after from journal where memory_id = memory.id order by seq desc limit 1) is null`,
  )
  const last = `select distinct on (memory_id) memory_id, after from journal where target = 'memory' order by memory_id, seq desc`
  const entries = await run(
    `select entry.after::text as after from (${last}) entry left join memory on memory.id = entry.memory_id
     where entry.after -> 'memory' is not null
       and (memory.id is null or memory.version < (entry.after -> 'memory' ->> 'version')::int)`,
  )
  const columns = (
    await run(`select attname::text as name from pg_attribute where attrelid = 'memory'::regclass
    and attnum > 0 and not attisdropped`)
  ).map(({ name }) => String(name))
  let made = 0
  for (const { after } of entries) {
    const body = JSON.parse(String(after)) as { memory: Record<string, unknown>; evidence?: Record<string, unknown>[] }
    const row = Object.fromEntries(Object.entries(body.memory).map(([name, value]) => [snake(name), value]))
    const names = columns.filter((name) => row[name] !== undefined)
    await run(`delete from memory where id = $1::uuid`, [String(row['id'])])
    await run(
      `insert into memory (${names.map((name) => `"${name}"`).join(', ')}) select ${names.map((name) => `"${name}"`).join(', ')}
       from jsonb_populate_record(null::memory, $1::text::jsonb)`,
      [JSON.stringify(row)],
    )
    // What an entry says of its grounds: those of its own side. All there are stand in the item's entries together.
    await run(
      `insert into evidence select e.* from journal,
         jsonb_array_elements(coalesce(after -> 'evidence', '[]')) as kept,
         jsonb_populate_record(null::evidence, (select jsonb_object_agg(
           lower(regexp_replace(key, '([A-Z])', '_\\1', 'g')), value) from jsonb_each(kept)) ) e
       where journal.memory_id = $1::uuid on conflict do nothing`,
      [String(row['id'])],
    )
    made += 1
  }
  return made
}

/** camelCase of a body to the name of its column. */
function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** What belongs to something that is lost goes by the rule of its foreign key. @returns rows that went, by table */
async function dropDangling(run: Run): Promise<Map<string, number>> {
  const keys = await run(
    `select conrelid::regclass::text as "table", confrelid::regclass::text as "to", confdeltype::text as rule,
       (select attname::text from pg_attribute where attrelid = conrelid and attnum = conkey[1]) as "column",
       (select attname::text from pg_attribute where attrelid = confrelid and attnum = confkey[1]) as "target"
     from pg_constraint where contype = 'f'`,
  )
  const lost = new Map<string, number>()
  // What goes may take others along.
  for (let changed = true; changed; ) {
    changed = false
    for (const { table, to, rule, column, target } of keys) {
      const dangling = `"${column}" is not null and not exists (select 1 from ${to} o where o."${target}" = ${table}."${column}")`
      const rows =
        rule === 'n'
          ? await run(`update ${table} set "${column}" = null where ${dangling} returning 1 as one`)
          : await run(`delete from ${table} where ${dangling} returning 1 as one`)
      if (rows.length === 0) continue
      changed = true
      if (rule !== 'n') lost.set(String(table), (lost.get(String(table)) ?? 0) + rows.length)
    }
  }
  return lost
}

/** New rows must not get numbers that are taken. */
async function advanceSequences(run: Run): Promise<void> {
  const columns = await run(
    `select table_name::text as "table", column_name::text as "column" from information_schema.columns
     where table_schema = 'public' and column_default like 'nextval(%'`,
  )
  for (const { table, column } of columns) {
    await run(
      `select setval(pg_get_serial_sequence('"${table}"', '${column}'), greatest((select coalesce(max("${column}"), 0) from "${table}"), 1))`,
    )
  }
}
