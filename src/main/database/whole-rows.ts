// Many whole rows of a wide table in one piece. Read out cell by cell, a hundred rows of thirty columns take three times
// as long as finding them.
import { getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { ReadHandle, WriteHandle } from './database.ts'

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

/** The way back: many whole rows written by one statement, each over the one with its id. */
export async function writeWholeRows<Table extends PgTable & { id: PgColumn }>(
  tx: WriteHandle,
  table: Table,
  rows: readonly Table['$inferSelect'][],
): Promise<void> {
  if (rows.length === 0) return
  const columns = Object.entries(getTableColumns(table))
  const values = rows.map((row) =>
    Object.fromEntries(columns.map(([key, column]) => [column.name, (row as Record<string, unknown>)[key]])),
  )
  const name = sql.identifier(getTableName(table))
  const set = columns.flatMap(([, column]) =>
    column === table.id ? [] : sql`${sql.identifier(column.name)} = one.${sql.identifier(column.name)}`,
  )
  await tx.execute(sql`update ${name} set ${sql.join(set, sql`, `)}
    from json_populate_recordset(null::${name}, ${JSON.stringify(values)}::json) as one where ${table.id} = one.id`)
}
