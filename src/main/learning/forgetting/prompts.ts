// Stored prompts without what was forgotten.
import { and, eq, inArray, or, sql } from 'drizzle-orm'
import type { MemoryId, MessageId, PassageId } from '../../../shared/ids.ts'
import type { WriteHandle } from '../../database/database.ts'
import { conversation, message } from '../../database/schema.ts'
import { changeLines, itemId } from '../context/blocks.ts'

/**
 * Takes the lines of forgotten memories and passages out of every stored block.
 * @param touched messages that lost words: why their own blocks recalled something is told with words of theirs
 */
export async function eraseFromPrompts(
  tx: WriteHandle,
  owner: string,
  ids: ReadonlySet<MemoryId | PassageId>,
  touched: ReadonlySet<MessageId>,
): Promise<void> {
  const list = [...ids]
  const holds = (block: typeof message.recalledBlock | typeof conversation.coreBlock) =>
    list.length === 0
      ? sql`false`
      : sql`exists (select 1 from jsonb_array_elements(${block} -> 'items') item
          where item ->> 'memoryId' in ${list} or item ->> 'passageId' in ${list})`
  const messages = await tx
    .select({ id: message.id, block: message.recalledBlock })
    .from(message)
    .where(
      and(
        eq(message.owner, owner),
        sql`jsonb_typeof(${message.recalledBlock}) = 'object'`,
        or(holds(message.recalledBlock), touched.size > 0 ? inArray(message.id, [...touched]) : undefined),
      ),
    )
  for (const { id, block } of messages) {
    const recalledBlock =
      block &&
      changeLines(block, (line) => {
        if (ids.has(itemId(line))) return null
        return touched.has(id) ? { ...line, reason: { ...line.reason, words: [] } } : line
      })
    await tx.update(message).set({ recalledBlock }).where(eq(message.id, id))
  }
  const conversations = await tx
    .select({ id: conversation.id, block: conversation.coreBlock })
    .from(conversation)
    .where(
      and(
        eq(conversation.owner, owner),
        sql`jsonb_typeof(${conversation.coreBlock}) = 'object'`,
        holds(conversation.coreBlock),
      ),
    )
  for (const { id, block } of conversations) {
    const coreBlock = block && changeLines(block, (line) => (ids.has(itemId(line)) ? null : line))
    await tx.update(conversation).set({ coreBlock }).where(eq(conversation.id, id))
  }
}
