// What the commands of a terminal have in common: reading arguments, reaching the profile, printing, exit codes.
import { resolve } from 'node:path'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { AppError } from '../../shared/errors.ts'
import { type ProfilePaths, startProfile } from '../app/profile.ts'
import { type Client, connect } from './connect.ts'

export interface Terminal {
  out(text: string): void
  err(text: string): void
}

/** What a command prints: a value for programs, a text for people. `failed`: exit code 1. */
export interface Answer {
  value: unknown
  text: string
  failed?: boolean
}

export type Options = Record<string, string | boolean | string[] | undefined>

export interface Call {
  /** Arguments after the name of the command. */
  given: readonly string[]
  options: Options
  profile: ProfilePaths
  /** Through the running app, else with a core of its own; opened when it is asked for first. */
  client(): Promise<Client>
}

export interface Command {
  /** Number of arguments, at least and at most. */
  least: number
  most: number
  run(call: Call): Promise<Answer>
}

export interface CommandSet {
  usage: string
  commands: Record<string, Command>
  /** Options beside `--profile`, `--json` and `--help`. */
  options: NonNullable<ParseArgsConfig['options']>
}

/** @returns the exit code: 0 done, 1 could not be done, 2 not understood */
export async function runCommand(set: CommandSet, args: string[], terminal: Terminal): Promise<number> {
  let json = false
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { ...set.options, profile: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
    })
    const options = values as Options
    json = options['json'] === true
    const [name = '', ...given] = positionals
    const command = Object.hasOwn(set.commands, name) ? set.commands[name] : undefined
    if (options['help']) {
      terminal.out(`${set.usage}\n`)
      return 0
    }
    if (!command || given.length < command.least || given.length > command.most) {
      terminal.err(`${set.usage}\n`)
      return 2
    }
    const chosen = options['profile']
    const profile = startProfile(typeof chosen === 'string' ? resolve(chosen) : undefined)
    let connection: ReturnType<typeof connect> | undefined
    const client = async () => {
      connection ??= connect(profile)
      return (await connection).client
    }
    try {
      const { value, text, failed } = await command.run({ given, options, profile, client })
      terminal.out(json ? `${JSON.stringify(value, null, 2)}\n` : `${text}\n`)
      return failed ? 1 : 0
    } finally {
      await connection?.then((open) => open.close())
    }
  } catch (error) {
    const { code, message } = inWords(error)
    if (json) terminal.out(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`)
    else terminal.err(`${message}\n`)
    return code === 'USAGE' ? 2 : 1
  }
}

function inWords(error: unknown): { code: string; message: string } {
  if (error instanceof AppError) return { code: error.code, message: error.message }
  const { code, data, message } = error as { code?: string; data?: { code?: string }; message?: string }
  if (code?.startsWith('ERR_PARSE_ARGS')) return { code: 'USAGE', message: message ?? '' }
  // What the contract refuses at its edge names the field.
  if (code === 'BAD_REQUEST') {
    return { code: 'INVALID_INPUT', message: message ?? 'This is not understood. Nothing was changed.' }
  }
  return { code: data?.code ?? 'INTERNAL', message: message ?? String(error) }
}

/** A time as a terminal shows it. */
export function day(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ')
}

/** Whatever the text holds, it stays one line and moves no cursor. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim()
}
