// Runs programs: to their end, with or without their words, never through a shell of our own making.
import { spawn } from 'node:child_process'
import { at } from './paths.mjs'

/**
 * @typedef {{ env?: NodeJS.ProcessEnv, show?: boolean, timeoutMs?: number }} RunOptions
 * `show`: its words go to the terminal; else they are kept and returned
 * @typedef {{ code: number, output: string, timedOut: boolean }} RunResult
 */

/**
 * Runs a program in the repository and waits for its end. Ctrl+C reaches it through the terminal.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(command, args, { env, show = false, timeoutMs } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: at(),
      env: { ...process.env, ...env },
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    let timedOut = false
    const keep = (/** @type {Buffer} */ piece) => {
      output += piece
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true
            child.kill('SIGKILL')
          }, timeoutMs)
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code: code ?? (signal ? 1 : 0), output, timedOut })
    })
  })
}

/**
 * Runs a JavaScript file with this node.
 * @param {string[]} args file first
 * @param {RunOptions} [options]
 */
export const runNode = (args, options) => run(process.execPath, args, options)

/** @param {number} since from performance.now() */
export function seconds(since) {
  const elapsed = (performance.now() - since) / 1000
  return `${elapsed < 10 ? elapsed.toFixed(1) : Math.round(elapsed)} s`
}

/** @param {string} line */
export const say = (line) => process.stdout.write(`${line}\n`)
