// Many whole rows of a wide table in one piece. Read out cell by cell, a hundred rows of thirty columns take three times
// as long as finding them.
import { getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { ReadHandle } from './database.ts'

/**
 * @param where a condition on the table under its own name
 * @returns the same as a select of the builder, in no order
 */
export async function readWholeRows<Table extends PgTable>(
  db: ReadHandle,
  table: Table,
  where: SQL | undefined,
): Promise<Table['$inferSelect'][]> {
  const name = sql.identifier(getTableName(table))
  const { rows } = await db.execute<{ found: Record<string, unknown>[] }>(
    sql`select coalesce(json_agg(${name}), '[]') as found from ${name} where ${where ?? sql`true`}`,
  )
  const columns = Object.entries(getTableColumns(table))
  return (rows[0]?.found ?? []).map((row) =>
    Object.fromEntries(
      columns.map(([key, column]) => {
        const value = row[column.name] ?? null
        return [key, value === null ? null : column.mapFromDriverValue(value)]
      }),
    ),
  ) as Table['$inferSelect'][]
}
