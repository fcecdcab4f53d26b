// Which of the files somebody gave are worth sending to the core: what is plainly no text is not carried over first.
import { FILE_BYTES_MAX } from '../../../shared/attachments.ts'

/** A file, and the folder it came in with. */
export interface FoundFile {
  file: File
  /** Path without the name, as "shed/src"; null: it came alone. */
  folder: string | null
}

/** Why a file is left out. */
export type Skip = 'hidden' | 'packages' | 'picture' | 'notText' | 'large' | 'empty' | 'many'

export type Skipped = Partial<Record<Skip, number>>

export interface Choice {
  taken: FoundFile[]
  /** What became of each folder: files in it are counted, not named. */
  folders: Map<string, { taken: number; skipped: Skipped }>
  /** Files that came alone: each is answered for by itself. */
  refused: { name: string; why: Skip }[]
}

const PACKAGES = new Set(['node_modules', '__pycache__', 'bower_components', 'vendor', 'venv', 'target'])
const NOT_TEXT =
  /\.(?:zip|gz|tgz|bz2|xz|zst|7z|rar|jar|exe|dll|so|dylib|a|o|obj|class|pyc|wasm|bin|dat|db|sqlite3?|gguf|safetensors|onnx|pt|npz?|parquet|iso|dmg|pkg|deb|rpm|apk|woff2?|ttf|otf|eot|mp[34]|m4[av]|wav|flac|ogg|opus|mov|avi|mkv|webm)$/iu
const PICTURE = /\.(?:png|jpe?g|gif|webp|bmp|tiff?|heic|avif|ico|psd)$/iu

/** @param room how many more files the composer takes */
export function chooseFiles(found: readonly FoundFile[], room: number): Choice {
  const choice: Choice = { taken: [], folders: new Map(), refused: [] }
  for (const one of found) {
    const { file, folder } = one
    const why = skipOf(one) ?? (choice.taken.length >= room ? 'many' : null)
    if (why === null) choice.taken.push(one)
    if (folder === null) {
      if (why !== null) choice.refused.push({ name: file.name, why })
      continue
    }
    const root = rootOf(folder)
    const { taken, skipped } = choice.folders.get(root) ?? { taken: 0, skipped: {} }
    if (why === null) choice.folders.set(root, { taken: taken + 1, skipped })
    else choice.folders.set(root, { taken, skipped: { ...skipped, [why]: (skipped[why] ?? 0) + 1 } })
  }
  return choice
}

function skipOf({ file, folder }: FoundFile): Skip | null {
  const { name, type, size } = file
  if (folder !== null) {
    const path = [...folder.split('/'), name]
    if (path.some((part) => part.startsWith('.'))) return 'hidden'
    if (path.some((part) => PACKAGES.has(part))) return 'packages'
  }
  if (PICTURE.test(name) || (type.startsWith('image/') && type !== 'image/svg+xml')) return 'picture'
  if (NOT_TEXT.test(name) || /^(?:audio|video|font)\//.test(type)) return 'notText'
  if (size === 0) return 'empty'
  return size > FILE_BYTES_MAX ? 'large' : null
}

/** The name of the folder a path begins with. */
export function rootOf(folder: string): string {
  return folder.split('/')[0] ?? folder
}

export interface FileGroup<One extends { folder: string | null }> {
  /** Null: one file that came alone. */
  root: string | null
  files: [One, ...One[]]
}

/** What came in one folder belongs together; the order stays. */
export function groupFiles<One extends { folder: string | null }>(files: readonly One[]): FileGroup<One>[] {
  const groups: FileGroup<One>[] = []
  for (const file of files) {
    const root = file.folder === null ? null : rootOf(file.folder)
    const known = root === null ? undefined : groups.find((group) => group.root === root)
    if (known) known.files.push(file)
    else groups.push({ root, files: [file] })
  }
  return groups
}
