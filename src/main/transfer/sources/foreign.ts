// The door to exports of other products: one source for each format.
import { AppError } from '../../../shared/errors.ts'
import type { CsvMapping } from '../../../shared/imports.ts'
import { readChatGpt } from './chatgpt.ts'
import { readClaude } from './claude.ts'
import { readCsv } from './csv.ts'
import type { Input } from './input.ts'
import { readMarkdown } from './markdown.ts'
import { readMem0 } from './mem0.ts'
import { readMemoryDump } from './memory-dump.ts'
import type { Source, SourceFormat } from './source.ts'

export type ForeignFormat = Exclude<SourceFormat, 'understudy'>

/**
 * @param now stands for the time of what nobody dated
 * @param mapping needed by a table
 * @throws AppError INVALID_INPUT while it is read, when the file as a whole cannot be
 */
export function readForeign(format: ForeignFormat, input: Input, now: Date, mapping: CsvMapping | null = null): Source {
  switch (format) {
    case 'chatgpt':
      return readChatGpt(input)
    case 'claude':
      return readClaude(input, now)
    case 'mem0':
      return readMem0(input, now)
    case 'memory-dump':
      return readMemoryDump(input, now)
    case 'markdown':
      return readMarkdown(input, now)
    case 'csv':
      if (mapping === null) {
        throw new AppError('INVALID_INPUT', 'Say which columns of the table fill which fields.', { field: 'columns' })
      }
      return readCsv(input, mapping, now)
  }
}
