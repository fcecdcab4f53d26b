// Where the backups of a profile lie: in its own folder, and in a folder of their own at a place the person chose. Kept in a
// file beside the database, because it is needed when the database cannot be opened.
import { existsSync, realpathSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { isAbsolute, join, sep } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { readJson, writeJson } from './durable-file.ts'
import { partsOf } from './folder.ts'
import { markFolder, readMark } from './profile-mark.ts'

/** Name of the file in a backup folder that says whose it is. */
const OWNER_FILE = 'understudy.json'
const ownerFile = z.object({ version: z.literal(1), profile: z.uuid() })

const placesFile = z.object({
  version: z.literal(1),
  /** The profile's own folder at the chosen place; null: beside the database. */
  chosen: z.string().nullable().default(null),
  /** All that were ever chosen and may still hold backups. `owed`: since when what lies there holds forgotten words. */
  places: z.array(z.object({ folder: z.string(), owed: z.iso.datetime().nullable() })).default([]),
  /** Grows when what was forgotten is taken out: a backup that was begun before must not be kept. */
  forgotten: z.int().default(0),
  /** When all tables were last read as a whole. */
  lastRead: z.iso.datetime().nullable().default(null),
})
export type Places = z.infer<typeof placesFile>

export function readPlaces(folder: string): Places {
  return readJson(partsOf(folder).places, placesFile) ?? placesFile.parse({ version: 1 })
}

export async function changePlaces(folder: string, change: (places: Places) => Places): Promise<void> {
  await writeJson(partsOf(folder).places, change(readPlaces(folder)))
}

/** A folder with backups of this profile. */
export interface BackupRoot {
  folder: string
  /** Beside the database. */
  own: boolean
  /** It lies at the chosen place. */
  chosen: boolean
  reachable: boolean
  /** Since when it owes that forgotten words are taken out of it; null: it does not. */
  owed: string | null
}

/** @returns where backups lie, the one for the next backup first */
export function backupRoots(folder: string): BackupRoot[] {
  const { chosen, places } = readPlaces(folder)
  const own: BackupRoot = {
    folder: partsOf(folder).backups,
    own: true,
    chosen: chosen === null,
    reachable: true,
    owed: null,
  }
  const others = places.map(
    (place): BackupRoot => ({
      folder: place.folder,
      own: false,
      chosen: place.folder === chosen,
      reachable: isOwn(place.folder, readMark(folder)),
      owed: place.owed,
    }),
  )
  return [own, ...others].sort((a, b) => Number(b.chosen) - Number(a.chosen))
}

/** @returns where the next backup goes: beside the database while the chosen place cannot be reached */
export function rootForNext(folder: string): string {
  const root = backupRoots(folder).find(({ reachable }) => reachable)
  return root?.folder ?? partsOf(folder).backups
}

/**
 * Chooses where backups go from now on. Those that are somewhere else stay there and count on.
 * @param place absolute path of a folder that is there; null: beside the database
 * @throws AppError INVALID_INPUT naming the field when it cannot be used
 */
export async function choosePlace(folder: string, place: string | null): Promise<void> {
  if (place === null) return changePlaces(folder, (places) => ({ ...places, chosen: null }))
  const refuse = (why: string) => new AppError('INVALID_INPUT', `${why} Nothing was changed.`, { field: 'place' })
  if (!isAbsolute(place)) throw refuse('Give the whole path of the folder.')
  if (!existsSync(place)) throw refuse('This folder is not there. Make it first, or plug in its disk.')
  const real = realpathSync(place)
  const database = realpathSync(folder)
  if (`${real}${sep}`.startsWith(`${database}${sep}`)) {
    throw refuse('This is inside the database folder, which is lost together with the database. Choose another one.')
  }
  const profile = await markFolder(folder)
  const own = join(real, `understudy-${profile.slice(0, 8)}`)
  try {
    await mkdir(own, { recursive: true, mode: 0o700 })
    if (!existsSync(join(own, OWNER_FILE))) await writeJson(join(own, OWNER_FILE), { version: 1, profile })
    const probe = join(own, 'writable.part')
    await writeFile(probe, '')
    await rm(probe)
  } catch {
    throw refuse('Understudy cannot write there. Make the folder writable, or choose another one.')
  }
  if (!isOwn(own, profile)) throw refuse('There are backups of another profile in it.')
  await changePlaces(folder, (places) => ({
    ...places,
    chosen: own,
    places: [...places.places.filter((one) => one.folder !== own), placeOf(places, own)],
  }))
}

function placeOf({ places }: Places, folder: string): Places['places'][number] {
  return places.find((one) => one.folder === folder) ?? { folder, owed: null }
}

function isOwn(folder: string, profile: string | null): boolean {
  return profile !== null && readJson(join(folder, OWNER_FILE), ownerFile)?.profile === profile
}
