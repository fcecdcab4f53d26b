// Reads everything of the open profile and compares what belongs together.
import { sql } from 'drizzle-orm'
import type { VerifyReport } from '../../shared/contract/backups.ts'
import type { Database } from '../database/database.ts'
import { countKinds } from '../database/inspect.ts'
import { checkIntegrity } from '../database/integrity.ts'

/** @throws AppError DATABASE_STOPPED where a page cannot be read */
export async function verify(db: Database): Promise<VerifyReport> {
  await db.readEverything(async () => {})
  const problems = await checkIntegrity(db.read)
  const counts = await countKinds(async (statement) => (await db.read.execute(sql.raw(statement))).rows)
  return { ok: problems.length === 0, counts, problems }
}
