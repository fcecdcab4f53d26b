// Which backups stay, on a clock that goes on, stands still, and jumps.
import { expect, it } from 'vitest'
import type { Backup, BackupReason } from '../database/backup.ts'
import { dueAt, generationsOf, outlived } from './rotation.ts'

const DAY = 86_400_000
const SEVEN_AND_FOUR = { daily: 7, weekly: 4 }
const ZONE = 'Europe/Berlin'
const begin = new Date('2026-03-02T20:00:00Z').getTime()

function backup(number: number, at: number, reason: BackupReason = 'automatic'): Backup {
  const manifest = { number, at: new Date(at).toISOString(), reason } as Backup['manifest']
  return { name: `${reason}-${number}`, path: '', manifest }
}
const newestFirst = (all: Backup[]) => all.sort((a, b) => (b.manifest?.number ?? 0) - (a.manifest?.number ?? 0))

it('a year of days leaves seven days and four weeks before them', () => {
  let all: Backup[] = []
  for (let day = 0; day < 365; day++) {
    const now = new Date(begin + day * DAY)
    expect(dueAt(all, now).getTime()).toBeLessThanOrEqual(now.getTime())
    all = newestFirst([...all, backup(day + 1, now.getTime())])
    const gone = new Set(outlived(all, SEVEN_AND_FOUR, ZONE))
    all = all.filter((one) => !gone.has(one))
  }
  const kept = [...generationsOf(all, SEVEN_AND_FOUR, ZONE).values()]
  expect(kept.filter((as) => as === 'daily')).toHaveLength(7)
  expect(kept.filter((as) => as === 'weekly')).toHaveLength(4)
  expect(all).toHaveLength(11)
  expect(all[0]?.manifest?.number).toBe(365)
  // The oldest is about five weeks old.
  const oldest = new Date(all.at(-1)?.manifest?.at ?? 0).getTime()
  expect((begin + 364 * DAY - oldest) / DAY).toBeGreaterThan(25)
})

it('none is due within a day of another, however far away the next is', () => {
  const now = new Date(begin)
  expect(dueAt([backup(1, begin - DAY / 2)], now).getTime()).toBe(begin + DAY / 2)
  expect(dueAt([backup(1, begin - DAY)], now)).toEqual(now)
  expect(dueAt([], now)).toEqual(now)
})

it('a clock that was years ahead for a while neither stops backups nor pushes out good ones', () => {
  const ahead = begin + 4000 * DAY
  const all = newestFirst([backup(1, begin - DAY), backup(2, ahead), backup(3, ahead + DAY)])
  expect(dueAt(all, new Date(begin)).getTime()).toBe(begin)
  const after = newestFirst([...all, backup(4, begin)])
  // The one made now is the newest, whatever the dates say.
  expect(after[0]?.name).toBe('automatic-4')
  expect(outlived(after, SEVEN_AND_FOUR, ZONE)).toEqual([])
  expect(dueAt(after, new Date(begin + 1000)).getTime()).toBe(begin + DAY)
})

it('what was made by hand stays; of each occasion the three newest', () => {
  const all = newestFirst([
    ...Array.from({ length: 5 }, (_, index) => backup(index + 1, begin, 'before-import')),
    ...Array.from({ length: 9 }, (_, index) => backup(index + 10, begin, 'by-hand')),
  ])
  expect(outlived(all, SEVEN_AND_FOUR, ZONE).map(({ name }) => name)).toEqual(['before-import-2', 'before-import-1'])
})
