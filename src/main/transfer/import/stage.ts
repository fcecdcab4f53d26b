// The staged rows of an import: written as they are read, a batch a transaction, so that a killed dry run leaves only rows
// that the next start clears.
import { sql } from 'drizzle-orm'
import type { ImportId } from '../../../shared/ids.ts'
import type { WriteHandle } from '../../database/database.ts'
import type { StagedRows } from '../sources/staged.ts'

export async function stageRows(tx: WriteHandle, importId: ImportId, rows: StagedRows): Promise<void> {
  const { from, kinds, ids, reasons, places, bodies } = rows
  // Nobody need look up for each row that the import is there.
  await tx.execute(sql`set local session_replication_role = replica`)
  await tx.execute(sql`
    insert into import_row (import_id, kind, n, id, verdict, reason, place, body)
    select ${importId}::uuid, kind, ${from} + n - 1, id, case when reason is null then 'new' else 'refused' end, reason, place,
      nullif(body, '')
    from rows from (
      unnest(${sql.param(kinds)}::text[], ${sql.param(ids)}::uuid[], ${sql.param(places)}::text[], ${sql.param(reasons)}::text[]),
      string_to_table(${bodies}::text, E'\n')
    ) with ordinality as one (kind, id, place, reason, body, n)`)
}
