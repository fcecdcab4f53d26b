// The database's folder on disk: its parts, its rights, its space, and how its files reach the disk.
import { chmodSync, constants, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { copyFile, mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'

/** Major version of the Postgres inside PGlite; a cluster of another one cannot be opened. */
const POSTGRES_MAJOR = '18'

/** How many files are worked on at a time: more only fills the queue of the disk. */
const PARALLEL_FILES = 8

/** @returns the paths of the parts of a database folder. */
export function partsOf(folder: string) {
  return {
    lock: join(folder, 'lock'),
    data: join(folder, 'data'),
    /** A cluster being made; renamed to `data` when it is whole. */
    draft: join(folder, 'data.new'),
    /** Backups that were given no other place. */
    backups: join(folder, 'backups'),
    /** Whose folder it is (profile-mark.ts). */
    mark: join(folder, 'profile.json'),
    /** Damage met while running (damage.ts). */
    damage: join(folder, 'damage.json'),
    /** Where backups lie, and what is owed to places that cannot be reached (backup-places.ts). */
    places: join(folder, 'backups.json'),
    /** What takes the place of `data` (replace.ts): a database folder of its own, and the decision to put it there. */
    restoring: join(folder, 'restoring'),
    decision: join(folder, 'restore.json'),
    /** Data that was replaced. */
    aside: join(folder, 'aside'),
    /** What the last restore or repair came to. */
    report: join(folder, 'restored.json'),
  }
}

/**
 * Makes the folder, readable by its owner only.
 * @throws AppError NOT_ALLOWED when that fails
 */
export function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    // Takes rights away from others; a folder its owner made read-only stays so.
    chmodSync(folder, statSync(folder).mode & 0o700)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : 'unknown error'
    throw new AppError(
      'NOT_ALLOWED',
      `Understudy cannot write to its profile: ${folder} (${code}). Nothing was changed. Make the folder writable, or start with another profile.`,
      { cause },
    )
  }
}

/**
 * @returns whether a cluster is there.
 * @throws AppError NOT_ALLOWED when it is of another Postgres version; DATABASE_STOPPED when it is damaged
 */
export function checkCluster(data: string): boolean {
  if (!existsSync(data)) return false
  let version: string
  try {
    version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  } catch (cause) {
    throw new AppError(
      'DATABASE_STOPPED',
      `The database in ${data} is incomplete. Nothing was changed. Put back a backup, or move the folder away to start anew.`,
      { cause },
    )
  }
  if (version !== POSTGRES_MAJOR) {
    throw new AppError(
      'NOT_ALLOWED',
      `The database in ${data} was written by PostgreSQL ${version}; this version of Understudy reads PostgreSQL ${POSTGRES_MAJOR}. Nothing was changed. Open it with the version of Understudy that wrote it.`,
    )
  }
  return true
}

/** @returns free bytes on the disk of a folder. */
export async function freeBytesAt(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** @returns bytes of WAL on disk: files of 16 MB each. */
export async function walBytes(data: string): Promise<number> {
  const names = await readdir(join(data, 'pg_wal'))
  return names.filter((name) => /^[0-9A-F]{24}$/.test(name)).length * 16 * 1024 * 1024
}

/** @returns bytes of all files below a folder, which may be in use: what is removed meanwhile counts nothing. */
export async function treeBytes(root: string): Promise<number> {
  const { files } = await listTree(root)
  let bytes = 0
  await eachOf(files, async (file) => {
    // Not in one step: the sum would be read before the wait, and sizes counted meanwhile lost.
    const found = await unlessGone(stat(join(root, file)))
    bytes += found?.size ?? 0
  })
  return bytes
}

/** Postgres removes files of a folder that is in use at any moment. @returns null when what was looked at is gone */
async function unlessGone<T>(looking: Promise<T>): Promise<T | null> {
  try {
    return await looking
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Files that are never part of a copy: which process has it open, and what its last close left. */
const NOT_COPIED = new Set(['postmaster.pid', 'understudy.seal', 'understudy.seal.part'])

/** Copies a tree; where the file system can, files share their blocks until one of them is written. */
export async function copyTree(source: string, target: string): Promise<void> {
  await new TreeCopy(source, target).pass()
}

/**
 * A copy in passes: the first takes everything and may run while files are written, the next only what changed since. After
 * a pass during which nothing was written the copy is the source.
 */
export class TreeCopy {
  readonly #source: string
  readonly #target: string
  /** How each file was before it was copied. */
  readonly #copied = new Map<string, string>()

  constructor(source: string, target: string) {
    this.#source = source
    this.#target = target
  }

  async pass(): Promise<void> {
    await mkdir(this.#target, { recursive: true, mode: 0o700 })
    const { files, folders } = await listTree(this.#source)
    for (const folder of folders) await mkdir(join(this.#target, folder), { recursive: true, mode: 0o700 })
    const wanted = files.filter((file) => !NOT_COPIED.has(file))
    await eachOf(wanted, (file) => this.#file(file))
    const here = new Set(wanted)
    for (const file of this.#copied.keys()) {
      if (here.has(file)) continue
      await rm(join(this.#target, file), { force: true })
      this.#copied.delete(file)
    }
  }

  /** One that is removed meanwhile is left to the next pass, which sees so. */
  async #file(file: string): Promise<void> {
    const before = await unlessGone(stat(join(this.#source, file), { bigint: true }))
    if (!before) return
    const { size, mtimeNs, ctimeNs } = before
    const now = `${size} ${mtimeNs} ${ctimeNs}`
    // What was written a moment ago may be written again within the same tick of the file system's clock.
    const settled = BigInt(Date.now()) * 1_000_000n - mtimeNs
    if (this.#copied.get(file) === now) return
    const done = copyFile(join(this.#source, file), join(this.#target, file), constants.COPYFILE_FICLONE)
    if ((await unlessGone(done.then(() => true))) === null) return
    this.#copied.set(file, settled > SETTLED_NS ? now : 'written just now')
  }
}

/** A file untouched for this long is told by its times. */
const SETTLED_NS = 2_000_000_000n

/** Gives every file and folder to its owner only, and flushes it to disk. */
export async function syncTree(root: string): Promise<void> {
  const { files, folders } = await listTree(root)
  await eachOf(files, async (file) => {
    const handle = await open(join(root, file), 'r+')
    try {
      await handle.chmod(0o600)
      await handle.sync()
    } finally {
      await handle.close()
    }
  })
  for (const folder of ['.', ...folders]) {
    chmodSync(join(root, folder), 0o700)
    await syncFolder(join(root, folder))
  }
}

/** Flushes a folder's entries. Windows cannot open folders; there the file system journals them itself. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * @returns paths below a folder, parents before children; a folder below that is removed meanwhile is empty
 * @throws when the folder itself is not there
 */
export async function listTree(root: string): Promise<{ files: string[]; folders: string[] }> {
  const files: string[] = []
  const folders: string[] = []
  const visit = async (folder: string): Promise<void> => {
    const reading = readdir(join(root, folder), { withFileTypes: true })
    for (const entry of (await (folder === '.' ? reading : unlessGone(reading))) ?? []) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) {
        folders.push(path)
        await visit(path)
      } else {
        files.push(path)
      }
    }
  }
  await visit('.')
  return { files, folders }
}

export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: PARALLEL_FILES }, worker))
}
