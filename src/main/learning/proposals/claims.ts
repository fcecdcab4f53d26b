// What a suggestion claims, and whether the person said no to it before. Of a declined claim only a salted hash is kept,
// so that it can be known again and never be read.
import { createHmac, randomBytes } from 'node:crypto'
import { and, eq, inArray, isNull, ne, or, sql } from 'drizzle-orm'
import type { MemoryId, MessageId, ProposalId } from '../../../shared/ids.ts'
import type { ReadHandle, WriteHandle } from '../../database/database.ts'
import { memory, proposal, setting } from '../../database/schema.ts'
import { judgeAll } from '../change/compare.ts'
import type { Change, Evidence } from '../protocol.ts'
import type { MemoryRow } from '../rows.ts'
import { contentWords, fold, foldSentence, stem } from '../words.ts'

const SALT = 'proposal.salt'

/** How far a "no" reaches: to the claim in these words, or to whatever has the same words of content. */
export type Reach = 'claim' | 'words'

/** What a person decides on, in one sentence: what would be known, or what would no longer be. */
export function claimOf(change: Change, before: MemoryRow | null): string {
  switch (change.action) {
    case 'add':
    case 'update':
      return change.item.text
    case 'supersede':
      return change.by.text
    case 'merge':
      return change.into.text
    case 'link':
      return `${before?.text ?? change.from} ${change.relation} ${change.to}`
    case 'confirm':
    case 'retire':
    case 'archive':
      return before?.text ?? change.id
  }
}

/** The fingerprint of a claim, made with the profile's salt (made now when there is none yet). */
export async function fingerprintOf(
  tx: WriteHandle,
  owner: string,
  about: { store: string; action: Change['action']; claim: string },
  reach: Reach,
): Promise<string> {
  return print(await saltOf(tx, owner), about, reach)
}

/** @returns the fingerprint of a claim as it is worded; null while no claim was ever turned down */
export async function knownFingerprint(
  db: ReadHandle,
  owner: string,
  about: { store: string; action: Change['action']; claim: string },
): Promise<string | null> {
  const salt = await readSalt(db, owner)
  return salt && print(salt, about, 'claim')
}

/** Whether the person declined this claim before, or said that it is wrong and has it so still. */
export async function wasDeclined(
  tx: ReadHandle,
  owner: string,
  about: { store: string; action: Change['action']; claim: string },
): Promise<boolean> {
  const salt = await readSalt(tx, owner)
  if (!salt) return false
  const prints = [print(salt, about, 'claim'), print(salt, about, 'words')]
  const [row] = await tx
    .select({ id: proposal.id })
    .from(proposal)
    .leftJoin(memory, eq(memory.id, proposal.memoryId))
    .where(
      and(
        eq(proposal.owner, owner),
        eq(proposal.status, 'declined'),
        inArray(proposal.fingerprint, prints),
        // What was said to be wrong and brought back is so again.
        or(isNull(memory.status), ne(memory.status, 'active'), ne(proposal.action, 'add')),
      ),
    )
    .limit(1)
  return row !== undefined
}

/** Of many claims at once, as `wasDeclined`. @returns the places of those that were turned down */
export async function declinedClaims(
  tx: ReadHandle,
  owner: string,
  about: readonly { store: string; action: Change['action']; claim: string }[],
): Promise<Set<number>> {
  const salt = await readSalt(tx, owner)
  if (!salt || about.length === 0) return new Set()
  const places = new Map<string, number[]>()
  for (const [index, one] of about.entries()) {
    for (const reach of ['claim', 'words'] as const) {
      const key = print(salt, one, reach)
      places.set(key, [...(places.get(key) ?? []), index])
    }
  }
  const { rows } = await tx.execute<{ fingerprint: string }>(sql`
    select distinct proposal.fingerprint from proposal left join memory on memory.id = proposal.memory_id
    where proposal.owner = ${owner} and proposal.status = 'declined'
      and proposal.fingerprint = any(${sql.param([...places.keys()])}::text[])
      and (memory.status is null or memory.status <> 'active' or proposal.action <> 'add')`)
  return new Set(rows.flatMap(({ fingerprint }) => places.get(fingerprint) ?? []))
}

/**
 * The same suggestion that waits already takes the new words as one more reason; of one message also the same in other
 * words, as a tool of the model and the reading of the message afterwards word it.
 * @returns the one that waits, null when there is none
 */
export async function joinWaiting(
  tx: WriteHandle,
  owner: string,
  about: { store: string; action: Change['action']; claim: string },
  found: readonly Evidence[],
  message: MessageId | null,
): Promise<{ id: ProposalId; memoryId: MemoryId } | null> {
  const claim = sql<string>`${proposal.after} ->> 'claim'`
  const rows = await tx
    .select({ id: proposal.id, memoryId: proposal.memoryId, evidence: proposal.evidence, claim })
    .from(proposal)
    .where(
      and(
        eq(proposal.owner, owner),
        eq(proposal.status, 'open'),
        eq(proposal.store, about.store),
        eq(proposal.action, about.action),
        or(sql`${claim} = ${about.claim}`, message ? eq(proposal.messageId, message) : undefined),
      ),
    )
  const judged = judgeAll({ text: about.claim, quote: about.claim })
  const waiting =
    rows.find((row) => row.claim === about.claim) ?? rows.find((row) => judged(row.claim, null) === 'same')
  if (!waiting?.memoryId) return null
  const known = new Set(waiting.evidence.map((item) => (item as Evidence).quote))
  const fresh = found.filter(({ quote }) => !known.has(quote)).slice(0, MOST_EVIDENCE - known.size)
  if (fresh.length > 0) {
    await tx
      .update(proposal)
      .set({ evidence: [...waiting.evidence, ...fresh] })
      .where(eq(proposal.id, waiting.id))
  }
  return { id: waiting.id, memoryId: waiting.memoryId }
}

const MOST_EVIDENCE = 20

function print(
  salt: string,
  { store, action, claim }: { store: string; action: Change['action']; claim: string },
  reach: Reach,
): string {
  // Ending something is another claim than holding it; adding and replacing claim the same.
  const side = action === 'retire' || action === 'archive' ? 'not' : 'is'
  const words =
    reach === 'claim'
      ? foldSentence(claim)
      : [...new Set(contentWords(claim).map((word) => stem(fold(word))))].sort().join(' ')
  return `${reach}:${createHmac('sha256', salt).update(`${store}\n${side}\n${words}`).digest('hex')}`
}

async function readSalt(db: ReadHandle, owner: string): Promise<string | null> {
  const [row] = await db
    .select({ value: setting.value })
    .from(setting)
    .where(and(eq(setting.owner, owner), eq(setting.key, SALT)))
  return typeof row?.value === 'string' ? row.value : null
}

async function saltOf(tx: WriteHandle, owner: string): Promise<string> {
  const known = await readSalt(tx, owner)
  if (known) return known
  const value = randomBytes(32).toString('hex')
  await tx.insert(setting).values({ owner, key: SALT, value })
  return value
}
