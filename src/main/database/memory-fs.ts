// PGlite's file system in memory alone: it starts as a copy of a cluster on disk, which it reads once and never writes.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MemoryFS } from '@electric-sql/pglite'

/** The part of Emscripten's module this class reaches into. */
interface EmscriptenModule {
  FS: {
    mkdirTree(path: string, mode?: number): void
    writeFile(path: string, data: Uint8Array, options?: { mode?: number }): void
    chmod(path: string, mode: number): void
  }
}

/** Where PGlite looks for its cluster. */
const CLUSTER = '/pglite/data'
/** Postgres refuses a cluster that others may read. */
const FOLDER_MODE = 0o700
const FILE_MODE = 0o600

export class CopiedMemoryFS extends MemoryFS {
  readonly #source: string

  /** @param source folder of a cluster that was closed in order */
  constructor(source: string) {
    super()
    this.#source = source
  }

  override async init(...args: Parameters<MemoryFS['init']>): ReturnType<MemoryFS['init']> {
    const { emscriptenOpts } = await super.init(...args)
    const copy = (module: unknown) => copyFolder((module as EmscriptenModule).FS, this.#source, CLUSTER)
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), copy] } }
  }
}

function copyFolder(files: EmscriptenModule['FS'], from: string, to: string): void {
  files.mkdirTree(to, FOLDER_MODE)
  files.chmod(to, FOLDER_MODE)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), `${to}/${entry.name}`]
    if (entry.isDirectory()) copyFolder(files, source, target)
    else files.writeFile(target, readFileSync(source), { mode: FILE_MODE })
  }
}
