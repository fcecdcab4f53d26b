// What has to agree in a whole database, one statement each, giving the ids of what does not. Where the schema already forbids
// it (keys, checks, references), nothing stands here.
import { type SQL, sql } from 'drizzle-orm'

export interface Agreement {
  rule: string
  /** The table whose ids it names. */
  table: string
  broken: SQL
}

/** The last entry the journal has of each item or entity. */
const last = (target: 'memory' | 'entity') => sql`
  (select distinct on (memory_id) memory_id, owner, after, purged_at, action, seq from journal
   where target = ${target} order by memory_id, seq desc)`

export const AGREEMENTS: readonly Agreement[] = [
  {
    rule: 'every item is as the journal says',
    table: 'memory',
    broken: sql`select memory.id from memory join ${last('memory')} entry on entry.memory_id = memory.id
      where entry.after is not null and (
        entry.after -> 'memory' ->> 'text' is distinct from memory.text
        or entry.after -> 'memory' ->> 'status' is distinct from memory.status
        or (entry.after -> 'memory' ->> 'version')::integer is distinct from memory.version
        or entry.after -> 'memory' -> 'data' is distinct from memory.data
        or entry.after -> 'memory' ->> 'kind' is distinct from memory.kind
        or entry.after -> 'memory' ->> 'namespace' is distinct from memory.namespace
        or (entry.after -> 'memory' ->> 'pinned')::boolean is distinct from memory.pinned)`,
  },
  {
    rule: 'every item is in the journal',
    table: 'memory',
    broken: sql`select memory.id from memory
      where not exists (select from journal where journal.memory_id = memory.id and journal.target = 'memory')`,
  },
  {
    rule: 'what the journal keeps is there',
    table: 'journal',
    broken: sql`select entry.seq as id from ${last('memory')} entry
      where entry.after is not null and entry.purged_at is null
        and not exists (select from memory where memory.id = entry.memory_id)`,
  },
  {
    rule: 'every entity is as the journal says',
    table: 'entity',
    broken: sql`select entity.id from entity join ${last('entity')} entry on entry.memory_id = entity.id
      where entry.after is not null and (
        entry.after -> 'entity' ->> 'name' is distinct from entity.name
        or entry.after -> 'entity' ->> 'status' is distinct from entity.status
        or (entry.after -> 'entity' ->> 'version')::integer is distinct from entity.version)`,
  },
  {
    rule: 'every item rests on something',
    table: 'memory',
    broken: sql`select memory.id from memory where not memory_is_founded(memory)`,
  },
  {
    rule: 'what took an item its place is there',
    table: 'memory',
    broken: sql`select memory.id from memory
      where superseded_by is not null and not exists (select from memory next where next.id = memory.superseded_by)`,
  },
  {
    rule: 'every vector belongs to something',
    table: 'embedding',
    broken: sql`select target_id as id from embedding
      where not exists (select from memory where id = target_id) and not exists (select from passage where id = target_id)`,
  },
  {
    rule: 'every message hangs in the tree of its chat',
    table: 'message',
    broken: sql`select message.id from message left join message parent on parent.id = message.parent_id
      where message.role <> 'root' and (parent.id is null or parent.conversation_id <> message.conversation_id
        or message.depth <> parent.depth + 1)`,
  },
  {
    rule: 'every chat shows a branch of its own',
    table: 'conversation',
    broken: sql`select conversation.id from conversation left join message on message.id = conversation.head_id
      where conversation.head_id is not null and message.conversation_id is distinct from conversation.id`,
  },
  {
    rule: 'every chat has one root',
    table: 'conversation',
    broken: sql`select conversation.id from conversation
      where 1 <> (select count(*) from message where conversation_id = conversation.id and role = 'root')`,
  },
  {
    rule: 'every proposed item waits for somebody',
    table: 'memory',
    broken: sql`select memory.id from memory where status = 'proposed'
      and not exists (select from proposal where proposal.memory_id = memory.id or proposal.result_id = memory.id)`,
  },
  {
    rule: 'undone is undone by something',
    table: 'journal',
    broken: sql`select journal.seq as id from journal where undone_by is not null and purged_at is null
      and not exists (select from journal other where other.batch_id = journal.undone_by)`,
  },
]
