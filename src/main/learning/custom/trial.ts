// What a store would learn from past conversations, told as it is found; nothing is saved.
import { and, desc, eq, isNull } from 'drizzle-orm'
import type { TrialEvent } from '../../../shared/contract/stores.ts'
import { type CustomStoreDefinition, customStoreDefinition } from '../../../shared/custom-store.ts'
import { AppError } from '../../../shared/errors.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { conversation, message } from '../../database/schema.ts'
import { askModel } from '../ask-model.ts'
import { extract } from '../extraction/extract.ts'
import type { LearningPorts } from '../ports.ts'
import type { LearningStore } from '../protocol.ts'
import { readTurn } from '../turns.ts'
import { customStore } from './store.ts'

export interface TrialRequest {
  definition: CustomStoreDefinition
  conversationId?: ConversationId | null
  /** At most so many messages, the latest first. */
  turns: number
}

/** What the store it would be goes by while it is tried. */
const NO_STORE = 'custom:00000000'

/**
 * @param beside stores that want sentences too, as they would when it learns: with nothing else to choose, a small model
 *   sorts everything into the one there is
 */
export async function* tryStore(
  ports: Pick<LearningPorts, 'db' | 'clock' | 'model' | 'log'>,
  beside: readonly LearningStore[],
  owner: string,
  { definition, conversationId = null, turns }: TrialRequest,
  signal = new AbortController().signal,
): AsyncGenerator<TrialEvent> {
  const { db, clock } = ports
  const store = customStore(NO_STORE, customStoreDefinition.parse(definition), owner) as unknown as LearningStore
  const rows = await db.read
    .select({ id: message.id, title: conversation.title, conversationId: message.conversationId })
    .from(message)
    .innerJoin(conversation, eq(conversation.id, message.conversationId))
    .where(
      and(
        eq(message.owner, owner),
        eq(message.role, 'user'),
        eq(message.learnable, true),
        eq(message.imported, false),
        isNull(conversation.trashedAt),
        conversationId === null ? undefined : eq(conversation.id, conversationId),
      ),
    )
    .orderBy(desc(message.createdAt), desc(message.id))
    .limit(turns)
  yield { type: 'progress', done: 0, turns: rows.length }
  for (const [index, row] of rows.entries()) {
    signal.throwIfAborted()
    try {
      const turn = await readTurn(db.read, owner, row.id, clock.timeZone)
      const { finds } = turn ? await extract(turn, [store, ...beside], askModel(ports, signal)) : { finds: [] }
      for (const { store: finder, found } of finds) {
        if (finder !== store) continue
        const [source] = found.evidence
        yield {
          type: 'find',
          find: {
            text: found.item.text,
            data: found.item.content,
            quote: source?.quote ?? '',
            start: source?.start ?? null,
            end: source?.end ?? null,
            conversationId: row.conversationId,
            conversationTitle: row.title,
            messageId: row.id,
          },
        }
      }
    } catch (error) {
      if (!(error instanceof AppError) || signal.aborted) throw error
      yield { type: 'failed', error: { code: error.code, message: error.message } }
      return
    }
    yield { type: 'progress', done: index + 1, turns: rows.length }
  }
}
