// The staged rows of an import: written as they are read, a batch a transaction, so that a killed dry run leaves only rows
// that the next start clears.
import { sql } from 'drizzle-orm'
import type { ImportId } from '../../../shared/ids.ts'
import type { WriteHandle } from '../../database/database.ts'

/** @param rows staged rows (`sources/staged.ts`) as a JSON array */
export async function stageRows(tx: WriteHandle, importId: ImportId, rows: string): Promise<void> {
  await tx.execute(sql`
    insert into import_row (import_id, kind, n, id, verdict, reason, place, body)
    select ${importId}::uuid, kind, n, id, verdict, reason, place, body::text
    from json_to_recordset(${rows}::json)
      as one (kind text, n bigint, id uuid, verdict text, reason text, place text, body json)`)
}
