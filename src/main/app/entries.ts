// Where the code of a worker or child process lies: beside the bundle in a build, in src when run from source. `npm test` names
// the build it has just made (UNDERSTUDY_BUILT), so that what it runs from source need not compile each process anew.
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const sources = {
  'database-worker': '../database/worker-from-source.mjs',
  'reading-worker': '../attachments/reading/worker-from-source.mjs',
  'transfer-worker': '../transfer/thread/worker-from-source.mjs',
  'engine-process': '../engine/process.ts',
} as const

export type EntryName = keyof typeof sources

/** @returns the file to run and the node flags it needs. */
export function entry(name: EntryName): { file: string; execArgv: string[] } {
  const here = dirname(fileURLToPath(import.meta.url))
  if (import.meta.url.endsWith('.ts')) {
    const built = process.env['UNDERSTUDY_BUILT']
    if (built) return { file: join(built, `${name}.js`), execArgv: [] }
    const file = join(here, sources[name])
    return { file, execArgv: file.endsWith('.ts') ? ['--import', 'tsx'] : [] }
  }
  const root = basename(here) === 'chunks' ? dirname(here) : here
  return { file: join(root, `${name}.js`), execArgv: [] }
}
