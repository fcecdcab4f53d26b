// What the person does with one item, or with many, by hand: one batch of changes each, with one undo.
import type { Outputs } from '../../../shared/contract/index.ts'
import type { ManyAct, MemorySeen } from '../../../shared/contract/memory.ts'
import { AppError } from '../../../shared/errors.ts'
import { type BatchId, type MemoryId, newId } from '../../../shared/ids.ts'
import type { StoreId } from '../../../shared/memory.ts'
import { asWritten, type FieldValue } from '../../../shared/store-field.ts'
import type { WriteHandle } from '../../database/database.ts'
import type { Batch, Vectors } from '../change/batch.ts'
import { planFind } from '../change/plan.ts'
import { applyChanges } from '../change/write.ts'
import { hold, note, updateRow } from '../change/write-items.ts'
import { linkItem, mentionsOfHand, withMentions } from '../entities/link.ts'
import { refuseSecret } from '../extraction/secrets.ts'
import type { Gate } from '../modes.ts'
import type { LearningPorts } from '../ports.ts'
import type { Change, Evidence, HandedOver, LearningStore } from '../protocol.ts'
import { bodyOf, type MemoryRow, needMemory, readMemory, storedItem, viewMemory } from '../rows.ts'
import { withValues } from '../store-view/fields.ts'
import { previewShare, type ShareRequest, share } from '../teams/share.ts'
import { EMBED, embedTexts } from '../vectors.ts'
import { changeMany } from './change-many.ts'
import { mergeItems, splitItem } from './merge.ts'
import { markWrong } from './wrong.ts'

/** Acts after which an item has the vector it had. */
const KEEPS_TEXT: ReadonlySet<string> = new Set(['memory.pin', 'memory.wrong'])

/** Values of fields by key; null empties one. */
type FieldValues = Readonly<Record<string, FieldValue>> | undefined

/** An item the person writes. */
export interface NewItem {
  store: StoreId
  text: string
  data?: FieldValues
}

/** `data` holds the fields that change beside the sentence. */
export interface ItemEdit {
  id: MemoryId
  version: number
  text: string
  data?: FieldValues
}

/** @param vectors of the texts it writes; none where it writes no text */
export function batchByPerson(
  { clock, embedder }: LearningPorts,
  owner: string,
  vectors: Vectors = { model: embedder.model, of: () => null },
): Batch {
  const { timeZone } = clock
  const at = clock.now()
  return { owner, id: newId<BatchId>(), actor: 'person', author: 'person', at, timeZone, extractor: null, vectors }
}

export class ByHand {
  readonly #ports: LearningPorts
  readonly #gate: Gate
  readonly #store: (id: StoreId) => LearningStore
  readonly #tellMemories: (owner: string, ids: readonly MemoryId[]) => Promise<void>

  /** @param tellMemories says what changed to whoever shows it */
  constructor(
    ports: LearningPorts,
    gate: Gate,
    store: (id: StoreId) => LearningStore,
    tellMemories: (owner: string, ids: readonly MemoryId[]) => Promise<void>,
  ) {
    this.#ports = ports
    this.#gate = gate
    this.#store = store
    this.#tellMemories = tellMemories
  }

  async add(owner: string, { store: id, text, data = {} }: NewItem): Promise<Outputs['memory']['add']> {
    const store = this.#store(id)
    refuseSecret(wordsOf(text, data))
    const { clock } = this.#ports
    const worded = store.fromHand(text, null, { at: clock.now(), timeZone: clock.timeZone })
    const item = { ...worded, content: withValues(store, worded.content, data) }
    const found = { item, evidence: [byHand(text, clock.now())] }
    const vectors = await embedTexts(this.#ports, [found.item.text])
    return this.#byPerson(owner, 'memory.add', vectors, async (tx, batch) => {
      const named = withMentions(found, mentionsOfHand(found.item.text))
      const linked = { ...named, item: await linkItem(tx, batch, store, named.item, named.evidence) }
      const changes = await planFind(tx, owner, null, { store, found: linked }, vectors, this.#gate.reading(owner))
      const [applied] = await applyChanges(tx, batch, store, changes)
      return applied?.memoryId
    })
  }

  async edit(owner: string, { id, version, text, data = {} }: ItemEdit): Promise<Outputs['memory']['edit']> {
    refuseSecret(wordsOf(text, data))
    const row = await needMemory(this.#ports.db.read, owner, id)
    const store = this.#store(row.store)
    const { clock } = this.#ports
    const before = storedItem(row)
    // Words that stay say nothing new: only the fields change.
    const worded =
      text === row.text && Object.keys(data).length > 0
        ? { kind: row.kind, text, content: row.data }
        : store.fromHand(text, before, { at: clock.now(), timeZone: clock.timeZone })
    const item = { ...worded, content: withValues(store, worded.content, data) }
    const vectors = await embedTexts(this.#ports, [item.text])
    const change: Change = {
      action: 'update',
      id,
      base: version,
      item,
      evidence: [byHand(text, this.#ports.clock.now())],
    }
    return this.#byPerson(owner, 'memory.edit', vectors, async (tx, batch) => {
      await applyChanges(tx, batch, store, [change])
      await this.#suggestAfter(tx, batch, store.capture?.changed?.(before, item, batch.at) ?? [])
      return id
    })
  }

  /** What follows from an act of the person is no act of theirs: their modes judge it, and one undo takes back both. */
  async #suggestAfter(tx: WriteHandle, batch: Batch, followed: readonly HandedOver[]): Promise<void> {
    const found: Batch = { ...batch, author: 'extraction', gate: { who: 'extraction', gate: this.#gate } }
    for (const one of followed) {
      const store = this.#gate.extracting(batch.owner).find(({ id }) => id === one.store)
      if (!store) continue
      const changes = await planFind(tx, batch.owner, null, { store, found: one }, batch.vectors)
      await applyChanges(tx, found, store, changes)
    }
  }

  async merge(
    owner: string,
    wanted: { items: readonly MemorySeen[]; text: string },
  ): Promise<Outputs['memory']['merge']> {
    refuseSecret(wanted.text)
    const vectors = await embedTexts(this.#ports, [wanted.text])
    return this.#byPerson(owner, 'memory.merge', vectors, (tx, batch) =>
      mergeItems(tx, batch, ({ store }) => this.#store(store), wanted),
    )
  }

  async split(owner: string, wanted: MemorySeen & { texts: readonly string[] }): Promise<Outputs['memory']['split']> {
    for (const text of wanted.texts) refuseSecret(text)
    const vectors = await embedTexts(this.#ports, wanted.texts)
    return this.#byPerson(owner, 'memory.split', vectors, (tx, batch) =>
      splitItem(tx, batch, ({ store }) => this.#store(store), wanted),
    )
  }

  async markWrong(owner: string, { id, version }: MemorySeen): Promise<Outputs['memory']['markWrong']> {
    return this.#byPerson(owner, 'memory.wrong', undefined, (tx, batch) => markWrong(tx, batch, id, version))
  }

  async changeMany(owner: string, ids: readonly MemoryId[], act: ManyAct): Promise<Outputs['memory']['changeMany']> {
    const batch = batchByPerson(this.#ports, owner)
    const changed = await this.#ports.db.write('memory.many', (tx) => changeMany(tx, batch, ids, act))
    await this.#tellMemories(owner, changed)
    return { batchId: batch.id, count: changed.length }
  }

  async pin(owner: string, id: MemoryId, pinned: boolean): Promise<Outputs['memory']['pin']> {
    return this.#byPerson(owner, 'memory.pin', undefined, async (tx, batch) => {
      const before = await hold(tx, owner, id, null)
      if (before.pinned === pinned) return id
      const after = await updateRow(tx, batch, before, { pinned })
      await note(tx, batch, 'pin', bodyOf(before), bodyOf(after), after)
      return id
    })
  }

  async share(owner: string, request: ShareRequest): Promise<Outputs['memory']['share']> {
    const { text } = await previewShare(this.#ports.db.read, owner, request)
    const vectors = await embedTexts(this.#ports, [text])
    return this.#byPerson(owner, 'memory.share', vectors, (tx, batch) => share(tx, batch, request))
  }

  /** One act of a person on one item. */
  async #byPerson(
    owner: string,
    name: string,
    vectors: Vectors | undefined,
    work: (tx: WriteHandle, batch: Batch) => Promise<MemoryId | undefined>,
  ): Promise<{ memory: ReturnType<typeof viewMemory>; batchId: BatchId }> {
    const batch = batchByPerson(this.#ports, owner, vectors)
    const row = await this.#ports.db.write(name, async (tx): Promise<MemoryRow | null> => {
      const id = await work(tx, batch)
      const changed = id ? await readMemory(tx, owner, id) : null
      if (changed && !KEEPS_TEXT.has(name) && !batch.vectors.of(changed.text)) {
        await this.#ports.jobs.add(tx, { owner, kind: EMBED, key: batch.id })
      }
      return changed
    })
    if (!row) throw new AppError('NOT_FOUND', 'This memory does not exist any more.')
    await this.#tellMemories(owner, [row.id])
    return { memory: viewMemory(row), batchId: batch.id }
  }
}

/** All a person writes of an item: none of it may be a password or a key. */
function wordsOf(text: string, data: FieldValues): string {
  return [text, ...Object.values(data ?? {}).map(asWritten)].join('\n')
}

function byHand(quote: string, at: Date): Evidence {
  return { origin: 'hand', quote, at }
}
