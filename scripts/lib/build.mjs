// The build: made when it is missing or older than what it is made from.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Failure } from './failure.mjs'
import { at, root } from './paths.mjs'
import { runNode, say, seconds } from './processes.mjs'

const stamp = at('out', '.understudy-build')
const templateStamp = at('out', '.understudy-template')
const template = at('out', 'pgdata-template')

/** Name, size and time of every file the build reads; contents are not read, so this takes a few milliseconds. */
function fingerprint() {
  const hash = createHash('sha256')
  for (const file of ['package.json', 'package-lock.json', 'electron.vite.config.ts']) addFile(hash, at(file))
  addFolder(hash, at('src'))
  return hash.digest('hex')
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} folder
 */
function addFolder(hash, folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) addFolder(hash, path)
    else if (!/\.test\.tsx?$/.test(entry.name)) addFile(hash, path)
  }
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} path
 */
function addFile(hash, path) {
  const { size, mtimeMs } = statSync(path)
  hash.update(`${relative(root, path)}\0${size}\0${mtimeMs}\n`)
}

/** Builds when needed. */
export async function ensureBuild() {
  const now = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return
  say('Building …')
  const begin = performance.now()
  rmSync(stamp, { force: true })
  const { code, output } = await runNode([at('node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build'])
  if (code !== 0) throw new Failure(`${output.trim()}\n\nThe build failed. See above.`)
  await ensureTemplate()
  writeFileSync(stamp, now)
  say(`Built in ${seconds(begin)}.`)
}

/** A database made ahead, so that a first start need not make one. Only migrations decide what is in it. */
async function ensureTemplate() {
  const hash = createHash('sha256')
  addFolder(hash, at('src', 'main', 'database', 'migrations'))
  addFile(hash, at('package-lock.json'))
  const now = hash.digest('hex')
  const inCache = at('node_modules', '.cache', 'understudy', 'pgdata-template')
  const known = existsSync(templateStamp) && readFileSync(templateStamp, 'utf8') === now
  if (!known || !existsSync(template)) {
    const { code, output } = await runNode([at('out', 'main', 'make-template.js'), template])
    if (code !== 0) throw new Failure(`${output.trim()}\n\nThe database template could not be made. See above.`)
  }
  if (!known || !existsSync(inCache)) {
    // Code run from source (tests, bench) looks here.
    rmSync(inCache, { recursive: true, force: true })
    cpSync(template, inCache, { recursive: true })
  }
  writeFileSync(templateStamp, now)
}
