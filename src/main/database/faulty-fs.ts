// A disk that fails, is slow or loses power, for tests of durability: it stands between Postgres and its files. Nothing of it
// is loaded unless the options of the worker name it, which only tests and `npm run soak` do.
import { appendFileSync, closeSync, fstatSync, lstatSync, openSync, writeSync } from 'node:fs'
import { relative } from 'node:path'

/** What a write does to the disk. `extend`: a write behind the end of the file, which takes room. */
export const WRITE_KINDS = ['write', 'extend', 'truncate', 'create', 'mkdir', 'rename', 'unlink', 'fsync'] as const
export type WriteKind = (typeof WRITE_KINDS)[number]

/** Which operations fail, from when on, and how. Until it is lifted all of them do, as on a disk that is full or broken. */
export interface Fault {
  kinds: readonly WriteKind[]
  /** Source of a pattern of paths within the cluster, such as `^pg_wal/`; all files without one. */
  files?: string
  error: 'ENOSPC' | 'EIO'
  /** How many of them pass before the first that fails. */
  after?: number
  /** Part of the write lands before it fails, as on a real disk. */
  short?: boolean
}

/** What the worker is told when it starts. */
export interface DiskTrial {
  /** Shared with whoever lets operations fail: see `DiskControl`. */
  control: SharedArrayBuffer
  /** File that every change of the disk is written to, in order (power-loss.ts replays it). */
  recording?: string
}

const CONTROL_BYTES = 4096
const [CHANGE, LENGTH, HITS, DELAY] = [0, 1, 2, 3]
const HEAD_BYTES = 16

/** The hand on the disk, held in the main thread. */
export class DiskControl {
  readonly #buffer = new SharedArrayBuffer(CONTROL_BYTES)
  readonly #numbers = new Int32Array(this.#buffer)

  trial(recording?: string): DiskTrial {
    return { control: this.#buffer, ...(recording === undefined ? {} : { recording }) }
  }

  /** From now on these operations fail, until `lift`. */
  fail(fault: Fault): void {
    const bytes = Buffer.from(JSON.stringify(fault))
    new Uint8Array(this.#buffer).set(bytes, HEAD_BYTES)
    Atomics.store(this.#numbers, LENGTH, bytes.length)
    Atomics.store(this.#numbers, HITS, 0)
    Atomics.add(this.#numbers, CHANGE, 1)
  }

  lift(): void {
    Atomics.store(this.#numbers, LENGTH, 0)
    Atomics.add(this.#numbers, CHANGE, 1)
  }

  /** Every write and flush takes this much longer, in milliseconds. */
  slow(ms: number): void {
    Atomics.store(this.#numbers, DELAY, ms)
  }

  /** Operations that failed since the last `fail`. */
  get hits(): number {
    return Atomics.load(this.#numbers, HITS)
  }
}

/** One change of the disk. Paths are within the cluster; `ino` is the file whatever it is called. */
export type Change =
  | { op: 'write'; ino: number; at: number; length: number; zeros?: true }
  | { op: 'truncate'; ino: number; size: number }
  | { op: 'create' | 'mkdir'; path: string; ino: number }
  | { op: 'rename'; path: string; to: string }
  | { op: 'unlink' | 'rmdir'; path: string }
  | { op: 'fsync'; ino: number }

interface Node {
  name: string
  mode: number
}
interface Stream {
  nfd: number
  node: Node
}
type Attributes = { size?: number }

/** The part of Emscripten's file system that is stood before. */
export interface NodeFiles {
  realPath(node: Node): string
  node_ops: {
    setattr(node: Node, attributes: Attributes): void
    mknod(parent: Node, name: string, mode: number, device: number): Node
    rename(node: Node, folder: Node, name: string): void
    unlink(parent: Node, name: string): void
    rmdir(parent: Node, name: string): void
  }
  stream_ops: {
    setattr(stream: Stream, attributes: Attributes): void
    write(stream: Stream, buffer: Int8Array, offset: number, length: number, position: number): number
    fsync?(stream: Stream): number
  }
}

/** Error numbers of Emscripten. */
const ERRNO = { ENOSPC: 51, EIO: 29 }
const FOLDER = 0o040000
const SECTOR = 512

/**
 * Stands before the file system of this worker's Postgres.
 * @param root folder of the cluster
 * @param fail makes the error Postgres sees
 */
export function installTrial(root: string, trial: DiskTrial, files: NodeFiles, fail: (errno: number) => Error): void {
  const numbers = new Int32Array(trial.control)
  const recorder = trial.recording === undefined ? null : new Recorder(trial.recording)
  let change = -1
  let fault: Fault | null = null
  let pattern = /^/
  let passed = 0

  /** @throws what the fault says, where it is its turn */
  const turn = (kind: WriteKind, path: string, partly?: () => void) => {
    const delay = Atomics.load(numbers, DELAY)
    if (delay > 0 && (kind === 'write' || kind === 'extend' || kind === 'fsync')) wait(delay)
    const latest = Atomics.load(numbers, CHANGE)
    if (latest !== change) {
      change = latest
      passed = 0
      const length = Atomics.load(numbers, LENGTH)
      const text = Buffer.from(new Uint8Array(trial.control).slice(HEAD_BYTES, HEAD_BYTES + length)).toString()
      fault = length === 0 ? null : (JSON.parse(text) as Fault)
      pattern = new RegExp(fault?.files ?? '')
    }
    if (!fault?.kinds.includes(kind) || !pattern.test(path)) return
    passed += 1
    // What failed once goes on failing, also for a worker that takes the place of this one.
    if (passed <= (fault.after ?? 0) && Atomics.load(numbers, HITS) === 0) return
    Atomics.add(numbers, HITS, 1)
    if (fault.short) partly?.()
    throw fail(ERRNO[fault.error])
  }
  const within = (path: string) => relative(root, path)
  const pathIn = (folder: Node, name: string) => within(`${files.realPath(folder)}/${name}`)

  const node = { ...files.node_ops }
  const stream = { ...files.stream_ops }
  Object.assign(files.node_ops, {
    setattr(target, attributes) {
      const path = files.realPath(target)
      if (attributes.size !== undefined) turn('truncate', within(path))
      node.setattr(target, attributes)
      if (attributes.size !== undefined) {
        recorder?.note({ op: 'truncate', ino: lstatSync(path).ino, size: attributes.size })
      }
    },
    mknod(parent, name, mode, device) {
      const isFolder = (mode & 0o170000) === FOLDER
      const path = pathIn(parent, name)
      turn(isFolder ? 'mkdir' : 'create', path)
      const made = node.mknod(parent, name, mode, device)
      recorder?.note({ op: isFolder ? 'mkdir' : 'create', path, ino: lstatSync(files.realPath(made)).ino })
      return made
    },
    rename(target, folder, name) {
      const [path, to] = [within(files.realPath(target)), pathIn(folder, name)]
      turn('rename', path)
      node.rename(target, folder, name)
      recorder?.note({ op: 'rename', path, to })
    },
    unlink(parent, name) {
      const path = pathIn(parent, name)
      turn('unlink', path)
      node.unlink(parent, name)
      recorder?.note({ op: 'unlink', path })
    },
    rmdir(parent, name) {
      const path = pathIn(parent, name)
      node.rmdir(parent, name)
      recorder?.note({ op: 'rmdir', path })
    },
  } satisfies NodeFiles['node_ops'])
  Object.assign(files.stream_ops, {
    setattr(target, attributes) {
      if (attributes.size !== undefined) turn('truncate', within(files.realPath(target.node)))
      stream.setattr(target, attributes)
      if (attributes.size !== undefined) {
        recorder?.note({ op: 'truncate', ino: fstatSync(target.nfd).ino, size: attributes.size })
      }
    },
    write(target, buffer, offset, length, position) {
      const { size, ino } = fstatSync(target.nfd)
      const put = (bytes: number) => {
        const written = stream.write(target, buffer, offset, bytes, position)
        recorder?.note(
          { op: 'write', ino, at: position, length: written },
          Buffer.from(buffer.buffer, buffer.byteOffset + offset, written),
        )
        return written
      }
      const part = Math.floor(length / SECTOR / 2) * SECTOR
      turn(position + length > size ? 'extend' : 'write', within(files.realPath(target.node)), () => {
        if (part > 0) put(part)
      })
      return put(length)
    },
    fsync(target) {
      turn('fsync', within(files.realPath(target.node)))
      const result = stream.fsync?.(target) ?? 0
      recorder?.note({ op: 'fsync', ino: fstatSync(target.nfd).ino })
      return result
    },
  } satisfies NodeFiles['stream_ops'])
}

/** The thread is the database's own, so that it may stand still. */
function wait(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/**
 * Writes down each change: the length of its head, the head as JSON, and the bytes of a write that are not all zero. What is
 * noted has happened, so a kill loses at most the last one.
 */
class Recorder {
  readonly #file: number

  constructor(path: string) {
    appendFileSync(path, '')
    this.#file = openSync(path, 'a')
    process.once('exit', () => closeSync(this.#file))
  }

  note(change: Change, data?: Buffer): void {
    const zeros = data?.every((byte) => byte === 0) ?? false
    const head = Buffer.from(JSON.stringify(zeros ? { ...change, zeros: true } : change))
    const length = Buffer.alloc(4)
    length.writeUInt32LE(head.length)
    writeSync(this.#file, Buffer.concat(data && !zeros ? [length, head, data] : [length, head]))
  }
}
