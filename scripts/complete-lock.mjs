// Completes package-lock.json with the platform packages of other systems.
//
// npm writes only those optional packages into the lock file that the registry in use offers. A registry that lacks
// some of them (a company mirror, say) so leaves systems out, and `npm ci` then calls the lock file out of sync.
// Every optional package that a locked package names by exact version gets an entry here: version, os, cpu and libc
// from its name. Run `npm run lock` after adding or updating a package.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const SYSTEMS = /** @type {const} */ ({
  aix: 'aix',
  android: 'android',
  darwin: 'darwin',
  mac: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  netbsd: 'netbsd',
  openbsd: 'openbsd',
  openharmony: 'openharmony',
  sunos: 'sunos',
  win: 'win32',
  win32: 'win32',
})

const PROCESSORS = /** @type {const} */ ({
  arm: 'arm',
  armv7l: 'arm',
  arm64: 'arm64',
  ia32: 'ia32',
  loong64: 'loong64',
  mips64el: 'mips64el',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  wasm32: 'wasm32',
  x64: 'x64',
})

const LIBRARIES = /** @type {const} */ ({ gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' })

/**
 * @typedef {{ version?: string, dev?: boolean, optional?: boolean, integrity?: string, license?: string,
 *   engines?: Record<string, string>, os?: string[], cpu?: string[], libc?: string[],
 *   optionalDependencies?: Record<string, string> }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

/**
 * System, processor and C library a package is for, read from its name; null when the name does not say.
 * @param {string} name
 */
export function platformOf(name) {
  const words = name.slice(name.indexOf('/') + 1).split(/[-/]/)
  const system = words.map((word) => lookUp(SYSTEMS, word)).find(Boolean)
  const processor = words.map((word) => lookUp(PROCESSORS, word)).find(Boolean)
  const library = words.map((word) => lookUp(LIBRARIES, word)).find(Boolean)
  if (processor === 'wasm32') return { cpu: ['wasm32'] }
  if (!system || !processor) return null
  return { cpu: [processor], ...(library && system === 'linux' ? { libc: [library] } : {}), os: [system] }
}

/**
 * @template {Record<string, string>} T
 * @param {T} table
 * @param {string} word
 */
function lookUp(table, word) {
  return Object.hasOwn(table, word) ? table[word] : undefined
}

/**
 * Optional packages that a locked package names and the lock file does not hold.
 * @param {Lock} lock
 */
export function missingOptionalPackages(lock) {
  const missing = []
  for (const [path, parent] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
      if (!isLocked(lock, path, name)) missing.push({ path: `node_modules/${name}`, name, range, parent })
    }
  }
  return missing
}

/**
 * Looks where node would look: beside the parent, then further up.
 * @param {Lock} lock
 * @param {string} parentPath
 * @param {string} name
 */
function isLocked(lock, parentPath, name) {
  let folder = parentPath
  while (folder !== '') {
    if (lock.packages[`${folder}/node_modules/${name}`]) return true
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))
  }
  return lock.packages[`node_modules/${name}`] !== undefined
}

/**
 * The lock file with an entry for each missing platform package.
 * @param {Lock} lock
 */
export function completeLock(lock) {
  const packages = { ...lock.packages }
  const added = []
  const left = []
  for (const { path, name, range, parent } of missingOptionalPackages(lock)) {
    const platform = platformOf(name)
    if (!platform || !/^\d+\.\d+\.\d+/.test(range)) {
      left.push(`${name}@${range}`)
      continue
    }
    packages[path] = {
      version: range,
      ...(parent.dev ? { dev: true } : {}),
      ...(parent.license ? { license: parent.license } : {}),
      optional: true,
      ...platform,
      ...(parent.engines ? { engines: parent.engines } : {}),
    }
    added.push(`${name}@${range}`)
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
  return { lock: { ...lock, packages: Object.fromEntries(sorted) }, added, left }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = new URL('../package-lock.json', import.meta.url)
  const { lock, added, left } = completeLock(JSON.parse(readFileSync(file, 'utf8')))
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
  for (const name of added) console.log(`added   ${name}`)
  for (const name of left) console.log(`left    ${name} (its name does not say for which system it is)`)
  console.log(`${added.length} platform packages added to package-lock.json`)
}
