// Memories as mem0 gives them out: a list (its first API), `{"results": [...]}` (later ones), `{"memories": [...]}` of
// exports; and lists of plain sentences.
import { cleanText } from '../../learning/documents/clean.ts'
import { field, objectField, textField, timeOf } from './fields.ts'
import type { Input } from './input.ts'
import { readItems } from './json-stream.ts'
import { memoryLine } from './memory-line.ts'
import type { Place, Source, SourceEvent } from './source.ts'

/** Where the list lies in its object. */
export const MEM0_LISTS = ['results', 'memories', 'data', 'items']

/** @throws AppError INVALID_INPUT when a limit is passed */
export async function* readMem0(input: Input, now: Date): Source {
  yield* input.refused
  const seen = new Set<string>()
  for (const file of input.files) {
    if (input.kind !== 'text' && input.files.length > 1 && !file.path.endsWith('.json')) continue
    for await (const item of readItems(file.read(), MEM0_LISTS)) {
      const place = { file: file.path, line: item.n }
      if ('reason' in item) yield { type: 'refused', kind: 'memory', place, reason: item.reason }
      else {
        const event = memory(item.value, place, seen, now)
        if (event !== null) yield event
      }
    }
  }
}

function memory(value: unknown, place: Place, seen: Set<string>, now: Date): SourceEvent | null {
  const text = cleanText(mem0Text(value)).text.replace(/\s+/gu, ' ').trim()
  if (text === '') return { type: 'refused', kind: 'memory', place, reason: 'It has no words of a memory.' }
  const own = field(value, 'id')
  const id = typeof own === 'string' || typeof own === 'number' ? String(own) : text
  // Pages of a list that was read while it grew overlap.
  if (seen.has(id)) return null
  seen.add(id)
  const at =
    timeOf(field(value, 'created_at')) ?? timeOf(field(value, 'createdAt')) ?? timeOf(field(value, 'updated_at'))
  return memoryLine({ format: 'mem0', id, text, at, place }, now)
}

/** @returns its words; empty where there are none */
export function mem0Text(value: unknown): string {
  if (typeof value === 'string') return value
  for (const name of ['memory', 'text', 'content', 'data']) {
    const text = textField(value, name)
    if (text !== '') return text
  }
  const data = objectField(value, 'data')
  return textField(data, 'memory') || textField(objectField(value, 'payload'), 'data')
}
