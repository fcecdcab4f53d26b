// What each mode allows: one table that the machine, the write path and the chat ask, so that no mode is a matter of words
// in a prompt.
import { AppError } from '../../shared/errors.ts'
import type { StoreId, StoreMode } from '../../shared/memory.ts'
import type { LearningSettings } from './ports.ts'
import type { LearningStore } from './protocol.ts'

/** What a change that is no act of the person becomes. */
export type Outcome = 'refused' | 'written' | 'proposed'

export interface ModeRules {
  /** Items may stand in a prompt and be compared with. */
  reads: boolean
  /** Turns are learned from after they are over. */
  extracts: boolean
  /** Tools of the model; `policy`: reading ones, where the store's policy says so. */
  tools: 'none' | 'policy' | 'write' | 'suggest'
  /** Of a change found in a finished turn, and of one a tool asks for. */
  extraction: Outcome
  tool: Outcome
  /** The turn waits for the person's decision; nothing decides many at once. */
  pauses: boolean
}

export const MODES: Readonly<Record<StoreMode, ModeRules>> = {
  off: { reads: false, extracts: false, tools: 'none', extraction: 'refused', tool: 'refused', pauses: false },
  always: { reads: true, extracts: true, tools: 'policy', extraction: 'written', tool: 'written', pauses: false },
  agentic: { reads: true, extracts: false, tools: 'write', extraction: 'refused', tool: 'written', pauses: false },
  propose: { reads: true, extracts: true, tools: 'suggest', extraction: 'proposed', tool: 'proposed', pauses: false },
  ask: { reads: true, extracts: true, tools: 'suggest', extraction: 'proposed', tool: 'proposed', pauses: true },
}

export const ALL_MODES = Object.keys(MODES) as StoreMode[]

/** Reason of a proposal that a mode made, not a doubt. */
export const PROPOSED_BY_MODE = { propose: 'mode-propose', ask: 'mode-ask' } as const

/** Who suggests a change: work after a turn, or a tool the model called. */
export type Suggester = 'extraction' | 'tool'

/** The modes of all stores as they are now; asked anew at each use, so that a switch works at once. */
export class Gate {
  readonly #stores: ReadonlyMap<StoreId, LearningStore>
  readonly #settings: () => LearningSettings

  constructor(stores: ReadonlyMap<StoreId, LearningStore>, settings: () => LearningSettings) {
    this.#stores = stores
    this.#settings = settings
  }

  /** What holds now: `off` with the switch off, and for a mode the store does not have (a setting of a newer version). */
  modeOf(id: StoreId): StoreMode {
    const settings = this.#settings()
    return settings.learning ? this.chosen(id) : 'off'
  }

  /** As it is set, whatever the one switch says. */
  chosen(id: StoreId): StoreMode {
    const store = this.#stores.get(id)
    if (!store) return 'off'
    const mode = this.#settings().storeModes[id] ?? this.unset(id)
    return store.policy.modes.includes(mode) ? mode : 'off'
  }

  /** What a store is in as long as nobody sets it. */
  unset(id: StoreId): StoreMode {
    const policy = this.#stores.get(id)?.policy
    const { learnByItself, proposeEverything } = this.#settings()
    if (!policy || !(policy.basic || learnByItself)) return 'off'
    const asking = proposeEverything ? (['ask', 'propose'] as const) : []
    return asking.find((mode) => policy.modes.includes(mode)) ?? policy.defaultMode
  }

  /** Used, and not learned. */
  isReadOnly(id: StoreId): boolean {
    return this.#settings().readOnlyStores?.includes(id) ?? false
  }

  /** What the person wants never to be kept there. */
  neverKeep(id: StoreId): readonly string[] {
    return this.#settings().neverKeep?.[id] ?? []
  }

  /** Stores whose items may be used now. @param owner whose turn it is; null: of anybody */
  reading(owner: string | null = null): LearningStore[] {
    return [...this.#stores.values()].filter(({ id, ownedBy }) => isFor(ownedBy, owner) && MODES[this.modeOf(id)].reads)
  }

  /** Stores that learn from finished turns now. */
  extracting(owner: string | null = null): LearningStore[] {
    return this.reading(owner).filter(({ id }) => MODES[this.modeOf(id)].extracts && !this.isReadOnly(id))
  }

  /** What a change by `who` to an item of this store becomes now. */
  outcome(id: StoreId, who: Suggester): Outcome {
    if (this.isReadOnly(id)) return 'refused'
    const rules = MODES[this.modeOf(id)]
    return who === 'tool' ? rules.tool : rules.extraction
  }

  /** @throws AppError that names the allowed values */
  checkMode(store: LearningStore, mode: StoreMode): void {
    if (store.policy.modes.includes(mode)) return
    throw new AppError(
      'INVALID_INPUT',
      `"${store.title}" cannot be set to "${mode}". Possible: ${store.policy.modes.join(', ')}. Nothing was changed.`,
      { field: 'mode' },
    )
  }
}

/** A store that a person made is theirs alone. */
function isFor(ownedBy: string | undefined, owner: string | null): boolean {
  return ownedBy === undefined || owner === null || ownedBy === owner
}
