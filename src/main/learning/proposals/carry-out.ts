// What an accepted suggestion does: the change it asked for, on the memory as it is now, in the person's words when they
// gave some.
import { eq } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import { type EvidenceId, type MemoryId, newId } from '../../../shared/ids.ts'
import type { ReadHandle, WriteHandle } from '../../database/database.ts'
import { proposal } from '../../database/schema.ts'
import type { JobQueue } from '../../jobs/queue.ts'
import { type Batch, momentOf, type Suggested } from '../change/batch.ts'
import { applyChanges } from '../change/write.ts'
import { hold, insertEvidence, note, setVector, updateRow } from '../change/write-items.ts'
import { nextContent } from '../contained/content.ts'
import { mergeEntities } from '../entities/change.ts'
import { linkItem } from '../entities/link.ts'
import type { Change, Evidence, ItemContent, LearningStore, Moment } from '../protocol.ts'
import { bodyOf, type EvidenceRow, type MemoryRow, readMemory, storedItem } from '../rows.ts'
import { EMBED } from '../vectors.ts'
import { asStored, type ProposalRow, readQuestion, readSuggested } from './rows.ts'

/** @returns the memory that came of it; none of a question about entities */
export async function carryOut(
  tx: WriteHandle,
  jobs: Pick<JobQueue, 'add'>,
  batch: Batch,
  storeOf: () => LearningStore,
  row: ProposalRow,
  text: string | undefined,
): Promise<{ memoryId: MemoryId | null }> {
  if (row.entityId) {
    const { from, into } = readQuestion(row).entities
    await mergeEntities(tx, batch, from, into)
    return { memoryId: null }
  }
  const store = storeOf()
  const { change } = readSuggested(row)
  const memoryId =
    change.action === 'add' ? await activate(tx, batch, store, row, text) : await apply(tx, batch, store, row, text)
  const result = await readMemory(tx, batch.owner, memoryId)
  await tx
    .update(proposal)
    .set({
      status: 'accepted',
      decidedAt: batch.at,
      decidedBy: 'person',
      after: { ...(row.after as Suggested), ...(text === undefined ? {} : { edited: text }) },
      batchId: batch.id,
      resultId: result ? memoryId : null,
    })
    .where(eq(proposal.id, row.id))
  if (result && !batch.vectors.of(result.text)) {
    await jobs.add(tx, { owner: batch.owner, kind: EMBED, key: batch.id })
  }
  return { memoryId }
}

/** The row of a suggested new memory becomes active. */
async function activate(
  tx: WriteHandle,
  batch: Batch,
  store: LearningStore,
  row: ProposalRow,
  text: string | undefined,
): Promise<MemoryId> {
  if (!row.memoryId) throw gone()
  const before = await hold(tx, batch.owner, row.memoryId, null)
  const item = text === undefined ? null : store.fromHand(text, storedItem(before), momentOf(batch))
  const { change } = readSuggested(row)
  // Now that the person stands behind it, whom it names is known.
  const linked =
    change.action === 'add'
      ? await linkItem(tx, { ...batch, decided: true }, store, change.item, change.evidence)
      : null
  const after = await updateRow(tx, batch, before, {
    status: 'active',
    subjectId: linked?.subjectId ?? before.subjectId,
    objectId: linked?.objectId ?? before.objectId,
    ...(item
      ? {
          kind: item.kind,
          text: item.text,
          data: nextContent(store.schema, before.data, item.content, () => checked(store, item)),
          author: 'person',
        }
      : {}),
  })
  const own = item ? [ownWords(batch, after.id, text ?? '')] : []
  await insertEvidence(tx, own)
  await note(tx, batch, 'add', bodyOf(before), bodyOf(after, own), after, 'accepted')
  await setVector(tx, batch, after)
  return after.id
}

/** A suggested change of what is known is carried out on the memory as it is now. */
async function apply(
  tx: WriteHandle,
  batch: Batch,
  store: LearningStore,
  row: ProposalRow,
  text: string | undefined,
): Promise<MemoryId> {
  const now = await targetOf(tx, row)
  if (!now) throw gone()
  const { change } = readSuggested(row)
  const said =
    text === undefined
      ? change
      : reworded(store, row, change, { origin: 'hand', quote: text, at: batch.at }, momentOf(batch))
  const based = 'base' in said ? { ...said, base: now.version } : said
  // Words that the person takes as they are do not become theirs.
  const author = text !== undefined ? 'person' : change.action === 'update' ? now.author : 'extraction'
  const [applied] = await applyChanges(tx, { ...batch, author, decided: true }, store, [based])
  if (!applied) throw gone()
  return applied.memoryId
}

/** The memory a suggestion is about, as it is now. */
export async function targetOf(db: ReadHandle, row: ProposalRow): Promise<MemoryRow | null> {
  return row.memoryId ? readMemory(db, row.owner, row.memoryId) : null
}

/** The change in the words of the person, who stands behind them. */
function reworded(store: LearningStore, row: ProposalRow, change: Change, own: Evidence, moment: Moment): Change {
  const evidence = [...change.evidence, own]
  const item = (as: ItemContent<Record<string, unknown>>) => ({
    ...as,
    ...store.fromHand(own.quote, asStored(row, as), moment),
  })
  if (change.action === 'update') return { ...change, item: item(change.item), evidence }
  if (change.action === 'supersede') return { ...change, by: item(change.by), evidence }
  if (change.action === 'merge') return { ...change, into: item(change.into), evidence }
  throw new AppError('INVALID_INPUT', 'This suggestion has no words to change. Accept or decline it as it is.', {
    field: 'text',
  })
}

function checked(store: LearningStore, { content }: ItemContent<Record<string, unknown>>): Record<string, unknown> {
  const parsed = store.schema.safeParse(content)
  if (parsed.success) return parsed.data
  throw new AppError('INVALID_INPUT', `"${store.title}" does not take these words.`, { field: 'text' })
}

function ownWords(batch: Batch, memoryId: MemoryId, quote: string): EvidenceRow {
  return {
    id: newId<EvidenceId>(),
    owner: batch.owner,
    memoryId,
    origin: 'hand',
    conversationId: null,
    messageId: null,
    documentId: null,
    quote,
    start: null,
    end: null,
    at: batch.at,
  }
}

/** The answer to a suggestion that is not there. */
export function gone(): AppError {
  return new AppError('NOT_FOUND', 'This suggestion does not exist any more.')
}
