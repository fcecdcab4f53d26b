// PGlite's file system for Node, with a real fsync. As shipped, fsync does nothing, and a power cut loses rows that
// were acknowledged, or the whole database; docs/decisions/001-database-access.md has the figures.
import { fsyncSync } from 'node:fs'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import type { NodeFiles } from './faulty-fs.ts'

/** The part of Emscripten's module this class reaches into; not public, so it fails loudly when it moves. */
interface EmscriptenModule {
  NODEFS?: NodeFiles
  FS: { filesystems?: { NODEFS?: NodeFiles }; ErrnoError: new (errno: number) => Error }
}
/** EIO in Emscripten's numbering. */
const INPUT_OUTPUT_ERROR = 29

export type StandBefore = (files: NodeFiles, fail: (errno: number) => Error) => void

export class DurableNodeFS extends NodeFS {
  /** Number of fsync calls since the start. */
  fsyncs = 0
  readonly #standBefore: StandBefore | undefined

  /**
   * @param data folder of the cluster
   * @param standBefore for tests of durability: puts something between Postgres and its files (faulty-fs.ts)
   */
  constructor(data: string, standBefore?: StandBefore) {
    super(data)
    this.#standBefore = standBefore
  }

  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...args)
    const addFsync = (module: unknown) => {
      const { NODEFS, FS } = module as EmscriptenModule
      const files = NODEFS ?? FS.filesystems?.NODEFS
      if (!files) throw new Error('This version of PGlite hides its file system: no fsync, so no durable writes.')
      files.stream_ops.fsync = (stream) => {
        try {
          fsyncSync(stream.nfd)
          this.fsyncs += 1
          return 0
        } catch {
          throw new FS.ErrnoError(INPUT_OUTPUT_ERROR)
        }
      }
      this.#standBefore?.(files, (errno) => new FS.ErrnoError(errno))
    }
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), addFsync] } }
  }
}
