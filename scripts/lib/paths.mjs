// Where things lie in the repository.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** @param {string[]} parts */
export const at = (...parts) => join(root, ...parts)

/** Notes the scripts keep between runs; gone with node_modules. */
export const notes = at('node_modules', '.cache', 'understudy')
