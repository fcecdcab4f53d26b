// What a clean close leaves in the cluster: every file with its size. Postgres opens with a file cut short or gone, and
// rows are simply missing; compared at the next start, by looking at sizes alone, this is found before anything is shown.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readJson, removeFile, writeJson } from './durable-file.ts'
import { eachOf, listTree } from './folder.ts'

const SEAL = 'understudy.seal'
/** Files that come and go without anything being lost. */
const LOOSE = /^(?:postmaster\.(?:pid|opts)|understudy\.seal(?:\.part)?|pg_stat(?:_tmp)?[\\/].*|.*pg_internal\.init)$/

const sizedFiles = z.array(z.tuple([z.string(), z.int()]))
export type SizedFiles = z.infer<typeof sizedFiles>
const sealFile = z.object({ version: z.literal(1), files: sizedFiles })

/** A file that is not as it was left. */
export interface ChangedFile {
  path: string
  /** Bytes it had. */
  expected: number
  /** Bytes it has; null: it is gone. */
  actual: number | null
}

/** @returns the files of a closed cluster that must stay as they are, with their sizes in bytes */
export async function sizesOf(data: string): Promise<SizedFiles> {
  const { files } = await listTree(data)
  const sized: SizedFiles = []
  await eachOf(
    files.filter((file) => !LOOSE.test(file)),
    async (file) => {
      const { size } = await stat(join(data, file))
      sized.push([file, size])
    },
  )
  return sized.sort(([a], [b]) => (a < b ? -1 : 1))
}

/** @returns what is missing or has another size */
export async function changedSince(data: string, files: SizedFiles): Promise<ChangedFile[]> {
  const changed: ChangedFile[] = []
  await eachOf([...files], async ([path, expected]) => {
    const actual = await stat(join(data, path)).then(
      ({ size }) => size,
      () => null,
    )
    if (actual !== expected) changed.push({ path, expected, actual })
  })
  return changed.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Seals a cluster that was just closed in order. */
export async function sealCluster(data: string): Promise<void> {
  await writeJson(join(data, SEAL), { version: 1, files: await sizesOf(data) })
}

/** @returns what the last close left; nothing where the cluster was not closed in order */
export function sealedFiles(data: string): SizedFiles {
  return readJson(join(data, SEAL), sealFile)?.files ?? []
}

/**
 * Compares a cluster with its seal. One that was not closed in order has none, and its log brings it up to date.
 * @returns what changed since; then the seal stays, so that the next look finds the same
 */
export async function checkSeal(data: string): Promise<ChangedFile[]> {
  return changedSince(data, sealedFiles(data))
}

/** The cluster is about to be written. On disk at once: a seal that a power loss brought back would accuse good files. */
export async function breakSeal(data: string): Promise<void> {
  await removeFile(join(data, SEAL))
}
