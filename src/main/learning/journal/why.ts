// "Why do you know this?": from which words, since when, found by whom, what it replaced, who decided.
import { and, asc, eq, isNotNull, sql } from 'drizzle-orm'
import type { MemoryId } from '../../../shared/ids.ts'
import type { Why } from '../../../shared/memory.ts'
import type { ReadHandle } from '../../database/database.ts'
import { evidence, journal, memory, proposal } from '../../database/schema.ts'
import { type MemoryRow, needMemory } from '../rows.ts'

/** How far back the chain of replaced items is followed. */
const CHAIN = 20

/**
 * The plain answer to why an item is known, from its row, its sources and the journal.
 * @throws AppError NOT_FOUND
 */
export async function explain(db: ReadHandle, owner: string, id: MemoryId): Promise<Why> {
  const row = await needMemory(db, owner, id)
  const sources = await db
    .select({ origin: evidence.origin, at: evidence.at })
    .from(evidence)
    .where(and(eq(evidence.memoryId, id), eq(evidence.owner, owner)))
    .orderBy(asc(evidence.at), asc(evidence.id))
  const changes = await db
    .select({
      action: journal.action,
      actor: journal.actor,
      at: journal.at,
      undoneBy: journal.undoneBy,
      says: sql<boolean>`(${journal.before} #> '{memory,text}', ${journal.before} #> '{memory,data}')
        is distinct from (${journal.after} #> '{memory,text}', ${journal.after} #> '{memory,data}')`,
    })
    .from(journal)
    .where(and(eq(journal.owner, owner), eq(journal.memoryId, id)))
    .orderBy(asc(journal.seq))
  const [decision] = await db
    .select({ at: proposal.decidedAt })
    .from(proposal)
    .where(and(eq(proposal.owner, owner), eq(proposal.resultId, id), isNotNull(proposal.decidedAt)))
    .orderBy(asc(proposal.decidedAt))
    .limit(1)
  const said = sources.filter(({ origin }) => origin === 'user')
  const stands = changes.filter(({ undoneBy }) => undoneBy === null)
  const corrected = stands.findLast(({ action, actor, says }) => action === 'update' && actor === 'person' && says)
  return {
    origin: sources[0]?.origin ?? null,
    saidAt: sources[0]?.at ?? null,
    timesSaid: said.length,
    lastSaidAt: said.at(-1)?.at ?? null,
    found: foundBy(row),
    model: modelOf(row),
    learnedAt: row.createdAt,
    correctedAt: corrected?.at ?? null,
    decidedAt: decision?.at ?? null,
    holdsFrom: row.validFrom,
    holdsUntil: row.validTo,
    replaced: await replacedBy(db, owner, id),
  }
}

/**
 * `rules`: without a model. What extracted an item is named by a model with the digest of its file, or `rules`, and the
 * version of the prompt.
 */
function foundBy({ author, extractor }: MemoryRow): Why['found'] {
  if (author === 'person' || extractor === null) return author === 'person' ? 'hand' : 'other'
  return extractor.startsWith('rules') ? 'rules' : 'model'
}

function modelOf(row: MemoryRow): string | null {
  return foundBy(row) === 'model' ? (row.extractor?.replace(/(?: [0-9a-f]{8,64})? v\d+$/, '') ?? null) : null
}

/** What it took the place of, newest first. */
async function replacedBy(db: ReadHandle, owner: string, id: MemoryId): Promise<Why['replaced']> {
  const found: Why['replaced'] = []
  const seen = new Set<MemoryId>([id])
  for (let next: MemoryId | undefined = id; next && found.length < CHAIN; ) {
    const rows: MemoryRow[] = await db
      .select()
      .from(memory)
      .where(and(eq(memory.owner, owner), eq(memory.supersededBy, next)))
      .orderBy(asc(memory.updatedAt))
    const older = rows.filter((row) => row.status !== 'trashed' && !seen.has(row.id))
    for (const row of older) {
      seen.add(row.id)
      found.push({ id: row.id, text: row.text, from: row.validFrom, until: row.validTo })
    }
    next = older[0]?.id
  }
  return found
}
