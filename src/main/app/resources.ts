// Where files that come with the app lie: models.json, the bundled embedder.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The `resources` folder, found upwards from this code: the same from source, from a build and from a package. */
export function resourcesFolder(from = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'resources')
    if (existsSync(join(candidate, 'models.json'))) return candidate
    if (dirname(folder) === folder)
      throw new Error('The resources folder is missing: Understudy is not installed whole.')
  }
}
