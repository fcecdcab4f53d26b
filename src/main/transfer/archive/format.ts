// The archive's format: which kinds of rows there are, and the shape of a line of each. A line is a row of the table of its
// kind under the names of its columns, so that an archive can be loaded into any Postgres with a few words of SQL.
// docs/archive-format.md describes the whole; `schemas/` of an archive holds these shapes as JSON Schema.
import { z } from 'zod'
import { conversationMode, messageStatus } from '../../../shared/chat.ts'
import { customStoreDefinition } from '../../../shared/custom-store.ts'
import { DOCUMENT_MAX, DOCUMENT_NAME_MAX, documentKind } from '../../../shared/documents.ts'
import type { ImportKind } from '../../../shared/imports.ts'
import {
  changeAction,
  entityType,
  memoryStatus,
  namespace,
  origin,
  recallReason,
  storeId,
  usageSection,
  voice,
} from '../../../shared/memory.ts'
import { proposalFlag, proposalStatus } from '../../../shared/proposals.ts'

export const FORMAT = 'understudy-archive'
/** Grows when an older app could misread a newer archive. Lines that only gained optional members keep it. */
export const FORMAT_VERSION = 1

/** Longest text of a message, in characters: a foreign export may hold more than the composer takes. */
export const TEXT_MAX = 1_000_000
const MEMORY_TEXT_MAX = 20_000
const NAME_MAX = 1000

const id = z.uuid()
/** ISO 8601 with its offset, as Postgres writes it: it knows no year 0 and no offset of sixteen hours. */
const time = z.iso.datetime({ offset: true }).regex(/^(?!0000).*(?:Z|[+-](?:0\d|1[0-5]):[0-5]\d)$/, 'not a time')
/** What an integer of Postgres holds. */
const INT_MAX = 2_147_483_647
const version = z.int().min(1).max(INT_MAX)
const maybe = <T extends z.ZodType>(schema: T) => schema.nullable().default(null)
const json = z.record(z.string(), z.unknown())
/** Whatever of JSON is kept as it is. */
const anything = z.unknown()
const offset = z.int().min(0).max(INT_MAX)

const evidenceLine = z.strictObject({
  id,
  origin,
  conversation_id: maybe(id),
  message_id: maybe(id),
  document_id: maybe(id),
  quote: z.string().max(TEXT_MAX),
  start: maybe(offset),
  end: maybe(offset),
  at: time,
})

export const lines = {
  store: z.strictObject({
    id: storeId,
    version,
    definition: customStoreDefinition,
    created_at: time,
    updated_at: time,
  }),
  setting: z.strictObject({ key: z.string().min(1).max(100), value: anything }),
  project: z.strictObject({
    id,
    name: z.string().max(NAME_MAX),
    instructions: z.string().max(TEXT_MAX).default(''),
    created_at: time,
    updated_at: time,
  }),
  conversation: z.strictObject({
    id,
    title: z.string().max(NAME_MAX).default(''),
    title_source: z.enum(['auto', 'model', 'person']).default('auto'),
    head_id: maybe(id),
    mode: conversationMode.exclude(['incognito']).default('normal'),
    tools: maybe(z.array(z.string().max(100)).max(200)),
    tool_rules: z.array(json).default([]),
    project_id: maybe(id),
    pinned_at: maybe(time),
    archived_at: maybe(time),
    unread: z.boolean().default(false),
    created_at: time,
    updated_at: time,
  }),
  message: z
    .strictObject({
      id,
      conversation_id: id,
      parent_id: maybe(id),
      depth: offset.default(0),
      role: z.enum(['root', 'user', 'assistant']),
      text: z.string().max(TEXT_MAX),
      thoughts: maybe(z.string().max(TEXT_MAX)),
      status: messageStatus,
      error: anything.default(null),
      model: maybe(z.string().max(NAME_MAX)),
      stats: anything.default(null),
      calls: anything.default(null),
      learnable: z.boolean().default(true),
      imported: z.boolean().default(false),
      created_at: time,
    })
    .refine(({ role, parent_id }) => (role === 'root') === (parent_id === null), {
      path: ['parent_id'],
      message: 'the root of a conversation has no parent, and every other message has one',
    }),
  document: z.strictObject({
    id,
    conversation_id: maybe(id),
    message_id: maybe(id),
    name: z.string().min(1).max(DOCUMENT_NAME_MAX),
    folder: maybe(z.string().max(NAME_MAX)),
    kind: documentKind.default('text'),
    bytes: maybe(z.int().min(0)),
    pages: maybe(offset),
    text: z.string().max(DOCUMENT_MAX),
    created_at: time,
  }),
  entity: z
    .strictObject({
      id,
      namespace,
      type: entityType,
      name: z.string().min(1).max(NAME_MAX),
      folded: z.string().max(NAME_MAX),
      version: z.int().min(1),
      status: memoryStatus.exclude(['paused', 'trashed']),
      merged_into: maybe(id),
      created_at: time,
      updated_at: time,
      mentioned_at: time,
      aliases: z
        .array(
          z.strictObject({
            alias: z.string().max(NAME_MAX),
            folded: z.string().max(NAME_MAX),
            derived: z.boolean().default(false),
          }),
        )
        .max(1000)
        .default([]),
    })
    .refine(({ merged_into, status }) => (merged_into !== null) === (status === 'superseded'), {
      path: ['merged_into'],
      message: 'it is named if and only if the entity turned out to be another one',
    }),
  memory: z
    .strictObject({
      id,
      version: z.int().min(1),
      store: storeId,
      namespace,
      project_id: maybe(id),
      conversation_id: maybe(id),
      kind: z.string().min(1).max(100),
      subject_id: maybe(id),
      object_id: maybe(id),
      text: z.string().min(1).max(MEMORY_TEXT_MAX),
      data: json.default({}),
      status: memoryStatus.exclude(['trashed']),
      confidence: z.number().min(0).max(1),
      pinned: z.boolean().default(false),
      local_only: z.boolean().default(false),
      valid_from: maybe(time),
      valid_to: maybe(time),
      superseded_by: maybe(id),
      author: z.string().max(NAME_MAX),
      extractor: maybe(z.string().max(NAME_MAX)),
      created_at: time,
      updated_at: time,
      last_used_at: maybe(time),
      use_count: offset.default(0),
      evidence: z.array(evidenceLine).max(10_000).default([]),
    })
    .refine(({ superseded_by, status }) => superseded_by === null || status !== 'active', {
      path: ['superseded_by'],
      message: 'an active memory was replaced by none',
    }),
  proposal: z
    .strictObject({
      id,
      store: storeId,
      action: changeAction,
      memory_id: maybe(id),
      entity_id: maybe(id),
      base_version: maybe(version),
      before: anything.default(null),
      after: anything.default(null),
      reason: z.string().max(NAME_MAX).default(''),
      evidence: z.array(anything).default([]),
      status: proposalStatus,
      flags: z.array(proposalFlag).default([]),
      fingerprint: maybe(z.string().max(NAME_MAX)),
      result_id: maybe(id),
      batch_id: maybe(id),
      message_id: maybe(id),
      created_at: time,
      decided_at: maybe(time),
      decided_by: maybe(z.string().max(NAME_MAX)),
      snoozed_until: maybe(time),
    })
    .refine(
      (one) =>
        (one.status === 'open') === (one.decided_at === null) &&
        (one.status === 'open') === (one.decided_by === null) &&
        (one.status !== 'accepted' || one.decided_by === 'person') &&
        (one.result_id === null || one.status === 'accepted'),
      { path: ['status'], message: 'it does not fit who decided it, and when' },
    ),
  passage: z
    .strictObject({
      id,
      source: z.enum(['message', 'document']),
      message_id: maybe(id),
      document_id: maybe(id),
      conversation_id: maybe(id),
      part: offset,
      voice,
      text: z.string().max(TEXT_MAX),
      /** UTF-16 offsets in the text of its source. */
      start: offset,
      end: offset,
      at: time,
    })
    .refine(
      (one) =>
        (one.source === 'message') === (one.message_id !== null) &&
        (one.source === 'document') === (one.document_id !== null) &&
        one.start <= one.end,
      {
        path: ['source'],
        message: 'it is of a message or of a document',
      },
    ),
  usage: z.strictObject({
    message_id: id,
    rank: offset,
    memory_id: maybe(id),
    memory_version: maybe(version),
    passage_id: maybe(id),
    store: maybe(storeId),
    section: usageSection,
    reason: recallReason,
    tokens: offset,
  }),
  journal: z.strictObject({
    batch_id: id,
    at: time,
    actor: z.string().max(NAME_MAX),
    target: z.enum(['memory', 'entity']).default('memory'),
    memory_id: id,
    store: z.string().max(100),
    action: changeAction,
    before: anything.default(null),
    after: anything.default(null),
    reason: maybe(z.string().max(NAME_MAX)),
    conversation_id: maybe(id),
    message_id: maybe(id),
    undone_by: maybe(id),
    purged_at: maybe(time),
  }),
  vector: z.strictObject({
    target_kind: z.enum(['memory', 'passage']),
    target_id: id,
    part: offset.default(0),
    /** Model id, sha of its file, dimensions and prompt version: vectors of different models never mix. */
    model: z.string().min(1).max(NAME_MAX),
    /** Each number as float32, big-endian, together in base64. */
    vector: z.base64().max(64_000),
  }),
} satisfies Record<ImportKind, z.ZodType>

export type Kind = keyof typeof lines
export type Line<K extends Kind = Kind> = z.output<(typeof lines)[K]>

/** In the order in which they stand in an archive: what others refer to comes first. */
export const KINDS = Object.keys(lines) as Kind[]
/** Vectors are made of the others, and travel and count by themselves. */
export const BUT_VECTORS: readonly Kind[] = KINDS.filter((kind) => kind !== 'vector')

/** Kinds whose rows belong to rows of other kinds: a dry run reads them without keeping them. */
export const REST: readonly Kind[] = ['passage', 'usage', 'journal']

/** Where the lines of a kind lie in an archive. */
export const FILES: Record<Kind, string> = {
  store: 'data/stores.jsonl',
  setting: 'data/settings.jsonl',
  project: 'data/projects.jsonl',
  conversation: 'data/conversations.jsonl',
  message: 'data/messages.jsonl',
  document: 'data/documents.jsonl',
  entity: 'data/entities.jsonl',
  memory: 'data/memories.jsonl',
  proposal: 'data/proposals.jsonl',
  passage: 'data/passages.jsonl',
  usage: 'data/usage.jsonl',
  journal: 'data/journal.jsonl',
  vector: 'data/vectors.jsonl',
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256')

/** What was asked of an export; absent means all. */
export const archiveSelection = z.strictObject({
  stores: z.array(storeId).max(1000).optional(),
  entity_id: id.optional(),
  project_id: id.optional(),
  namespace: namespace.optional(),
  from: time.optional(),
  to: time.optional(),
  conversations: z.boolean(),
})

export const manifest = z.object({
  format: z.literal(FORMAT),
  version: z.int().min(1),
  app_version: z.string().max(100),
  created_at: time,
  selection: archiveSelection,
  /** Every file of the archive but this one and `mark.json`, in order. */
  files: z
    .array(
      z.object({
        path: z.string().max(500),
        bytes: z.int().min(0),
        sha256,
        /** Of JSON Lines. */
        rows: offset.optional(),
      }),
    )
    .max(200_000),
  counts: z.partialRecord(z.enum(KINDS as [Kind, ...Kind[]]), offset),
})
export type Manifest = z.infer<typeof manifest>
