// The thread of a conversation that outgrew the context window: what its oldest messages said, right after the core. It
// is written when a part of the conversation goes and kept byte for byte until more goes, so that the engine's prefix
// cache holds between.
import { and, asc, desc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { ConversationId } from '../../../shared/ids.ts'
import type { ReadHandle } from '../../database/database.ts'
import { memory, message, type PromptBlock } from '../../database/schema.ts'
import { isVisible, type Viewer } from '../../database/visible.ts'
import type { ContextRequest } from '../learning.ts'
import type { LearningPorts } from '../ports.ts'
import { withThread } from './blocks.ts'
import type { Renderer } from './renderer.ts'

/** Most tokens of the thread, and the share of the context window it may take. */
const THREAD_TOKENS = 400
const SHARE = 1 / 8
const ASSUMED_CONTEXT = 4096
/** The window keeps a quarter for the answer; of the rest a part is the core and what is recalled. */
const TALK_SHARE = 0.65
/** UTF-8 bytes a token has at least, over a whole conversation. */
const BYTES_PER_TOKEN = 3.5
const MOST_ITEMS = 200

/** @returns the core block with the thread behind it where a part of the conversation is left out of the prompt */
export async function keepThread(
  { db, model }: Pick<LearningPorts, 'db' | 'model'>,
  renderer: Renderer,
  viewer: Viewer,
  { owner, conversationId }: ContextRequest,
  core: PromptBlock,
): Promise<PromptBlock> {
  const stores = renderer.stores.filter(({ policy }) => policy.placement === 'thread').map(({ id }) => id)
  if (stores.length === 0) return core
  const size = model.contextSize ?? ASSUMED_CONTEXT
  const cut = await cutOf(db.read, owner, conversationId, size)
  const has = core.items.some(({ thread }) => thread)
  if (!cut.isCut || (has && !cut.moved)) return core
  const rows = await db.read
    .select()
    .from(memory)
    .where(
      and(
        isVisible(viewer, sql`memory`),
        eq(memory.conversationId, conversationId),
        eq(memory.status, 'active'),
        inArray(memory.store, stores),
      ),
    )
    .orderBy(asc(memory.createdAt), asc(memory.id))
    .limit(MOST_ITEMS)
  return withThread(core, await renderer.thread(rows, Math.min(THREAD_TOKENS, Math.floor(size * SHARE))))
}

/** Whether the last answer was written without the oldest messages, or this one will be, and whether more went then. */
async function cutOf(
  db: ReadHandle,
  owner: string,
  conversationId: ConversationId,
  contextSize: number,
): Promise<{ isCut: boolean; moved: boolean }> {
  const here = and(eq(message.owner, owner), eq(message.conversationId, conversationId))
  const [answers, [said]] = await Promise.all([
    db
      .select({ stats: message.stats })
      .from(message)
      .where(and(here, eq(message.role, 'assistant'), isNotNull(message.stats)))
      .orderBy(desc(message.createdAt), desc(message.id))
      .limit(2),
    db
      .select({ bytes: sql<number>`coalesce(sum(octet_length(${message.text})), 0)::integer` })
      .from(message)
      .where(here),
  ])
  const [last = 0, before = 0] = answers.map(({ stats }) => stats?.leftOutMessages ?? 0)
  const outgrown = (said?.bytes ?? 0) / BYTES_PER_TOKEN > contextSize * TALK_SHARE
  return { isCut: last > 0 || outgrown, moved: last !== before }
}
