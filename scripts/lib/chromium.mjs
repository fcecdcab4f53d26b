// A Chromium for the browser journeys: the one that is named, one that is installed, else one that can be installed.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { Failure } from './failure.mjs'
import { at } from './paths.mjs'
import { run, runNode, say, seconds } from './processes.mjs'

/**
 * Where a Chromium or Chrome usually lies.
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 */
export function usualPlaces(platform, env) {
  if (platform === 'darwin') {
    return ['', env['HOME'] ?? '']
      .map((home) => `${home}/Applications`)
      .flatMap((folder) => [
        `${folder}/Chromium.app/Contents/MacOS/Chromium`,
        `${folder}/Google Chrome.app/Contents/MacOS/Google Chrome`,
        `${folder}/Microsoft Edge.app/Contents/MacOS/Microsoft Edge`,
      ])
  }
  if (platform === 'win32') {
    const folders = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']]
    return folders
      .filter((folder) => folder !== undefined && folder !== '')
      .flatMap((folder) => [
        `${folder}\\Chromium\\Application\\chrome.exe`,
        `${folder}\\Google\\Chrome\\Application\\chrome.exe`,
        `${folder}\\Microsoft\\Edge\\Application\\msedge.exe`,
      ])
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge']
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'].filter(Boolean)
  return [...new Set(names.flatMap((name) => folders.map((folder) => join(folder, name))))]
}

/** Playwright's own browser, downloaded or not. */
function playwrightChromium() {
  return /** @type {string} */ (createRequire(at('package.json'))('@playwright/test').chromium.executablePath())
}

/**
 * Finds or installs a Chromium.
 * @returns {Promise<string>} path of its binary
 * @throws Failure with one sentence when there is none and none can be had
 */
export async function ensureChromium() {
  const named = process.env['CHROMIUM_PATH']
  if (named) {
    if (existsSync(named)) return named
    throw new Failure(`CHROMIUM_PATH names ${named}, and there is no such file.`)
  }
  const found = [playwrightChromium(), ...usualPlaces(process.platform, process.env)].find((path) => existsSync(path))
  if (found !== undefined) return found

  say('No Chromium found: installing one with Playwright …')
  const begin = performance.now()
  const cli = at('node_modules', '@playwright', 'test', 'cli.js')
  await runNode([cli, 'install', 'chromium'], { timeoutMs: 300_000 })
  if (existsSync(playwrightChromium())) {
    say(`Chromium installed in ${seconds(begin)}.`)
    return playwrightChromium()
  }
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    say('… then with apt …')
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    await run('apt-get', ['update', '-q'], { env, timeoutMs: 120_000 })
    await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], { env, timeoutMs: 300_000 })
    const installed = usualPlaces('linux', process.env).find((path) => existsSync(path))
    if (installed !== undefined) {
      say(`Chromium installed in ${seconds(begin)}.`)
      return installed
    }
  }
  throw new Failure(
    'The browser journeys need a Chromium, none was found and none could be installed: install one and set CHROMIUM_PATH to its binary.',
  )
}
