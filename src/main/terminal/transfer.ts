// `npm run data -- export FILE | import FILE`: the same exports and imports as the window's, waited for.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../shared/errors.ts'
import type { ExportView } from '../../shared/exports.ts'
import { type ImportId, newId } from '../../shared/ids.ts'
import {
  type CsvColumn,
  type CsvMapping,
  type ImportReport,
  type ImportView,
  onConflict,
} from '../../shared/imports.ts'
import { namespace, type StoreId, storeId } from '../../shared/memory.ts'
import type { Answer, Call, Options } from './command.ts'
import type { Client } from './connect.ts'

/** Options of both commands. */
export const TRANSFER_OPTIONS = {
  'dry-run': { type: 'boolean' },
  own: { type: 'boolean' },
  'on-conflict': { type: 'string' },
  'passphrase-file': { type: 'string' },
  store: { type: 'string', multiple: false },
  namespace: { type: 'string' },
  'no-conversations': { type: 'boolean' },
  column: { type: 'string', multiple: true },
} as const

/** Between two looks at how far it is, in milliseconds. */
const LOOK_MS = 100

export async function exportData({ given: [file = ''], options, client }: Call): Promise<Answer> {
  const api = await client()
  const begun = await api.exports.begin({
    wish: {
      type: 'archive',
      selection: {
        conversations: options['no-conversations'] !== true,
        ...(typeof options['store'] === 'string' ? { stores: storesOf(options['store']) } : {}),
        ...(typeof options['namespace'] === 'string' ? { namespace: namespaceOf(options['namespace']) } : {}),
      },
    },
    passphrase: passphraseOf(options),
    path: resolve(file),
  })
  const view = await ended(
    () => api.exports.get({ id: begun.id }),
    ({ state }: ExportView) => state !== 'running',
  )
  await api.exports.discard({ id: view.id })
  if (view.state !== 'ready') throw new AppError('NOT_ALLOWED', view.error ?? 'The export was cancelled.')
  return {
    value: view,
    text: `${view.path}\n${view.done} rows, ${view.bytes} bytes${view.encrypted ? ', encrypted' : ''}.`,
  }
}

export async function importData({ given: [file = ''], options, client }: Call): Promise<Answer> {
  const conflict = onConflict.safeParse(options['on-conflict'] ?? 'skip')
  if (!conflict.success) {
    throw new AppError('INVALID_INPUT', `Possible for --on-conflict: ${onConflict.options.join(', ')}.`, {
      field: 'on-conflict',
    })
  }
  const api = await client()
  const id = newId<ImportId>()
  const mapping = mappingOf(options)
  await api.imports.begin({ id, path: resolve(file), passphrase: passphraseOf(options), mapping })
  const read = await settled(api, id)
  if (read.state !== 'ready' || !read.report) throw failed(read)
  if (read.report.columns !== null) {
    await api.imports.cancel({ id })
    return { value: read, text: columnsInWords(read.report.columns), failed: options['dry-run'] !== true }
  }
  if (options['dry-run'] === true) {
    await api.imports.cancel({ id })
    return { value: read, text: inWords(read.report) }
  }
  const own = options['own'] === true || read.archive?.mark === 'mine'
  try {
    // Who runs a command has no list to look at: what is refused is told, and the rest comes in.
    await api.imports.publish({
      id,
      choices: { own, onConflict: conflict.data, leaveOutRefused: true, learn: false },
    })
  } catch (error) {
    await api.imports.cancel({ id })
    throw error
  }
  const done = await settled(api, id)
  if (done.state !== 'done') throw failed(done)
  const how = own ? 'Restored as your own.' : 'Arrived as suggestions and past conversations.'
  const stays =
    !own && conflict.data === 'replace' ? ' Nothing of yours was replaced: only what is your own (--own) can be.' : ''
  return { value: done, text: `${inWords(read.report)}\n${how}${stays}` }
}

function settled(api: Client, id: ImportId): Promise<ImportView> {
  return ended(
    () => api.imports.get({ id }),
    ({ state }: ImportView) => state !== 'reading' && state !== 'publishing',
  )
}

/** Asks until it is over: the work is done in another process perhaps. */
async function ended<T>(ask: () => Promise<T>, isOver: (view: T) => boolean): Promise<T> {
  for (;;) {
    const view = await ask()
    if (isOver(view)) return view
    await sleep(LOOK_MS)
  }
}

function failed({ error }: ImportView): AppError {
  return new AppError('INVALID_INPUT', error ?? 'The import was cancelled. Nothing was taken over.')
}

function inWords({ counts, unreadable, examples }: ImportReport): string {
  const lines = Object.entries(counts).map(([kind, { new: fresh, same, changed, conflicting, refused }]) =>
    [
      kind.padEnd(14),
      `${fresh} new`,
      `${same} same`,
      `${changed} changed`,
      `${conflicting} conflicting`,
      `${refused} refused`,
    ].join('  '),
  )
  if (unreadable > 0) lines.push(`${unreadable} parts could not be read`)
  for (const { place, reason } of examples.refused) lines.push(`  refused: ${place ?? ''}: ${reason ?? ''}`)
  return lines.join('\n') || 'There is nothing in it.'
}

/** What a table holds, and how to say what is what. */
function columnsInWords(columns: readonly CsvColumn[]): string {
  const width = Math.max(...columns.map(({ name }) => name.length))
  const lines = columns.map(({ name, values }) => `  ${name.padEnd(width)}  ${values.join(' · ')}`)
  const example = `--store todos --column "${columns[0]?.name ?? 'Task'}=text"`
  return `A table. Nothing was changed. Its columns:\n${lines.join('\n')}\nSay which store its rows go to and which column fills which field, such as: ${example}`
}

/** @throws AppError INVALID_INPUT */
function mappingOf(options: Options): CsvMapping | null {
  const given = options['column']
  if (!Array.isArray(given)) return null
  const store = storeOf(String(options['store'] ?? 'user_memory'))
  const columns = given.map((pair) => {
    // A column may be called anything; a field has no sign like this in its name.
    const at = pair.lastIndexOf('=')
    if (at < 1 || at === pair.length - 1) {
      throw new AppError('INVALID_INPUT', `“${pair}” does not say COLUMN=FIELD. Nothing was changed.`, {
        field: 'column',
      })
    }
    return [pair.slice(0, at), pair.slice(at + 1)] as const
  })
  return { store, columns: Object.fromEntries(columns) }
}

/** Never an argument itself: arguments are seen by other programs. */
function passphraseOf(options: Options): string | null {
  const file = options['passphrase-file']
  if (typeof file === 'string') return readFileSync(resolve(file), 'utf8').replace(/\r?\n$/, '')
  return process.env['UNDERSTUDY_PASSPHRASE'] || null
}

function storesOf(text: string): StoreId[] {
  return text.split(',').map((one) => storeOf(one.trim()))
}

function storeOf(text: string): StoreId {
  const id = storeId.safeParse(text)
  if (!id.success) throw new AppError('INVALID_INPUT', `"${text}" is no store.`, { field: 'store' })
  return id.data
}

function namespaceOf(text: string) {
  const parsed = namespace.safeParse(text)
  if (!parsed.success) throw new AppError('INVALID_INPUT', `"${text}" is no namespace.`, { field: 'namespace' })
  return parsed.data
}
