// Takes a whole import back: what came in goes, what was replaced comes back. What the person changed or added to since stays.
import { sql } from 'drizzle-orm'
import type { BatchId, ImportId } from '../../../shared/ids.ts'
import type { WriteHandle } from '../../database/database.ts'
import { NO_VECTORS } from '../../learning/change/batch.ts'
import { undoBatch } from '../../learning/journal/journal.ts'
import type { Kind } from '../archive/format.ts'
import { tableOf } from '../archive/tables.ts'
import { forManyRows } from './compare.ts'
import { setToIncoming } from './conflicts.ts'

export interface UndoRequest {
  owner: string
  importId: ImportId
  /** Of the changes it made to what was here. */
  batchId: BatchId
  /** The newest entry of the journal when it was taken over. */
  journalSeq: number
  at: Date
  /** Of the undoing itself. */
  undoId: BatchId
}

/** @returns how many rows went, and how many stay because they were changed since */
export async function undoImport(tx: WriteHandle, request: UndoRequest): Promise<{ removed: number; kept: number }> {
  const { owner, importId, journalSeq } = request
  await forManyRows(tx)
  await tx.execute(sql`set local enable_nestloop = off`)
  const came = (
    kind: Kind,
  ) => sql`(select r.id from import_row r where r.import_id = ${importId}::uuid and r.kind = ${kind}
    and r.verdict in ('added', 'proposed') and r.id is not null)`
  const count = async (query: ReturnType<typeof sql>) => (await tx.execute<{ n: number }>(query)).rows[0]?.n ?? 0
  const total = await count(sql`select count(*)::int as n from import_row r where r.import_id = ${importId}::uuid
    and r.verdict in ('added', 'proposed') and r.kind in ('memory', 'conversation', 'document', 'entity', 'project', 'store')`)

  await undoReplaced(tx, request)
  // Chats the person went on in, memories they decided on or changed.
  const touchedChats = sql`(select message.conversation_id from message where message.owner = ${owner}
    and message.id not in ${came('message')})`
  const gone = {
    conversation: sql`conversation.owner = ${owner} and conversation.id in ${came('conversation')}
      and conversation.id not in ${touchedChats}`,
    memory: sql`memory.owner = ${owner} and memory.id in ${came('memory')}
      and memory.id not in (select entry.memory_id from journal entry where entry.seq > ${journalSeq})`,
  }
  // The log of what came in goes with it; it is kept for changes of what was here.
  await tx.execute(sql`set local session_replication_role = replica`)
  await tx.execute(
    sql`delete from journal where owner = ${owner} and memory_id in (select memory.id from memory where ${gone.memory})`,
  )
  await tx.execute(sql`set local session_replication_role = origin`)
  await tx.execute(sql`delete from proposal where owner = ${owner} and (memory_id in (select memory.id from memory where ${gone.memory})
    or id in ${came('proposal')} and (status = 'open' or memory_id is null and result_id is null))`)
  const memories = await count(
    sql`with removed as (delete from memory where ${gone.memory} returning id) select count(*)::int as n from removed`,
  )

  const files = sql`document.owner = ${owner} and document.id in ${came('document')}
    and (document.conversation_id is null or document.conversation_id in (select conversation.id from conversation where ${gone.conversation}))`
  const documents = await count(
    sql`with removed as (delete from document where ${files} returning id) select count(*)::int as n from removed`,
  )
  // New messages of chats that were here go as well, but for those the person went on from.
  await tx.execute(sql`
    with recursive kept (id) as (
      select message.parent_id from message where message.owner = ${owner} and message.id not in ${came('message')}
        and message.conversation_id in (select message.conversation_id from message where message.id in ${came('message')})
      union
      select message.parent_id from message join kept on kept.id = message.id
    )
    delete from message where message.owner = ${owner} and message.id in ${came('message')}
      and message.id not in (select kept.id from kept where kept.id is not null)`)
  const chats = await count(
    sql`with removed as (delete from conversation where ${gone.conversation} returning id) select count(*)::int as n from removed`,
  )
  await tx.execute(sql`update conversation set head_id = (select message.id from message where message.conversation_id = conversation.id
      order by message.created_at desc, message.depth desc limit 1)
    where conversation.owner = ${owner} and head_id is not null and not exists (select 1 from message where message.id = conversation.head_id)`)

  const unused = (kind: Kind, uses: ReturnType<typeof sql>) => {
    const table = sql.identifier(tableOf(kind))
    return count(sql`with removed as (delete from ${table} where ${table}.owner = ${owner} and ${table}.id in ${came(kind)} and not exists ${uses} returning 1)
      select count(*)::int as n from removed`)
  }
  const entities = await unused(
    'entity',
    sql`(select 1 from memory where memory.owner = ${owner} and (memory.subject_id = entity.id or memory.object_id = entity.id))`,
  )
  await tx.execute(sql`set local session_replication_role = replica`)
  await tx.execute(sql`delete from journal where owner = ${owner} and target = 'entity' and memory_id in ${came('entity')}
    and not exists (select 1 from entity where entity.id = journal.memory_id)`)
  await tx.execute(sql`set local session_replication_role = origin`)
  const projects = await unused(
    'project',
    sql`(select 1 from conversation where conversation.project_id = project.id union all select 1 from memory where memory.project_id = project.id)`,
  )
  const stores = await count(sql`with removed as (delete from store_definition where owner = ${owner} and id in (
      select r.reason from import_row r where r.import_id = ${importId}::uuid and r.kind = 'store' and r.verdict = 'added')
      and not exists (select 1 from memory where memory.store = store_definition.id) returning 1) select count(*)::int as n from removed`)
  await tx.execute(sql`delete from setting where owner = ${owner} and key in (
    select r.reason from import_row r where r.import_id = ${importId}::uuid and r.kind = 'setting' and r.verdict = 'added')`)
  await tx.execute(sql`delete from embedding where owner = ${owner}
    and not exists (select 1 from memory where memory.id = embedding.target_id)
    and not exists (select 1 from passage where passage.id = embedding.target_id)`)
  await tx.execute(sql`set local enable_nestloop = on`)
  const removed = memories + documents + chats + entities + projects + stores
  return { removed, kept: Math.max(0, total - removed) }
}

/** Changes of memories are in the journal; of everything else the row before is kept with the import. */
async function undoReplaced(tx: WriteHandle, { owner, importId, batchId, at, undoId }: UndoRequest): Promise<void> {
  const { rows: changed } = await tx.execute<{ n: number }>(sql`
    select count(*)::int as n from journal where owner = ${owner} and batch_id = ${batchId}::uuid and before is not null and undone_by is null`)
  if ((changed[0]?.n ?? 0) > 0) {
    const undo = { owner, id: undoId, actor: 'person', author: 'person', at, extractor: null }
    await undoBatch(tx, { ...undo, vectors: NO_VECTORS }, batchId)
  }
  const { rows } = await tx.execute<{ kind: Kind; before: Record<string, unknown> }>(sql`
    select kind, before from import_row where import_id = ${importId}::uuid and verdict = 'replaced' and before is not null`)
  for (const { kind, before } of rows) {
    const table = sql.identifier(tableOf(kind))
    const columns = Object.keys(before).filter((column) => column !== 'id' && column !== 'key' && column !== 'owner')
    const isIt = kind === 'setting' ? sql`${table}.key = come.key` : sql`${table}.id = come.id`
    await tx.execute(sql`update ${table} set ${setToIncoming(columns)} from jsonb_populate_record(null::${table}, ${JSON.stringify(before)}::jsonb) come
      where ${isIt} and ${table}.owner = ${owner}`)
  }
}
