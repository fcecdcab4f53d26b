// `npm run model -- list | get ID | use FILE|ID`: the models service in a terminal.
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { AppError } from '../../../shared/errors.ts'
import type { ModelView } from '../../../shared/models.ts'
import { resourcesFolder } from '../../app/resources.ts'
import { type CatalogueModel, readCatalogue } from './catalogue.ts'
import { type FetchSurroundings, fetchModel, freeBytes, realSurroundings } from './fetch-model.ts'
import { type Machine, thisMachine } from './fit.ts'
import { checkOwnFile, locate } from './locate.ts'
import { type ModelFolders, modelFolders } from './paths.ts'
import { createShelf, type Shelf } from './shelf.ts'
import { bytesText, modelTable, progressText } from './terminal.ts'
import { viewsOf } from './views.ts'

const usage = `npm run model -- list             models of the catalogue and on this disk, and how they fit this machine
npm run model -- get ID           download a model (goes on where an earlier try stopped)
npm run model -- use FILE|ID      chat with this model from now on

  --profile DIR   the profile that "use" changes; without it the one the app opens
  --json          answers as JSON, for programs`

export interface Terminal {
  out(text: string): void
  /** Progress and errors; with a carriage return a line is written over. */
  err(text: string): void
  /** A person watches: progress is drawn in one line. */
  interactive: boolean
  signal: AbortSignal
}

export interface CommandSurroundings {
  folders: ModelFolders
  resourcesFolder: string
  machine: Machine
  surroundings: FetchSurroundings
  /** Keeps the choice in a profile; null is the one the app opens. */
  remember: (profile: string | null, choice: { id: string; path: string }) => Promise<void>
}

/** Exit codes: 0 done, 1 could not be done, 2 not understood, 130 stopped by the person. */
export async function runModelCommand(args: string[], terminal: Terminal, parts: CommandSurroundings): Promise<number> {
  let json = false
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { profile: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
    })
    json = values.json === true
    const [command, subject, ...more] = positionals
    const print = (value: unknown, text: string) => terminal.out(json ? `${JSON.stringify(value, null, 2)}\n` : text)
    const catalogue = readCatalogue(parts.resourcesFolder)
    const shelf = createShelf(catalogue, parts.folders)
    if (values.help) {
      terminal.out(`${usage}\n`)
      return 0
    }
    if (command === 'list' && subject === undefined) return await list(catalogue, shelf, parts, print)
    if (command === 'get' && subject !== undefined && more.length === 0) {
      return await get(subject, catalogue, shelf, parts, terminal, json, print)
    }
    if (command === 'use' && subject !== undefined && more.length === 0) {
      return await use(subject, values.profile ?? null, catalogue, shelf, parts, print)
    }
    terminal.err(`${usage}\n`)
    return 2
  } catch (error) {
    if (terminal.signal.aborted) {
      terminal.err('\nStopped. What arrived is kept; the same command goes on from there.\n')
      return 130
    }
    const code = error instanceof AppError ? error.code : 'INTERNAL'
    const message = error instanceof Error ? error.message : String(error)
    if (json) terminal.out(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`)
    else terminal.err(`${message}\n`)
    return (error as NodeJS.ErrnoException)?.code?.toString().startsWith('ERR_PARSE_ARGS') ? 2 : 1
  }
}

type Print = (value: unknown, text: string) => void

const nothingChosen = { id: null, path: null }

async function list(catalogue: CatalogueModel[], shelf: Shelf, parts: CommandSurroundings, print: Print) {
  const { machine, folders } = parts
  const models: ModelView[] = viewsOf({
    catalogue,
    state: await shelf.scan(),
    machine,
    downloads: { unavailable: () => new Set(), offered: () => null },
    chosen: { chat: nothingChosen, embedder: null },
    settings: {},
    added: [],
    resourcesFolder: parts.resourcesFolder,
    modelsFolder: folders.folder,
  })
  const free = await freeBytes(folders.folder)
  const where = `Models are kept in ${folders.folder}${folders.own ? `, searched first: ${folders.own}` : ''}`
  const here = `This machine: ${machine.cores} cores, ${bytesText(machine.memoryBytes)} memory${free === null ? '' : `, ${bytesText(free)} free on disk`}`
  print(
    { machine: { ...machine, modelFolder: folders.folder, freeDiskBytes: free }, models },
    `${modelTable(models)}\n\n${here}\n${where}\n`,
  )
  return 0
}

async function get(
  id: string,
  catalogue: CatalogueModel[],
  shelf: Shelf,
  parts: CommandSurroundings,
  terminal: Terminal,
  json: boolean,
  print: Print,
) {
  const model = catalogue.find((item) => item.id === id)
  if (!model || (model.kind === 'embedding' && model.bundled)) {
    const ids = catalogue.filter((item) => !(item.kind === 'embedding' && item.bundled)).map((item) => item.id)
    throw new AppError('NOT_FOUND', `There is no model "${id}" to get. There are: ${ids.join(', ')}`)
  }
  const there = (await shelf.scan()).found.get(id)
  if (there !== undefined) {
    print({ id, path: there, downloaded: false }, `${model.name} is here already: ${there}\n`)
    return 0
  }
  const started = performance.now()
  const draw = progressText(model.name, terminal, json)
  const path = await fetchModel(model, parts.folders.folder, terminal.signal, draw.update, parts.surroundings).finally(
    draw.end,
  )
  await shelf.remember(path, model.sha256)
  const seconds = Math.round((performance.now() - started) / 100) / 10
  print(
    { id, path, downloaded: true, seconds },
    `${model.name} is here and verified (${bytesText(model.bytes)}, ${seconds} s): ${path}\nChat with it:  npm run model -- use ${id}\n`,
  )
  return 0
}

async function use(
  subject: string,
  profile: string | null,
  catalogue: CatalogueModel[],
  shelf: Shelf,
  parts: CommandSurroundings,
  print: Print,
) {
  const byId = catalogue.some((model) => model.id === subject) || /^file:/.test(subject)
  const choice = byId
    ? await locate(subject, { catalogue, shelf, kind: 'chat', chosen: nothingChosen })
    : await checkOwnFile(resolve(subject), shelf)
  await parts.remember(profile, choice)
  print(choice, `Understudy will chat with ${choice.path}\n`)
  return 0
}

async function main(): Promise<void> {
  const controller = new AbortController()
  process.once('SIGINT', () => controller.abort(new DOMException('stopped', 'AbortError')))
  process.once('SIGTERM', () => controller.abort(new DOMException('stopped', 'AbortError')))
  process.exitCode = await runModelCommand(
    process.argv.slice(2),
    {
      out: (text) => process.stdout.write(text),
      err: (text) => process.stderr.write(text),
      interactive: process.stderr.isTTY === true,
      signal: controller.signal,
    },
    {
      folders: modelFolders(),
      resourcesFolder: resourcesFolder(),
      machine: thisMachine(),
      surroundings: realSurroundings,
      // Loaded only here: the database is not needed to list or to get.
      remember: async (profile, choice) => (await import('./remember-choice.ts')).rememberChoice(profile, choice),
    },
  )
}

// Run as a program, not when a test imports it; node names the module by its real path.
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) await main()
