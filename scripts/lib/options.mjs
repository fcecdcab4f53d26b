// Options of a command, read strictly.
import { parseArgs } from 'node:util'
import { Failure } from './failure.mjs'
import { say } from './processes.mjs'

/**
 * @template {NonNullable<import('node:util').ParseArgsConfig['options']>} Options
 * @param {string[]} args
 * @param {string} usage shown for --help and under a complaint
 * @param {Options} options
 * @throws Failure with exit code 2 that names what was not understood; ends the program for --help
 */
export function readOptions(args, usage, options) {
  if (args.includes('--help')) {
    say(usage)
    process.exit(0)
  }
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values
  } catch (error) {
    // Node's second sentence explains how to write a positional argument, which no command takes.
    const [message] = /** @type {Error} */ (error).message.split('. ')
    throw new Failure(`${message}.\n\n${usage}`, 2)
  }
}
