// The files of the window, read once at start. Only what is in this table can be served, by its exact path:
// no request ever becomes a path on disk, so there is nothing to traverse.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

export interface PageFile {
  type: string
  body: Buffer
}

export interface PageFiles {
  /**
   * @param path path of the address as it came, without the query; never decoded
   * @returns null for every path that is not exactly one of the files
   */
  find(path: string): PageFile | null
  readonly paths: string[]
}

/**
 * Reads every regular file below `root`; links and unknown types are left out. `/` is index.html.
 * @throws when the folder is missing
 */
export async function readPageFiles(root: string): Promise<PageFiles> {
  const table = new Map<string, PageFile>()
  const readFolder = async (folder: string, prefix: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true })
    await Promise.all(
      entries.map(async (entry) => {
        const path = `${prefix}${entry.name}`
        if (entry.isDirectory()) return readFolder(join(folder, entry.name), `${path}/`)
        const type = types[entry.name.slice(entry.name.lastIndexOf('.'))]
        if (entry.isFile() && type !== undefined) {
          table.set(path, { type, body: await readFile(join(folder, entry.name)) })
        }
      }),
    )
  }
  await readFolder(root, '/')
  const index = table.get('/index.html')
  if (index !== undefined) table.set('/', index)
  return { find: (path) => table.get(path) ?? null, paths: [...table.keys()].sort() }
}
