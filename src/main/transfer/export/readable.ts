// The copy of an archive that a person reads: Markdown, in folders they understand. An import takes no notice of it.
import { type SQL, sql } from 'drizzle-orm'
import type { ReadHandle } from '../../database/database.ts'

export interface ReadableFile {
  path: string
  text: string
}

const MEMORIES_AT_ONCE = 2000
const CHATS_AT_ONCE = 50

/** One file a store, its items newest first, with whose words each rests on. */
export async function* readableMemories(
  db: ReadHandle,
  where: SQL,
  titleOf: (store: string) => string,
): AsyncGenerator<{ path: string; parts: AsyncGenerator<string> }> {
  const { rows } = await db.execute<{ store: string }>(
    sql`select distinct store from memory where ${where} order by store`,
  )
  for (const { store } of rows) {
    yield { path: `readable/memories/${fileName(titleOf(store))}.md`, parts: partsOf(db, where, store, titleOf(store)) }
  }
}

async function* partsOf(db: ReadHandle, where: SQL, store: string, title: string): AsyncGenerator<string> {
  yield `# ${title}\n\n`
  let last: SQL = sql`true`
  for (;;) {
    const { rows } = await db.execute<{
      id: string
      text: string
      status: string
      day: string
      quote: string | null
    }>(sql`
      select id, text, status, to_char(created_at, 'YYYY-MM-DD') as day,
        (select source.quote from evidence source where source.memory_id = memory.id order by source.at desc, source.id limit 1) as quote
      from memory where ${where} and store = ${store} and ${last} order by id desc limit ${MEMORIES_AT_ONCE}`)
    const end = rows.at(-1)
    if (!end) return
    yield rows
      .map(({ text, status, day, quote }) => {
        const state = status === 'active' ? '' : `, ${status}`
        const source = quote && quote !== text ? `\n  > ${oneLine(quote)}` : ''
        return `- ${oneLine(text)} (${day}${state})${source}\n`
      })
      .join('')
    if (rows.length < MEMORIES_AT_ONCE) return
    last = sql`id < ${end.id}::uuid`
  }
}

interface Chat {
  id: string
  title: string
  created: string
  head: string | null
}

/** One file a conversation: the branch that is shown. */
export async function* readableConversations(db: ReadHandle, where: SQL): AsyncGenerator<ReadableFile> {
  let last: SQL = sql`true`
  for (;;) {
    const { rows } = await db.execute<Chat & Record<string, unknown>>(sql`
      select id, title, to_char(created_at, 'YYYY-MM-DD HH24:MI') as created, head_id as head
      from conversation where ${where} and ${last} order by id limit ${CHATS_AT_ONCE}`)
    const end = rows.at(-1)
    if (!end) return
    const branches = await branchesOf(db, rows)
    for (const chat of rows) {
      const path = `readable/conversations/${chat.created.slice(0, 7)}/${chat.created.slice(0, 10)} ${fileName(chat.title)} ${chat.id.slice(-8)}.md`
      yield { path, text: conversationMarkdown(chat, branches.get(chat.id) ?? []) }
    }
    if (rows.length < CHATS_AT_ONCE) return
    last = sql`id > ${end.id}::uuid`
  }
}

export interface SaidMessage {
  role: 'user' | 'assistant'
  text: string
  at: string
}

/** A conversation as Markdown: its title, and who said what when. */
export function conversationMarkdown(
  { title, created }: { title: string; created: string },
  messages: readonly SaidMessage[],
): string {
  const said = messages.map(
    ({ role, text, at }) => `## ${role === 'user' ? 'You' : 'Understudy'}, ${at}\n\n${text.trim()}\n`,
  )
  return [`# ${oneLine(title) || 'Conversation'}\n`, `${created}\n`, ...said].join('\n')
}

/** The shown branch of each conversation, oldest first. */
async function branchesOf(db: ReadHandle, chats: readonly Chat[]): Promise<Map<string, SaidMessage[]>> {
  const ids = sql.param(chats.map(({ id }) => id))
  const { rows } = await db.execute<{
    id: string
    parent: string | null
    role: 'root' | 'user' | 'assistant'
    text: string
    at: string
  }>(sql`
    select id, parent_id as parent, role, text, to_char(created_at, 'YYYY-MM-DD HH24:MI') as at
    from message where conversation_id = any(${ids}::uuid[])`)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return new Map(
    chats.map(({ id, head }) => {
      const line: SaidMessage[] = []
      const seen = new Set<string>()
      for (let at = head; at !== null && !seen.has(at); ) {
        seen.add(at)
        const row = byId.get(at)
        if (!row) break
        if (row.role !== 'root') line.push({ role: row.role, text: row.text, at: row.at })
        at = row.parent
      }
      return [id, line.reverse()]
    }),
  )
}

/** Whatever the text holds, it stays one line. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').trim()
}

/** A name that every file system takes. */
export function fileName(text: string): string {
  const plain = text
    .replaceAll(/[\p{Cc}\p{Cf}<>:"/\\|?*]/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .replace(/[. ]+$/u, '')
  return [...plain].slice(0, 60).join('').trim() || 'untitled'
}
