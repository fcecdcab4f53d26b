// Imports as the core and the window know them.
import { z } from 'zod'
import { batchId, importId } from './ids.ts'
import { storeId } from './memory.ts'

/** `markdown`: a folder or zip of notes. `memory-dump`: what another assistant listed when it was asked what it knows. */
export const importFormat = z.enum(['understudy', 'chatgpt', 'claude', 'mem0', 'memory-dump', 'markdown', 'csv'])
export type ImportFormat = z.infer<typeof importFormat>

/** Name of a file that a person pasted: a list of lines, whatever they look like. */
export const PASTED = 'pasted text'

/**
 * `reading`: the dry run is under way. `ready`: it is done, and the person decides. `publishing`: what was staged is being
 * taken over, all of it or nothing.
 */
export const importState = z.enum(['reading', 'ready', 'publishing', 'done', 'undone', 'failed', 'cancelled'])
export type ImportState = z.infer<typeof importState>

/** What a dry run says of a row; `added`, `replaced` and `proposed` are what became of it. */
export const importVerdict = z.enum([
  'new',
  'same',
  'changed',
  'conflicting',
  'refused',
  'added',
  'replaced',
  'proposed',
])
export type ImportVerdict = z.infer<typeof importVerdict>

/** Kinds a person knows; what belongs to one of them (vectors, history) is counted with the archive alone. */
export const importKind = z.enum([
  'store',
  'setting',
  'project',
  'conversation',
  'message',
  'document',
  'entity',
  'memory',
  'proposal',
  'passage',
  'usage',
  'journal',
  'vector',
])
export type ImportKind = z.infer<typeof importKind>

/** `mine`: made by this profile, and unchanged since. `other`: by another one, or changed. */
export const importedArchive = z.strictObject({
  mark: z.enum(['mine', 'other']),
  createdAt: z.date(),
  appVersion: z.string(),
})
/** As stored: times are text. */
export type ImportedArchive = Omit<z.infer<typeof importedArchive>, 'createdAt'> & { createdAt: string }

const verdictCounts = z.strictObject({
  new: z.int(),
  same: z.int(),
  changed: z.int(),
  conflicting: z.int(),
  refused: z.int(),
})

export const importExample = z.strictObject({
  kind: importKind.nullable(),
  /** What would come in; null where it cannot be shown. */
  text: z.string().nullable(),
  /** What is here instead, of what changed or conflicts. */
  here: z.string().nullable(),
  /** Where it stands in the file. */
  place: z.string().nullable(),
  reason: z.string().nullable(),
})
export type ImportExample = z.infer<typeof importExample>

/** Of a table. */
export const csvColumn = z.strictObject({
  name: z.string(),
  /** What stands in it in the first rows, for a person to see what is what. */
  values: z.array(z.string()),
})
export type CsvColumn = z.infer<typeof csvColumn>

export const importReport = z.strictObject({
  counts: z.partialRecord(importKind, verdictCounts),
  /** A few of each. */
  examples: z.strictObject({
    new: z.array(importExample),
    changed: z.array(importExample),
    conflicting: z.array(importExample),
    refused: z.array(importExample),
  }),
  /** Parts that could not even be told what they are. */
  unreadable: z.int(),
  /** Messages of the person that could be learned from, and about how long that takes; null where it is not known. */
  learnable: z.int(),
  learningMs: z.number().nullable(),
  /** Of CSV that has no mapping yet: its columns; nothing else is read then. */
  columns: z.array(csvColumn).nullable(),
  /**
   * What came of it, once it was taken over: rows as they are by kind, suggestions, what took the place of something, and how
   * much did not come in for which reason.
   */
  taken: z
    .strictObject({
      added: z.partialRecord(importKind, z.int()),
      proposed: z.int(),
      replaced: z.int(),
      leftOut: z.array(z.strictObject({ reason: z.string(), count: z.int() })).default([]),
    })
    .nullable(),
})
export type ImportReport = z.infer<typeof importReport>

/** What to do where something here differs from what would come in. */
export const onConflict = z.enum(['skip', 'replace', 'keep-both', 'ask'])
export type OnConflict = z.infer<typeof onConflict>

export const importChoices = z.strictObject({
  /** "These are my own": states are restored as they were. Else everything arrives as suggestions. */
  own: z.boolean(),
  onConflict,
  /** Take over the rest, though parts were refused. */
  leaveOutRefused: z.boolean(),
  /** Read the conversations that came in for what could be learned; what is found waits in the inbox. */
  learn: z.boolean(),
})
export type ImportChoices = z.infer<typeof importChoices>

/** Of a table: which store its rows go to, and which column fills which field (`text` is the item's own). */
export const csvMapping = z.strictObject({
  store: storeId,
  columns: z.record(z.string().max(200), z.string().max(60)),
})
export type CsvMapping = z.infer<typeof csvMapping>

export const importView = z.strictObject({
  id: importId,
  format: importFormat,
  name: z.string(),
  state: importState,
  archive: importedArchive.nullable(),
  report: importReport.nullable(),
  choices: importChoices.nullable(),
  /** Why it failed, in words for a person. */
  error: z.string().nullable(),
  /** Rows looked at so far, and of how many; null while that is not known. */
  progress: z.strictObject({ done: z.int(), total: z.int().nullable() }).nullable(),
  /** Messages and documents that are cut into passages, which recall finds, of how many; null when that is over. */
  cutting: z.strictObject({ done: z.int(), total: z.int() }).nullable(),
  /** Learning from its conversations: messages read and to read; null when that was not asked for. */
  learning: z
    .strictObject({
      done: z.int(),
      total: z.int(),
      paused: z.boolean(),
      leftMs: z.number().nullable(),
      /** Why it does not go on by itself just now, in words for a person; null: it does, or it is paused. */
      waitsFor: z.string().nullable(),
    })
    .nullable(),
  batchId,
  createdAt: z.date(),
  publishedAt: z.date().nullable(),
  undoneAt: z.date().nullable(),
})
export type ImportView = z.infer<typeof importView>
