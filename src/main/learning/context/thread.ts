// The thread of a conversation that outgrew the context window: what its oldest messages said, right after the core. It
// is written when a part of the conversation goes and kept byte for byte until more goes, so that the engine's prefix
// cache holds between. A conversation of a project begins with that of the others.
import { and, asc, desc, eq, inArray, isNotNull, ne, type SQL, sql } from 'drizzle-orm'
import type { ConversationId } from '../../../shared/ids.ts'
import type { ReadHandle } from '../../database/database.ts'
import { memory, message, type PromptBlock } from '../../database/schema.ts'
import { isVisible, type Viewer } from '../../database/visible.ts'
import type { ContextRequest } from '../learning.ts'
import type { LearningPorts } from '../ports.ts'
import type { MemoryRow } from '../rows.ts'
import { withPart } from './blocks.ts'
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

/**
 * @returns the core block with the thread behind it where a part of the conversation is left out of the prompt, and with
 *   that of the project's other conversations where this one belongs to one
 */
export async function keepThread(
  ports: Pick<LearningPorts, 'db' | 'model'>,
  renderer: Renderer,
  viewer: Viewer,
  request: ContextRequest,
  core: PromptBlock,
): Promise<PromptBlock> {
  const stores = renderer.stores.filter(({ policy }) => policy.placement === 'thread').map(({ id }) => id)
  if (stores.length === 0) return core
  const { owner, conversationId } = request
  const size = ports.model.contextSize ?? ASSUMED_CONTEXT
  const cut = await cutOf(ports.db.read, owner, conversationId, size)
  const has = core.items.some(({ thread }) => thread)
  const inProject = (request.projectId ?? null) !== null
  const begins = request.core === null && inProject
  const goesOn = cut.isCut && (!has || cut.moved)
  if (!begins && !goesOn) return core
  const tokens = Math.min(THREAD_TOKENS, Math.floor(size * SHARE))
  let kept = core
  // Read with the prompt that is new anyway: at the beginning, and when the thread moves.
  if (inProject) {
    const rows = await readThread(ports.db.read, viewer, stores, ne(memory.conversationId, conversationId), desc)
    kept = withPart(kept, 'project', await renderer.thread('project', rows.reverse(), Math.floor(tokens / 2)))
  }
  if (goesOn) {
    const rows = await readThread(ports.db.read, viewer, stores, eq(memory.conversationId, conversationId), asc)
    kept = withPart(kept, 'thread', await renderer.thread('thread', rows, tokens))
  }
  return kept
}

/** What is kept of conversations that are seen from here, in an order by time. */
function readThread(
  db: ReadHandle,
  viewer: Viewer,
  stores: readonly string[],
  where: SQL,
  order: typeof asc,
): Promise<MemoryRow[]> {
  return db
    .select()
    .from(memory)
    .where(and(isVisible(viewer, sql`memory`), where, eq(memory.status, 'active'), inArray(memory.store, [...stores])))
    .orderBy(order(memory.createdAt), order(memory.id))
    .limit(MOST_ITEMS)
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
