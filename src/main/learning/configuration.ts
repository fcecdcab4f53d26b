// How much is learned, said in three levels that all end in the same checked settings: one switch; which stores; every
// store in full.
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { namespace, storeMode } from '../../shared/memory.ts'
import { isForbidden } from './never-keep.ts'
import type { LearningSettings } from './ports.ts'
import type { LearningStore } from './protocol.ts'
import { defineSessionContext } from './stores/session-context.ts'

const storeOptions = {
  mode: storeMode.optional(),
  /** Used, and not learned. */
  readOnly: z.boolean().optional(),
  /** Who may see what is learned by itself; the person alone without it. Shared scopes wait for their decision. */
  scope: namespace.optional(),
  /** What says one of these words is not kept. It narrows what is kept, and hides nothing from what reads the turn. */
  neverKeep: z.array(z.string().trim().min(1).max(100)).max(100).optional(),
  /** Most changes a turn may make. */
  changesPerTurn: z.int().min(1).max(100).optional(),
}
const store = z.union([z.boolean(), z.strictObject(storeOptions)])
const session = z.union([z.boolean(), z.strictObject({ ...storeOptions, planning: z.boolean().optional() })])

const NAMES = {
  userProfile: 'user_profile',
  userMemory: 'user_memory',
  sessionContext: 'session_context',
  entityMemory: 'entity_memory',
  learnedKnowledge: 'learned_knowledge',
  decisionLog: 'decision_log',
  feedback: 'feedback',
  selfImprovement: 'self_improvement',
  todos: 'todos',
  writingStyle: 'writing_style',
} as const
type Name = keyof typeof NAMES

const byName = {
  ...Object.fromEntries(Object.keys(NAMES).map((name) => [name, store.optional()])),
  sessionContext: session.optional(),
}
const configuration = z.strictObject({
  learning: z.boolean().optional(),
  /** Every kind of learning in its default mode. */
  learnByItself: z.boolean().optional(),
  stores: z.strictObject(byName as Record<Name, z.ZodOptional<typeof session>>).optional(),
  /** Kinds of learning of one's own, made with `defineStore`. */
  custom: z.array(z.custom<LearningStore>(isStore, 'not a store made with defineStore')).max(100).optional(),
})

export type LearningConfiguration = z.input<typeof configuration>
type StoreOptions = z.output<z.ZodObject<typeof storeOptions>> & { planning?: boolean | undefined }

/**
 * @param input one switch (`{ learning: true }`), stores by name (`{ stores: { todos: true } }`), or stores in full; naming
 *   stores turns off those that are not named
 * @param builtIn the stores the names stand for
 * @returns the settings it comes down to, and the stores to run
 * @throws AppError INVALID_INPUT naming what is wrong and where; nothing runs with a part of it
 */
export function readConfiguration(
  input: unknown,
  builtIn: readonly LearningStore[],
): { settings: LearningSettings; stores: LearningStore[] } {
  const parsed = configuration.safeParse(input)
  if (!parsed.success) throw refused(parsed.error)
  const { learning, learnByItself = false, stores: chosen, custom = [] } = parsed.data
  const modes: LearningSettings['storeModes'] = {}
  const readOnly: string[] = []
  const made = builtIn.map((one): LearningStore => {
    const name = (Object.keys(NAMES) as Name[]).find((key) => NAMES[key] === one.id)
    const wanted = name && chosen?.[name]
    if (chosen && !wanted) modes[one.id] = 'off'
    if (!wanted) return one
    const options: StoreOptions = wanted === true ? {} : wanted
    const mode = options.mode ?? one.policy.defaultMode
    if (!one.policy.modes.includes(mode))
      throw invalid(`stores.${name}.mode`, `possible: ${one.policy.modes.join(', ')}`)
    modes[one.id] = mode
    if (options.readOnly) readOnly.push(one.id)
    return withOptions(one, options)
  })
  return {
    settings: {
      learning: learning ?? (chosen !== undefined || custom.length > 0 || learnByItself),
      learnByItself,
      storeModes: modes,
      readOnlyStores: readOnly,
    },
    stores: [...made, ...custom],
  }
}

function withOptions(
  one: LearningStore,
  { scope, neverKeep = [], changesPerTurn, planning }: StoreOptions,
): LearningStore {
  const base =
    one.id === NAMES.sessionContext && planning !== undefined
      ? (defineSessionContext({ planning: () => planning }) as unknown as LearningStore)
      : one
  const { policy } = base
  return {
    ...base,
    policy: {
      ...policy,
      ...(scope ? { scope: { ...policy.scope, namespace: scope } } : {}),
      ...(changesPerTurn ? { limits: { changesPerTurn } } : {}),
    },
    process(turn, found, near) {
      const changes = isForbidden(found, neverKeep) ? [] : base.process(turn, found, near)
      // What others would see is the person's to decide.
      if (!scope || scope === 'user') return changes
      return changes.map((change) => (change.action === 'add' ? { ...change, waits: true } : change))
    },
  }
}

function isStore(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'id' in value && 'policy' in value && 'process' in value
}

/** The first thing that is wrong, in one sentence. */
function refused({ issues }: z.ZodError): AppError {
  const [issue] = issues
  const path = issue?.path.join('.') ?? ''
  if (issue?.code === 'unrecognized_keys') {
    const known =
      path === 'stores'
        ? Object.keys(NAMES)
        : path === ''
          ? Object.keys(configuration.shape)
          : Object.keys(storeOptions)
    const name = [path, issue.keys[0]].filter(Boolean).join('.')
    return invalid(name, `there is no such key; possible: ${known.join(', ')}`)
  }
  if (/\.mode$/u.test(path) || (issue?.code === 'invalid_union' && JSON.stringify(issue.errors).includes('"mode"')))
    return invalid(path.endsWith('.mode') ? path : `${path}.mode`, `possible: ${storeMode.options.join(', ')}`)
  if (issue?.code === 'invalid_union') {
    const inner =
      issue.errors.flat().find(({ path: at }) => at.length > 0) ??
      issue.errors.flat().find(({ code }) => code === 'unrecognized_keys')
    const where = [path, ...(inner?.path ?? [])].join('.')
    return invalid(where, inner?.message ?? 'on, off, or an object with options')
  }
  return invalid(path, issue?.message ?? 'not valid')
}

function invalid(field: string, why: string): AppError {
  return new AppError('INVALID_INPUT', `"${field || 'the configuration'}": ${why}. Nothing was changed.`, { field })
}
