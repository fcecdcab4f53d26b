// One conversation as a plain text: the shown branch as Markdown, or every branch as JSON.
import { rename, rm, stat, writeFile } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import type { ReadHandle } from '../../database/database.ts'
import { readableConversations } from './readable.ts'
import { readLines } from './rows.ts'

/**
 * Writes a conversation to a file.
 * @returns its size in bytes
 * @throws AppError NOT_FOUND when it is gone meanwhile; DISK_FULL, NOT_ALLOWED of the file
 */
export async function exportConversation(
  db: ReadHandle,
  { owner, id, format, path }: { owner: string; id: ConversationId; format: 'markdown' | 'json'; path: string },
): Promise<number> {
  const where = sql`conversation.owner = ${owner} and conversation.id = ${id}`
  const text = format === 'markdown' ? await markdownOf(db, where) : await jsonOf(db, where, id)
  if (text === null) throw new AppError('NOT_FOUND', 'This conversation does not exist any more.')
  const draft = `${path}.part`
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true })
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC')
      throw new AppError('DISK_FULL', 'There is not enough space for the file. Make room and try again.')
    throw new AppError(
      'NOT_ALLOWED',
      `The file could not be written (${code ?? 'unknown error'}). Choose another folder.`,
      {
        field: 'path',
        cause: error,
      },
    )
  }
  return (await stat(path)).size
}

async function markdownOf(db: ReadHandle, where: ReturnType<typeof sql>): Promise<string | null> {
  for await (const { text } of readableConversations(db, where)) return text
  return null
}

async function jsonOf(db: ReadHandle, where: ReturnType<typeof sql>, id: ConversationId): Promise<string | null> {
  const [conversation] = await linesOf(readLines(db, 'conversation', where))
  if (!conversation) return null
  const messages = await linesOf(readLines(db, 'message', sql`message.conversation_id = ${id}`))
  return `${JSON.stringify({ conversation, messages }, null, 2)}\n`
}

async function linesOf(pages: ReturnType<typeof readLines>): Promise<unknown[]> {
  const lines: unknown[] = []
  for await (const { text } of pages)
    lines.push(
      ...text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    )
  return lines
}
