// The work behind a turn: read, extract, compare, write. Everything is written in the one transaction that ends the job,
// so a turn is learned from exactly once, however often the app is killed.

import { AppError } from '../../shared/errors.ts'
import { type BatchId, type MemoryId, type MessageId, newId } from '../../shared/ids.ts'
import type { StoreId } from '../../shared/memory.ts'
import type { WriteHandle } from '../database/database.ts'
import type { JobHandler } from '../jobs/queue.ts'
import { askModel } from './ask-model.ts'
import type { Applied, Batch } from './change/batch.ts'
import { planFind } from './change/plan.ts'
import { planCorrection } from './change/plan-corrections.ts'
import { withoutOldState } from './change/spoken.ts'
import { planEcho, planEnding, planFieldEcho, planReadOut } from './change/stale.ts'
import { applyChanges, waits } from './change/write.ts'
import { StoreFailed } from './contained/contain.ts'
import { knowMentions, knownOfTurn, linkItem, relinkCorrected, withMentions } from './entities/link.ts'
import { asImported } from './evidence.ts'
import { type Extracted, extract, type Seen } from './extraction/extract.ts'
import { LABEL_PROMPT_VERSION } from './extraction/label.ts'
import type { Gate } from './modes.ts'
import type { LearningPorts } from './ports.ts'
import type { FinishedTurn, LearningStore, StoredItem } from './protocol.ts'
import { namesOfPerson } from './stores/user-profile.ts'
import { membershipsOf } from './teams/teams.ts'
import { TRIAL } from './trial.ts'
import { readTurn } from './turns.ts'
import { EMBED, embedTexts } from './vectors.ts'

/** Writes what came of a turn, in the one transaction that marks it as learned from. */
type Write = (name: string, work: (tx: WriteHandle) => Promise<Record<string, unknown> | undefined>) => Promise<void>

/** @param gate asked again when it is written, because a switch works at once */
export function createLearnTurn(ports: LearningPorts, gate: Gate): JobHandler {
  return ({ owner, key, kind }, finish, signal) =>
    learnTurn(ports, gate, { owner, messageId: key as MessageId, actor: `job:${kind}` }, finish, signal)
}

/** Learns from one message. What came in with an import changes nothing by itself: everything found waits in the inbox. */
export async function learnTurn(
  ports: LearningPorts,
  gate: Gate,
  { owner, messageId, actor }: { owner: string; messageId: MessageId; actor: string },
  finish: Write,
  signal: AbortSignal,
): Promise<void> {
  const turn = await readTurn(ports.db.read, owner, messageId, ports.clock.timeZone)
  // The thread of a chat that ended elsewhere goes on nowhere.
  const stores = () => gate.extracting(owner).filter(({ policy }) => !turn?.imported || policy.placement !== 'thread')
  if (!turn || stores().length === 0) return finish('learn.nothing', async () => ({ skipped: true }))

  const known = await knownOfTurn(ports.db.read, turn)
  const { seen, able } = await itemsSeen(ports, stores(), turn)
  const read = await extract(turn, able, askModel(ports, signal), known, seen)
  const extracted = turn.imported ? onlySuggested(read) : read
  const texts = await textsOf(ports, owner, stores(), extracted)
  const vectors = await embedTexts(ports, texts, { background: true, signal })
  signal.throwIfAborted()

  await finish('learn.turn', async (tx) => {
    const extracting = new Set(stores().map(({ id }) => id))
    const now = await readTurn(tx, owner, messageId, ports.clock.timeZone)
    if (!now) return { skipped: true }
    if (saidOf(now) !== saidOf(turn)) throw new AppError('CONFLICT', 'Words of this turn were forgotten meanwhile.')
    // What is written may be worded as no find was: a correction inside a known sentence.
    let missing = false
    const batch: Batch = {
      owner,
      id: newId<BatchId>(),
      actor,
      author: 'extraction',
      at: ports.clock.now(),
      extractor: `${(extracted.modelCalls > 0 && ports.model.modelName) || 'rules'} v${LABEL_PROMPT_VERSION}`,
      conversationId: turn.conversationId,
      messageId,
      ...(turn.imported ? { imported: true } : {}),
      gate: { who: 'extraction', gate },
      vectors: {
        model: vectors.model,
        of: (text) => {
          const vector = vectors.of(text)
          missing ||= vector === null
          return vector
        },
      },
    }
    const still = { ...extracted, finds: extracted.finds.filter(({ store }) => extracting.has(store.id)) }
    const applied = await writeFinds(tx, batch, turn, gate, still)
    if (missing) {
      await ports.jobs.add(tx, { owner, kind: EMBED, key: batch.id })
    }
    await queueTrials(tx, ports, owner, applied)
    return { changes: applied.length, refused: extracted.secrets, modelCalls: extracted.modelCalls }
  })
}

/** What rests on words that came in: it corrects nothing that is known. */
function onlySuggested(read: Extracted): Extracted {
  const finds = read.finds.map(({ store, found }) => ({
    store,
    found: { ...found, evidence: asImported(found.evidence) },
  }))
  return { ...read, finds, corrections: [] }
}

/** Applies the finds one after another, so that each is compared with what the one before has written. */
async function writeFinds(
  tx: WriteHandle,
  batch: Batch,
  turn: FinishedTurn,
  gate: Gate,
  { finds, corrections, mentions }: Extracted,
): Promise<Applied[]> {
  // A store that lets the assistant decide is compared with as well, and nothing of it is changed from here.
  const known = gate.reading(batch.owner)
  const stores = gate.extracting(batch.owner)
  const applied: Applied[] = []
  const byStore = new Map<LearningStore, number>()
  for (const find of finds) {
    const done = byStore.get(find.store) ?? 0
    if (done >= find.store.policy.limits.changesPerTurn) continue
    const named = withMentions(find.found, mentions)
    const item = await linkItem(tx, batch, find.store, named.item, named.evidence)
    const linked = { ...find, found: { ...named, item } }
    const changes = await planFind(tx, batch.owner, turn, linked, batch.vectors, known)
    const written = await applyChanges(tx, batch, find.store, changes)
    applied.push(...written)
    byStore.set(find.store, done + changes.length)
    if (batch.imported) continue
    const of = { store: find.store, changes, applied: written }
    const stale = [
      ...(await planEcho(tx, batch.owner, stores, turn, of)),
      ...(await planFieldEcho(tx, batch.owner, stores, find, written)),
      ...(await planReadOut(tx, batch.owner, stores, of)),
    ]
    // Several of them may find the same item stale; it ends once.
    const ended = new Set<MemoryId>()
    for (const { store, changes: echo } of stale) {
      const fresh = echo.filter((change) => !('id' in change) || !ended.has(change.id))
      for (const change of fresh) if ('id' in change) ended.add(change.id)
      applied.push(...(await applyChanges(tx, batch, store, fresh)))
    }
  }
  if (batch.imported) return applied
  const sure = !stores.some((store) => store.capture?.mentions && waits(batch, store))
  if (sure && applied.some(({ outcome }) => outcome === 'written')) {
    const [first] = finds
    await knowMentions(tx, batch, mentions, first?.found.evidence ?? [])
  }
  const sources = new Map(finds.flatMap(({ found }) => found.evidence.map((source) => [source.quote, source])))
  for (const source of sources.values()) {
    for (const { store, changes } of await planEnding(tx, batch.owner, stores, source)) {
      applied.push(...(await applyChanges(tx, batch, store, changes)))
    }
  }
  for (const { correction, evidence } of corrections) {
    for (const { store, changes } of await planCorrection(tx, batch.owner, stores, correction, evidence)) {
      applied.push(...(await applyChanges(tx, batch, store, await relinkCorrected(tx, batch, changes))))
    }
  }
  return applied
}

/** Suggestions of stores that want them tried out are, when nobody waits. */
async function queueTrials(
  tx: WriteHandle,
  { jobs }: LearningPorts,
  owner: string,
  applied: readonly Applied[],
): Promise<void> {
  for (const { proposalId, triedOut } of applied) {
    if (proposalId && triedOut) await jobs.add(tx, { owner, kind: TRIAL, key: proposalId })
  }
}

/** What the stores want to see of their own items before they read the turn, and the stores that could say so. */
async function itemsSeen(
  { db }: LearningPorts,
  stores: readonly LearningStore[],
  turn: FinishedTurn,
): Promise<{ seen: Seen; able: LearningStore[] }> {
  const items = new Map<StoreId, StoredItem[]>()
  const able: LearningStore[] = []
  for (const store of stores) {
    try {
      if (store.capture?.known) items.set(store.id, await store.capture.known(turn, db.read))
      able.push(store)
    } catch (error) {
      if (!(error instanceof StoreFailed)) throw error
    }
  }
  const teams = (await membershipsOf(db.read, turn.owner)).map(({ namespace }) => namespace)
  return { seen: { items, teams, self: await namesOfPerson(db.read, turn.owner) }, able }
}

/** Every text that may be written, in all the wordings it may take. */
async function textsOf(
  ports: LearningPorts,
  owner: string,
  stores: readonly LearningStore[],
  { finds, corrections }: Extracted,
): Promise<string[]> {
  const texts = finds.flatMap(({ found }) => [found.item.text, withoutOldState(found.item.text)])
  for (const { correction, evidence } of corrections) {
    for (const { changes } of await planCorrection(ports.db.read, owner, stores, correction, evidence)) {
      texts.push(...changes.flatMap((change) => (change.action === 'supersede' ? [change.by.text] : [])))
    }
  }
  return [...new Set(texts)]
}

/** What was read of a turn: words may be forgotten while a job learns from them, and then it reads the turn again. */
function saidOf({ userText, answerText, before, calls }: FinishedTurn): string {
  return JSON.stringify([userText, answerText, before, calls])
}
