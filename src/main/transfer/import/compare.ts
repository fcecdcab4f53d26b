// The verdict on each staged row: new, the same as what is here, changed (what comes in is ahead of it), conflicting, or
// refused because what it hangs on is missing. Set by set in SQL: an archive has hundreds of thousands of rows.
import { type SQL, sql } from 'drizzle-orm'
import type { ImportId } from '../../../shared/ids.ts'
import type { WriteHandle } from '../../database/database.ts'
import { KINDS, type Kind } from '../archive/format.ts'
import { membersOf, TABLES, tableOf } from '../archive/tables.ts'
import { MAY_BE_HERE, WITH_ID } from '../sources/staged.ts'

/** Members that change by themselves: how often something was used makes it no other item. */
const VOLATILE: Partial<Record<Kind, readonly string[]>> = {
  memory: ['use_count', 'last_used_at', 'updated_at'],
  conversation: ['unread', 'updated_at', 'tools', 'tool_rules', 'title_source'],
  project: ['updated_at'],
  entity: ['mentioned_at', 'updated_at'],
  message: ['depth', 'learnable', 'stats', 'calls', 'error', 'thoughts'],
  proposal: ['snoozed_until'],
  store: ['updated_at', 'version'],
}

/**
 * Gives every staged row of an import its verdict.
 * @param sorted each row of a kind had a greater id than the one before, so none stands in the file twice
 */
export async function compareRows(tx: WriteHandle, owner: string, importId: ImportId, sorted: boolean): Promise<void> {
  await forManyRows(tx)
  await tx.execute(sql`set local enable_nestloop = off`)
  if (!sorted) await refuseTwice(tx, importId)
  await refuseTreeless(tx, owner, importId)
  await refuseDangling(tx, owner, importId)
  for (const kind of MAY_BE_HERE) await compareById(tx, owner, importId, kind)
  await compareStores(tx, owner, importId)
  await compareSettings(tx, owner, importId)
  await compareByText(tx, owner, importId)
  await refuseForgotten(tx, owner, importId)
  await tx.execute(sql`set local enable_nestloop = on`)
}

/**
 * Makes the planner join sets: it has no statistics of rows that were just staged, and a set of ids that does not fit into its
 * memory is searched once for each row.
 */
export async function forManyRows(tx: WriteHandle): Promise<void> {
  await tx.execute(sql`set local work_mem = '96MB'`)
}

const staged = (importId: ImportId, kind: Kind) =>
  sql`r.import_id = ${importId}::uuid and r.kind = ${kind} and r.verdict <> 'refused'`

/** Of a row that stands twice in the file the first counts. */
async function refuseTwice(tx: WriteHandle, importId: ImportId): Promise<void> {
  await tx.execute(sql`
    update import_row r set verdict = 'refused', reason = 'It stands in the file a second time.'
    from (select kind, id, min(n) as n from import_row
      where import_id = ${importId}::uuid and id is not null and verdict <> 'refused'
        and kind = any(${sql.param(WITH_ID)}::text[])
      group by kind, id having count(*) > 1) twice
    where r.import_id = ${importId}::uuid and r.kind = twice.kind and r.id = twice.id and r.n > twice.n
      and r.verdict <> 'refused'`)
}

/**
 * Refuses what would leave a conversation without its tree: a second beginning, a conversation without one, a message whose
 * conversation or whose place in it is missing.
 */
async function refuseTreeless(tx: WriteHandle, owner: string, importId: ImportId): Promise<void> {
  // The lines are read once for all of it.
  await tx.execute(sql`
    create temporary table import_said on commit drop as
    select i.n, i.id, line.parent_id as parent, line.conversation_id as conversation, line.role, false as refused
    from import_row i cross join lateral json_to_record(i.body::json) as line (parent_id uuid, conversation_id uuid, role text)
    where i.import_id = ${importId}::uuid and i.kind = 'message' and i.verdict <> 'refused'`)
  await tx.execute(sql`analyze import_said`)
  const refuse = async (which: SQL, reason: string) => {
    await tx.execute(sql`
      with gone as (update import_said said set refused = true from (${which}) one where said.n = one.n returning said.n)
      update import_row r set verdict = 'refused', reason = ${reason}
      from gone where r.import_id = ${importId}::uuid and r.kind = 'message' and r.n = gone.n`)
  }
  // A second beginning would be a tree of its own that nothing shows.
  await refuse(
    sql`select root.n from (select n, id, conversation, row_number() over (partition by conversation order by n) as time
        from import_said where role = 'root') root
      left join message here on here.conversation_id = root.conversation and here.role = 'root'
      where root.time > 1 or here.id <> root.id`,
    'Its conversation has another beginning already.',
  )
  await tx.execute(sql`
    update import_row r set verdict = 'refused', reason = 'Its first message is missing.'
    where ${staged(importId, 'conversation')} and r.id not in (
      select said.conversation from import_said said where said.role = 'root' and not said.refused
      union select here.id from conversation here where here.owner = ${owner})`)
  await refuse(
    sql`select said.n from import_said said where not said.refused and said.conversation not in (
      select i.id from import_row i where i.import_id = ${importId}::uuid and i.kind = 'conversation' and i.verdict <> 'refused'
      union select here.id from conversation here where here.owner = ${owner})`,
    'The conversation it belongs to is missing.',
  )
  if (await isInOrder(tx, owner)) return
  // A break in a branch leaves all behind it without a place.
  await refuse(
    sql`with recursive reached (id, conversation) as (
        select said.id, said.conversation from import_said said
          left join message here on here.id = said.parent and here.owner = ${owner} and here.conversation_id = said.conversation
        where not said.refused and (said.parent is null or here.id is not null)
        union
        select said.id, said.conversation from import_said said
          join reached on reached.id = said.parent and reached.conversation = said.conversation where not said.refused
      )
      select said.n from import_said said where not said.refused and said.id not in (select reached.id from reached)`,
    'The message before it is missing.',
  )
}

/** Each message has the one before it further up in the file or here: then all of them have a place. */
async function isInOrder(tx: WriteHandle, owner: string): Promise<boolean> {
  const { rows } = await tx.execute<{ n: number }>(sql`
    select 1 as n from import_said said
      left join import_said before on before.id = said.parent and before.conversation = said.conversation
        and before.n < said.n and not before.refused
    where not said.refused and said.parent is not null and before.id is null
      and not exists (select 1 from message here where here.id = said.parent and here.owner = ${owner}
        and here.conversation_id = said.conversation) limit 1`)
  return rows.length === 0
}

const member = (name: string) => sql`(r.body::json ->> ${name})::uuid`

/** What hangs on a row that is neither in the file nor here cannot come in. */
async function refuseDangling(tx: WriteHandle, owner: string, importId: ImportId): Promise<void> {
  const refuse = refuser(tx, owner, importId)
  await refuse('document', 'conversation', 'conversation_id', 'The conversation it belongs to is missing.')
  await refuse('proposal', 'memory', 'memory_id', 'The memory it is about is missing.')
  await refuse('proposal', 'memory', 'result_id', 'The memory that came of it is missing.')
  await refuse('proposal', 'entity', 'entity_id', 'Whom it is about is missing.')
}

/** Refuses rows of a kind whose member names a row of another kind that is neither in the file nor here. */
function refuser(tx: WriteHandle, owner: string, importId: ImportId) {
  return async (kind: Kind, of: Kind, name: string, reason: string): Promise<void> => {
    const known = sql`(select i.id from import_row i where i.import_id = ${importId}::uuid and i.kind = ${of} and i.verdict <> 'refused'
      union select here.id from ${sql.identifier(tableOf(of))} here where here.owner = ${owner})`
    await tx.execute(sql`
      update import_row r set verdict = 'refused', reason = ${reason}
      where ${staged(importId, kind)} and ${member(name)} is not null and ${member(name)} not in ${known}`)
  }
}

/** A row as JSON with the members of its kind's line that do not change by themselves. */
function stableMembers(kind: Kind, row: SQL): SQL {
  const columns = columnsOf(kind).filter((name) => !VOLATILE[kind]?.includes(name))
  return sql`jsonb_build_array(${sql.join(
    columns.map((name) => sql`${row}.${sql.identifier(name)}`),
    sql`, `,
  )})`
}

/** Members of a line that are columns of its table. */
export function columnsOf(kind: Kind): string[] {
  const made = TABLES[kind].made
  return membersOf(kind).filter((name) => !(name in made) || name === 'status')
}

async function compareById(
  tx: WriteHandle,
  owner: string,
  importId: ImportId,
  kind: (typeof MAY_BE_HERE)[number] | 'passage',
  which: SQL = sql`i.verdict <> 'refused'`,
): Promise<void> {
  const table = sql.identifier(tableOf(kind))
  await tx.execute(sql`
    update import_row r set verdict = case
        when here.owner <> ${owner} then 'refused'
        when ${stableMembers(kind, sql`here`)} = ${stableMembers(kind, sql`come`)} then 'same'
        else ${verdictOf(kind, importId, sql`here`, sql`come`)} end,
      reason = case when here.owner <> ${owner} then 'It belongs to somebody else.' end
    from import_row i
      cross join lateral json_populate_record(null::${table}, i.body::json) come
      join ${table} here on here.id = i.id
    where i.import_id = ${importId}::uuid and i.kind = ${kind} and ${which}
      and r.import_id = i.import_id and r.kind = i.kind and r.n = i.n`)
}

/** Of a row that is here in another form. */
function verdictOf(kind: Kind, importId: ImportId, here: SQL, come: SQL): SQL {
  if (kind === 'memory') {
    // The one that knows the other's words as its past is ahead of it.
    const past = (journal: SQL, of: SQL) => sql`exists (select 1 from ${journal} where past.memory_id = ${of}.id
      and past.text = ${of}.text and past.status = ${of}.status)`
    const local = sql`(select j.memory_id, j.after -> 'memory' ->> 'text' as text, j.after -> 'memory' ->> 'status' as status from journal j) past`
    const incoming = sql`(select i2.id as memory_id, i2.body::json -> 'after' -> 'memory' ->> 'text' as text,
      i2.body::json -> 'after' -> 'memory' ->> 'status' as status from import_row i2
      where i2.import_id = ${importId}::uuid and i2.kind = 'journal') past`
    return sql`case when ${past(local, come)} then 'same' when ${past(incoming, here)} then 'changed' else 'conflicting' end`
  }
  if (kind === 'passage' || kind === 'proposal') return sql`'same'`
  if (kind === 'message' || kind === 'document') return sql`'conflicting'`
  return sql`case when ${come}.updated_at > ${here}.updated_at then 'changed' else 'same' end`
}

async function compareStores(tx: WriteHandle, owner: string, importId: ImportId): Promise<void> {
  await tx.execute(sql`
    update import_row r set verdict = case when here.owner <> ${owner} then 'refused'
      when here.definition = (r.body::jsonb -> 'definition') then 'same' else 'conflicting' end
    from store_definition here
    where ${staged(importId, 'store')} and here.id = r.body::json ->> 'id'`)
}

async function compareSettings(tx: WriteHandle, owner: string, importId: ImportId): Promise<void> {
  await tx.execute(sql`
    update import_row r set verdict = case when here.value = (r.body::jsonb -> 'value') then 'same' else 'conflicting' end
    from setting here
    where ${staged(importId, 'setting')} and here.owner = ${owner} and here.key = r.body::json ->> 'key'`)
}

/** A memory of another id that says exactly what one here says is no news. */
async function compareByText(tx: WriteHandle, owner: string, importId: ImportId): Promise<void> {
  await tx.execute(sql`
    update import_row r set verdict = 'same', reason = 'A memory here says exactly this.'
    where ${staged(importId, 'memory')} and r.verdict = 'new'
      and (r.body::json ->> 'store', lower(r.body::json ->> 'text')) in (
        select here.store, lower(here.text) from memory here
        where here.owner = ${owner} and here.status in ('active', 'proposed', 'archived', 'paused'))`)
}

/** Forgotten here for good: it comes back only when the person writes it again. */
async function refuseForgotten(tx: WriteHandle, owner: string, importId: ImportId): Promise<void> {
  await tx.execute(sql`
    update import_row r set verdict = 'refused', reason = 'You forgot this here. It is not brought back by an import.'
    where ${staged(importId, 'memory')} and r.verdict = 'new' and r.id in (
      select journal.memory_id from journal where journal.owner = ${owner} and journal.purged_at is not null)`)
}

/** Judges memories that differ anew, once the history of the file is staged. */
export async function compareHistories(tx: WriteHandle, owner: string, importId: ImportId): Promise<void> {
  await forManyRows(tx)
  await tx.execute(sql`set local enable_nestloop = off`)
  await compareById(tx, owner, importId, 'memory', sql`i.verdict in ('changed', 'conflicting')`)
  await tx.execute(sql`set local enable_nestloop = on`)
}

/**
 * The verdict on what belongs to other rows (`REST`): what belongs to a row that stays as it is here is here already, or would
 * contradict it.
 */
export async function compareRest(tx: WriteHandle, owner: string, importId: ImportId, sorted: boolean): Promise<void> {
  await forManyRows(tx)
  await tx.execute(sql`set local enable_nestloop = off`)
  if (!sorted) await refuseTwice(tx, importId)
  const refuse = refuser(tx, owner, importId)
  await refuse('passage', 'message', 'message_id', 'The message it is a part of is missing.')
  await refuse('passage', 'document', 'document_id', 'The document it is a part of is missing.')
  await refuse('usage', 'message', 'message_id', 'The answer it belongs to is missing.')
  await compareById(tx, owner, importId, 'passage')
  const stays = (kind: Kind) =>
    sql`(select i.id from import_row i where i.import_id = ${importId}::uuid and i.kind = ${kind}
      and i.verdict <> 'new' and i.id is not null)`
  await tx.execute(sql`
    update import_row r set verdict = 'same'
    where ${staged(importId, 'journal')} and (r.id in ${stays('memory')} or r.id in ${stays('entity')})`)
  await tx.execute(sql`
    update import_row r set verdict = 'same' where ${staged(importId, 'usage')} and r.id in ${stays('message')}`)
  await tx.execute(sql`
    update import_row r set verdict = 'same' where ${staged(importId, 'passage')} and r.verdict = 'new'
      and ((r.body::json ->> 'message_id')::uuid in ${stays('message')}
        or (r.body::json ->> 'document_id')::uuid in ${stays('document')})`)
  await tx.execute(sql`set local enable_nestloop = on`)
}

export interface VerdictCount {
  kind: string
  verdict: string
  n: number
  /** How many of them are messages of the person. */
  asked: number
}

/** How many rows of each kind have which verdict. */
export async function countVerdicts(tx: Pick<WriteHandle, 'execute'>, importId: ImportId): Promise<VerdictCount[]> {
  const { rows } = await tx.execute<VerdictCount & Record<string, unknown>>(sql`
    select kind, verdict, count(*)::int as n,
      (count(*) filter (where kind = 'message' and body::json ->> 'role' = 'user'))::int as asked
    from import_row where import_id = ${importId}::uuid group by kind, verdict`)
  return rows
}

/** Whether a kind is one of the archive's. */
export function isKind(kind: string): kind is Kind {
  return (KINDS as string[]).includes(kind)
}
