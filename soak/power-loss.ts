// What a disk holds after the power went, made from the record of what was written (faulty-fs.ts).
//
// The model: changes of names, folders and lengths reach the disk in order, all of them up to the last flush of anything, as
// on a journaling file system. A write is there for certain once its file was flushed after it; any other one is there or not,
// each by itself, and perhaps only some of its sectors.
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Change } from '../src/main/database/faulty-fs.ts'
import type { Random } from './random.ts'

const SECTOR = 512
/** Share of the unflushed writes that arrive in part. */
const TORN = 0.3

interface Recorded {
  change: Change
  data: Buffer | null
}

/** @param bytes how much of the record there was at that moment; a change noted only in part did not happen */
function readRecording(file: string, bytes: number): Recorded[] {
  const all = readFileSync(file)
  const end = Math.min(bytes, all.length)
  const found: Recorded[] = []
  for (let at = 0; at + 4 <= end; ) {
    const head = at + 4 + all.readUInt32LE(at)
    if (head > end) break
    const change = JSON.parse(all.toString('utf8', at + 4, head)) as Change
    const length = change.op === 'write' && !change.zeros ? change.length : 0
    if (head + length > end) break
    const data =
      change.op === 'write' ? (change.zeros ? Buffer.alloc(change.length) : all.subarray(head, head + length)) : null
    found.push({ change, data })
    at = head + length
  }
  return found
}

/** Which file has which number, as paths within the folder: taken before the first recorded change. */
export function numbersOf(root: string): Map<number, string> {
  const numbers = new Map<number, string>()
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name)
      numbers.set(statSync(join(root, path)).ino, path)
      if (entry.isDirectory()) visit(path)
    }
  }
  visit('.')
  return numbers
}

export interface PowerLoss {
  /** Copy of the cluster as it was when recording began; becomes what the disk holds. */
  target: string
  /** Numbers of the files of the cluster itself, from `numbersOf`. */
  numbers: ReadonlyMap<number, string>
  recording: string
  /** Length of the recording at the moment the power went. */
  bytes: number
  /** How probably a write that was not flushed is there. */
  survival: number
  random: Random
}

/** @returns how many writes were lost, and how many torn */
export function losePower({ target, numbers, recording, bytes, survival, random }: PowerLoss): {
  lost: number
  torn: number
} {
  const changes = readRecording(recording, bytes)
  const flushed = flushedBefore(changes)
  const lastFlush = changes.findLastIndex(({ change }) => change.op === 'fsync')
  // Names and lengths after the last flush: as many as had come to the disk.
  const known = lastFlush + 1 + random.below(changes.length - lastFlush)
  const paths = new Map(numbers)
  const files = new Files(target)
  let [lost, torn] = [0, 0]
  for (const [index, { change, data }] of changes.entries()) {
    if (change.op === 'fsync') continue
    if (change.op === 'write') {
      const path = paths.get(change.ino)
      if (path === undefined || data === null) continue
      if (index < (flushed.get(change.ino) ?? -1)) files.write(path, change.at, data)
      else if (!random.chance(survival)) {
        lost += 1
        // The length may have come to the disk without the bytes.
        if (random.chance(0.5)) files.extend(path, change.at + data.length)
      } else if (random.chance(TORN)) {
        torn += 1
        for (let at = 0; at < data.length; at += SECTOR) {
          if (random.chance(0.5)) files.write(path, change.at + at, data.subarray(at, at + SECTOR))
        }
      } else files.write(path, change.at, data)
      continue
    }
    if (index < known) applyName(files, paths, change)
  }
  files.close()
  return { lost, torn }
}

/** For each file the place of its last flush. A number that is given to a new file begins anew. */
function flushedBefore(changes: readonly Recorded[]): Map<number, number> {
  const flushed = new Map<number, number>()
  for (const [index, { change }] of changes.entries()) {
    if (change.op === 'fsync') flushed.set(change.ino, index)
    // What was written to the file that had the number before is gone with it, so it may count as flushed or not.
    if (change.op === 'create') flushed.delete(change.ino)
  }
  return flushed
}

function applyName(files: Files, paths: Map<number, string>, change: Exclude<Change, { op: 'write' | 'fsync' }>): void {
  switch (change.op) {
    case 'truncate': {
      const path = paths.get(change.ino)
      if (path !== undefined) files.truncate(path, change.size)
      return
    }
    case 'create':
      files.create(change.path)
      paths.set(change.ino, change.path)
      return
    case 'mkdir':
      files.mkdir(change.path)
      paths.set(change.ino, change.path)
      return
    case 'rename': {
      forget(paths, change.to)
      for (const [ino, path] of paths) if (path === change.path) paths.set(ino, change.to)
      files.rename(change.path, change.to)
      return
    }
    case 'unlink':
    case 'rmdir':
      forget(paths, change.path)
      files.remove(change.path, change.op)
  }
}

function forget(paths: Map<number, string>, gone: string): void {
  for (const [ino, path] of paths) if (path === gone) paths.delete(ino)
}

/** The files of a folder, kept open while they are written. */
class Files {
  readonly #root: string
  readonly #open = new Map<string, number>()

  constructor(root: string) {
    this.#root = root
  }

  write(path: string, at: number, data: Buffer): void {
    writeSync(this.#file(path), data, 0, data.length, at)
  }

  extend(path: string, size: number): void {
    const file = this.#file(path)
    if (fstatSync(file).size < size) ftruncateSync(file, size)
  }

  truncate(path: string, size: number): void {
    ftruncateSync(this.#file(path), size)
  }

  create(path: string): void {
    this.#forget(path)
    writeFileSync(join(this.#root, path), '', { mode: 0o600 })
  }

  mkdir(path: string): void {
    mkdirSync(join(this.#root, path), { mode: 0o700, recursive: true })
  }

  rename(path: string, to: string): void {
    this.#forget(path)
    this.#forget(to)
    renameSync(join(this.#root, path), join(this.#root, to))
  }

  remove(path: string, op: 'unlink' | 'rmdir'): void {
    this.#forget(path)
    if (op === 'unlink') unlinkSync(join(this.#root, path))
    else rmdirSync(join(this.#root, path))
  }

  close(): void {
    for (const file of this.#open.values()) closeSync(file)
    this.#open.clear()
  }

  #file(path: string): number {
    const open = this.#open.get(path) ?? openSync(join(this.#root, path), 'r+')
    this.#open.set(path, open)
    return open
  }

  #forget(path: string): void {
    const open = this.#open.get(path)
    if (open === undefined) return
    closeSync(open)
    this.#open.delete(path)
  }
}
