// Which backups stay and when the next is due. The clock may have been wrong for a while: order comes from the number of a
// backup, and a day counts as covered by any backup that is near it in time.
import type { Backup } from '../database/backup.ts'

export interface Generations {
  /** Days and weeks of which the newest automatic backup is kept. */
  daily: number
  weekly: number
}

const DAY_MS = 86_400_000
/** Of each occasion (an import, a new version of the app) so many are kept. */
const KEPT_OF_AN_OCCASION = 3

/** Kept as a generation: what nobody asked for by name. */
function isRotating({ manifest }: Backup): boolean {
  return manifest?.reason === 'automatic' || manifest?.reason === 'after-forgetting'
}

/**
 * @param backups newest first
 * @returns what each rotating backup is kept as; one that is not in it may go
 */
export function generationsOf(
  backups: readonly Backup[],
  { daily, weekly }: Generations,
  timeZone: string,
): Map<string, 'daily' | 'weekly'> {
  const kept = new Map<string, 'daily' | 'weekly'>()
  const days = new Set<number>()
  const weeks = new Set<number>()
  for (const backup of backups) {
    if (!isRotating(backup) || !backup.manifest) continue
    const day = dayOf(new Date(backup.manifest.at), timeZone)
    // Days since a Monday.
    const week = Math.floor((day + 3) / 7)
    if (days.size < daily && !days.has(day)) {
      kept.set(backup.name, 'daily')
      days.add(day)
      weeks.add(week)
    } else if (!weeks.has(week) && weeks.size < weekly + daily && countOf(kept, 'weekly') < weekly) {
      kept.set(backup.name, 'weekly')
      weeks.add(week)
    }
  }
  return kept
}

/** @returns backups that have had their time, oldest last; one made by hand goes only by hand */
export function outlived(backups: readonly Backup[], generations: Generations, timeZone: string): Backup[] {
  const kept = generationsOf(backups, generations, timeZone)
  const occasions = new Map<string, number>()
  return backups.filter((backup) => {
    const reason = backup.manifest?.reason ?? 'before-migration'
    if (reason === 'by-hand') return false
    if (isRotating(backup)) return !kept.has(backup.name)
    occasions.set(reason, (occasions.get(reason) ?? 0) + 1)
    return (occasions.get(reason) ?? 0) > KEPT_OF_AN_OCCASION
  })
}

/** @returns when the next automatic backup is due; now or before when it is */
export function dueAt(backups: readonly Backup[], now: Date): Date {
  // By the distance to any of them: one from a wrong future covers its own day and no other.
  const near = backups.flatMap(({ manifest }) => {
    const at = manifest ? new Date(manifest.at).getTime() : Number.NEGATIVE_INFINITY
    return Math.abs(now.getTime() - at) < DAY_MS ? at : []
  })
  return near.length === 0 ? now : new Date(Math.max(...near) + DAY_MS)
}

/** Number of the calendar day in a time zone. */
function dayOf(at: Date, timeZone: string): number {
  const [year = 0, month = 1, day = 1] = new Intl.DateTimeFormat('en-CA', { timeZone })
    .format(at)
    .split('-')
    .map(Number)
  return Date.UTC(year, month - 1, day) / DAY_MS
}

function countOf<T>(kept: ReadonlyMap<string, T>, wanted: T): number {
  return [...kept.values()].filter((one) => one === wanted).length
}
