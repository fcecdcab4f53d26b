// Where the lines of an archive come from and go to: the table of each kind, the key its rows are read in order of, and what
// a line has beside its columns.
import { getTableName, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import * as schema from '../../database/schema.ts'
import { type Kind, lines } from './format.ts'

interface KindTable {
  table: PgTable
  /** Columns that name a row, in the order of an index. */
  key: readonly string[]
  /** Rows read or written at once: lines of some kinds are long. */
  atOnce: number
  /** Members of a line that are not columns, as expressions on a row of the table under its own name. */
  made: Record<string, SQL>
}

const list = (rows: SQL) => sql`(select coalesce(json_agg(row_to_json(one)), '[]'::json) from (${rows}) one)`

export const TABLES: Record<Kind, KindTable> = {
  store: { table: schema.storeDefinition, key: ['id'], atOnce: 200, made: {} },
  setting: { table: schema.setting, key: ['key'], atOnce: 200, made: {} },
  project: { table: schema.project, key: ['id'], atOnce: 500, made: {} },
  conversation: { table: schema.conversation, key: ['id'], atOnce: 2000, made: {} },
  message: {
    table: schema.message,
    key: ['id'],
    atOnce: 2000,
    // Nobody goes on writing it elsewhere.
    made: { status: sql`case when message.status = 'pending' then 'interrupted' else message.status end` },
  },
  document: { table: schema.document, key: ['id'], atOnce: 10, made: {} },
  entity: {
    table: schema.entity,
    key: ['id'],
    atOnce: 2000,
    made: {
      aliases: list(sql`select alias.alias, alias.folded, alias.derived from entity_alias alias
        where alias.entity_id = entity.id order by alias.folded`),
    },
  },
  memory: {
    table: schema.memory,
    key: ['id'],
    atOnce: 2000,
    made: {
      evidence: list(sql`select source.id, source.origin, source.conversation_id, source.message_id, source.document_id,
        source.quote, source.start, source."end", source.at
        from evidence source where source.memory_id = memory.id order by source.at, source.id`),
    },
  },
  proposal: { table: schema.proposal, key: ['id'], atOnce: 500, made: {} },
  passage: { table: schema.passage, key: ['id'], atOnce: 2000, made: {} },
  usage: { table: schema.usage, key: ['message_id', 'rank'], atOnce: 2000, made: {} },
  journal: { table: schema.journal, key: ['seq'], atOnce: 2000, made: {} },
  vector: {
    table: schema.embedding,
    key: ['target_id', 'part', 'model'],
    atOnce: 2000,
    // The binary form of pgvector without its head: the numbers, big-endian.
    made: { vector: sql`replace(encode(substring(vector_send(embedding.vector) from 5), 'base64'), E'\n', '')` },
  },
}

/** The name of a kind's table. */
export function tableOf(kind: Kind): string {
  return getTableName(TABLES[kind].table)
}

/** Members of a line of a kind, in their order. */
export function membersOf(kind: Kind): string[] {
  return Object.keys(lines[kind].shape)
}
