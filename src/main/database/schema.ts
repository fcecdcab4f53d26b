// The data model. Every table carries its owner, and every key starts from a client-made UUID v7,
// so that a repeated write is one row. Migrations are generated from this file.
import { sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { AnswerStats, ConversationMode, MessageStatus, StoredCall, ToolRule } from '../../shared/chat.ts'
import type { CustomStoreDefinition } from '../../shared/custom-store.ts'
import type { DocumentKind } from '../../shared/documents.ts'
import type { AppErrorView } from '../../shared/errors.ts'
import type {
  BatchId,
  BlankedId,
  ConversationId,
  DocumentId,
  EntityId,
  EvidenceId,
  ImportId,
  JobId,
  MemoryId,
  MessageId,
  PassageId,
  ProjectId,
  ProposalId,
} from '../../shared/ids.ts'
import type {
  ImportChoices,
  ImportedArchive,
  ImportFormat,
  ImportReport,
  ImportState,
  ImportVerdict,
} from '../../shared/imports.ts'
import type { ChangeAction, MemoryStatus, Origin, RecallReason, UsageSection, Voice } from '../../shared/memory.ts'
import type { ProposalFlag } from '../../shared/proposals.ts'

const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 })

/** pgvector column of any dimension; travels as binary, because text costs half a millisecond a vector. */
const vector = customType<{ data: Float32Array; driverData: unknown }>({
  dataType: () => 'vector',
})

/** Chats that belong together: instructions of their own, and a memory that the others do not see. */
export const project = pgTable(
  'project',
  {
    id: uuid().primaryKey().$type<ProjectId>(),
    owner: text().notNull(),
    name: text().notNull(),
    /** What the person wants of every answer in it; part of the prompt as they wrote it. */
    instructions: text().notNull().default(''),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    trashedAt: at('trashed_at'),
  },
  (t) => [index('project_by_name').on(t.owner, t.name)],
)

export const conversation = pgTable(
  'conversation',
  {
    id: uuid().primaryKey().$type<ConversationId>(),
    owner: text().notNull(),
    title: text().notNull().default(''),
    /** `auto`: its first words. `model`: named once. `person`: renamed by hand, never overwritten. */
    titleSource: text('title_source').$type<'auto' | 'model' | 'person'>().notNull().default('auto'),
    /** Leaf of the branch that is shown. */
    headId: uuid('head_id').$type<MessageId>(),
    /** The core block as it was first read into this conversation's prompt, so that the prefix cache stays warm. */
    coreBlock: jsonb('core_block').$type<PromptBlock>(),
    /** What its turns may do with what is learned. */
    mode: text().$type<ConversationMode>().notNull().default('normal'),
    /** Names of the tools it started with: they never change within it. Null: it started without any. */
    tools: jsonb().$type<string[]>(),
    /** What the person decided for all calls of a tool in this chat; each holds for the tool as it was then. */
    toolRules: jsonb('tool_rules').$type<(ToolRule & { definition: string })[]>().notNull().default([]),
    projectId: uuid('project_id')
      .$type<ProjectId>()
      .references(() => project.id, { onDelete: 'set null' }),
    pinnedAt: at('pinned_at'),
    archivedAt: at('archived_at'),
    /** An answer came while nobody looked. */
    unread: boolean().notNull().default(false),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    trashedAt: at('trashed_at'),
  },
  (t) => [
    index('conversation_by_update').on(t.owner, t.updatedAt.desc(), t.id.desc()),
    index('conversation_by_project').on(t.projectId).where(sql`project_id is not null`),
    check('conversation_mode', sql`mode in ('normal', 'read_only', 'incognito')`),
  ],
)

/**
 * A piece of the prompt made of memories and of passages of past conversations and documents: its text stays byte for
 * byte while every item in it still stands.
 */
export interface PromptBlock {
  text: string
  tokens: number
  items: PromptItem[]
}

export type PromptItem = PromptMemory | PromptPassage

interface PromptLine {
  tokens: number
  line: string
  reason: RecallReason
  rank: number
  /** Of the core block: it belongs to the part that keeps the thread of the conversation, or of the others of its project. */
  thread?: true
  project?: true
}

export interface PromptMemory extends PromptLine {
  memoryId: MemoryId
  version: number
  passageId?: null
}

export interface PromptPassage extends PromptLine {
  memoryId: null
  passageId: PassageId
  /** The stretch of the passage that the line shows, in UTF-16 offsets. */
  from: number
  shown: number
}

export const message = pgTable(
  'message',
  {
    id: uuid().primaryKey().$type<MessageId>(),
    owner: text().notNull(),
    conversationId: uuid('conversation_id')
      .notNull()
      .$type<ConversationId>()
      .references(() => conversation.id, { onDelete: 'cascade' }),
    parentId: uuid('parent_id').$type<MessageId>(),
    /** Steps from the hidden root, which has 0: where in its branch a message stands. A trigger sets it. */
    depth: integer().notNull().default(0),
    role: text().$type<'root' | 'user' | 'assistant'>().notNull(),
    text: text().notNull(),
    /** On answers: what the model thought before it wrote. Kept for the person; no prompt and no store reads it. */
    thoughts: text(),
    status: text().$type<MessageStatus>().notNull(),
    error: jsonb().$type<AppErrorView>(),
    model: text(),
    stats: jsonb().$type<AnswerStats>(),
    /** On the person's messages: what was recalled right before these words, byte for byte. */
    recalledBlock: jsonb('recalled_block').$type<PromptBlock>(),
    /** On answers: the tools that were called before it was written, in order. */
    calls: jsonb().$type<StoredCall[]>(),
    /** False: the person asked not to learn from this message; nothing of it is recalled either. */
    learnable: boolean().notNull().default(true),
    /** It came in with an import: never the person's own typed word, whoever it says wrote it. */
    imported: boolean().notNull().default(false),
    createdAt: at('created_at').notNull(),
  },
  (t) => [
    index('message_by_conversation').on(t.conversationId, t.createdAt, t.id),
    index('message_by_parent').on(t.parentId),
    uniqueIndex('message_one_root').on(t.conversationId).where(sql`role = 'root'`),
    check('message_role', sql`role in ('root', 'user', 'assistant')`),
    check('message_tree', sql`(role = 'root') = (parent_id is null)`),
    check('message_status', sql`status in ('pending', 'complete', 'stopped', 'cut', 'failed', 'interrupted')`),
  ],
)

/** A message that waits until the answer before it is written. */
export const queuedMessage = pgTable(
  'queued_message',
  {
    /** Becomes the message's id. */
    id: uuid().primaryKey().$type<MessageId>(),
    owner: text().notNull(),
    conversationId: uuid('conversation_id')
      .notNull()
      .$type<ConversationId>()
      .references(() => conversation.id, { onDelete: 'cascade' }),
    text: text().notNull(),
    /** Files that go with it. */
    documents: jsonb().$type<DocumentId[]>().notNull().default([]),
    createdAt: at('created_at').notNull(),
  },
  (t) => [index('queued_message_by_conversation').on(t.conversationId, t.createdAt, t.id)],
)

/** A text that came in as a file or an import: searched, quoted and removable, never taken for the person's words. */
export const document = pgTable(
  'document',
  {
    id: uuid().primaryKey().$type<DocumentId>(),
    owner: text().notNull(),
    /** The conversation it was given to; null: it stands for itself. */
    conversationId: uuid('conversation_id')
      .$type<ConversationId>()
      .references(() => conversation.id, { onDelete: 'cascade' }),
    /** The message it was sent with; null: with none. Not a foreign key: a queued message is none yet. */
    messageId: uuid('message_id').$type<MessageId>(),
    /**
     * The chat whose composer it lies in, which may not exist yet; until it is sent nothing finds it. Null once it was.
     */
    stagedFor: uuid('staged_for').$type<ConversationId>(),
    name: text().notNull(),
    /** Path in the folder it came in with; null: it came alone. */
    folder: text(),
    kind: text().$type<DocumentKind>().notNull().default('text'),
    /** Size of the file it was read from; null: it was none. */
    bytes: bigint({ mode: 'number' }),
    /** Pages of a PDF. */
    pages: integer(),
    text: text().notNull(),
    createdAt: at('created_at').notNull(),
    trashedAt: at('trashed_at'),
  },
  (t) => [
    index('document_by_creation').on(t.owner, t.createdAt.desc(), t.id.desc()),
    index('document_by_message').on(t.messageId).where(sql`message_id is not null`),
    index('document_by_composer').on(t.stagedFor).where(sql`staged_for is not null`),
    check('document_kind', sql`kind in ('text', 'markdown', 'code', 'pdf', 'pasted')`),
  ],
)

/**
 * What recall finds of conversations and documents: a short stretch of one source in one voice. Made from the source and
 * made again when it changes; nothing refers to a passage for longer than the source stands.
 */
export const passage = pgTable(
  'passage',
  {
    id: uuid().primaryKey().$type<PassageId>(),
    owner: text().notNull(),
    source: text().$type<'message' | 'document'>().notNull(),
    messageId: uuid('message_id')
      .$type<MessageId>()
      .references(() => message.id, { onDelete: 'cascade' }),
    documentId: uuid('document_id')
      .$type<DocumentId>()
      .references(() => document.id, { onDelete: 'cascade' }),
    /** The conversation of the message; of a document that of its own. */
    conversationId: uuid('conversation_id').$type<ConversationId>(),
    /** Position in the source, from 0. */
    part: integer().notNull(),
    voice: text().$type<Voice>().notNull(),
    text: text().notNull(),
    /** UTF-16 offsets in the source. */
    start: integer().notNull(),
    end: integer().notNull(),
    /** When the source was written. */
    at: at('at').notNull(),
  },
  (t) => [
    index('passage_by_message').on(t.messageId, t.part),
    index('passage_by_document').on(t.documentId, t.part),
    index('passage_by_conversation').on(t.conversationId, t.at, t.part),
    check(
      'passage_source',
      sql`(source = 'message') = (message_id is not null) and (source = 'document') = (document_id is not null)`,
    ),
    check('passage_voice', sql`voice in ('person', 'assistant', 'quoted', 'document')`),
  ],
)

export const entity = pgTable(
  'entity',
  {
    id: uuid().primaryKey().$type<EntityId>(),
    owner: text().notNull(),
    namespace: text().notNull().default('user'),
    type: text().notNull(),
    name: text().notNull(),
    /** Name without case, accents and legal form: what two mentions of one entity share. */
    folded: text().notNull(),
    version: integer().notNull().default(1),
    status: text().$type<MemoryStatus>().notNull().default('active'),
    /**
     * The entity this one turned out to be; never one that is merged itself. Items keep the entity they were learned
     * of, so that a merge is one row and its undo is exact; readers go through `learning/entities/read.ts`.
     */
    mergedInto: uuid('merged_into').$type<EntityId>(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    /** When something was last learned of it; no part of a change. */
    mentionedAt: at('mentioned_at').notNull(),
  },
  (t) => [
    index('entity_by_name').on(t.owner, t.folded, t.type),
    index('entity_by_mention').on(t.owner, t.status, t.mentionedAt.desc(), t.id.desc()),
    index('entity_by_merge').on(t.mergedInto).where(sql`merged_into is not null`),
    check('entity_type', sql`type in ('person', 'organization', 'project', 'place', 'thing')`),
    check('entity_status', sql`status in ('proposed', 'active', 'archived', 'superseded', 'trashed')`),
    check('entity_merged', sql`(merged_into is not null) = (status = 'superseded')`),
  ],
)

export const entityAlias = pgTable(
  'entity_alias',
  {
    entityId: uuid('entity_id')
      .notNull()
      .$type<EntityId>()
      .references(() => entity.id, { onDelete: 'cascade' }),
    owner: text().notNull(),
    alias: text().notNull(),
    folded: text().notNull(),
    /** Made from the name by rule ("Vossen" of "Gera Vossen"): counts while it means one entity only. */
    derived: boolean().notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.entityId, t.folded] }), index('entity_alias_by_name').on(t.owner, t.folded)],
)

export const memory = pgTable(
  'memory',
  {
    id: uuid().primaryKey().$type<MemoryId>(),
    owner: text().notNull(),
    /** Grows by one with each change; a writer names the version it started from. */
    version: integer().notNull().default(1),
    store: text().notNull(),
    namespace: text().notNull().default('user'),
    projectId: uuid('project_id'),
    conversationId: uuid('conversation_id').$type<ConversationId>(),
    kind: text().notNull(),
    /** Entity the item is about, and the other end of a relationship. */
    subjectId: uuid('subject_id')
      .$type<EntityId>()
      .references(() => entity.id, { onDelete: 'set null' }),
    objectId: uuid('object_id')
      .$type<EntityId>()
      .references(() => entity.id, { onDelete: 'set null' }),
    text: text().notNull(),
    data: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    status: text().$type<MemoryStatus>().notNull(),
    confidence: real().notNull().default(1),
    pinned: boolean().notNull().default(false),
    /** "Only on this computer": never shared, never sent to another model. */
    localOnly: boolean('local_only').notNull().default(false),
    validFrom: at('valid_from'),
    validTo: at('valid_to'),
    supersededBy: uuid('superseded_by').$type<MemoryId>(),
    /** person, extraction, tool, import, or team:<member>. */
    author: text().notNull(),
    /** Model and prompt version that extracted it. */
    extractor: text(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    lastUsedAt: at('last_used_at'),
    useCount: integer('use_count').notNull().default(0),
    trashedAt: at('trashed_at'),
  },
  (t) => [
    index('memory_by_update').on(t.owner, t.status, t.updatedAt.desc(), t.id.desc()),
    index('memory_by_store').on(t.owner, t.store, t.status),
    // Pinned items stand in every core block: they must not cost a scan of all that was learned.
    index('memory_pinned').on(t.owner).where(sql`pinned and status = 'active'`),
    index('memory_by_kind').on(t.owner, t.store, t.kind).where(sql`status = 'active'`),
    // In the order they are read, so that an entity with very many items costs no more than one with few.
    index('memory_by_subject')
      .on(t.owner, t.subjectId, t.status, t.updatedAt.desc(), t.id.desc())
      .where(sql`subject_id is not null`),
    index('memory_by_object')
      .on(t.owner, t.objectId, t.status, t.updatedAt.desc(), t.id.desc())
      .where(sql`object_id is not null`),
    check('memory_status', sql`status in ('proposed', 'active', 'paused', 'superseded', 'archived', 'trashed')`),
    check('memory_confidence', sql`confidence between 0 and 1`),
    check('memory_superseded', sql`superseded_by is null or status <> 'active'`),
  ],
)

export const evidence = pgTable(
  'evidence',
  {
    id: uuid().primaryKey().$type<EvidenceId>(),
    owner: text().notNull(),
    memoryId: uuid('memory_id')
      .notNull()
      .$type<MemoryId>()
      .references(() => memory.id, { onDelete: 'cascade' }),
    origin: text().$type<Origin>().notNull(),
    conversationId: uuid('conversation_id').$type<ConversationId>(),
    /** Not a foreign key: the quote outlives its message, which then counts as gone. */
    messageId: uuid('message_id').$type<MessageId>(),
    /** Not a foreign key, for the same reason. */
    documentId: uuid('document_id').$type<DocumentId>(),
    quote: text().notNull(),
    start: integer(),
    end: integer(),
    at: at('at').notNull(),
  },
  (t) => [
    index('evidence_by_memory').on(t.memoryId),
    index('evidence_by_message').on(t.messageId),
    check('evidence_origin', sql`origin in ('user', 'hand', 'assistant', 'tool', 'file', 'import', 'team')`),
  ],
)

export const embedding = pgTable(
  'embedding',
  {
    targetKind: text('target_kind').$type<'memory' | 'passage'>().notNull(),
    targetId: uuid('target_id').notNull(),
    /** Part of a long target, from 0. */
    part: integer().notNull().default(0),
    /** Whose vectors are searched together: the person's, or of a shared item its namespace (visible.ts). */
    owner: text().notNull(),
    /** Model id, file sha, dimensions and prompt version: vectors of different models never mix. */
    model: text().notNull(),
    vector: vector().notNull(),
    /** Order of writing. A vector is replaced by a new row, never changed, so what is kept of one holds for its number. */
    seq: bigserial({ mode: 'number' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.targetId, t.part, t.model] }),
    // By kind as well: the few passages among very many memories must not cost a look at all of them.
    index('embedding_by_kind').on(t.owner, t.model, t.targetKind),
    uniqueIndex('embedding_by_seq').on(t.seq),
  ],
)

export const usage = pgTable(
  'usage',
  {
    /** The answer. */
    messageId: uuid('message_id')
      .notNull()
      .$type<MessageId>()
      .references(() => message.id, { onDelete: 'cascade' }),
    rank: integer().notNull(),
    owner: text().notNull(),
    /** Null once the memory was forgotten: the old answer says so and shows no text. */
    memoryId: uuid('memory_id')
      .$type<MemoryId>()
      .references(() => memory.id, { onDelete: 'set null' }),
    memoryVersion: integer('memory_version'),
    /** What was said before, where it was no memory. */
    passageId: uuid('passage_id')
      .$type<PassageId>()
      .references(() => passage.id, { onDelete: 'set null' }),
    /** Null on a passage. */
    store: text(),
    section: text().$type<UsageSection>().notNull(),
    reason: jsonb().$type<RecallReason>().notNull(),
    tokens: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.messageId, t.rank] }),
    index('usage_by_memory').on(t.memoryId),
    // A passage that goes looks for the answers that used it.
    index('usage_by_passage').on(t.passageId),
  ],
)

export const proposal = pgTable(
  'proposal',
  {
    id: uuid().primaryKey().$type<ProposalId>(),
    owner: text().notNull(),
    store: text().notNull(),
    action: text().$type<ChangeAction>().notNull(),
    /** The proposed row of a new memory, or the memory that would change. */
    memoryId: uuid('memory_id')
      .$type<MemoryId>()
      .references(() => memory.id, { onDelete: 'cascade' }),
    /** Of a question whether two entities are one: the newer of them. */
    entityId: uuid('entity_id')
      .$type<EntityId>()
      .references(() => entity.id, { onDelete: 'cascade' }),
    baseVersion: integer('base_version'),
    before: jsonb(),
    after: jsonb(),
    reason: text().notNull().default(''),
    evidence: jsonb().$type<unknown[]>().notNull().default([]),
    status: text().$type<'open' | 'accepted' | 'declined' | 'expired'>().notNull().default('open'),
    /** What about it deserves a second look: sorts the queue, never decides. */
    flags: jsonb().$type<ProposalFlag[]>().notNull().default([]),
    /** Salted hash of a declined claim, without its content. */
    fingerprint: text(),
    /** The memory that came of it, once accepted: its ground is this decision. */
    resultId: uuid('result_id')
      .$type<MemoryId>()
      .references(() => memory.id, { onDelete: 'cascade' }),
    /** The batch that decided: taking it back opens the proposal again. */
    batchId: uuid('batch_id').$type<BatchId>(),
    /** The person's message it was suggested from; not a foreign key, like a source of evidence. */
    messageId: uuid('message_id').$type<MessageId>(),
    createdAt: at('created_at').notNull(),
    decidedAt: at('decided_at'),
    decidedBy: text('decided_by'),
    /** Put off by the person: not shown before. */
    snoozedUntil: at('snoozed_until'),
    /** Where it stands in the inbox: `1` when it is flagged, and the chat or document it came from. Kept by a trigger. */
    groupKey: text('group_key').notNull().default(''),
  },
  (t) => [
    // In the order of the inbox, with all that its parts and counts ask for: a long one is never read as a whole.
    index('proposal_open')
      .on(t.owner, t.groupKey, t.createdAt, t.id, t.store, t.snoozedUntil)
      .where(sql`status = 'open'`),
    index('proposal_decided_last').on(t.owner, t.decidedAt.desc(), t.id.desc()).where(sql`status <> 'open'`),
    index('proposal_by_memory').on(t.memoryId),
    index('proposal_by_entity').on(t.entityId).where(sql`entity_id is not null`),
    index('proposal_by_result').on(t.resultId).where(sql`result_id is not null`),
    index('proposal_by_batch').on(t.batchId).where(sql`batch_id is not null`),
    index('proposal_by_message').on(t.messageId).where(sql`status = 'open'`),
    index('proposal_declined').on(t.owner, t.fingerprint).where(sql`fingerprint is not null`),
    check('proposal_status', sql`status in ('open', 'accepted', 'declined', 'expired')`),
    check(
      'proposal_decided',
      sql`(status = 'open') = (decided_at is null) and (status = 'open') = (decided_by is null)`,
    ),
    // Only a person accepts: no tool, no prompt, no import and no job.
    check('proposal_accepted', sql`status <> 'accepted' or decided_by = 'person'`),
    check('proposal_result', sql`result_id is null or status = 'accepted'`),
  ],
)

export const journal = pgTable(
  'journal',
  {
    seq: bigserial({ mode: 'number' }).primaryKey(),
    owner: text().notNull(),
    batchId: uuid('batch_id').notNull().$type<BatchId>(),
    at: at('at').notNull(),
    /** person, or job:<kind>, tool, import, sync:<member>. */
    actor: text().notNull(),
    /** What was changed: a memory, or an entity, whose id then stands in `memoryId`. */
    target: text().$type<'memory' | 'entity'>().notNull().default('memory'),
    memoryId: uuid('memory_id').notNull().$type<MemoryId>(),
    store: text().notNull(),
    action: text().$type<ChangeAction>().notNull(),
    /** Whole rows before and after; null after a purge, which blanks bodies and nothing else. */
    before: jsonb().$type<Record<string, unknown>>(),
    after: jsonb().$type<Record<string, unknown>>(),
    reason: text(),
    /** The conversation and message whose turn made the change, for chips and history. */
    conversationId: uuid('conversation_id').$type<ConversationId>(),
    messageId: uuid('message_id').$type<MessageId>(),
    /** Batch that took this one back. */
    undoneBy: uuid('undone_by').$type<BatchId>(),
    purgedAt: at('purged_at'),
  },
  (t) => [
    index('journal_by_batch').on(t.batchId),
    index('journal_by_memory').on(t.memoryId, t.seq),
    index('journal_by_message').on(t.messageId),
    index('journal_by_owner').on(t.owner, t.seq),
  ],
)

/**
 * What forgetting took out of a text and would give back: kept while it can be undone, deleted when it is final. Nothing
 * but an undo reads it.
 */
export const blanked = pgTable(
  'blanked',
  {
    id: uuid().primaryKey().$type<BlankedId>(),
    owner: text().notNull(),
    /** The act of forgetting. */
    batchId: uuid('batch_id').notNull().$type<BatchId>(),
    /**
     * `message`, `document`: a stretch of its text. `title`, `name`: of a conversation, a document. `proposal`: the whole
     * row. `calls`: those of an answer. `bar`: a message taken out of learning and recall. `conversation`: one put into
     * the bin. Items and entities need none: the journal has them.
     */
    target: text().$type<BlankedTarget>().notNull(),
    targetId: uuid('target_id').notNull(),
    /** UTF-16 offset of a stretch. */
    start: integer().notNull().default(0),
    text: text().notNull(),
  },
  (t) => [
    index('blanked_by_batch').on(t.owner, t.batchId),
    index('blanked_by_target').on(t.targetId),
    check(
      'blanked_target',
      sql`target in ('message', 'document', 'title', 'name', 'proposal', 'calls', 'bar', 'conversation')`,
    ),
  ],
)

export type BlankedTarget = 'message' | 'document' | 'title' | 'name' | 'proposal' | 'calls' | 'bar' | 'conversation'

export const job = pgTable(
  'job',
  {
    id: uuid().primaryKey().$type<JobId>(),
    owner: text().notNull(),
    kind: text().notNull(),
    /** One job a key: queueing twice is queueing once. */
    key: text().notNull(),
    payload: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    status: text().$type<'queued' | 'running' | 'done' | 'failed'>().notNull().default('queued'),
    attempts: integer().notNull().default(0),
    error: text(),
    result: jsonb().$type<Record<string, unknown>>(),
    runAfter: at('run_after').notNull(),
    createdAt: at('created_at').notNull(),
    finishedAt: at('finished_at'),
  },
  (t) => [
    unique('job_key').on(t.owner, t.kind, t.key),
    index('job_waiting').on(t.runAfter, t.id).where(sql`status in ('queued', 'running')`),
    check('job_status', sql`status in ('queued', 'running', 'done', 'failed')`),
  ],
)

/** One import: what came in, what the person chose, and what undoes it. */
export const importRun = pgTable(
  'import_run',
  {
    id: uuid().primaryKey().$type<ImportId>(),
    owner: text().notNull(),
    format: text().$type<ImportFormat>().notNull(),
    /** Name of the file, as the person knows it. */
    name: text().notNull(),
    state: text().$type<ImportState>().notNull().default('reading'),
    /** What an archive says of itself: whose mark it carries and when it was made; null of other formats. */
    archive: jsonb().$type<ImportedArchive>(),
    /** What the dry run found. */
    report: jsonb().$type<ImportReport>(),
    /** What the person chose when they took it over. */
    choices: jsonb().$type<ImportChoices>(),
    error: jsonb().$type<AppErrorView>(),
    /** Of the journal entries it wrote; undo takes them back with the rest. */
    batchId: uuid('batch_id').notNull().$type<BatchId>(),
    /** The newest entry of the journal when it was taken over: what is changed later is no part of it. */
    journalSeq: bigint('journal_seq', { mode: 'number' }),
    createdAt: at('created_at').notNull(),
    publishedAt: at('published_at'),
    undoneAt: at('undone_at'),
  },
  (t) => [
    index('import_run_by_time').on(t.owner, t.createdAt.desc(), t.id.desc()),
    check(
      'import_run_state',
      sql`state in ('reading', 'ready', 'publishing', 'done', 'undone', 'failed', 'cancelled')`,
    ),
  ],
)

/**
 * A row of an import: staged until it is taken over, then the note of what came in, which an undo goes by. The body goes
 * with the taking over.
 */
export const importRow = pgTable(
  'import_row',
  {
    importId: uuid('import_id')
      .notNull()
      .$type<ImportId>()
      .references(() => importRun.id, { onDelete: 'cascade' }),
    kind: text().notNull(),
    /** Order of arrival within the import. */
    n: bigint({ mode: 'number' }).notNull(),
    /** Of what it becomes; null where a kind has none. */
    id: uuid(),
    verdict: text().$type<ImportVerdict>().notNull().default('new'),
    /** Why it is refused or what it conflicts with, in words for a person. */
    reason: text(),
    /** Where it stood in the file. */
    place: text(),
    /** The line; JSON as text, because it is read once and whole. */
    body: text(),
    /** What it took the place of, while that can be undone. */
    before: jsonb().$type<Record<string, unknown>>(),
  },
  (t) => [
    primaryKey({ columns: [t.importId, t.kind, t.n] }),
    check(
      'import_row_verdict',
      sql`verdict in ('new', 'same', 'changed', 'conflicting', 'refused', 'added', 'replaced', 'proposed')`,
    ),
  ],
)

/** Who belongs to which team on this machine: what a team shares is seen by its members (visible.ts). */
export const teamMember = pgTable(
  'team_member',
  {
    /** As in the namespace `team:<id>`. */
    team: text().notNull(),
    owner: text().notNull(),
    /** What the team knows the person as: stands beside what they share. */
    name: text().notNull(),
    joinedAt: at('joined_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.team, t.owner] }), index('team_member_by_owner').on(t.owner)],
)

/** Stores people made: a definition as in code, kept as data. Their items are rows of `memory` like all others. */
export const storeDefinition = pgTable(
  'store_definition',
  {
    /** `custom:<hex>`, made by the app: a name of a person's never becomes an identifier. */
    id: text().primaryKey(),
    owner: text().notNull(),
    version: integer().notNull().default(1),
    definition: jsonb().$type<CustomStoreDefinition>().notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    trashedAt: at('trashed_at'),
  },
  (t) => [index('store_definition_by_owner').on(t.owner, t.createdAt)],
)

export const setting = pgTable(
  'setting',
  { owner: text().notNull(), key: text().notNull(), value: jsonb().$type<unknown>().notNull() },
  (t) => [primaryKey({ columns: [t.owner, t.key] })],
)
