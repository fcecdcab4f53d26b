// What a selection means for each table: conditions on its rows. What lies in the bin, waits to be forgotten for good or only
// serves this computer (prompts, queues, models) does not travel.
import { and, type SQL, sql } from 'drizzle-orm'
import type { ExportSelection } from '../../../shared/exports.ts'
import type { Kind } from '../archive/format.ts'

/** Settings that mean the same on another computer. */
const PORTABLE_SETTINGS = [
  'theme',
  'density',
  'textSize',
  'sendWith',
  'learning',
  'learnByItself',
  'proposeEverything',
  'storeModes',
  'tidyByItself',
  'readOnlyStores',
  'neverKeep',
  'systemPrompt',
  'shortcuts',
  // By it claims that were declined are known again.
  'proposal.salt',
]

/** Nothing narrows it: a whole profile. */
export function isWhole({ conversations: _, ...narrow }: ExportSelection): boolean {
  return Object.values(narrow).every((value) => value === undefined)
}

/**
 * The condition on the rows of each kind, written for a table under its own name.
 * @param owner whose data it is
 */
export function scopeOf(owner: string, selection: ExportSelection): Record<Kind, SQL> {
  const whole = isWhole(selection)
  const { stores, entityId, projectId, namespace, from, to } = selection
  const all = (...parts: (SQL | undefined)[]) => and(...parts) ?? sql`true`
  const within = (column: SQL) => [
    from && sql`${column} >= ${from.toISOString()}::timestamptz`,
    to && sql`${column} < ${to.toISOString()}::timestamptz`,
  ]
  const memories = (row: SQL) =>
    all(
      sql`${row}.owner = ${owner} and ${row}.status <> 'trashed'`,
      stores && sql`${row}.store = any(${sql.param([...stores])}::text[])`,
      projectId && sql`${row}.project_id = ${projectId}::uuid`,
      namespace === undefined ? undefined : sql`${row}.namespace = ${namespace}`,
      // Those that turned out to be the same person count as them.
      entityId && sql`(${row}.subject_id = any(${merged(entityId)}) or ${row}.object_id = any(${merged(entityId)}))`,
      ...within(sql`${row}.updated_at`),
    )
  const conversations = (row: SQL) =>
    selection.conversations
      ? all(
          sql`${row}.owner = ${owner} and ${row}.trashed_at is null`,
          projectId && sql`${row}.project_id = ${projectId}::uuid`,
          ...within(sql`${row}.updated_at`),
        )
      : sql`false`
  const isMemory = (id: SQL) => isThere(sql`memory kept where kept.id = ${id} and ${memories(sql`kept`)}`)
  const isTalk = (id: SQL) => isThere(sql`conversation talk where talk.id = ${id} and ${conversations(sql`talk`)}`)
  const isSaid = (id: SQL) => isThere(sql`message said where said.id = ${id} and ${isTalk(sql`said.conversation_id`)}`)
  const documents = (row: SQL) =>
    all(
      sql`${row}.owner = ${owner} and ${row}.trashed_at is null and ${row}.staged_for is null`,
      sql`case when ${row}.conversation_id is null then ${whole || (!projectId && !stores && !entityId && !namespace)}
        else ${isTalk(sql`${row}.conversation_id`)} end`,
      ...(whole ? [] : within(sql`${row}.created_at`)),
    )
  const isDocument = (id: SQL) => isThere(sql`document file where file.id = ${id} and ${documents(sql`file`)}`)
  const named = sql`(select kept.subject_id as id from memory kept where ${memories(sql`kept`)}
    union select kept.object_id from memory kept where ${memories(sql`kept`)})`
  const entities = (row: SQL) =>
    all(
      sql`${row}.owner = ${owner} and ${row}.status <> 'trashed'`,
      whole
        ? undefined
        : sql`(${row}.id in ${named} or ${row}.id in (select one.merged_into from entity one where one.id in ${named}))`,
    )
  const isEntity = (id: SQL) => isThere(sql`entity known where known.id = ${id} and ${entities(sql`known`)}`)
  const passages = (row: SQL) =>
    sql`${row}.owner = ${owner} and case when ${row}.message_id is null then ${isDocument(sql`${row}.document_id`)}
      else ${isSaid(sql`${row}.message_id`)} end`
  const isPassage = (id: SQL) => isThere(sql`passage part where part.id = ${id} and ${passages(sql`part`)}`)
  return {
    store: all(
      sql`store_definition.owner = ${owner} and store_definition.trashed_at is null`,
      stores && sql`store_definition.id = any(${sql.param([...stores])}::text[])`,
      whole || stores
        ? undefined
        : sql`exists (select 1 from memory kept where kept.store = store_definition.id and ${memories(sql`kept`)})`,
    ),
    setting: whole
      ? sql`setting.owner = ${owner} and setting.key = any(${sql.param(PORTABLE_SETTINGS)}::text[])`
      : sql`false`,
    project: all(
      sql`project.owner = ${owner} and project.trashed_at is null`,
      projectId && sql`project.id = ${projectId}::uuid`,
      whole || projectId
        ? undefined
        : sql`(exists (select 1 from memory kept where kept.project_id = project.id and ${memories(sql`kept`)})
            or exists (select 1 from conversation talk where talk.project_id = project.id and ${conversations(sql`talk`)}))`,
    ),
    conversation: conversations(sql`conversation`),
    message: sql`message.owner = ${owner} and ${isTalk(sql`message.conversation_id`)}`,
    document: documents(sql`document`),
    entity: entities(sql`entity`),
    memory: memories(sql`memory`),
    proposal: sql`proposal.owner = ${owner} and (${isMemory(sql`proposal.memory_id`)} or ${isEntity(sql`proposal.entity_id`)}
      or (${whole} and proposal.memory_id is null and proposal.entity_id is null))`,
    passage: passages(sql`passage`),
    usage: sql`usage.owner = ${owner} and ${isSaid(sql`usage.message_id`)}
      and (usage.memory_id is null or ${isMemory(sql`usage.memory_id`)})`,
    journal: sql`journal.owner = ${owner} and journal.purged_at is null
      and case when journal.target = 'memory' then ${isMemory(sql`journal.memory_id`)} else ${isEntity(sql`journal.memory_id`)} end`,
    vector: sql`case when embedding.target_kind = 'memory' then ${isMemory(sql`embedding.target_id`)}
      else ${isPassage(sql`embedding.target_id`)} end`,
  }
}

/** Looks for one row. Of an `exists` the planner would make a set of all such rows, anew for each page of an export. */
function isThere(rows: SQL): SQL {
  return sql`(select true from ${rows} limit 1) is not null`
}

/** An entity and those that were merged into it, as an array. */
function merged(id: string): SQL {
  return sql`(array[${id}::uuid] || array(select one.id from entity one where one.merged_into = ${id}::uuid))`
}
