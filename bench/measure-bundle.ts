// How much the window loads before it first paints, gzip, from the built files; the rest is loaded when it is needed.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Results } from './result.ts'

const root = join(import.meta.dirname, '..', 'out', 'renderer')
/** The font's part for Latin letters; the browser loads the others only for letters of theirs. */
const FIRST_FONT = /^inter-latin-wght.*\.woff2$/

export async function measureBundle(): Promise<Results> {
  const page = readFileSync(join(root, 'index.html'), 'utf8')
  const named = [...page.matchAll(/(?:src|href)="\.?\/?(?<file>assets\/[^"]+)"/g)].flatMap(
    ({ groups }) => groups?.['file'] ?? [],
  )
  const files = new Set<string>()
  for (const file of named) addWithImports(file, files)
  const all = readdirSync(join(root, 'assets'))
  for (const font of all.filter((name) => FIRST_FONT.test(name))) files.add(`assets/${font}`)
  const first = [...files].map((file) => ({ file, size: sizeOf(file) }))
  const sizeOfKind = (end: string) => kilobytes(sum(first.filter(({ file }) => file.endsWith(end))))
  return {
    'bundle-first-paint': {
      value: kilobytes(sum(first) + gzipSync(page).length),
      unit: 'kB',
      detail: {
        scripts: sizeOfKind('.js'),
        styles: sizeOfKind('.css'),
        fonts: sizeOfKind('.woff2'),
        files: first.length,
        // As they lie on disk.
        onNeed: kilobytes(
          all.filter((name) => !files.has(`assets/${name}`)).reduce((total, name) => total + bytesOf(name), 0),
        ),
      },
    },
  }
}

/** A script brings along what it imports at its top. */
function addWithImports(file: string, files: Set<string>): void {
  if (files.has(file)) return
  files.add(file)
  if (!file.endsWith('.js')) return
  const code = readFileSync(join(root, file), 'utf8')
  const imports = code.matchAll(/(?:\bimport|\bfrom)\s*["']\.\/(?<name>[^"']+)["']/g)
  for (const { groups } of imports) addWithImports(`assets/${basename(groups?.['name'] ?? '')}`, files)
}

function sizeOf(file: string): number {
  const body = readFileSync(join(root, file))
  return file.endsWith('.woff2') ? body.length : gzipSync(body).length
}

function bytesOf(name: string): number {
  return statSync(join(root, 'assets', name)).size
}

function sum(files: { size: number }[]): number {
  return files.reduce((total, { size }) => total + size, 0)
}

const kilobytes = (bytes: number) => Math.round(bytes / 100) / 10
