// The best of an index of words_to_find, as ids alone. A statement of its own, because the index orders by itself only what
// is asked for at the top of one: within another the score is made again from each text, which takes two milliseconds a row.
import { type SQL, sql } from 'drizzle-orm'
import type { ReadHandle } from './database.ts'

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
  const { rows } = await db.execute<{ id: Id }>(
    sql`select id from ${sql.identifier(of)} ${where} order by ${text} <@> to_bm25query(${words}, ${index}) limit ${take}`,
  )
  return rows.map(({ id }) => id)
}
