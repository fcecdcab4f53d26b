// What stands between the machine and the code of a store. A store that throws, that does not answer in time, or that
// answers with something else than it should is reported and left out of what it was asked for; the turn, the queue and
// the other stores go on. Its plain code runs here, so a loop without an end is the one thing that cannot be contained.
import { z } from 'zod'
import { AppError, type ErrorCode } from '../../../shared/errors.ts'
import { recallReason } from '../../../shared/memory.ts'
import type { Log } from '../../app/log.ts'
import { oneLine, renderLines } from '../define-store.ts'
import type {
  CaptureSpec,
  Change,
  ContextBlock,
  FinishedTurn,
  Found,
  HandedOver,
  ItemContent,
  KnownItem,
  LearningStore,
  StoredItem,
  StorePolicy,
  TokenBudget,
} from '../protocol.ts'
import { isFoundedOn, namesOnlyKnown } from './checks.ts'
import { fitContent } from './content.ts'
import { changeShape, foundShape, grammarShape, itemShape, lineShape, mentionShape } from './shapes.ts'

/** How long a store may take to read, in milliseconds: while an answer waits, and in the background. */
export interface Patience {
  recallMs: number
  learnMs: number
}
export const PATIENCE: Patience = { recallMs: 5_000, learnMs: 10_000 }

/** A store could not say what it knows: it is left out of this turn, because it would learn the same again. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed'
}

/** Failures that are not the store's, and end the work of all. */
const NOT_ITS_OWN: readonly ErrorCode[] = ['DATABASE_STOPPED', 'DISK_FULL']
/** What the database accepts on other words than the person's, item by item (migrations `named_exceptions`). */
const EXCEPTIONS = ['session_context', 'decision_log', 'feedback']

/** @returns the same store with every function contained; its items come to it in the form its schema has now */
export function containStore(store: LearningStore, log: Log, patience: Patience = PATIENCE): LearningStore {
  const watch = new Watch(store.id, log)
  const { tried, inTime } = watch
  const fits = (content: unknown) => store.schema.safeParse(content).success
  const adapted = <Item extends StoredItem>(item: Item): Item | null => {
    const content = fitContent(store.schema, item.content)
    return content && { ...item, content }
  }
  const relate = store.relate?.bind(store)
  const credit = store.credit?.bind(store)
  const curate = store.curate?.bind(store)
  return {
    ...store,
    policy: trustedPolicy(store),
    ...(store.capture ? { capture: containCapture(store, store.capture, watch, patience) } : {}),
    recall: (turn, db) =>
      inTime(
        'recall',
        patience.recallMs,
        async () => recalledShape.nullable().parse(await store.recall(turn, db)),
        null,
      ) as Promise<StoredItem[] | null>,
    render(items, budget) {
      const known = items.map(adapted)
      if (known.includes(null)) return sentences(items, budget)
      const read = known.filter((item) => item !== null)
      return tried(
        'render',
        () => checkedBlock(store.render(read, budget), items),
        () => sentences(items, budget),
      )
    },
    process: (turn, found, near) => {
      const known = near.map((item): KnownItem => {
        if (item.elsewhere) return item
        // Of an item it cannot read any more it can compare the words.
        return adapted(item) ?? { ...item, elsewhere: true }
      })
      return tried(
        'process',
        () =>
          z
            .array(
              z.custom<Change>(
                (change) =>
                  isChange(change, fits) && namesOnlyKnown(change, near) && isFoundedOn(change.evidence, turn, found),
              ),
            )
            .parse(store.process(turn, found, known)),
        () => [],
      )
    },
    ...(relate
      ? {
          relate: (item: Item, known: StoredItem) => {
            const one = adapted(known)
            if (!one) return null
            return tried(
              'relate',
              () => relation.parse(relate(item, one)),
              () => null,
            )
          },
        }
      : {}),
    ...(credit
      ? {
          credit: (item: StoredItem, good: boolean) => {
            const one = adapted(item)
            if (!one) return null
            return tried(
              'credit',
              () =>
                z
                  .custom<Item>((made) => isItem(made, fits))
                  .nullable()
                  .parse(credit(one, good)),
              () => null,
            )
          },
        }
      : {}),
    fromHand(text, before, moment) {
      const made = tried(
        'fromHand',
        () => itemShape.parse(store.fromHand(text, before && (adapted(before) ?? before), moment)) as Item,
        () => null,
      )
      if (made && fits(made.content)) return made
      // The words are the person's to change, whatever became of the fields beside them.
      if (before) return { kind: before.kind, text: made?.text ?? text, content: before.content }
      throw new AppError('INVALID_INPUT', `"${store.title}" does not take these words. Nothing was saved.`, {
        field: 'text',
      })
    },
    ...(curate
      ? {
          curate: (request: Parameters<typeof curate>[0]) =>
            inTime(
              'curate',
              patience.learnMs,
              async () => z.array(z.custom<Change>((change) => isChange(change, fits))).parse(await curate(request)),
              [],
            ),
        }
      : {}),
  }
}

// Made once: to make the schema of a line takes longer than to check one, and every line of a prompt is checked.
const blockShape = z.looseObject({ lines: z.array(lineShape), leftOut: z.int() })
const storedShape = z.looseObject({ id: z.guid(), version: z.int(), text: z.string(), kind: z.string() })
const recalledShape = z.array(z.looseObject({ id: z.guid(), reason: recallReason.optional() }))
const relation = z.enum(['same', 'replaces', 'both', 'unsure']).nullable()

function containCapture(store: LearningStore, capture: CaptureSpec, watch: Watch, { learnMs }: Patience): CaptureSpec {
  const { tried, inTime } = watch
  const fits = (content: unknown) => store.schema.safeParse(content).success
  const findsOf = (call: string, value: unknown, turn: FinishedTurn | null, byHand = false): (Found | HandedOver)[] => {
    const all = z.array(z.unknown()).parse(value)
    const sound = all.filter((found): found is Found => isFound(found, store, turn, fits, byHand))
    if (sound.length < all.length) watch.failed(call, new Rubbish())
    return sound
  }
  const nothing = () => []
  const { read, known, turn, reaction, changed, part, combined, mentions } = capture
  return {
    labels: z
      .record(z.string(), z.looseObject({ when: z.string(), example: z.string() }))
      .catch({})
      .parse(capture.labels),
    ...(read
      ? {
          read: (sentence, of) =>
            tried(
              'read',
              () => {
                const items = z.custom<Item>((item) => isItem(item, fits))
                return z.object({ items: z.array(items), whole: z.boolean() }).parse(read.call(capture, sentence, of))
              },
              () => ({ items: [], whole: false }),
            ),
        }
      : {}),
    ...(known
      ? {
          known: async (of, db) => {
            const items = await inTime(
              'known',
              learnMs,
              async () => z.array(z.custom<StoredItem>(isStored)).parse(await known.call(capture, of, db)),
              null,
            )
            if (!items) throw new StoreFailed()
            return items.flatMap((item) => {
              const content = fitContent(store.schema, item.content)
              return content ? { ...item, content } : []
            })
          },
        }
      : {}),
    ...(turn
      ? { turn: (input) => tried('turn', () => findsOf('turn', turn.call(capture, input), input.turn), nothing) }
      : {}),
    ...(reaction
      ? {
          reaction: (to, items) =>
            tried(
              'reaction',
              () => findsOf('reaction', reaction.call(capture, to, items), to.turn, true),
              nothing,
            ) as Found[],
        }
      : {}),
    ...(changed
      ? {
          changed: (before, after, at) =>
            tried(
              'changed',
              () => findsOf('changed', changed.call(capture, before, after, at), null, true) as HandedOver[],
              nothing,
            ),
        }
      : {}),
    found: (sentence, of) => {
      const [found = null] = tried(
        'found',
        () => {
          const one = capture.found(sentence, of)
          return one === null ? [] : findsOf('found', [one], of)
        },
        nothing,
      )
      return found
    },
    ...(part
      ? {
          part: {
            ...part,
            schema: (input) =>
              tried(
                'part.schema',
                () => grammarShape.nullable().parse(part.schema(input)),
                () => null,
              ),
            maxTokens: (input) =>
              tried(
                'part.maxTokens',
                () => z.int().min(1).parse(part.maxTokens(input)),
                () => 1,
              ),
          },
        }
      : {}),
    ...(combined
      ? {
          combined: (value, input) =>
            tried(
              'combined',
              () => findsOf('combined', combined.call(capture, value, input), input.turn),
              nothing,
            ) as Found[],
        }
      : {}),
    ...(mentions
      ? {
          mentions: (value, input) =>
            tried('mentions', () => z.array(mentionShape).parse(mentions.call(capture, value, input)), nothing),
        }
      : {}),
  }
}

/** Runs what a store does, and tells of each way it fails once. */
class Watch {
  readonly #store: string
  readonly #log: Log
  readonly #told = new Set<string>()
  /** Calls that did not come back yet, and are not made again before they do. */
  readonly #hanging = new Set<string>()

  constructor(store: string, log: Log) {
    this.#store = store
    this.#log = log
  }

  readonly tried = <T>(call: string, work: () => T, instead: () => T): T => {
    try {
      return work()
    } catch (error) {
      this.failed(call, error)
      return instead()
    }
  }

  readonly inTime = async <T>(call: string, ms: number, work: () => Promise<T>, instead: T): Promise<T> => {
    if (this.#hanging.has(call)) return instead
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<typeof LATE>((resolve) => {
      timer = setTimeout(() => resolve(LATE), ms)
    })
    const running = (async () => work())()
    try {
      const answer = await Promise.race([running, late])
      if (answer !== LATE) return answer
      this.#hanging.add(call)
      const over = () => this.#hanging.delete(call)
      running.then(over, over)
      this.failed(call, new TookTooLong())
      return instead
    } catch (error) {
      this.failed(call, error)
      return instead
    } finally {
      clearTimeout(timer)
    }
  }

  failed(call: string, error: unknown): void {
    if (error instanceof AppError && NOT_ITS_OWN.includes(error.code)) throw error
    const err = error instanceof Error ? error.name : 'unknown'
    const key = `${call} ${err}`
    if (this.#told.has(key)) return
    this.#told.add(key)
    this.#log.error({ store: this.#store, call, err }, 'a store failed and was left out; everything else goes on')
  }
}

const LATE = Symbol('late')

/** Some of what it answered was nothing a store may answer. */
class Rubbish extends Error {
  override readonly name = 'Rubbish'
}

class TookTooLong extends Error {
  override readonly name = 'TookTooLong'
}

/** Whatever a store says, words of others wait for the person: the database would refuse the whole turn. */
function trustedPolicy({ id, policy }: LearningStore): StorePolicy {
  if (EXCEPTIONS.includes(id)) return policy
  const own = (origins: StorePolicy['trusted']) => origins.filter((origin) => origin === 'user' || origin === 'hand')
  const { trustedByKind } = policy
  return {
    ...policy,
    trusted: own(policy.trusted),
    ...(trustedByKind
      ? { trustedByKind: Object.fromEntries(Object.entries(trustedByKind).map(([kind, list]) => [kind, own(list)])) }
      : {}),
  }
}

/** The lines as they may stand in a prompt, of the items that were asked for alone. */
function checkedBlock(block: unknown, items: readonly StoredItem[]): ContextBlock {
  const { lines, leftOut } = blockShape.parse(block)
  const known = new Map(items.map((item) => [item.id as string, item]))
  return {
    lines: lines.flatMap(({ id, line }) => {
      const item = known.get(id)
      return item ? [{ id: item.id, version: item.version, line: oneLine(line) }] : []
    }),
    leftOut,
  }
}

/** How an item reads that its store cannot render: as its sentence. */
function sentences(items: StoredItem[], budget: TokenBudget): ContextBlock {
  return renderLines(items, budget, ({ text }) => text)
}

type Fits = (content: unknown) => boolean
type Item = ItemContent<Record<string, unknown>>

function isItem(value: unknown, fits: Fits): boolean {
  const parsed = itemShape.safeParse(value)
  return parsed.success && fits(parsed.data.content)
}

function isFound(
  value: unknown,
  { id }: LearningStore,
  turn: FinishedTurn | null,
  fits: Fits,
  byHand: boolean,
): boolean {
  const parsed = foundShape.safeParse(value)
  if (!parsed.success) return false
  const { item, store } = parsed.data
  // What is handed over is checked by the store it goes to.
  const own = store === undefined || store === id
  return (!own || fits(item.content)) && isFoundedOn((value as Found).evidence, turn, null, byHand)
}

function isChange(value: unknown, fits: Fits): value is Change {
  const parsed = changeShape.safeParse(value)
  if (!parsed.success) return false
  const change = parsed.data
  if (change.action === 'add' || change.action === 'update') return fits(change.item.content)
  if (change.action === 'supersede') return fits(change.by.content)
  return change.action === 'merge' ? fits(change.into.content) : true
}

function isStored(value: unknown): boolean {
  return storedShape.safeParse(value).success
}
