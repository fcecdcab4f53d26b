// The learning machine: runs the registered stores and is the only one that writes. One gate stands before everything it
// does: with learning off nothing is read for a prompt, nothing is learned, and no job waits.
import { eq } from 'drizzle-orm'
import type { Inputs, Outputs } from '../../shared/contract/index.ts'
import type { LearningLevel, LearningState } from '../../shared/contract/learning.ts'
import type { ForgetSelection, ManyAct, MemoryListQuery, MemorySeen } from '../../shared/contract/memory.ts'
import { AppError } from '../../shared/errors.ts'
import {
  type BatchId,
  type ConversationId,
  type MemoryId,
  type MessageId,
  newId,
  type PassageId,
} from '../../shared/ids.ts'
import type { SearchHit, StoreId, StoreMode } from '../../shared/memory.ts'
import type { WriteHandle } from '../database/database.ts'
import { conversation, message } from '../database/schema.ts'
import { ByHand, batchByPerson, type ItemEdit, type NewItem } from './acts/by-hand.ts'
import { relatedTo, usesOf } from './around.ts'
import { handleJobs } from './background.ts'
import { type ImportBatch, type ImportedItem, type ImportOutcome, suggestImported } from './change/suggest-imported.ts'
import { containStore } from './contained/contain.ts'
import { buildContext } from './context/context.ts'
import { viewPassages } from './context/sources.ts'
import { CURATE, type Curation, createCuration } from './curation/curation.ts'
import { type CustomStores, createCustomStores } from './custom/custom-stores.ts'
import { createDocuments, type Documents } from './documents/documents.ts'
import { createEntities, type Entities } from './entities/service.ts'
import { type ReactionRequest, react } from './feedback.ts'
import { putBack } from './forgetting/blank.ts'
import { answersUnderWay, type ForgetRequest, forget } from './forgetting/forget.ts'
import { planForget, previewForget } from './forgetting/plan.ts'
import { countLearnedFrom } from './forgetting/select.ts'
import { createImportLearning, type ImportLearning } from './imported.ts'
import { inspectMemory } from './inspect.ts'
import { type ActivityQuery, readActivity } from './journal/activity.ts'
import { textsBefore, undoBatch } from './journal/journal.ts'
import { previewRestore, type RestoreRequest, restore, textsToRestore } from './journal/restore.ts'
import { stateAt } from './journal/state.ts'
import { type KnownGroup, readKnown } from './known.ts'
import type { ContextRequest, LearnedTurn, Learning, PassageView, TurnContext } from './learning.ts'
import { countByStore, listMemories, matchingMemories } from './list.ts'
import { Gate } from './modes.ts'
import { INDEX, indexTurn, ownersWithoutPassages } from './passages/passages.ts'
import type { LearningPorts } from './ports.ts'
import { withdraw } from './proposals/close.ts'
import { createProposals, type Proposals } from './proposals/proposals.ts'
import { createTrust, type Trust } from './proposals/trust.ts'
import type { LearningStore } from './protocol.ts'
import { TypicalRequests } from './recall/typical-requests.ts'
import { searchAll } from './search.ts'
import { createSessions, type Sessions } from './session/session.ts'
import { createStoreViews, type StoreViews } from './store-view/store-views.ts'
import { decisionLog } from './stores/decision-log.ts'
import { entityMemory } from './stores/entity-memory.ts'
import { feedback } from './stores/feedback.ts'
import { learnedKnowledge } from './stores/learned-knowledge.ts'
import { selfImprovement } from './stores/self-improvement.ts'
import { SESSION_STORE, sessionContext } from './stores/session-context.ts'
import { todos } from './stores/todos.ts'
import { userMemory } from './stores/user-memory.ts'
import { userProfile } from './stores/user-profile.ts'
import { writingStyle } from './stores/writing-style.ts'
import { previewShare, type ShareRequest } from './teams/share.ts'
import { createTeams, type Teams } from './teams/teams.ts'
import { createTools, type LearningTools } from './tools/tools.ts'
import { LEARN, readTurn, turnsOf, turnsOfMemories } from './turns.ts'
import { EMBED, embedTexts, ownersWithoutVectors } from './vectors.ts'
import { createWriting, type Writing } from './writing.ts'

// A store's own content type is checked by its schema on every write; the machine handles all stores alike.
// biome-ignore lint/suspicious/noExplicitAny: variance of a heterogeneous list
type AnyStore = LearningStore<any>

/** Built-in stores, in the order they stand in the core block. */
export const BUILT_IN_STORES: readonly AnyStore[] = [
  userProfile,
  userMemory,
  sessionContext,
  entityMemory,
  learnedKnowledge,
  decisionLog,
  feedback,
  selfImprovement,
  todos,
  writingStyle,
]

/**
 * @param stores the kinds of learning; the built-in ones by default
 * @throws Error when two stores have one id
 */
export function createLearning(ports: LearningPorts, stores: readonly AnyStore[] = BUILT_IN_STORES): Learning {
  return new Machine(ports, stores)
}

/** Milliseconds after a turn before what is known is looked through for what could be tidied. */
const TIDY_AFTER_MS = 10 * 60_000

class Machine implements Learning {
  readonly proposals: Proposals
  readonly trust: Trust
  readonly curation: Curation
  readonly customStores: CustomStores
  readonly storeViews: StoreViews
  readonly writing: Writing
  readonly imports: ImportLearning
  readonly documents: Documents
  readonly entities: Entities
  readonly sessions: Sessions
  readonly teams: Teams
  readonly tools: LearningTools
  readonly #ports: LearningPorts
  readonly #stores: Map<StoreId, LearningStore>
  /** The one gate: what each store may do now. */
  readonly #gate: Gate
  readonly #requests: TypicalRequests
  readonly #byHand: ByHand
  /** Owners whose state was asked for or changed: who listens to changes of the queue. */
  readonly #owners = new Set<string>()

  constructor(ports: LearningPorts, stores: readonly AnyStore[]) {
    this.#ports = ports
    this.#requests = new TypicalRequests(ports.embedder, ports.log)
    const contain = (store: AnyStore) => containStore(store, ports.log, ports.patience)
    this.#stores = new Map(stores.map((store) => [store.id, contain(store)]))
    if (this.#stores.size !== stores.length) throw new Error('Two learning stores have the same id.')
    this.#gate = new Gate(this.#stores, ports.settings)
    this.#byHand = new ByHand(
      ports,
      this.#gate,
      (id) => this.#store(id),
      (owner, ids) => this.#tellMemories(owner, ids),
    )
    const { jobs } = ports
    this.proposals = createProposals(ports, this.#stores, (owner, ids) => this.#tellMemories(owner, ids))
    this.trust = createTrust(ports, this.#gate, this.#stores, (owner, id, mode) => this.setMode(owner, id, mode))
    this.documents = createDocuments(ports)
    this.imports = createImportLearning(ports, this.#gate)
    this.customStores = createCustomStores(ports, this.#stores, contain, () =>
      this.#inBackground(() => this.#tellState()),
    )
    this.writing = createWriting(
      ports,
      (id) => this.#store(id),
      (owner, ids) => this.#tellMemories(owner, ids),
    )
    this.storeViews = createStoreViews(
      ports,
      () => this.#stores.values(),
      (id) => this.#store(id),
      this.customStores,
    )
    this.curation = createCuration(
      ports,
      (owner) => this.#gate.reading(owner),
      (owner) => this.#tellMemories(owner, []),
    )
    this.teams = createTeams(ports)
    this.tools = createTools(ports, this.#stores.values(), this.#gate, (owner, ids) => this.#tellMemories(owner, ids))
    this.entities = createEntities(
      ports,
      (owner, request) => this.forget(owner, request),
      () => ports.events.memoriesChanged(),
    )
    this.sessions = createSessions({
      ...ports,
      store: () => this.#store(SESSION_STORE),
      mode: () => this.#gate.chosen(SESSION_STORE),
      tell: (owner, ids) => this.#tellMemories(owner, ids),
    })
    handleJobs(ports, this.#gate, this.curation, (work) => this.#inBackground(work))
    jobs.onChange((kind, move) => {
      if (kind !== LEARN) return
      if (move) this.#owners.add(move.owner)
      this.#inBackground(async () => {
        await this.#tellState()
        if (!move || move.status === 'queued' || move.status === 'cancelled') return
        await this.#tellTurn(move.owner, move.key as MessageId)
        if (move.status === 'done') ports.events.memoriesChanged()
      })
    })
  }

  start(): void {
    this.#ports.jobs.start()
    this.#inBackground(async () => {
      const { db, embedder } = this.#ports
      await this.proposals.expire()
      await this.#queueForAll(INDEX, await ownersWithoutPassages(db.read))
      await this.#queueForAll(EMBED, await ownersWithoutVectors(db.read, embedder.model))
    })
    this.#inBackground(() => this.#warmUp())
  }

  async #queueForAll(kind: string, owners: readonly string[]): Promise<void> {
    for (const owner of owners) {
      await this.#ports.db.write(`${kind}.queue`, (tx) =>
        this.#ports.jobs.add(tx, { owner, kind, key: newId<BatchId>() }),
      )
    }
  }

  /**
   * A recall for nothing: it starts the embedder and reads the indexes, which the first message after a start would
   * otherwise wait for, or go without.
   */
  async #warmUp(): Promise<void> {
    if (this.#gate.reading().length === 0) return
    const text = 'Where does it stand today?'
    await this.#ports.embedder.embed([text], 'query')
    const owners = await this.#ports.db.read.selectDistinct({ owner: conversation.owner }).from(conversation)
    for (const { owner } of owners.length > 0 ? owners : [{ owner: '' }]) {
      await this.buildContext({
        owner,
        conversationId: newId<ConversationId>(),
        text,
        recent: [],
        core: null,
        earlier: [],
        budgetTokens: 0,
      })
    }
    await this.#requests.prepare()
  }

  async embedderChanged(): Promise<void> {
    const { db, embedder } = this.#ports
    await this.#queueForAll(EMBED, await ownersWithoutVectors(db.read, embedder.model))
    await this.#requests.prepare()
  }

  idle(): Promise<void> {
    return this.#ports.jobs.idle()
  }

  stop(): Promise<void> {
    return this.#ports.jobs.stop()
  }

  async buildContext(request: ContextRequest): Promise<TurnContext> {
    return buildContext({ ...this.#ports, requests: this.#requests }, this.#gate.reading(request.owner), request)
  }

  async known(
    owner: string,
    place: { projectId: string | null; conversationId: ConversationId },
  ): Promise<KnownGroup[] | null> {
    const stores = this.#gate.reading(owner)
    return stores.length === 0 ? null : readKnown(this.#ports.db.read, owner, stores, place)
  }

  async queueTurn(
    tx: WriteHandle,
    turn: { owner: string; conversationId: ConversationId; messageId: MessageId },
  ): Promise<void> {
    if (this.#gate.reading().length === 0) return
    // Barred, or said in a chat that only reads.
    const [said] = await tx.select({ learnable: message.learnable }).from(message).where(eq(message.id, turn.messageId))
    if (!said?.learnable) return
    const made = await indexTurn(tx, turn.owner, turn.messageId)
    if (made > 0) await this.#ports.jobs.add(tx, { owner: turn.owner, kind: EMBED, key: newId<BatchId>() })
    if (this.#gate.extracting().length === 0) return
    await this.#ports.jobs.add(tx, {
      owner: turn.owner,
      kind: LEARN,
      key: turn.messageId,
      payload: { conversationId: turn.conversationId },
    })
    await this.#queueTidying(tx, turn.owner)
  }

  /** Once a day, some time after something was said. */
  async #queueTidying(tx: WriteHandle, owner: string): Promise<void> {
    const now = this.#ports.clock.now()
    const runAfter = new Date(now.getTime() + TIDY_AFTER_MS)
    await this.#ports.jobs.add(tx, { owner, kind: CURATE, key: now.toISOString().slice(0, 10), runAfter })
  }

  turnsOf(owner: string, messages: MessageId[]): Promise<Map<MessageId, LearnedTurn>> {
    return turnsOf(this.#ports.db.read, owner, messages)
  }

  passagesOf(owner: string, passages: PassageId[]): Promise<Map<PassageId, PassageView>> {
    return viewPassages(this.#ports.db.read, owner, passages)
  }

  search(owner: string, query: string, limit: number): Promise<SearchHit[]> {
    const { db, embedder, log } = this.#ports
    return searchAll({ read: db.read, embedder, log }, [...this.#stores.keys()], owner, query, limit)
  }

  list(owner: string, query: MemoryListQuery): Promise<Outputs['memory']['list']> {
    const { db, embedder, log } = this.#ports
    return listMemories({ read: db.read, embedder, log }, [...this.#stores.keys()], owner, query)
  }

  matching(owner: string, query: MemoryListQuery): Promise<Outputs['memory']['matching']> {
    const { db, embedder, log } = this.#ports
    return matchingMemories({ read: db.read, embedder, log }, [...this.#stores.keys()], owner, query)
  }

  get(owner: string, id: MemoryId): Promise<Outputs['memory']['get']> {
    return inspectMemory(this.#ports.db.read, owner, id)
  }

  uses(
    owner: string,
    query: { id: MemoryId; cursor: string | null; limit: number },
  ): Promise<Outputs['memory']['uses']> {
    return usesOf(this.#ports.db.read, owner, query)
  }

  related(owner: string, id: MemoryId): Promise<Outputs['memory']['related']> {
    const { db, embedder } = this.#ports
    return relatedTo(db.read, owner, id, embedder.model)
  }

  add(owner: string, item: NewItem): Promise<Outputs['memory']['add']> {
    return this.#byHand.add(owner, item)
  }

  edit(owner: string, change: ItemEdit): Promise<Outputs['memory']['edit']> {
    return this.#byHand.edit(owner, change)
  }

  merge(owner: string, wanted: { items: readonly MemorySeen[]; text: string }): Promise<Outputs['memory']['merge']> {
    return this.#byHand.merge(owner, wanted)
  }

  split(owner: string, wanted: MemorySeen & { texts: readonly string[] }): Promise<Outputs['memory']['split']> {
    return this.#byHand.split(owner, wanted)
  }

  markWrong(owner: string, wanted: MemorySeen): Promise<Outputs['memory']['markWrong']> {
    return this.#byHand.markWrong(owner, wanted)
  }

  changeMany(owner: string, ids: readonly MemoryId[], act: ManyAct): Promise<Outputs['memory']['changeMany']> {
    return this.#byHand.changeMany(owner, ids, act)
  }

  pin(owner: string, id: MemoryId, pinned: boolean): Promise<Outputs['memory']['pin']> {
    return this.#byHand.pin(owner, id, pinned)
  }

  sharePreview(owner: string, request: ShareRequest): Promise<Outputs['memory']['sharePreview']> {
    return previewShare(this.#ports.db.read, owner, request)
  }

  share(owner: string, request: ShareRequest): Promise<Outputs['memory']['share']> {
    return this.#byHand.share(owner, request)
  }

  async react(owner: string, request: ReactionRequest): Promise<{ batchId: BatchId | null }> {
    const { batchId, memories } = await react(this.#ports, this.#gate, owner, request)
    if (memories.length > 0) await this.#tellMemories(owner, memories)
    return { batchId }
  }

  learnedFrom(owner: string, id: ConversationId): Promise<number> {
    return countLearnedFrom(this.#ports.db.read, owner, id)
  }

  forgetPreview(owner: string, selection: ForgetSelection): Promise<Outputs['memory']['forgetPreview']> {
    return previewForget(this.#ports.db.read, owner, selection)
  }

  async forget(owner: string, wanted: MemoryId[] | ForgetRequest): Promise<Outputs['memory']['forget']> {
    const request = Array.isArray(wanted) ? { ids: wanted } : wanted
    const { db, jobs, answers } = this.#ports
    const plan = await planForget(db.read, owner, request)
    await answers?.stopIn(owner, await answersUnderWay(db.read, owner, plan))
    const batch = batchByPerson(this.#ports, owner)
    const { count, sentences, finalAt, conversations, memories } = await db.write('memory.forget', (tx) =>
      forget(tx, jobs, batch, request, plan),
    )
    await this.#tellMemories(owner, memories)
    answers?.changed(owner, conversations)
    return { batchId: batch.id, finalAt, count, sentences }
  }

  async undo(owner: string, batchId: BatchId): Promise<Outputs['memory']['undo']> {
    const { db, jobs, answers } = this.#ports
    const vectors = await embedTexts(this.#ports, await textsBefore(db.read, owner, batchId))
    const undo = batchByPerson(this.#ports, owner, vectors)
    const { count, ids, conversations } = await db.write('memory.undo', async (tx) => {
      const back = await putBack(tx, owner, batchId)
      if (back.embed) await jobs.add(tx, { owner, kind: EMBED, key: undo.id })
      // What was forgotten without an item of its own has nothing in the journal.
      const opened = await this.proposals.reopen(tx, owner, batchId)
      const { count, ids } = await undoBatch(tx, undo, batchId, back.places + opened > 0)
      await withdraw(tx, undo, ids)
      return { count, ids, conversations: back.conversations }
    })
    await this.#tellMemories(owner, ids)
    answers?.changed(owner, conversations)
    return { batchId: undo.id, count }
  }

  activity(owner: string, query: ActivityQuery): Promise<Outputs['activity']['list']> {
    return readActivity(this.#ports.db.read, owner, query)
  }

  stateAt(owner: string, query: Inputs['memory']['stateAt']): Promise<Outputs['memory']['stateAt']> {
    return stateAt(this.#ports.db.read, owner, query)
  }

  restorePreview(owner: string, request: RestoreRequest): Promise<Outputs['memory']['restorePreview']> {
    return previewRestore(this.#ports.db.read, owner, request)
  }

  async restore(owner: string, request: RestoreRequest): Promise<Outputs['memory']['restore']> {
    const { db } = this.#ports
    const vectors = await embedTexts(this.#ports, await textsToRestore(db.read, owner, request))
    const batch = batchByPerson(this.#ports, owner, vectors)
    const ids = await db.write('memory.restore', (tx) => restore(tx, batch, request))
    await this.#tellMemories(owner, ids)
    return { batchId: batch.id, count: ids.length }
  }

  async state(owner: string): Promise<LearningState> {
    this.#owners.add(owner)
    const { db, jobs, settings } = this.#ports
    const ids = [...this.#stores.keys()]
    const [counts, active, waiting] = await Promise.all([
      jobs.counts(owner, LEARN),
      countByStore(db.read, owner, ids),
      this.proposals.waiting(owner),
    ])
    return {
      enabled: settings().learning,
      ...counts,
      waiting,
      stores: [...this.#stores.values()]
        .filter(({ ownedBy }) => !ownedBy || ownedBy === owner)
        .map((store) => ({
          id: store.id,
          title: store.title,
          icon: store.icon ?? null,
          mode: this.#gate.chosen(store.id),
          modes: [...store.policy.modes],
          defaultMode: this.#gate.unset(store.id),
          readOnly: this.#gate.isReadOnly(store.id),
          active: active[store.id] ?? 0,
        })),
    }
  }

  async setLevel(owner: string, level: LearningLevel): Promise<LearningState> {
    const { setLevel } = this.#ports
    if (!setLevel) throw new AppError('NOT_ALLOWED', 'How much is learned cannot be changed here. Nothing was changed.')
    await setLevel({ learning: level !== 'off', learnByItself: level === 'by_itself' })
    await this.switched(owner)
    return this.state(owner)
  }

  async setMode(owner: string, id: StoreId, mode: StoreMode): Promise<LearningState> {
    const store = this.#store(id)
    this.#gate.checkMode(store, mode)
    await this.#ports.setModes({ ...this.#ports.settings().storeModes, [id]: mode })
    await this.switched(owner)
    return this.state(owner)
  }

  async resetModes(owner: string, id: StoreId | null): Promise<LearningState> {
    if (id !== null) this.#store(id)
    const { storeModes } = this.#ports.settings()
    const kept = Object.entries(storeModes).filter(([store]) => id !== null && store !== id)
    await this.#ports.setModes(Object.fromEntries(kept))
    await this.switched(owner)
    return this.state(owner)
  }

  async setReadOnly(owner: string, id: StoreId, readOnly: boolean): Promise<LearningState> {
    const { settings, setReadOnly } = this.#ports
    const store = this.#store(id)
    if (!setReadOnly) throw new AppError('NOT_ALLOWED', `"${store.title}" cannot be set to read only here.`)
    const others = (settings().readOnlyStores ?? []).filter((other) => other !== id)
    await setReadOnly(readOnly ? [...others, id] : others)
    await this.switched(owner)
    return this.state(owner)
  }

  async switched(owner: string): Promise<void> {
    if (this.#gate.extracting().length === 0) {
      await this.#ports.jobs.cancel(owner, LEARN)
      await this.imports.pauseAll(owner)
    }
    this.#owners.add(owner)
    await this.#tellState()
  }

  async retryFailed(owner: string): Promise<number> {
    return this.#ports.jobs.retryFailed(owner, LEARN)
  }

  titleOf(store: string): string {
    return this.#stores.get(store as StoreId)?.title ?? store
  }

  suggestImported(tx: WriteHandle, batch: ImportBatch, items: readonly ImportedItem[]): Promise<ImportOutcome[]> {
    const own = (id: StoreId) => {
      const store = this.#stores.get(id)
      return store && (store.ownedBy === undefined || store.ownedBy === batch.owner) ? store : null
    }
    const plain = this.#store(userMemory.id)
    return suggestImported(tx, batch, { of: own, plain, neverKeep: (id) => this.#gate.neverKeep(id) }, items)
  }

  #store(id: StoreId): LearningStore {
    const store = this.#stores.get(id)
    if (store) return store
    throw new AppError(
      'INVALID_INPUT',
      `There is no store "${id}". Possible: ${[...this.#stores.keys()].join(', ')}.`,
      {
        field: 'store',
      },
    )
  }

  async #tellMemories(owner: string, ids: readonly MemoryId[]): Promise<void> {
    this.#owners.add(owner)
    this.#ports.events.memoriesChanged()
    await this.#tellState()
    const turns = await turnsOfMemories(this.#ports.db.read, owner, ids)
    for (const { messageId } of turns) await this.#tellTurn(owner, messageId)
  }

  async #tellState(): Promise<void> {
    for (const owner of this.#owners) this.#ports.events.stateChanged(await this.state(owner))
  }

  async #tellTurn(owner: string, messageId: MessageId): Promise<void> {
    const { db, clock, events } = this.#ports
    const turn = await readTurn(db.read, owner, messageId, clock.timeZone)
    const learned = (await turnsOf(db.read, owner, [messageId])).get(messageId)
    if (!turn || !learned) return
    events.learned({
      conversationId: turn.conversationId,
      messageId,
      status: learned.status ?? 'done',
      changes: learned.changes,
    })
  }

  /** Telling must not fail what it tells of. */
  #inBackground(work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      this.#ports.log.warn(
        { code: (error as { code?: string }).code ?? (error as Error).name },
        'learning could not tell',
      )
    })
  }
}
