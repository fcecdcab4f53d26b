// Looks at a whole cluster of whatever schema: every page of every table, and how many rows of each kind there are.
export type Ask = (sql: string) => Promise<Record<string, unknown>[]>

/** Pages read by one statement: some milliseconds, so that others get their turn between two. */
const PAGES_A_STATEMENT = 2000
/** The tables that are about the database and hold nothing of a person. */
const OWN_TABLES = new Set(['schema_migration'])

/** By kind, by status. */
export type KindCounts = Record<string, Record<string, number>>

/** @returns names of the tables of the app, sorted */
export async function tablesOf(ask: Ask): Promise<string[]> {
  const rows = await ask(
    `select relname::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`,
  )
  return rows.map(({ name }) => String(name))
}

/** @returns rows of each table */
export async function countTables(ask: Ask): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of await tablesOf(ask)) {
    const [row] = await ask(`select count(*)::int as n from "${table}"`)
    counts[table] = Number(row?.['n'] ?? 0)
  }
  return counts
}

/** @returns a number that grows with every change of a row, and stays while nothing is changed */
export async function changeMark(ask: Ask): Promise<string> {
  const [row] = await ask('select pg_snapshot_xmax(pg_current_snapshot())::text as mark')
  return String(row?.['mark'] ?? '')
}

/** @returns number of migrations that were applied */
export async function schemaNumber(ask: Ask): Promise<number> {
  const [row] = await ask('select count(*)::int as n from schema_migration')
  return Number(row?.['n'] ?? 0)
}

/**
 * Rows by kind and status, keys sorted. What has no status is in the bin or not, or simply there; the hidden root of a
 * conversation is no message.
 */
export async function countKinds(ask: Ask): Promise<KindCounts> {
  const columns = await ask(
    `select attrelid::regclass::text as table, attname::text as column from pg_attribute
     where attnum > 0 and not attisdropped and attrelid in
       (select oid from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace)`,
  )
  const of = (table: string) => new Set(columns.flatMap((row) => (row['table'] === table ? String(row['column']) : [])))
  const counts: KindCounts = {}
  for (const table of await tablesOf(ask)) {
    if (OWN_TABLES.has(table)) continue
    const status = statusOf(table, of(table))
    const where = table === 'message' ? ` where role <> 'root'` : ''
    const rows = await ask(
      `select ${status} as status, count(*)::int as n from "${table}"${where} group by 1 order by 1`,
    )
    counts[table] = Object.fromEntries(rows.map(({ status: name, n }) => [String(name), Number(n)]))
  }
  return counts
}

function statusOf(table: string, columns: ReadonlySet<string>): string {
  if (columns.has('status')) return 'status'
  if (table === 'journal') return `case when purged_at is null then 'kept' else 'purged' end`
  if (!columns.has('trashed_at')) return `'stored'::text`
  const archived = columns.has('archived_at') ? `when archived_at is not null then 'archived' ` : ''
  return `case when trashed_at is not null then 'trashed' ${archived}else 'active' end`
}

/** Number of rows of each kind, whatever their status. */
export function totals(counts: KindCounts): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counts).map(([kind, of]) => [kind, Object.values(of).reduce((sum, n) => sum + n, 0)]),
  )
}

/**
 * Reads every page of every table, long values included, so that the checksum of each is compared.
 * @param between called between two statements; may wait, and ends the reading by throwing
 * @throws QueryError XX001 where a page is not what was written
 */
export async function readEverything(ask: Ask, between: () => Promise<void> = async () => {}): Promise<void> {
  const relations = await ask(
    `select oid::regclass::text as name, (pg_relation_size(oid) / current_setting('block_size')::int)::int as pages
     from pg_class where relkind in ('r', 't', 'm') order by 1`,
  )
  for (const relation of relations) {
    const pages = Number(relation['pages'])
    for (let from = 0; from < pages; from += PAGES_A_STATEMENT) {
      await ask(
        `select count(*) from ${String(relation['name'])} where ctid >= '(${from},0)'::tid and ctid < '(${from + PAGES_A_STATEMENT},0)'::tid`,
      )
      await between()
    }
  }
}
