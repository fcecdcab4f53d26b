// Reads and writes of conversations: list with search and paging, rename, bin.
import { and, eq, isNull, or, sql } from 'drizzle-orm'
import type { ConversationMode, ConversationView } from '../../shared/chat.ts'
import type { Inputs, Outputs } from '../../shared/contract/index.ts'
import { AppError } from '../../shared/errors.ts'
import type { ConversationId } from '../../shared/ids.ts'
import type { Clock } from '../app/clock.ts'
import type { Database, ReadHandle } from '../database/database.ts'
import { conversation, message } from '../database/schema.ts'

type Row = typeof conversation.$inferSelect

export function viewConversation({ pinnedAt, archivedAt, ...row }: Row): ConversationView {
  const { id, title, createdAt, updatedAt, mode, projectId, unread } = row
  const [pinned, archived] = [pinnedAt !== null, archivedAt !== null]
  return { id, title, createdAt, updatedAt, mode, projectId, pinned, archived, unread }
}

/** @throws AppError NOT_FOUND */
export async function readConversation(db: ReadHandle, owner: string, id: ConversationId): Promise<Row> {
  const [row] = await db
    .select()
    .from(conversation)
    .where(and(eq(conversation.id, id), eq(conversation.owner, owner)))
  if (!row) throw new AppError('NOT_FOUND', 'This conversation does not exist on this computer.')
  return row
}

export async function listConversations(
  db: ReadHandle,
  owner: string,
  query: Inputs['chat']['list'],
): Promise<Outputs['chat']['list']> {
  const limit = query.limit ?? 50
  const words = (query.query ?? '').trim()
  const pattern = `%${words.replace(/[\\%_]/g, '\\$&')}%`
  const found =
    words === ''
      ? undefined
      : or(
          sql`${conversation.title} ilike ${pattern}`,
          sql`exists (select 1 from ${message} where ${message.conversationId} = ${conversation.id} and ${message.text} ilike ${pattern})`,
        )
  const all = and(eq(conversation.owner, owner), isNull(conversation.trashedAt), found)
  const cursor = query.cursor ? parseCursor(query.cursor) : null
  const rows = await db
    .select()
    .from(conversation)
    .where(
      and(
        all,
        cursor
          ? sql`(${conversation.updatedAt}, ${conversation.id}) < (${cursor.at}::timestamptz, ${cursor.id}::uuid)`
          : undefined,
      ),
    )
    .orderBy(sql`${conversation.updatedAt} desc, ${conversation.id} desc`)
    .limit(limit + 1)
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return {
    items: items.map(viewConversation),
    total: await db.$count(conversation, all),
    nextCursor: rows.length > limit && last ? `${last.updatedAt.toISOString()}|${last.id}` : null,
  }
}

function parseCursor(cursor: string): { at: string; id: string } {
  const match = /^(?<at>\d{4}-[\dT:.]+Z)\|(?<id>[0-9a-f-]{36})$/.exec(cursor)
  if (!match?.groups)
    throw new AppError('INVALID_INPUT', 'The list could not be continued from there.', { field: 'cursor' })
  return { at: match.groups['at'] ?? '', id: match.groups['id'] ?? '' }
}

/** A title by hand: no automatic one replaces it, and the list keeps its order. */
export async function renameConversation(
  db: Database,
  owner: string,
  id: ConversationId,
  title: string,
): Promise<ConversationView> {
  await db.write('chat.rename', (tx) =>
    tx
      .update(conversation)
      .set({ title, titleSource: 'person' })
      .where(and(eq(conversation.id, id), eq(conversation.owner, owner))),
  )
  return viewConversation(await readConversation(db.read, owner, id))
}

export async function setConversationMode(
  db: Database,
  owner: string,
  id: ConversationId,
  mode: ConversationMode,
): Promise<ConversationView> {
  await db.write('chat.mode', (tx) =>
    tx
      .update(conversation)
      .set({ mode })
      .where(and(eq(conversation.id, id), eq(conversation.owner, owner))),
  )
  return viewConversation(await readConversation(db.read, owner, id))
}

export async function setConversationTrashed(
  db: Database,
  clock: Clock,
  owner: string,
  id: ConversationId,
  trashed: boolean,
): Promise<ConversationView> {
  await db.write('chat.trash', (tx) =>
    tx
      .update(conversation)
      .set({ trashedAt: trashed ? clock.now() : null })
      .where(and(eq(conversation.id, id), eq(conversation.owner, owner))),
  )
  return viewConversation(await readConversation(db.read, owner, id))
}

/** The first words of the first message, cut at a word: a title at once, without a model. */
export function titleFrom(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? ''
  const flat = line.replace(/\s+/g, ' ')
  if (flat.length <= 60) return flat
  const cut = flat.slice(0, 60)
  const space = cut.lastIndexOf(' ')
  return `${cut.slice(0, space > 30 ? space : 60)}…`
}
