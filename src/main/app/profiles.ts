// The list of profiles a person has: a small file beside them. It names folders and holds nothing of what is in them.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import type { ProfilesView, ProfileView } from '../../shared/contract/profiles.ts'
import { AppError } from '../../shared/errors.ts'
import { partsOf } from '../database/folder.ts'
import { takeLock } from '../database/lock.ts'
import type { Clock } from './clock.ts'
import { type ProfilePaths, profileListFile, profilePaths } from './profile.ts'

/** Most profiles of a list. */
const PROFILES_MAX = 200

const listFile = z.object({
  version: z.literal(1),
  /** Folder of the one that was switched to last. */
  last: z.string().nullable().default(null),
  profiles: z.array(z.object({ folder: z.string().min(1), name: z.string().min(1).nullable() })).max(PROFILES_MAX + 2),
})
type Listed = z.infer<typeof listFile>['profiles'][number]

export interface ProfilesOptions {
  /** The one that is open. */
  current: ProfilePaths
  /** Opens another one instead; absent where this process cannot. */
  switchTo: ((profile: ProfilePaths) => void) | undefined
  /** Why the last switch did not work. */
  failure: string | null
  clock: Clock
  env?: NodeJS.ProcessEnv
}

export interface Profiles {
  list(): ProfilesView
  create(name: string): ProfileView
  /** As `create`, of a profile that something makes in the folder first; when that fails nothing is left of it. */
  add(name: string, make: (folder: string) => Promise<void>): Promise<ProfileView>
  rename(id: string, name: string): ProfileView
  remove(id: string): void
  /** @throws AppError BUSY when it is open elsewhere; NOT_FOUND when it or its folder is not there */
  switch(id: string): void
}

export function createProfiles(options: ProfilesOptions): Profiles {
  const { current, switchTo, failure, clock } = options
  const env = options.env ?? process.env
  const first = profilePaths(undefined, env)
  const root = dirname(first.folder)
  const file = profileListFile(env)

  /** The first one, the listed ones and the open one, each once. */
  const all = (): Listed[] => {
    const listed = [
      ...readList(file).profiles,
      { folder: first.folder, name: null },
      { folder: current.folder, name: null },
    ]
    const seen = new Set<string>()
    return listed.filter(({ folder }) => !seen.has(folder) && seen.add(folder))
  }
  const view = ({ folder, name }: Listed): ProfileView => {
    const { id } = profilePaths(folder)
    const isFirst = folder === first.folder
    return {
      id,
      name: name ?? (isFirst ? null : basename(folder)),
      folder,
      current: id === current.id,
      removable: id !== current.id && !isFirst,
    }
  }
  const find = (id: string): Listed => {
    const found = all().find(({ folder }) => profilePaths(folder).id === id)
    if (!found) throw new AppError('NOT_FOUND', 'This profile is not in the list any more.')
    return found
  }
  const save = (profiles: Listed[], last = readList(file).last) => {
    mkdirSync(root, { recursive: true, mode: 0o700 })
    writeFileSync(`${file}.part`, JSON.stringify({ version: 1, last, profiles }, null, 2), { mode: 0o600 })
    renameSync(`${file}.part`, file)
  }
  const refuseTaken = (name: string, except?: string) => {
    const taken = all().some((one) => one.folder !== except && view(one).name?.toLowerCase() === name.toLowerCase())
    if (taken) {
      throw new AppError('INVALID_INPUT', `There is a profile called "${name}" already. Choose another name.`, {
        field: 'name',
      })
    }
  }

  const begin = (name: string) => {
    refuseTaken(name)
    if (all().length >= PROFILES_MAX) {
      throw new AppError('NOT_ALLOWED', `There are ${PROFILES_MAX} profiles. Take one from the list first.`)
    }
    const folder = freeFolder(root, name)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return { folder, name }
  }

  return {
    list() {
      const profiles = all().map(view)
      // The first one leads; the others stand by name.
      const rank = ({ folder }: ProfileView) => (folder === first.folder ? 0 : 1)
      profiles.sort((a, b) => rank(a) - rank(b) || (a.name ?? '').localeCompare(b.name ?? ''))
      return { profiles, canSwitch: switchTo !== undefined, failure }
    },
    create(name) {
      const added = begin(name)
      save([...all(), added])
      return view(added)
    },
    async add(name, make) {
      const added = begin(name)
      try {
        await make(added.folder)
      } catch (error) {
        await rm(added.folder, { recursive: true, force: true })
        throw error
      }
      save([...all(), added])
      return view(added)
    },
    rename(id, name) {
      const found = find(id)
      refuseTaken(name, found.folder)
      const renamed = { ...found, name }
      save(all().map((one) => (one.folder === found.folder ? renamed : one)))
      return view(renamed)
    },
    remove(id) {
      const found = find(id)
      if (!view(found).removable) {
        throw new AppError('NOT_ALLOWED', 'The first profile and the one that is open stay in the list.')
      }
      save(all().filter(({ folder }) => folder !== found.folder))
    },
    switch(id) {
      if (!switchTo) {
        throw new AppError('NOT_ALLOWED', 'Start Understudy with --profile and the folder to open another profile.')
      }
      const { folder } = find(id)
      if (id === current.id) return
      if (folder !== first.folder && !existsSync(folder)) {
        throw new AppError('NOT_FOUND', `The folder of this profile is not there: ${folder}. The open one stays open.`)
      }
      const profile = profilePaths(folder)
      checkFree(profile, clock.now())
      // So that there is a way back to one that was opened by its folder.
      save(all(), folder)
      switchTo(profile)
    },
  }
}

/** @throws AppError BUSY when another process has this profile open */
function checkFree(profile: ProfilePaths, now: Date): void {
  if (!existsSync(profile.database)) return
  takeLock(partsOf(profile.database).lock, now).release()
}

/** A file that cannot be read is no reason to open nothing: the first profile and the open one are always there. */
function readList(file: string): Pick<z.infer<typeof listFile>, 'profiles' | 'last'> {
  try {
    return listFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return { profiles: [], last: null }
  }
}

/** A folder named after the profile, as far as file systems allow, that is not there yet. */
function freeFolder(root: string, name: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
  for (let number = 1; ; number++) {
    const folder = join(root, [plain || 'profile', ...(number === 1 ? [] : [number])].join('-'))
    if (!existsSync(folder)) return folder
  }
}
