// What the last restore or repair came to, kept beside the database until the next one.
import { z } from 'zod'
import { type RestoreReport, restoreReport } from '../../shared/contract/backups.ts'
import { readJson, writeJson } from '../database/durable-file.ts'
import { partsOf } from '../database/folder.ts'

const stored = restoreReport.extend({
  at: z.coerce.date(),
  backup: z.strictObject({ name: z.string(), at: z.coerce.date().nullable() }).nullable(),
})

export function readReport(folder: string): RestoreReport | null {
  return readJson(partsOf(folder).report, stored)
}

export async function writeReport(folder: string, report: RestoreReport): Promise<void> {
  await writeJson(partsOf(folder).report, report)
}
