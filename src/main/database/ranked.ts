// The best of an index of words_to_find, as ids alone. A statement of its own, because the index orders by itself only what
// is asked for at the top of one: within another the score is made again from each text, which takes two milliseconds a row.
import { type SQL, sql } from 'drizzle-orm'
import type { ReadHandle } from './database.ts'
import { QueryError } from './messages.ts'

const INDEXES = {
  message: {
    text: sql`words_to_find(message.text)`,
    index: sql.raw(`'message_find'`),
    // As the index says it, or it is not used.
    where: sql`where status <> 'pending' and role <> 'root'`,
  },
  conversation: { text: sql`words_to_find(conversation.title)`, index: sql.raw(`'conversation_find'`), where: sql`` },
  memory: { text: sql`words_to_find(memory.text)`, index: sql.raw(`'memory_find'`), where: sql`` },
} satisfies Record<string, { text: SQL; index: SQL; where: SQL }>

/**
 * @param words what the index is asked for (`indexWords`); of an empty text there is nothing
 * @returns at most `take` ids, best first, of everybody and in every state
 */
export async function rankedIds<Id extends string>(
  db: ReadHandle,
  of: keyof typeof INDEXES,
  words: string,
  take: number,
): Promise<Id[]> {
  if (words === '') return []
  const { text, index, where } = INDEXES[of]
  try {
    const { rows } = await db.execute<{ id: Id }>(
      sql`select id from ${sql.identifier(of)} ${where} order by ${text} <@> to_bm25query(${words}, ${index}) limit ${take}`,
    )
    return rows.map(({ id }) => id)
  } catch (error) {
    if (!isMissingIndex(error)) throw error
    return await rankedByWholeWords(db, of, words, take)
  }
}

/** What Postgres calls an index that is not there, and the extension one that cannot be searched. */
const MISSING = ['42704', '42P01', '42809', '22023']

function isMissingIndex(error: unknown): boolean {
  return error instanceof QueryError && MISSING.includes(error.code ?? '')
}

/** While the index is being made, after a large import: by whole words, as recall finds them. */
async function rankedByWholeWords<Id extends string>(
  db: ReadHandle,
  of: keyof typeof INDEXES,
  words: string,
  take: number,
): Promise<Id[]> {
  if (of === 'conversation') return []
  const [table, id, index] =
    of === 'memory' ? ['memory', 'id', 'memory_words'] : ['passage', 'message_id', 'passage_words']
  const { rows } = await db.execute<{ id: Id | null }>(sql`
    select ${sql.identifier(id)} as id from ${sql.identifier(table)}
    order by text <@> to_bm25query(${words}, ${sql.raw(`'${index}'`)}) limit ${take}`)
  return [...new Set(rows.flatMap((row) => row.id ?? []))]
}
