// The turn that asks what is known of the person: answered from the memory page's own rows, which are recorded as used.
import { and, eq } from 'drizzle-orm'
import type { StoredCall } from '../../shared/chat.ts'
import type { RecallReason } from '../../shared/memory.ts'
import { message, usage } from '../database/schema.ts'
import { asksWhatIsKnown, tellWhatIsKnown } from './asks-known.ts'
import { readConversation } from './conversations.ts'
import type { ChatPorts } from './ports.ts'
import type { TurnIds } from './turn-ids.ts'

/** The look-up, as it is kept with the answer. */
const LOOKED_UP = 'what_is_known'

/** @returns the answer; null when the message asks something else, or nothing known may be used */
export async function answerWhatIsKnown(
  { db, learning }: ChatPorts,
  { owner, conversationId, questionId, answerId, withoutMemories = false, goesOn = false }: TurnIds,
): Promise<string | null> {
  if (withoutMemories || goesOn) return null
  const [question] = await db.read
    .select({ text: message.text })
    .from(message)
    .where(and(eq(message.id, questionId), eq(message.owner, owner)))
  const language = question && asksWhatIsKnown(question.text)
  if (!language) return null
  const { projectId } = await readConversation(db.read, owner, conversationId)
  const groups = await learning.known(owner, { projectId, conversationId })
  if (!groups) return null
  const items = groups.flatMap(({ store, items: of }) => of.map((item) => ({ store, ...item })))
  const call: StoredCall = {
    ...{ tool: LOOKED_UP, arguments: {}, status: 'found', batchId: null, proposals: [] },
    result: `Looked up what is known: ${items.length}.`,
    memories: items.map(({ id }) => id),
  }
  await db.write('chat.known', async (tx) => {
    await tx
      .update(message)
      .set({ calls: [call] })
      .where(eq(message.id, answerId))
    await tx.delete(usage).where(eq(usage.messageId, answerId))
    if (items.length === 0) return
    await tx.insert(usage).values(
      items.map(({ id, version, store, pinned }, rank) => ({
        ...{ messageId: answerId, owner, rank, memoryId: id, memoryVersion: version, store, tokens: 0 },
        section: 'recalled' as const,
        reason: { kind: kindOf(store, pinned), words: [], similarity: null },
      })),
    )
  })
  return tellWhatIsKnown(language, groups)
}

function kindOf(store: string, pinned: boolean): RecallReason['kind'] {
  if (store === 'user_profile') return 'profile'
  return pinned ? 'pinned' : 'recent'
}
