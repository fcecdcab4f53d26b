// The database's folder on disk: its parts, its rights, its space, and how its files reach the disk.
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { copyFile, mkdir, open, readdir, stat, statfs } from 'node:fs/promises'
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
    backups: join(folder, 'backups'),
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

/** @returns bytes of all files below a folder. */
export async function treeBytes(root: string): Promise<number> {
  const { files } = await listTree(root)
  let bytes = 0
  await eachOf(files, async (file) => {
    // Not in one step: the sum would be read before the wait, and sizes counted meanwhile lost.
    const { size } = await stat(join(root, file))
    bytes += size
  })
  return bytes
}

/** Copies a tree without the file that says which process has it open. */
export async function copyTree(source: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true, mode: 0o700 })
  const { files, folders } = await listTree(source)
  for (const folder of folders) await mkdir(join(target, folder), { mode: 0o700 })
  await eachOf(
    files.filter((file) => file !== 'postmaster.pid'),
    async (file) => {
      await copyFile(join(source, file), join(target, file))
    },
  )
}

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

/** Paths below a folder, parents before children. */
async function listTree(root: string): Promise<{ files: string[]; folders: string[] }> {
  const files: string[] = []
  const folders: string[] = []
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
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

async function eachOf(items: string[], work: (item: string) => Promise<void>): Promise<void> {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: PARALLEL_FILES }, worker))
}
