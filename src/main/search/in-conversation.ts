// Words in one conversation: every place in its shown branch, as a browser finds words on a page.
import { and, eq, sql } from 'drizzle-orm'
import type { Outputs } from '../../shared/contract/index.ts'
import { AppError } from '../../shared/errors.ts'
import type { ConversationId, MessageId } from '../../shared/ids.ts'
import type { ReadHandle } from '../database/database.ts'
import { conversation } from '../database/schema.ts'

type Places = Outputs['search']['inConversation']

const MOST_PLACES = 1000

/**
 * @param query spaces of any kind and number are alike, and so are upper and lower case
 * @throws AppError NOT_FOUND
 */
export async function findInConversation(
  db: ReadHandle,
  owner: string,
  conversationId: ConversationId,
  query: string,
): Promise<Places> {
  const [row] = await db
    .select({ headId: conversation.headId })
    .from(conversation)
    .where(and(eq(conversation.id, conversationId), eq(conversation.owner, owner)))
  if (!row) throw new AppError('NOT_FOUND', 'This conversation does not exist on this computer.')
  const words = query.trim().split(/\s+/u).filter(Boolean)
  if (words.length === 0 || row.headId === null) return { places: [], total: 0 }
  const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join('\\s+'), 'giu')
  // Only texts that may hold it are read; for signs beyond ASCII the database folds case by other rules.
  const longest = words.filter((word) => /^[\x00-\x7f]+$/.test(word)).sort((a, b) => b.length - a.length)[0]
  const may = longest === undefined ? sql`true` : sql`text ilike ${`%${longest.replace(/[\\%_]/g, '\\$&')}%`}`
  const { rows } = await db.execute<{ found: { id: MessageId; text: string }[] }>(sql`
    with recursive branch as (
      select id, parent_id, depth from message where id = ${row.headId} and owner = ${owner}
      union all
      select message.id, message.parent_id, message.depth from message join branch on message.id = branch.parent_id
    )
    select coalesce(json_agg(json_build_object('id', message.id, 'text', message.text) order by message.depth), '[]') as found
    from branch join message using (id) where message.role <> 'root' and ${may}`)
  const places: Places['places'] = []
  let total = 0
  for (const { id, text } of rows[0]?.found ?? []) {
    for (const match of text.matchAll(pattern)) {
      total += 1
      if (places.length < MOST_PLACES) {
        places.push({ messageId: id, start: match.index, end: match.index + match[0].length })
      }
    }
  }
  return { places, total }
}
