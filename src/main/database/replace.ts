// Puts other data in the place of a profile's: what takes its place is made whole first, then a decision is written, then
// two renames follow it. A kill at any moment leaves the old data or the new, never half of one or none.
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { readJson, removeFile, writeJson } from './durable-file.ts'
import { partsOf, syncFolder } from './folder.ts'

const decisionFile = z.object({
  version: z.literal(1),
  /** Name of the place the data goes to. */
  aside: z.string().regex(/^[\w.-]+$/),
})
const asideFile = z.object({ version: z.literal(1), at: z.iso.datetime(), reason: z.enum(['restored', 'damaged']) })
export type AsideReason = z.infer<typeof asideFile>['reason']

/** Data that something else took the place of. */
export interface Aside {
  name: string
  path: string
  at: string
  reason: AsideReason
}

/**
 * Puts the closed cluster of `restoring` in the place of `data`, which is set aside. The caller holds the profile's lock.
 * @param step called after each step that a kill may follow; for tests
 * @returns where the data before lies; null when there was none
 */
export async function replaceData(
  folder: string,
  { now, reason, step = async () => {} }: { now: Date; reason: AsideReason; step?: (name: string) => Promise<void> },
): Promise<string | null> {
  const { aside, data, decision } = partsOf(folder)
  const name = `${reason}-${now.toISOString().replaceAll(/[:.]/g, '-')}`
  const place = join(aside, name)
  await mkdir(place, { recursive: true, mode: 0o700 })
  await writeJson(join(place, 'aside.json'), { version: 1, at: now.toISOString(), reason })
  await syncFolder(aside)
  await step('place made')
  const had = existsSync(data)
  await writeJson(decision, { version: 1, aside: name })
  await step('decided')
  await finishReplacement(folder, step)
  if (!had) await rm(place, { recursive: true, force: true })
  return had ? place : null
}

/** Goes on where a kill ended a replacement; without a decision the old data stays and what was being made goes. */
export async function finishReplacement(
  folder: string,
  step: (name: string) => Promise<void> = async () => {},
): Promise<void> {
  const { aside, data, decision, restoring, damage } = partsOf(folder)
  const decided = readJson(decision, decisionFile)
  const fresh = join(restoring, 'data')
  if (decided) {
    if (existsSync(fresh)) {
      if (existsSync(data)) {
        await rename(data, join(aside, decided.aside, 'data'))
        await syncFolder(join(aside, decided.aside))
        await syncFolder(folder)
      }
      await step('set aside')
      await rename(fresh, data)
      await syncFolder(folder)
      await syncFolder(restoring)
    }
    await step('put in place')
    await rm(damage, { force: true })
    await removeFile(decision)
    await step('end')
  }
  await rm(restoring, { recursive: true, force: true })
}

/** @returns what was set aside, newest first */
export async function asidesOf(folder: string): Promise<Aside[]> {
  const { aside } = partsOf(folder)
  const names = existsSync(aside) ? await readdir(aside) : []
  const found = names.flatMap((name): Aside[] => {
    const path = join(aside, name)
    const about = readJson(join(path, 'aside.json'), asideFile)
    // A replacement that was not carried out leaves an empty place.
    return about && existsSync(join(path, 'data')) ? [{ name, path, at: about.at, reason: about.reason }] : []
  })
  return found.sort((a, b) => (a.at < b.at ? 1 : -1))
}

export async function removeAside({ path }: Pick<Aside, 'path'>): Promise<void> {
  await rm(path, { recursive: true, force: true })
  await syncFolder(dirname(path))
}
