// Takes over what was staged, in one transaction: restored as it was where the person says it is their own, else as past
// conversations, documents and suggestions.
import { eq, type SQL, sql } from 'drizzle-orm'
import { type BatchId, type EntityId, type ImportId, type MemoryId, newId } from '../../../shared/ids.ts'
import type { ImportChoices } from '../../../shared/imports.ts'
import type { StoreId } from '../../../shared/memory.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { WriteHandle } from '../../database/database.ts'
import { entity, evidence, memory } from '../../database/schema.ts'
import { readWholeRows } from '../../database/whole-rows.ts'
import { type MissingIndex, withFewerIndexes } from '../../database/word-indexes.ts'
import { type Batch, importBatch } from '../../learning/change/batch.ts'
import type { ImportedItem, ImportOutcome } from '../../learning/change/suggest-imported.ts'
import { note, noteAll, updateRow } from '../../learning/change/write-items.ts'
import { bodyOf } from '../../learning/rows.ts'
import { BUT_VECTORS, type Kind, type Line } from '../archive/format.ts'
import { tableOf } from '../archive/tables.ts'
import { columnsOf, forManyRows } from './compare.ts'
import { resolveConflicts } from './conflicts.ts'

export interface PublishRequest {
  owner: string
  importId: ImportId
  batchId: BatchId
  at: Date
  choices: ImportChoices
  /** The file's format is our own. */
  isArchive: boolean
  suggest(items: readonly ImportedItem[]): Promise<ImportOutcome[]>
  /** Hears of each step, for whoever waits. */
  onStep(): void
}

/** Rows read back at a time, for what is not done in SQL. */
const AT_ONCE = 500

/** Of what somebody else's archive holds, these come in as they are; nothing of them steers an answer. */
const HARMLESS = ['project', 'conversation', 'message', 'document'] as const

export function isHarmless(kind: Kind): boolean {
  return (HARMLESS as readonly Kind[]).includes(kind)
}

/**
 * @returns indexes that are still to be made
 * @throws whatever the database refuses; nothing is taken over then
 */
export async function publishRows(tx: WriteHandle, request: PublishRequest): Promise<MissingIndex[]> {
  const { importId, choices } = request
  await forManyRows(tx)
  const count = async (kind: Kind) => {
    const { rows } = await tx.execute<{ n: number }>(sql`select count(*)::int as n from import_row
      where import_id = ${importId}::uuid and kind = ${kind} and verdict = 'new'`)
    return rows[0]?.n ?? 0
  }
  const added = {
    memory: choices.own ? await count('memory') : 0,
    message: await count('message'),
    passage: choices.own ? await count('passage') : 0,
  }
  const indexes = await withFewerIndexes(
    tx,
    added,
    async () => {
      if (choices.own) await restoreRows(tx, request)
      else await takeInRows(tx, request)
    },
    request.onStep,
  )
  await resolveConflicts(tx, request)
  return indexes
}

/** Everything as it was. The person vouches for it, so what their own words stand behind is known again at once. */
async function restoreRows(tx: WriteHandle, request: PublishRequest): Promise<void> {
  const { importId } = request
  // What nothing of the person's stands behind waits for them like anybody else's.
  await tx.execute(sql`
    with said as materialized (
      select distinct i.id from import_row i
        cross join lateral json_to_recordset(i.body::json -> 'evidence') as source (origin text, message_id uuid)
      where i.import_id = ${importId}::uuid and i.kind = 'memory' and i.verdict = 'new' and source.origin in ('user', 'hand')
        and (source.message_id is null or source.message_id not in (select message.id from message where message.imported))
    ), accepted as materialized (
      select (p.body::json ->> 'result_id')::uuid as id from import_row p where p.import_id = ${importId}::uuid and p.kind = 'proposal'
        and p.verdict = 'new' and p.body::json ->> 'status' = 'accepted' and p.body::json ->> 'result_id' is not null
    )
    update import_row r set verdict = 'proposed'
    where r.import_id = ${importId}::uuid and r.kind = 'memory' and r.verdict = 'new'
      and r.id not in (select said.id from said) and r.id not in (select accepted.id from accepted)
      and r.body::json ->> 'status' <> 'proposed' and not memory_is_exempt(json_populate_record(null::memory, r.body::json))`)
  // Checked as whole sets before: foreign keys, and that something of the person's stands behind each memory. A trigger a row
  // would take minutes.
  await tx.execute(sql`set local session_replication_role = replica`)
  // Vectors are written ahead of it.
  for (const kind of BUT_VECTORS) {
    request.onStep()
    await insertRows(tx, request, kind)
  }
  await tx.execute(sql`set local session_replication_role = origin`)
  // Where a suggestion stands in the inbox is kept by a trigger.
  await tx.execute(
    sql`update proposal set status = status where status = 'open' and group_key = '' and owner = ${request.owner}`,
  )
  await showWhatIsThere(tx, request)
  await clearMissing(tx, request)
  await beginHistory(tx, request)
  await clearSubjects(tx, request)
  await suggestMemories(tx, request, sql`r.verdict = 'proposed'`)
}

/** Conversations and documents to look things up in; memories as suggestions. */
async function takeInRows(tx: WriteHandle, request: PublishRequest): Promise<void> {
  await tx.execute(sql`set local session_replication_role = replica`)
  for (const kind of HARMLESS) {
    request.onStep()
    await insertRows(tx, request, kind)
  }
  await tx.execute(sql`set local session_replication_role = origin`)
  await showWhatIsThere(tx, request)
  request.onStep()
  await suggestMemories(
    tx,
    request,
    sql`r.verdict = 'new' and r.body::json ->> 'status' in ('active', 'proposed', 'paused')`,
  )
}

/** Values of columns that differ from the line's, by what may come in. */
function columnValue(kind: Kind, column: string, { choices }: PublishRequest): SQL {
  const own = sql`come.${sql.identifier(column)}`
  if (choices.own) return own
  if (kind === 'message' && column === 'imported') return sql`true`
  if (kind === 'message' && (column === 'calls' || column === 'error' || column === 'stats' || column === 'thoughts'))
    return sql`null`
  // Words that would stand in prompts as instructions.
  if (kind === 'project' && column === 'instructions') return sql`''`
  if (kind === 'conversation' && column === 'tools') return sql`null`
  if (kind === 'conversation' && column === 'tool_rules') return sql`'[]'::jsonb`
  return own
}

/** Rows that are of one of these tables whose row is there after all. */
function isWhole(kind: Kind): SQL {
  switch (kind) {
    case 'proposal':
      return sql`(come.memory_id is null or exists (select 1 from memory where memory.id = come.memory_id))
        and (come.result_id is null or exists (select 1 from memory where memory.id = come.result_id))
        and (come.entity_id is null or exists (select 1 from entity where entity.id = come.entity_id))`
    case 'journal':
      return sql`case come.target when 'entity' then exists (select 1 from entity where entity.id = come.memory_id)
        else exists (select 1 from memory where memory.id = come.memory_id) end`
    default:
      return sql`true`
  }
}

async function insertRows(tx: WriteHandle, request: PublishRequest, kind: Kind): Promise<void> {
  const { owner, importId } = request
  const table = sql.identifier(tableOf(kind))
  const columns = columnsOf(kind)
  const names = sql.join(
    columns.map((name) => sql.identifier(name)),
    sql`, `,
  )
  const values = sql.join(
    columns.map((name) => columnValue(kind, name, request)),
    sql`, `,
  )
  const rows = sql`import_row i cross join lateral json_populate_record(null::${table}, i.body::json) come
    where i.import_id = ${importId}::uuid and i.kind = ${kind} and i.verdict = 'new'`
  await tx.execute(sql`
    insert into ${table} (owner, ${names}) select ${owner}, ${values} from ${rows} and ${isWhole(kind)} order by i.n
    ${kind === 'setting' || kind === 'usage' || kind === 'store' ? sql`on conflict do nothing` : sql``}`)
  if (kind === 'memory') {
    await tx.execute(sql`
      insert into evidence (id, owner, memory_id, origin, conversation_id, message_id, document_id, quote, start, "end", at)
      select source.id, ${owner}, i.id, source.origin, source.conversation_id, source.message_id, source.document_id,
        source.quote, source.start, source."end", source.at
      from import_row i cross join lateral json_populate_recordset(null::evidence, i.body::json -> 'evidence') source
      where i.import_id = ${importId}::uuid and i.kind = 'memory' and i.verdict = 'new' on conflict do nothing`)
  }
  if (kind === 'entity') {
    await tx.execute(sql`
      insert into entity_alias (entity_id, owner, alias, folded, derived)
      select i.id, ${owner}, alias.alias, alias.folded, alias.derived
      from import_row i cross join lateral json_populate_recordset(null::entity_alias, i.body::json -> 'aliases') alias
      where i.import_id = ${importId}::uuid and i.kind = 'entity' and i.verdict = 'new' on conflict do nothing`)
  }
}

/** A chat whose shown end did not come in, or is of another chat, shows its last message. */
async function showWhatIsThere(tx: WriteHandle, { importId }: PublishRequest): Promise<void> {
  await tx.execute(sql`
    update conversation set head_id = (select message.id from message where message.conversation_id = conversation.id
      order by message.depth desc, message.created_at desc, message.id desc limit 1)
    where conversation.id in (select r.id from import_row r where r.import_id = ${importId}::uuid and r.kind = 'conversation' and r.verdict = 'new')
      and head_id is not null
      and not exists (select 1 from message where message.id = conversation.head_id and message.conversation_id = conversation.id)`)
}

/** References to rows that did not come in: what points at them stands without them. */
async function clearMissing(tx: WriteHandle, { importId }: PublishRequest): Promise<void> {
  const came = (kind: Kind) =>
    sql`(select i.id from import_row i where i.import_id = ${importId}::uuid and i.kind = ${kind} and i.verdict = 'new')`
  await tx.execute(sql`update conversation set project_id = null where conversation.id in ${came('conversation')}
    and project_id is not null and not exists (select 1 from project where project.id = conversation.project_id)`)
  await tx.execute(sql`update usage set memory_id = null where usage.message_id in ${came('message')}
    and usage.memory_id is not null and not exists (select 1 from memory where memory.id = usage.memory_id)`)
  await tx.execute(sql`update usage set passage_id = null where usage.message_id in ${came('message')}
    and usage.passage_id is not null and not exists (select 1 from passage where passage.id = usage.passage_id)`)
}

/** A memory of somebody who did not come in is about nobody; its history tells so. */
async function clearSubjects(tx: WriteHandle, { owner, importId, at }: PublishRequest): Promise<void> {
  const is = (column: SQL) => sql`(${column} is null or exists (select 1 from entity where entity.id = ${column}))`
  const rows = await readWholeRows(
    tx,
    memory,
    sql`memory.owner = ${owner} and not (${is(sql`memory.subject_id`)} and ${is(sql`memory.object_id`)})
      and memory.id in (select r.id from import_row r where r.import_id = ${importId}::uuid and r.kind = 'memory' and r.verdict = 'new')`,
  )
  const there = new Set(
    (await tx.select({ id: entity.id }).from(entity).where(eq(entity.owner, owner))).map(({ id }) => id),
  )
  for (const row of rows) {
    const known = <Id extends EntityId>(id: Id | null) => (id !== null && there.has(id) ? id : null)
    const batch = batchOfNew({ owner, at })
    const after = await updateRow(tx, batch, row, { subjectId: known(row.subjectId), objectId: known(row.objectId) })
    await note(tx, batch, 'update', bodyOf(row), bodyOf(after), after, 'import')
  }
}

/** What comes in is taken back by its rows. The import's own batch is for changes of what was here, which the journal takes back. */
function batchOfNew({ owner, at }: Pick<PublishRequest, 'owner' | 'at'>): Batch {
  return importBatch({ owner, id: newId<BatchId>(), at })
}

/** Every memory has a history: of those that came without one it begins with their coming in. */
async function beginHistory(tx: WriteHandle, { owner, importId, at }: PublishRequest): Promise<void> {
  const batch = batchOfNew({ owner, at })
  for (;;) {
    const { rows } = await tx.execute<{ id: MemoryId }>(sql`
      select r.id from import_row r where r.import_id = ${importId}::uuid and r.kind = 'memory' and r.verdict = 'new'
        and not exists (select 1 from journal where journal.memory_id = r.id) order by r.n limit ${AT_ONCE}`)
    if (rows.length === 0) return
    const ids = rows.map(({ id }) => id)
    const sources = await readWholeRows(tx, evidence, isAnyOf(evidence.memoryId, ids))
    await noteAll(
      tx,
      batch,
      (await readWholeRows(tx, memory, isAnyOf(memory.id, ids))).map((row) => ({
        ...{ action: 'add', before: null, row, reason: 'import' },
        after: bodyOf(
          row,
          sources.filter(({ memoryId }) => memoryId === row.id),
        ),
      })),
    )
  }
}

/** Suggests memories among the staged rows. */
async function suggestMemories(tx: WriteHandle, request: PublishRequest, which: SQL): Promise<void> {
  const { importId } = request
  for (let after = -1; ; ) {
    const { rows } = await tx.execute<{ n: number; body: string }>(sql`
      select r.n::float8 as n, r.body from import_row r where r.import_id = ${importId}::uuid and r.kind = 'memory' and r.n > ${after}
        and ${which} order by r.n limit ${AT_ONCE}`)
    const last = rows.at(-1)
    if (!last) return
    request.onStep()
    const outcomes = await request.suggest(rows.map(({ body }) => itemOf(JSON.parse(body) as StagedMemory)))
    await noteOutcomes(tx, request, outcomes)
    after = last.n
  }
}

type StagedMemory = Line<'memory'> & { fields?: Record<string, string> }

export function itemOf({ id, store, kind, text, data, fields, created_at }: StagedMemory): ImportedItem {
  return {
    id: id as MemoryId,
    store: store as StoreId,
    ...{ kind, text, data, fields: fields ?? null, at: new Date(created_at) },
  }
}

async function noteOutcomes(
  tx: WriteHandle,
  { importId }: PublishRequest,
  outcomes: readonly ImportOutcome[],
): Promise<void> {
  await tx.execute(sql`
    update import_row r set verdict = case when one.left is null then 'proposed' else 'refused' end, reason = one.left
    from json_to_recordset(${JSON.stringify(outcomes)}::json) as one (id uuid, "left" text)
    where r.import_id = ${importId}::uuid and r.kind = 'memory' and r.id = one.id`)
}
