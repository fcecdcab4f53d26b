// `npm start`: sets up what is missing, then opens a shell.
import { spawn } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { ensureBuild } from './build.mjs'
import { electronBinary, ensureElectron } from './electron.mjs'
import { Failure } from './failure.mjs'
import { readOptions } from './options.mjs'
import { ensurePackages } from './packages.mjs'
import { at, root } from './paths.mjs'
import { say } from './processes.mjs'

const usage = `npm start [-- OPTIONS]

  --shell desktop|browser  which window; without it the desktop where Electron is there, else the browser
  --profile DIR            folder of the profile; without it the default one
  --port N                 port of the browser shell; without it any free one
  --no-open                the browser shell only prints its address`

/** @param {string[]} args */
export async function start(args) {
  const options = readOptions(args, usage, {
    shell: { type: 'string' },
    profile: { type: 'string' },
    port: { type: 'string' },
    'no-open': { type: 'boolean' },
  })
  const { shell, profile, port } = options
  if (shell !== undefined && shell !== 'desktop' && shell !== 'browser') {
    throw new Failure(`--shell is desktop or browser, not "${shell}".\n\n${usage}`, 2)
  }
  await ensurePackages()
  if (shell !== 'browser') await ensureElectron({ again: shell === 'desktop' })
  await ensureBuild()

  const binary = shell === 'browser' ? null : electronBinary()
  if (binary !== null) {
    const args = profile === undefined ? [] : [`--profile=${profile}`]
    return openDesktop(binary, args)
  }
  if (shell === 'desktop') {
    throw new Failure(
      'The desktop shell needs Electron, and its binary is not there. npm run setup tries to fetch it again; npm start -- --shell browser works without it.',
    )
  }
  if (shell === undefined) say('Electron is not there, so Understudy opens in your browser.')
  const given = [
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(port === undefined ? [] : ['--port', port]),
    ...(options['no-open'] === true ? ['--no-open'] : []),
  ]
  // In this very process: one less to start, and signals reach it as they are.
  const file = at('out', 'main', 'browser.js')
  process.argv = [process.execPath, file, ...given]
  await import(pathToFileURL(file).href)
}

/**
 * @param {string} binary
 * @param {string[]} args
 */
function openDesktop(binary, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, [root, ...args], { stdio: 'inherit' })
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => child.kill(signal))
    }
    child.on('error', reject)
    child.on('close', (code) => {
      process.exitCode = code ?? 1
      resolve(undefined)
    })
  })
}
