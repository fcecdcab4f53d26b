import { expect, test } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { profilePaths } from '../app/profile.ts'
import type { RunningCore } from './core.ts'
import { type CoreStart, createProfileRunner } from './profile-runner.ts'
import { aTinyCore } from './testing.ts'

const home = profilePaths('/profiles/home')
const work = profilePaths('/profiles/work')
const broken = profilePaths('/profiles/broken')

function runner() {
  const happened: string[] = []
  const starts: CoreStart[] = []
  const handed: Promise<RunningCore>[] = []
  const running = createProfileRunner({
    profile: home,
    handOver: (core) => handed.push(core),
    start: async (start) => {
      starts.push(start)
      happened.push(`open ${start.profile.name}`)
      if (start.profile.id === broken.id) throw new AppError('DATABASE_STOPPED', 'The database is incomplete.')
      const close = async () => void happened.push(`close ${start.profile.name}`)
      return { ...aTinyCore(), close }
    },
  })
  const last = () => starts.at(-1) as CoreStart
  return { running, happened, handed, last }
}

test('the other profile is opened after the one before is closed, and the windows go over', async () => {
  const { running, happened, handed, last } = runner()
  await running.core
  last().switchTo(work)
  expect(() => last().switchTo(home)).toThrow(/being opened already/)
  await running.core
  expect(happened).toEqual(['open home', 'close home', 'open work'])
  expect(running.profile.id).toBe(work.id)
  await new Promise(setImmediate)
  expect(handed).toEqual([running.core])
})

test('where the other one cannot be opened, the one before is open again and says why', async () => {
  const { running, happened, last } = runner()
  await running.core
  last().switchTo(broken)
  await running.core
  expect(happened).toEqual(['open home', 'close home', 'open broken', 'open home'])
  expect(last()).toMatchObject({ profile: home, failure: 'The database is incomplete.' })
  expect(running.profile.id).toBe(home.id)
  // And one can try again.
  last().switchTo(work)
  await running.core
  expect(running.profile.id).toBe(work.id)
})
