// One item with everything a person may ask about it: its sources, its history, why it is known.
import { and, asc, desc, eq, isNotNull } from 'drizzle-orm'
import type { Outputs } from '../../shared/contract/index.ts'
import type { EntityId, MemoryId } from '../../shared/ids.ts'
import type { ReadHandle } from '../database/database.ts'
import { conversation, evidence, memory, message } from '../database/schema.ts'
import { rootsOf } from './entities/rows.ts'
import { historyOf } from './journal/journal.ts'
import { explain } from './journal/why.ts'
import { needMemory, readMemories, viewMemory } from './rows.ts'

/** One item with everything a person may ask about it. */
export async function inspectMemory(db: ReadHandle, owner: string, id: MemoryId): Promise<Outputs['memory']['get']> {
  const row = await needMemory(db, owner, id)
  const sources = await db
    .select({ evidence, title: conversation.title, messageThere: message.id, trashedAt: conversation.trashedAt })
    .from(evidence)
    .leftJoin(message, eq(message.id, evidence.messageId))
    .leftJoin(conversation, eq(conversation.id, evidence.conversationId))
    .where(and(eq(evidence.memoryId, id), eq(evidence.owner, owner)))
    .orderBy(asc(evidence.at), asc(evidence.id))
  const [replaced] = await db
    .select()
    .from(memory)
    .where(and(eq(memory.owner, owner), isNotNull(memory.supersededBy), eq(memory.supersededBy, id)))
    .orderBy(desc(memory.updatedAt))
    .limit(1)
  const by = row.supersededBy ? (await readMemories(db, owner, [row.supersededBy])).get(row.supersededBy) : undefined
  return {
    memory: viewMemory(row),
    evidence: sources.map(({ evidence: item, title, messageThere, trashedAt }) => ({
      id: item.id,
      origin: item.origin,
      quote: item.quote,
      start: item.start,
      end: item.end,
      conversationId: item.conversationId,
      conversationTitle: title,
      messageId: item.messageId,
      sourceGone: item.messageId !== null && (messageThere === null || trashedAt !== null),
      at: item.at,
    })),
    history: await historyOf(db, owner, id),
    why: await explain(db, owner, id),
    replaces: replaced && replaced.status !== 'trashed' ? viewMemory(replaced) : null,
    replacedBy: by && by.status !== 'trashed' ? viewMemory(by) : null,
    about: await entitiesOf(db, owner, [row.subjectId, row.objectId]),
  }
}

/** What these stand for now, each once. */
async function entitiesOf(
  db: ReadHandle,
  owner: string,
  ends: readonly (EntityId | null)[],
): Promise<Outputs['memory']['get']['about']> {
  const ids = ends.filter((id) => id !== null)
  const roots = await rootsOf(db, owner, ids)
  const found = new Map(ids.flatMap((id) => roots.get(id) ?? []).map((root) => [root.id, root]))
  return [...found.values()].map(({ id, name, type }) => ({ id, name, type }))
}
