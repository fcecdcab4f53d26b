// The packages: installed when they are missing or were installed from another lock file.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Failure } from './failure.mjs'
import { at } from './paths.mjs'
import { run, say, seconds } from './processes.mjs'

const LEAST_NODE = [20, 19]

/** Hash of the lock file the packages were installed from. */
const stamp = at('node_modules', '.understudy-install')

/**
 * @param {string} version
 * @throws Failure when this node is too old
 */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor = 0, leastMinor = 0] = LEAST_NODE
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return
  throw new Failure(
    `Understudy needs Node.js ${LEAST_NODE.join('.')} or newer; this is ${version}. ` +
      'Install a newer one from https://nodejs.org and try again.',
  )
}

/** Installs when needed. Takes a few milliseconds when nothing is to do. */
export async function ensurePackages() {
  const hash = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  if (isInstalled()) {
    writeFileSync(stamp, hash)
    return
  }
  const reason = existsSync(at('node_modules')) ? 'The lock file changed' : 'First start'
  say(`${reason}: installing packages (npm ci) …`)
  const begin = performance.now()
  const npm = npmCommand(process.env, process.execPath, process.platform, existsSync)
  const { code, output } = await run(
    npm.command,
    [...npm.args, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      // The chat engine comes prebuilt as a package; it must not try to fetch or build another one.
      env: { NODE_LLAMA_CPP_POSTINSTALL: 'skip', NODE_LLAMA_CPP_SKIP_DOWNLOAD: 'true' },
    },
  )
  if (code !== 0) {
    throw new Failure(`${output.trim()}\n\nThe packages could not be installed (npm ci). See above, then try again.`)
  }
  writeFileSync(stamp, hash)
  say(`Packages installed in ${seconds(begin)}.`)
}

/** Whether somebody installed exactly this lock file already, with npm itself. */
function isInstalled() {
  const hidden = at('node_modules', '.package-lock.json')
  if (!existsSync(hidden)) return false
  return sameVersions(
    JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages,
    JSON.parse(readFileSync(hidden, 'utf8')).packages,
  )
}

/**
 * @typedef {Record<string, { version?: string, optional?: boolean }>} Packages
 * @param {Packages} locked
 * @param {Packages} installed
 */
export function sameVersions(locked, installed) {
  // The first entry is the project itself; an optional package may be one for another system.
  const needed = Object.entries(locked).filter(([path]) => path !== '')
  return (
    needed.every(([path, { version, optional }]) =>
      installed[path] === undefined ? optional === true : installed[path].version === version,
    ) && Object.keys(installed).every((path) => locked[path] !== undefined)
  )
}

/**
 * How to run npm: as the npm that runs us, else the one that lies beside node, else the one on the path. On Windows
 * npm is a batch file, which node starts only through a shell, hence its JavaScript.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} node path of node
 * @param {NodeJS.Platform} platform
 * @param {(path: string) => boolean} exists
 * @returns {{ command: string, args: string[] }}
 */
export function npmCommand(env, node, platform, exists) {
  const script = [
    env['npm_execpath']?.endsWith('npm-cli.js') ? env['npm_execpath'] : undefined,
    join(dirname(node), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(node), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ].find((path) => path !== undefined && exists(path))
  if (script !== undefined) return { command: node, args: [script] }
  return { command: platform === 'win32' ? 'npm.cmd' : 'npm', args: [] }
}
