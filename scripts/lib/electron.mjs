// Electron's binary: fetched once, 60 seconds at most; the outcome is remembered until `npm run setup` tries again.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { at, notes } from './paths.mjs'
import { runNode, say, seconds } from './processes.mjs'

const LIMIT_MS = 60_000
const note = join(notes, 'electron-not-fetched')
const folder = at('node_modules', 'electron')

/** Path of the binary, or null when it is not there. */
export function electronBinary() {
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] || join(folder, 'dist')
  try {
    const binary = join(dist, readFileSync(join(folder, 'path.txt'), 'utf8'))
    return existsSync(binary) ? binary : null
  } catch {
    return null
  }
}

/**
 * Tries to have the binary; says in a line what it does.
 * @param {{ again: boolean }} options `again`: also when it could not be had last time
 */
export async function ensureElectron({ again }) {
  if (electronBinary() !== null || process.env['UNDERSTUDY_SKIP_ELECTRON'] === '1') return
  const version = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
  const remembered = existsSync(note) && readFileSync(note, 'utf8') === version
  if (remembered && !again) return
  say(`Fetching Electron ${version} for the desktop shell (${LIMIT_MS / 1000} s at most) …`)
  const begin = performance.now()
  const { code, timedOut } = await runNode([join(folder, 'install.js')], { timeoutMs: LIMIT_MS })
  if (code === 0 && electronBinary() !== null) {
    rmSync(note, { force: true })
    say(`Electron fetched in ${seconds(begin)}.`)
    return
  }
  mkdirSync(notes, { recursive: true })
  writeFileSync(note, version)
  const why = timedOut ? 'it took too long' : 'it cannot be downloaded here'
  say(
    `Electron is not there: ${why} (${seconds(begin)}). The browser shell works without it; npm run setup tries again.`,
  )
}
