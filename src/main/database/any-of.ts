// "One of these" as one array parameter. A list of parameters, one for each value, is parsed and described one by one: for
// a hundred ids that takes longer than finding their rows.
import { type AnyColumn, type SQL, sql } from 'drizzle-orm'

/** The condition that a uuid column holds one of `ids`; none of no ids. */
export function isAnyOf(column: AnyColumn, ids: readonly string[]): SQL {
  return sql`${column} = any(${sql.param([...ids])}::uuid[])`
}
