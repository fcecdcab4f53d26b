// Makes a learning store from what is particular about it; everything else has a good default.
import type { z } from 'zod'
import type { StoreId } from '../../shared/memory.ts'
import { storeId } from '../../shared/memory.ts'
import type { StoreField } from '../../shared/store-field.ts'
import { correctedText } from './change/corrected.ts'
import { withoutOldState } from './change/spoken.ts'
import { ALL_MODES } from './modes.ts'
import type {
  CaptureSpec,
  Change,
  ContextBlock,
  FinishedTurn,
  Found,
  ItemContent,
  KnownItem,
  LearningStore,
  StoredItem,
  StorePolicy,
  TokenBudget,
} from './protocol.ts'

export interface StoreDefinition<Content> {
  id: StoreId
  title: string
  /** Fields of an item beside its sentence. */
  schema: z.ZodType<Content>
  /** What a form of its items shows, where the schema does not say it. */
  fields?: readonly StoreField[]
  /** What to look for in a turn, and what to make of it. Without it the store learns nothing by itself. */
  learn?: CaptureSpec<Content> & Partial<Pick<LearningStore<Content>, 'process' | 'relate'>>
  recall?: LearningStore<Content>['recall']
  render?: LearningStore<Content>['render']
  tools?: LearningStore<Content>['tools']
  guidance?: LearningStore<Content>['guidance']
  curate?: LearningStore<Content>['curate']
  fromHand?: LearningStore<Content>['fromHand']
  credit?: LearningStore<Content>['credit']
  policy?: Partial<StorePolicy>
}

const DEFAULT_POLICY: StorePolicy = {
  modes: ALL_MODES,
  defaultMode: 'always',
  scope: { namespace: 'user' },
  placement: 'recalled',
  trusted: ['user', 'hand'],
  basic: true,
  dated: true,
  limits: { changesPerTurn: 10 },
  compareBy: 'meaning',
}

/**
 * @returns a store ready to be registered
 * @throws Error naming the field when the definition does not hold together
 */
export function defineStore<Content>(definition: StoreDefinition<Content>): LearningStore<Content> {
  const policy = { ...DEFAULT_POLICY, ...definition.policy }
  const id = storeId.parse(definition.id)
  if (definition.title.trim() === '') throw new Error(`Store ${id}: the title is empty.`)
  if (!policy.modes.includes(policy.defaultMode)) {
    throw new Error(`Store ${id}: the default mode "${policy.defaultMode}" is none of ${policy.modes.join(', ')}.`)
  }
  const { learn } = definition
  const store: LearningStore<Content> = {
    id,
    title: definition.title,
    schema: definition.schema,
    ...(definition.fields ? { fields: definition.fields } : {}),
    policy,
    recall: definition.recall ?? (async () => null),
    render: definition.render ?? ((items, budget) => renderLines(items, budget, (item) => item.text)),
    process: learn?.process ?? addOrChange,
    tools: definition.tools ?? (() => []),
    fromHand: definition.fromHand ?? ((text, before) => keepFields(definition.schema, text, before)),
  }
  return {
    ...store,
    ...(learn ? { capture: learn } : {}),
    ...(learn?.relate ? { relate: learn.relate } : {}),
    ...(definition.credit ? { credit: definition.credit } : {}),
    ...(definition.guidance ? { guidance: definition.guidance } : {}),
    ...(definition.curate ? { curate: definition.curate } : {}),
  }
}

/**
 * The usual way: known already, one more source; changed, the newer one holds; said before what holds now, history; else a
 * new item, with a question where only the person knows whether an older one still holds.
 */
export function addOrChange<Content>(
  _turn: FinishedTurn | null,
  { item, evidence }: Found<Content>,
  near: KnownItem<Content>[],
): Change<Content>[] {
  const same = near.find(({ relation }) => relation === 'same')
  if (same) return [{ action: 'confirm', id: same.id, base: same.version, evidence }]
  const replaced = near.filter(({ relation }) => relation === 'replaces')
  const newer = replaced.find((one) => one.newer)
  if (newer) {
    return [{ action: 'add', item, evidence, outdated: { by: { id: newer.id, base: newer.version } } }]
  }
  const [first, ...others] = replaced
  const asked = near
    .filter(({ relation, newer: later }) => relation === 'unsure' && !later)
    .map(({ id, version }) => ({ id, base: version }))
  if (!first) return [{ action: 'add', item, evidence, ...(asked.length > 0 ? { contests: asked } : {}) }]
  const reason = 'changed'
  const quote = evidence[0]?.quote ?? item.text
  const corrected = correctedText({ text: item.text, quote }, first.text)
  const kept = first.elsewhere ? item : { ...item, kind: first.kind, content: first.content }
  const by = corrected ? { ...kept, text: corrected } : { ...item, text: withoutOldState(item.text) }
  return [
    {
      action: 'supersede',
      id: first.id,
      base: first.version,
      by,
      reason: corrected ? 'corrected' : reason,
      evidence,
      ...(corrected ? { keepsSources: true } : { keeps: first.remainder ?? null }),
    },
    ...others.map(
      ({ id, version, remainder }): Change<Content> => ({
        action: 'retire',
        id,
        base: version,
        reason,
        evidence,
        keeps: remainder ?? null,
      }),
    ),
    ...asked.map(({ id, base }): Change<Content> => ({ action: 'retire', id, base, reason, evidence, ask: true })),
  ]
}

/** One line an item while the budget lasts. A line may grow no longer than `LONGEST_LINE` characters. */
export function renderLines<Content>(
  items: StoredItem<Content>[],
  budget: TokenBudget,
  line: (item: StoredItem<Content>) => string,
): ContextBlock {
  const lines: ContextBlock['lines'] = []
  let left = budget.tokens
  for (const item of items) {
    const text = oneLine(line(item))
    const tokens = budget.count(text)
    if (tokens > left) continue
    left -= tokens
    lines.push({ id: item.id, version: item.version, line: text })
  }
  return { lines, leftOut: items.length - lines.length }
}

const LONGEST_LINE = 400

/** What looks like the brackets of a fence, in whatever width or shape. */
const OPENING = /[[\uFF3B\u27E6\u3010\u3014\u2772\u2045]/gu
const CLOSING = /[\]\uFF3D\u27E7\u3011\u3015\u2773\u2046]/gu
/** Characters nobody sees: direction marks, tags, variation selectors, halves of characters. They can carry orders. */
const UNSEEN = /[\p{Cf}\p{Cs}\p{Co}\p{Variation_Selector}]/gu
/** What breaks or blanks a line, whether it counts as space or not. */
const BLANK = /[\s\p{Cc}\u2028\u2029\u115F\u1160\u2800\u3164\uFFA0]+/gu

/** Data in a fenced block: no line breaks, no bracket that could close the fence, nothing unseen, and not endless. */
export function oneLine(text: string): string {
  const flat = text.replace(UNSEEN, '').replace(BLANK, ' ').replace(OPENING, '(').replace(CLOSING, ')').trim()
  if (flat.length <= LONGEST_LINE) return flat
  return `${flat.slice(0, LONGEST_LINE - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

function keepFields<Content>(
  schema: z.ZodType<Content>,
  text: string,
  before: StoredItem<Content> | null,
): ItemContent<Content> {
  const content = before ? before.content : schema.parse({})
  return { kind: before?.kind ?? 'note', text, content }
}
