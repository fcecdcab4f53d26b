// Reads and writes of conversations: list with search and paging, rename, bin.
import { and, eq, isNotNull, isNull, or, sql } from 'drizzle-orm'
import type { ConversationMode, ConversationView } from '../../shared/chat.ts'
import type { Outputs } from '../../shared/contract/index.ts'
import { AppError } from '../../shared/errors.ts'
import type { ConversationId, ProjectId } from '../../shared/ids.ts'
import type { Clock } from '../app/clock.ts'
import type { Database, ReadHandle } from '../database/database.ts'
import { conversation, message } from '../database/schema.ts'

export type ConversationRow = typeof conversation.$inferSelect

/** Which conversations a list shows; without any of it all that are not archived. */
export interface ConversationQuery {
  query?: string | undefined
  archived?: boolean | undefined
  projectId?: ProjectId | null | undefined
  cursor?: string | null | undefined
  limit?: number | undefined
}

/** What is not named stays as it is. */
export interface ConversationChange {
  id: ConversationId
  pinned?: boolean | undefined
  archived?: boolean | undefined
  projectId?: ProjectId | null | undefined
}

export function viewConversation({ pinnedAt, archivedAt, ...row }: ConversationRow): ConversationView {
  const { id, title, createdAt, updatedAt, mode, projectId, unread } = row
  const [pinned, archived] = [pinnedAt !== null, archivedAt !== null]
  const toolRules = row.toolRules.map(({ tool, rule }) => ({ tool, rule }))
  return { id, title, createdAt, updatedAt, mode, projectId, pinned, archived, unread, toolRules }
}

/** @throws AppError NOT_FOUND */
export async function readConversation(db: ReadHandle, owner: string, id: ConversationId): Promise<ConversationRow> {
  const [row] = await db
    .select()
    .from(conversation)
    .where(and(eq(conversation.id, id), eq(conversation.owner, owner)))
  if (!row) throw gone()
  return row
}

function gone(): AppError {
  return new AppError('NOT_FOUND', 'This conversation does not exist on this computer.')
}

export async function listConversations(
  db: ReadHandle,
  owner: string,
  query: ConversationQuery,
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
  const all = and(
    eq(conversation.owner, owner),
    isNull(conversation.trashedAt),
    query.archived ? isNotNull(conversation.archivedAt) : isNull(conversation.archivedAt),
    query.projectId ? eq(conversation.projectId, query.projectId) : undefined,
    found,
  )
  const pinned = sql`(${conversation.pinnedAt} is not null)`
  const cursor = query.cursor ? parseCursor(query.cursor) : null
  const rows = await db
    .select()
    .from(conversation)
    .where(
      and(
        all,
        cursor
          ? sql`(${pinned}, ${conversation.updatedAt}, ${conversation.id})
              < (${cursor.pinned}::boolean, ${cursor.at}::timestamptz, ${cursor.id}::uuid)`
          : undefined,
      ),
    )
    .orderBy(sql`${pinned} desc, ${conversation.updatedAt} desc, ${conversation.id} desc`)
    .limit(limit + 1)
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return {
    items: items.map(viewConversation),
    total: await db.$count(conversation, all),
    nextCursor: rows.length > limit && last ? cursorOf(last) : null,
  }
}

function cursorOf({ pinnedAt, updatedAt, id }: ConversationRow): string {
  return `${pinnedAt === null ? 'n' : 'p'}|${updatedAt.toISOString()}|${id}`
}

function parseCursor(cursor: string): { pinned: boolean; at: string; id: string } {
  const match = /^(?<pinned>[np])\|(?<at>\d{4}-[\dT:.-]+Z)\|(?<id>[0-9a-f-]{36})$/.exec(cursor)
  if (!match?.groups)
    throw new AppError('INVALID_INPUT', 'The list could not be continued from there.', { field: 'cursor' })
  return { pinned: match.groups['pinned'] === 'p', at: match.groups['at'] ?? '', id: match.groups['id'] ?? '' }
}

/** A title by hand: no automatic one replaces it, and the list keeps its order. */
export function renameConversation(
  db: Database,
  owner: string,
  id: ConversationId,
  title: string,
): Promise<ConversationView> {
  return update(db, 'chat.rename', owner, id, { title, titleSource: 'person' })
}

export function setConversationMode(
  db: Database,
  owner: string,
  id: ConversationId,
  mode: ConversationMode,
): Promise<ConversationView> {
  return update(db, 'chat.mode', owner, id, { mode })
}

export function setConversationTrashed(
  db: Database,
  clock: Clock,
  owner: string,
  id: ConversationId,
  trashed: boolean,
): Promise<ConversationView> {
  return update(db, 'chat.trash', owner, id, { trashedAt: trashed ? clock.now() : null })
}

/** Pins, archives, moves to a project; what is not named stays. One that is archived is no longer pinned. */
export function changeConversation(
  db: Database,
  clock: Clock,
  owner: string,
  { id, pinned, archived, projectId }: ConversationChange,
): Promise<ConversationView> {
  const when = (is: boolean) => (is ? clock.now() : null)
  return update(db, 'chat.change', owner, id, {
    ...(pinned === undefined ? {} : { pinnedAt: when(pinned) }),
    ...(archived === undefined ? {} : { archivedAt: when(archived), ...(archived ? { pinnedAt: null } : {}) }),
    ...(projectId === undefined ? {} : { projectId }),
  })
}

/** Somebody looks at it. */
export function markRead(db: Database, owner: string, id: ConversationId): Promise<ConversationView> {
  return update(db, 'chat.unread', owner, id, { unread: false })
}

/** @throws AppError NOT_FOUND */
async function update(
  db: Database,
  name: string,
  owner: string,
  id: ConversationId,
  values: Partial<typeof conversation.$inferInsert>,
): Promise<ConversationView> {
  if (Object.keys(values).length === 0) return viewConversation(await readConversation(db.read, owner, id))
  const [row] = await db.write(name, (tx) =>
    tx
      .update(conversation)
      .set(values)
      .where(and(eq(conversation.id, id), eq(conversation.owner, owner)))
      .returning(),
  )
  if (!row) throw gone()
  return viewConversation(row)
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
