// Which model files are on this disk: looks at files, never at what should be there. A file is a model of the catalogue
// when its SHA-256 says so, whatever its name; hashing is done once a file and remembered beside the models.
import type { Stats } from 'node:fs'
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { modelDetails } from '../../../shared/models.ts'
import { CHECKSUM_FILE, fileSha256, rememberSha256 } from '../checksums.ts'
import type { MeasuredSpeed } from '../engine.ts'
import { type ModelFile, readModelFile } from '../gguf.ts'
import type { CatalogueModel } from './catalogue.ts'
import { partPaths } from './part-file.ts'
import type { ModelFolders } from './paths.ts'

/** What a model file says of itself, read once a file. */
const fileFacts = z.strictObject({
  name: z.string(),
  kind: z.enum(['chat', 'embedding']),
  quant: z.string().nullable(),
  licence: z.string().nullable(),
  details: modelDetails,
})
export type FileFacts = z.infer<typeof fileFacts>

/** A model file of the person's own. */
export interface OwnFile extends FileFacts {
  /** Of the catalogue when it is one of its models, else `file:` and the name in a form that can be an id. */
  id: string
  path: string
  bytes: number
}

export interface ShelfState {
  /** Path by catalogue id; every one was checked against the catalogue's SHA-256. */
  found: ReadonlyMap<string, string>
  own: readonly OwnFile[]
  /** Bytes of unfinished downloads by catalogue id. */
  partial: ReadonlyMap<string, number>
  /** What the files found say of themselves, by path; none for a file that cannot be read. */
  facts: ReadonlyMap<string, FileFacts>
  /** How fast files were measured to be on this machine, by path. */
  speeds: ReadonlyMap<string, MeasuredSpeed>
}

export interface Shelf {
  /** Looks again. Calls at the same time share one look. */
  scan(): Promise<ShelfState>
  /** Remembers a digest that was just computed, so that the file is not read again. */
  remember(path: string, sha256: string): Promise<void>
  /** The file, wherever it lies. @throws AppError as `readModelFile` */
  describe(path: string): Promise<OwnFile>
  /** Keeps a measurement; it holds until the file changes. */
  keepSpeed(path: string, speed: MeasuredSpeed): Promise<void>
}

const CACHE_NAME = 'known-files.json'
/** Other programs keep models two or three folders deep; deeper is no model collection. */
const DEPTH = 3
const MAX_FILES = 5_000

const remembered = z.strictObject({
  bytes: z.number(),
  mtimeMs: z.number(),
  facts: fileFacts.optional(),
  speed: z.strictObject({ reading: z.number(), writing: z.number() }).optional(),
})
const cacheSchema = z.record(z.string(), remembered)
type Remembered = z.infer<typeof remembered>

/** @param added files the person added, wherever they lie */
export function createShelf(
  catalogue: readonly CatalogueModel[],
  folders: ModelFolders,
  added: () => readonly string[] = () => [],
): Shelf {
  const cachePath = join(folders.folder, CACHE_NAME)
  const checksums = join(folders.folder, CHECKSUM_FILE)
  let cache: Map<string, Remembered> | null = null
  let changed = false
  let running: Promise<ShelfState> | null = null

  async function load(): Promise<Map<string, Remembered>> {
    if (cache) return cache
    // A missing or broken cache costs only time.
    const text = await readFile(cachePath, 'utf8').catch(() => '{}')
    const parsed = z.safeParse(cacheSchema, parseJson(text))
    cache = new Map(parsed.success ? Object.entries(parsed.data) : [])
    return cache
  }

  async function save(): Promise<void> {
    if (!cache || !changed) return
    changed = false
    try {
      await mkdir(folders.folder, { recursive: true, mode: 0o700 })
      const temporary = `${cachePath}.${process.pid}.new`
      await writeFile(temporary, JSON.stringify(Object.fromEntries(cache)), { mode: 0o600 })
      await rename(temporary, cachePath)
    } catch {
      // A folder that cannot be written makes the next look slower, nothing else.
    }
  }

  async function entryOf(path: string, file: Stats): Promise<Remembered> {
    const all = await load()
    const known = all.get(path)
    if (known && known.bytes === file.size && known.mtimeMs === file.mtimeMs) return known
    const fresh: Remembered = { bytes: file.size, mtimeMs: file.mtimeMs }
    all.set(path, fresh)
    return fresh
  }

  async function factsAt(path: string, file: Stats): Promise<FileFacts> {
    const entry = await entryOf(path, file)
    if (!entry.facts) {
      entry.facts = factsOf(await readModelFile(path))
      changed = true
    }
    return entry.facts
  }

  async function describe(path: string): Promise<OwnFile> {
    const file = await stat(path)
    const facts = await factsAt(path, file)
    const model = await matchOf(path, file)
    return { id: model?.id ?? ownId(path), path, bytes: file.size, ...facts }
  }

  async function look(): Promise<ShelfState> {
    const found = new Map<string, string>()
    const own: OwnFile[] = []
    const facts = new Map<string, FileFacts>()
    const speeds = new Map<string, MeasuredSpeed>()
    const places = folders.own === null ? [] : await filesIn(folders.own, DEPTH)
    for (const path of new Set([...places, ...(await filesIn(folders.folder, 0)), ...added()])) {
      const file = await stat(path).catch(() => null)
      if (!file?.isFile()) continue
      const { speed } = await entryOf(path, file)
      if (speed) speeds.set(path, speed)
      const model = await matchOf(path, file)
      if (model) {
        const read = await factsAt(path, file).catch(() => null)
        if (read) facts.set(path, read)
        if (!found.has(model.id)) found.set(model.id, path)
        continue
      }
      if (!isModelName(path)) continue
      // A damaged file is not offered; choosing it by hand says what is wrong with it.
      const read = await factsAt(path, file).catch(() => null)
      if (!read) continue
      own.push({ id: freeId(ownId(path), own), path, bytes: file.size, ...read })
      facts.set(path, read)
    }
    const partial = new Map<string, number>()
    for (const model of catalogue) {
      const part = await stat(partPaths(join(folders.folder, model.file)).data).catch(() => null)
      if (part && part.size > 0 && !found.has(model.id)) partial.set(model.id, part.size)
    }
    await save()
    return { found, own, partial, facts, speeds }
  }

  async function matchOf(path: string, file: Stats): Promise<CatalogueModel | undefined> {
    const name = basename(path).toLowerCase()
    const candidates = catalogue.filter((model) =>
      model.bytes === null ? model.file.toLowerCase() === name : model.bytes === file.size,
    )
    if (candidates.length === 0) return undefined
    await mkdir(folders.folder, { recursive: true, mode: 0o700 }).catch(() => undefined)
    const digest = await fileSha256(path, checksums).catch(() => null)
    return candidates.find((model) => model.sha256 === digest)
  }

  return {
    scan() {
      running ??= look().finally(() => {
        running = null
      })
      return running
    },
    remember: (path, sha256) => rememberSha256(path, checksums, sha256),
    describe,
    async keepSpeed(path, speed) {
      const entry = await entryOf(path, await stat(path))
      entry.speed = speed
      changed = true
      await save()
    },
  }
}

function factsOf(file: ModelFile): FileFacts {
  const { name, embedding, quant, licence, abilities } = file
  return {
    name,
    kind: embedding ? 'embedding' : 'chat',
    quant,
    licence,
    details: {
      architecture: file.architecture,
      parameters: file.parameters / 1e9,
      contextLength: file.contextLength,
      chatTemplate: file.hasChatTemplate,
      ...abilities,
    },
  }
}

/** Files below a folder, or the file itself; sorted, so that every look sees them in one order. */
async function filesIn(place: string, depth: number): Promise<string[]> {
  const files: string[] = []
  const folders: [string, number][] = [[place, depth]]
  for (let next = folders.shift(); next && files.length < MAX_FILES; next = folders.shift()) {
    const [folder, left] = next
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => null)
    if (entries === null) {
      if (folder === place) files.push(place)
      continue
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.') || /\.(part|json|old|new|lock|packages)$/.test(entry.name)) continue
      const path = join(folder, entry.name)
      if (entry.isDirectory()) {
        if (left > 0) folders.push([path, left - 1])
      } else {
        files.push(path)
      }
    }
  }
  return files
}

function isModelName(path: string): boolean {
  return /\.gguf$/i.test(path) && !/(^|[-_.])mmproj/i.test(basename(path))
}

/** An id for a file of the person's own: letters, digits and a few marks of its name. */
export function ownId(path: string): string {
  const plain = basename(path)
    .toLowerCase()
    .replace(/\.gguf$/, '')
    .replace(/[^a-z0-9._-]+/g, '-')
  return `file:${plain.slice(0, 70)}`
}

function freeId(id: string, taken: readonly OwnFile[]): string {
  let free = id
  for (let number = 2; taken.some((file) => file.id === free); number++) free = `${id}-${number}`
  return free
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
