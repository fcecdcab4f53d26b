// The lines of an archive, read from the tables page by page. Postgres writes the JSON: rows cross to the app as one text.
import { type SQL, sql } from 'drizzle-orm'
import type { ReadHandle } from '../../database/database.ts'
import type { Kind } from '../archive/format.ts'
import { membersOf, TABLES, tableOf } from '../archive/tables.ts'

export interface Page {
  /** JSON Lines, each ended by a line feed; empty at the end. */
  text: string
  rows: number
}

/**
 * Pages of all rows of a kind that a condition holds for, in the order of their key. A page is cut before it is looked at, so
 * that what one costs does not grow with the table, and a kind of which little is wanted gives small pages.
 */
export async function* readLines(db: ReadHandle, kind: Kind, where: SQL): AsyncGenerator<Page> {
  const { key, atOnce, made } = TABLES[kind]
  const table = sql.identifier(tableOf(kind))
  const column = (name: string) => sql`${table}.${sql.identifier(name)}`
  const keys = sql.join(key.map(column), sql`, `)
  const members = sql.join(
    membersOf(kind).map((name) => sql`${made[name] ?? column(name)} as ${sql.identifier(name)}`),
    sql`, `,
  )
  let last: SQL = sql`true`
  for (;;) {
    const { rows } = await db.execute<{ text: string | null; n: number; looked: number; last: unknown[] | null }>(sql`
      select string_agg(line, E'\n') || E'\n' as text, count(line)::int as n, count(*)::int as looked,
        (array_agg(key))[count(*)] as last
      from (
        select case when ${where} then (select row_to_json(one)::text from (select ${members}) one) end as line,
          json_build_array(${keys}) as key
        from (select * from ${table} where ${last} order by ${keys} limit ${atOnce}) as ${table} order by ${keys}
      ) page`)
    const [page] = rows
    if (!page?.last) return
    if (page.text !== null) yield { text: page.text, rows: page.n }
    if (page.looked < atOnce) return
    const values = sql.join(
      page.last.map((value, index) => sql`${sql.param(value)}${castOf(key[index] ?? '')}`),
      sql`, `,
    )
    last = sql`(${keys}) > (${values})`
  }
}

/** Keys come back as JSON; a parameter has no type of its own in a comparison of rows. */
function castOf(column: string): SQL {
  if (column === 'seq') return sql`::bigint`
  if (column === 'rank' || column === 'part') return sql`::int`
  return column === 'key' || column === 'model' || column === 'id_text' ? sql`::text` : sql``
}

/** Rows whose texts are measured, about, where there are more. */
const MEASURED = 1000

/** @returns bytes of the text of a row on average, of a part of those a condition holds for */
export async function averageText(db: ReadHandle, kind: Kind, where: SQL, rows: number): Promise<number> {
  const table = sql.identifier(tableOf(kind))
  const { rows: found } = await db.execute<{ bytes: number | null }>(sql`
    select avg(octet_length(text))::float8 as bytes from ${table}
    where ${where} and abs(hashtext(id::text)::bigint) % ${Math.ceil(rows / MEASURED)} = 0`)
  return found[0]?.bytes ?? 0
}

/** How many rows of a kind a condition holds for. */
export async function countLines(db: ReadHandle, kind: Kind, where: SQL): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from ${sql.identifier(tableOf(kind))} where ${where}`,
  )
  return rows[0]?.n ?? 0
}
