// The list of profiles: a person's names for folders, which it makes and never removes.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { takeLock } from '../database/lock.ts'
import { systemClock } from './clock.ts'
import { type ProfilePaths, profilePaths, startProfile } from './profile.ts'
import { createProfiles } from './profiles.ts'

let folder: string
let env: NodeJS.ProcessEnv
const switchTo = vi.fn<(profile: ProfilePaths) => void>()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'understudy-profiles-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  env = { XDG_DATA_HOME: folder, LOCALAPPDATA: folder, HOME: folder }
  switchTo.mockReset()
})

function profiles(current = profilePaths(undefined, env)) {
  return createProfiles({ current, switchTo, failure: null, clock: systemClock, env })
}
const names = () =>
  profiles()
    .list()
    .profiles.map(({ name }) => name)

test('there is one to begin with; others get folders of their own and stay at the next start', () => {
  const first = profilePaths(undefined, env)
  expect(profiles().list()).toEqual({
    profiles: [{ id: first.id, name: null, folder: first.folder, current: true, removable: false }],
    canSwitch: true,
    failure: null,
  })
  const work = profiles().create('Work & more')
  const again = profiles().create('work  ---  more')
  const signs = profiles().create('仕事')
  expect(work.folder).toMatch(/work-more$/)
  expect(again.folder).toMatch(/work-more-2$/)
  expect(signs.folder).toMatch(/profile$/)
  for (const { folder } of [work, again, signs]) expect(existsSync(folder)).toBe(true)
  expect(names()[0]).toBeNull()
  expect(names().sort()).toEqual(['Work & more', 'work  ---  more', '仕事', null].sort())
  const open = profiles(profilePaths(work.folder))
    .list()
    .profiles.filter(({ current }) => current)
  expect(open).toMatchObject([{ id: work.id, removable: false }])
})

test('a name is changed and not given twice', () => {
  const work = profiles().create('Work')
  expect(() => profiles().create('work')).toThrow(/called "work" already/)
  profiles().rename(work.id, 'Office')
  const [first] = profiles().list().profiles
  profiles().rename(first?.id ?? '', 'Home')
  expect(names()).toEqual(['Home', 'Office'])
  expect(() => profiles().rename(work.id, 'Home')).toThrow(/already/)
  expect(() => profiles().rename('0123456789abcdef', 'Other')).toThrow(/not in the list/)
})

test('one that is taken from the list keeps its folder; the first and the open one stay', () => {
  const work = profiles().create('Work')
  writeFileSync(join(work.folder, 'precious'), 'x')
  const open = profiles(profilePaths(work.folder))
  for (const { id } of open.list().profiles) expect(() => open.remove(id)).toThrow(/stay in the list/)
  profiles().remove(work.id)
  expect(names()).toEqual([null])
  expect(existsSync(join(work.folder, 'precious'))).toBe(true)
})

test('one is opened unless it is open elsewhere or its folder is gone, and the way back is kept', () => {
  const elsewhere = profilePaths(join(folder, 'elsewhere'))
  const work = profiles(elsewhere).create('Work')
  profiles(elsewhere).switch(work.id)
  expect(switchTo).toHaveBeenCalledExactlyOnceWith(profilePaths(work.folder))
  // The next start opens it again, unless another one is asked for or its folder is gone.
  expect(startProfile(undefined, env)).toEqual(profilePaths(work.folder))
  expect(startProfile(elsewhere.folder, env)).toEqual(elsewhere)
  expect(names()).toContain('elsewhere')

  mkdirSync(join(work.folder, 'database'))
  const lock = takeLock(join(work.folder, 'database', 'lock'), new Date())
  expect(() => profiles().switch(work.id)).toThrow(/already open \(process \d+/)
  lock.release()
  profiles().switch(work.id)
  rmSync(work.folder, { recursive: true })
  expect(() => profiles().switch(work.id)).toThrow(/folder of this profile is not there/)
  expect(switchTo).toHaveBeenCalledTimes(2)
  expect(startProfile(undefined, env)).toEqual(profilePaths(undefined, env))
})

test('a list has an end, and keeps what it holds', () => {
  for (let number = 1; number < 200; number++) profiles().create(`Profile ${number}`)
  expect(() => profiles().create('One more')).toThrow(/200 profiles/)
  expect(names()).toHaveLength(200)
})

test('a list that is damaged opens nothing wrong and is written anew', () => {
  profiles().create('Work')
  const file = join(folder, 'understudy', 'profiles', 'profiles.json')
  if (process.platform === 'linux') expect(readFileSync(file, 'utf8')).toContain('Work')
  writeFileSync(file, '{"version": 1, "profiles": [')
  expect(names()).toEqual([null])
  profiles().create('Garden')
  expect(names()).toEqual([null, 'Garden'])
})
