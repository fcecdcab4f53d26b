// A memory that an import of the person's own brings in another form: it takes the place of the one here, or is suggested to.

import { eq } from 'drizzle-orm'
import type { BatchId } from '../../../shared/ids.ts'
import { type EvidenceId, newId, type ProposalId } from '../../../shared/ids.ts'
import type { MemoryStatus } from '../../../shared/memory.ts'
import type { WriteHandle } from '../../database/database.ts'
import { evidence, proposal } from '../../database/schema.ts'
import { flagsOf } from '../proposals/flags.ts'
import type { Change, Evidence } from '../protocol.ts'
import { bodyOf, type EvidenceRow, type MemoryRow } from '../rows.ts'
import { type Batch, importBatch, type Suggested } from './batch.ts'
import { insertEvidence, note, setVector, updateRow } from './write-items.ts'

/** What of a line of an archive makes the item; times are ISO texts. */
export interface ImportedState {
  text: string
  kind: string
  data: Record<string, unknown>
  status: Exclude<MemoryStatus, 'trashed'>
  confidence: number
  pinned: boolean
  local_only: boolean
  valid_from: string | null
  valid_to: string | null
  evidence: {
    origin: Evidence['origin']
    quote: string
    at: string
    message_id: string | null
    conversation_id: string | null
  }[]
}

/**
 * @param how `replace`: it holds from now on, under a new version with the old one in its history. `ask`: it waits in the inbox
 * @returns the question that waits, or that it was replaced; null when it cannot stand here
 */
export async function replaceImported(
  tx: WriteHandle,
  { owner, id, at }: { owner: string; id: BatchId; at: Date },
  here: MemoryRow,
  state: ImportedState,
  how: 'replace' | 'ask',
): Promise<'replaced' | { asked: ProposalId } | null> {
  const { author, extractor } = here
  const batch: Batch = { ...importBatch({ owner, id, at }), author, extractor }
  if (here.status === 'trashed' || here.status === 'proposed' || state.status === 'proposed') return null
  if (how === 'ask') {
    const found: Evidence[] = [{ origin: 'import', quote: state.text, at }]
    const change: Change = {
      ...{ action: 'update', id: here.id, base: here.version, evidence: found },
      item: { kind: state.kind, text: state.text, content: state.data, confidence: state.confidence },
    }
    const asked = newId<ProposalId>()
    await tx.insert(proposal).values({
      ...{ id: asked, owner, store: here.store, action: 'update', memoryId: here.id },
      ...{ baseVersion: here.version, before: bodyOf(here) },
      after: { change, claim: state.text } satisfies Suggested,
      ...{ reason: '', evidence: [...found], flags: flagsOf('update', state.text), createdAt: at },
    })
    return { asked }
  }
  const known = await tx.select({ quote: evidence.quote }).from(evidence).where(eq(evidence.memoryId, here.id))
  const quotes = new Set(known.map(({ quote }) => quote))
  const added: EvidenceRow[] = state.evidence
    .filter(({ quote }) => !quotes.has(quote))
    .map((source) => ({
      ...{ id: newId<EvidenceId>(), owner, memoryId: here.id, origin: source.origin, quote: source.quote },
      ...{ conversationId: null, messageId: null, documentId: null, start: null, end: null, at: new Date(source.at) },
    }))
  // The person said that this is their own, which is a decision like writing it by hand.
  if (!added.some(({ origin }) => origin === 'user' || origin === 'hand')) {
    added.push({
      ...{ id: newId<EvidenceId>(), owner, memoryId: here.id, origin: 'hand', quote: state.text, at },
      ...{ conversationId: null, messageId: null, documentId: null, start: null, end: null },
    })
  }
  const after = await updateRow(tx, batch, here, {
    ...{ text: state.text, kind: state.kind, data: state.data, confidence: state.confidence },
    ...{ pinned: state.pinned, localOnly: state.local_only },
    ...{ status: state.status, supersededBy: null },
    validFrom: state.valid_from === null ? null : new Date(state.valid_from),
    validTo: state.valid_to === null ? null : new Date(state.valid_to),
  })
  await insertEvidence(tx, added)
  if (after.text !== here.text) await setVector(tx, batch, after)
  await note(tx, batch, 'update', bodyOf(here), bodyOf(after, added), after, 'import')
  return 'replaced'
}
