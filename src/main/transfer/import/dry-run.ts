// The dry run: stages what is read, compares it with what is here, and tells what would come in.
import type { ImportId } from '../../../shared/ids.ts'
import type { CsvColumn, ImportReport } from '../../../shared/imports.ts'
import type { Database } from '../../database/database.ts'
import { compareHistories, compareRows, countVerdicts, type VerdictCount } from './compare.ts'
import type { ImportReading } from './reading.ts'
import { makeReport } from './report.ts'

/** Milliseconds that comparing may take: the database serves nobody else meanwhile. */
export const COMPARE_MS = 5 * 60_000

interface DryRun {
  db: Database
  owner: string
  id: ImportId
  reading: ImportReading
  /** Columns of a table. */
  columns: CsvColumn[] | null
}

/** @throws AppError what the file cannot be read for; the reason of the reading's end when it was cancelled */
export async function dryRun({ db, owner, id, reading, columns }: DryRun): Promise<ImportReport> {
  let compared: Promise<void> | null = null
  await reading.stageLines(() => {
    // What is left of an archive is only checked, which the database need not wait for.
    compared ??= db.write('import.compare', (tx) => compareRows(tx, owner, id, reading.sorted), { limitMs: COMPARE_MS })
    compared.catch(() => {})
  })
  await compared
  const counts = await judgeHistories(db, owner, id, reading)
  reading.throwIfCancelled()
  return await makeReport(db.read, owner, id, { counts, columns })
}

/** Where a memory differs, the histories of both sides say which is ahead; until then nobody needs the file's. */
async function judgeHistories(
  db: Database,
  owner: string,
  id: ImportId,
  reading: ImportReading,
): Promise<VerdictCount[]> {
  const counts = await countVerdicts(db.read, id)
  const differs = ({ kind, verdict }: VerdictCount) =>
    kind === 'memory' && (verdict === 'changed' || verdict === 'conflicting')
  if (!counts.some(differs)) return counts
  await reading.stageRest()
  await db.write('import.compare', (tx) => compareHistories(tx, owner, id), { limitMs: COMPARE_MS })
  return await countVerdicts(db.read, id)
}
