// How models and progress look in a terminal.
import type { ModelView } from '../../../shared/models.ts'
import type { FetchProgress } from './fetch-model.ts'

const fitWords = { fits: 'fits', slow: 'may be slow', 'too-big': 'too big', unknown: 'not known' } as const

/** "1.1 GB"; sizes of files are counted in thousands, as shops and systems do. */
export function bytesText(bytes: number | null): string {
  if (bytes === null) return 'not known'
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`
  return `${Math.max(1, Math.round(bytes / 1e6))} MB`
}

/** A table with one line a model; the recommended one is marked with a star. */
export function modelTable(models: readonly ModelView[]): string {
  const head = ['', 'ID', 'NAME', 'SIZE', 'LICENCE', 'FITS HERE', 'ON DISK']
  const rows = models.map((model) => [
    model.recommended ? '*' : '',
    model.id,
    model.kind === 'embedding' ? `${model.name} (searches memories)` : model.name,
    bytesText(model.bytes),
    model.licence || 'see its maker',
    fitWords[model.fit],
    onDisk(model),
  ])
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  const lines = [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n\n* recommended for this machine`
}

function onDisk(model: ModelView): string {
  if (model.bundled) return 'comes with the app'
  if (model.path !== null) return model.verified ? `verified, ${model.path}` : model.path
  if (model.partialBytes !== undefined) return `${bytesText(model.partialBytes)} of it`
  return '-'
}

export interface ProgressTerminal {
  err(text: string): void
  interactive: boolean
}

/** Draws one line that changes for a person, a line every tenth for a log file, and nothing with `silent`. */
export function progressText(
  name: string,
  terminal: ProgressTerminal,
  silent: boolean,
): { update(progress: FetchProgress): void; end(): void } {
  let source = ''
  let shown = ''
  let drawn = false
  return {
    update(progress) {
      if (silent) return
      if (progress.state === 'running' && progress.source !== source) {
        source = progress.source
        if (drawn && terminal.interactive) terminal.err('\n')
        drawn = false
        shown = ''
        terminal.err(`${name} from ${source}\n`)
      }
      const text = textOf(progress, terminal.interactive ? 1 : 10)
      if (text === shown) return
      shown = text
      drawn = true
      terminal.err(terminal.interactive ? `\r\u001b[K  ${text}` : `  ${text}\n`)
    },
    end() {
      if (drawn && terminal.interactive) terminal.err('\n')
    },
  }
}

function textOf({ state, receivedBytes, totalBytes }: FetchProgress, step: number): string {
  if (state === 'verifying') return 'checking SHA-256 …'
  if (totalBytes === null) return bytesText(receivedBytes)
  const percent = Math.floor((100 * receivedBytes) / totalBytes / step) * step
  return step > 1
    ? `${percent} % of ${bytesText(totalBytes)}`
    : `${String(percent).padStart(3)} %  ${bytesText(receivedBytes)} of ${bytesText(totalBytes)}`
}
