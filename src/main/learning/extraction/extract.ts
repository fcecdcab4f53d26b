// From a finished turn to what its stores may keep: the person's own sentences, the cheap gate, rules, and at most two
// model calls: labels for what rules cannot tell, then one combined pass for all stores that want to know more.
import type { EntityType, Namespace, StoreId } from '../../../shared/memory.ts'
import type { JsonRequest } from '../../engine/engine.ts'
import { foldName } from '../entities/names.ts'
import { saidIn } from '../evidence.ts'
import type {
  Evidence,
  FinishedTurn,
  Found,
  LabelledSentence,
  LearningStore,
  Mention,
  StoredItem,
} from '../protocol.ts'
import { type CombinedInput, combinedRequest, readCombined } from './combined.ts'
import { type Correction, correctionIn } from './corrections.ts'
import { type Candidate, gate } from './gate.ts'
import { BOOKISH, FIRST_PERSON, NEAR_TIME } from './gate-words.ts'
import { type LabelSpec, labelRequest, originRequest, readLabels, readOrigins } from './label.ts'
import { readMentions } from './mentions.ts'
import { findNames } from './mentions-find.ts'
import { isKnownThing } from './mentions-words.ts'
import { ownWords } from './own-words.ts'
import { inPlay } from './play.ts'
import { thingMeant } from './references.ts'
import { hasSecret } from './secrets.ts'
import type { Sentence } from './sentences.ts'
import { isEnglish, isKind, type Judged, type SaidBefore, statementsOf } from './statements.ts'

export interface StoreFind {
  store: LearningStore
  found: Found
}

/** What the stores see before they read a turn. */
export interface Seen {
  items: ReadonlyMap<StoreId, readonly StoredItem[]>
  teams: readonly Namespace[]
  /** Names the person goes by. */
  self: readonly string[]
}

const NOTHING_SEEN: Seen = { items: new Map(), teams: [], self: [] }

export interface Extracted {
  finds: StoreFind[]
  corrections: { correction: Correction; evidence: Evidence }[]
  /** Who and what the person's sentences name, for linking what was found. */
  mentions: Mention[]
  /** Sentences refused because they hold a secret. */
  secrets: number
  modelCalls: number
}

/** A model call; null when the model's output was not what the grammar promised. */
export type Ask = (request: JsonRequest) => Promise<unknown>

/**
 * @param stores those that learn from turns now
 * @param ask answers null when the output was broken; other failures are thrown, and the job tries again
 * @param known types of the entities known by a folded name
 * @param seen what each store wanted to see of its own items, and the person's teams
 */
export async function extract(
  turn: FinishedTurn,
  stores: readonly LearningStore[],
  ask: Ask,
  known?: CombinedInput['known'],
  seen: Seen = NOTHING_SEEN,
): Promise<Extracted> {
  const own = inPlay(turn) ? [] : ownWords(turn.userText).sentences
  const { candidates: passed, asks, secrets } = gate(own)
  const finds = readWhole(turn, own, stores, seen)
  // What one store keeps as its own is labelled for no other, but for those a person made: they expect to see it in both.
  const taken = new Set<Sentence>(
    passed.filter((candidate) => finds.some(({ found }) => found.whole && holds(found, candidate))),
  )
  const candidates = passed.filter((candidate) => !taken.has(candidate))
  const result: Extracted = { finds, corrections: [], mentions: [], secrets, modelCalls: 0 }
  const before = candidates.length > 0 ? saidBefore(turn) : { last: [], earlier: [] }
  const rest: Candidate[] = []
  const told = new Set<Sentence>()
  for (const candidate of candidates) {
    const correction = correctionIn(candidate.text)
    if (correction) {
      result.corrections.push({ correction, evidence: saidIn(turn, candidate) })
      continue
    }
    const { finds, whole } = readByRules(turn, stores, candidate)
    result.finds.push(...finds)
    // "It costs 900 euros.": what the person spoke of in the turn before is theirs.
    const goesOn = candidate === candidates[0] && candidate.particular && thingMeant(candidate, before.last) !== null
    const ofTheirs = candidate.strength === 'weak' && namesOwnThing(candidate.text, known)
    const kept: Candidate = finds.length > 0 || goesOn || ofTheirs ? { ...candidate, strength: 'strong' } : candidate
    if (whole) told.add(kept)
    rest.push(kept)
  }
  const counted: Ask = async (request) => {
    result.modelCalls += 1
    return ask(request)
  }
  const made = stores.filter(({ ownedBy }) => ownedBy !== undefined)
  const keeps = (store: LearningStore, words: Pick<Sentence, 'start' | 'end'>) =>
    finds.some((one) => one.store === store && one.found.whole && holds(one.found, words))
  const shared = passed.filter((candidate) => taken.has(candidate) && made.some((store) => !keeps(store, candidate)))
  const all = await labelAll([...rest, ...shared], told, stores, asks, counted)
  const judged = all.slice(0, all.length - shared.length)
  const statements = statementsFrom(judged, own, before, turn, { known, self: seen.self })
  const names = new Set(Object.keys(labelsOf(made)))
  const alsoTheirs = all.slice(judged.length).filter(({ label }) => label !== null && names.has(label))
  for (const sentence of [
    ...statements,
    ...statementsFrom(alsoTheirs, own, before, turn, { known, self: seen.self }),
  ]) {
    for (const store of stores) {
      // A label of one store means nothing to another.
      if (!Object.hasOwn(store.capture?.labels ?? {}, sentence.label)) continue
      // What it was told by its name it does not keep a second time in the words around it.
      if (sentence.sources.some((source) => keeps(store, source))) continue
      const found = store.capture?.found(sentence, turn)
      if (found) result.finds.push({ store, found })
    }
  }
  if (candidates.length > 0) await combine(result, { turn, own, known }, { judged, statements }, stores, counted)
  return result
}

/**
 * "Kittiwake is led by …" once Kittiwake is a project of theirs, "the vet says Mortimer …" once he was spoken of: no bird
 * and no town of the books.
 */
function namesOwnThing(text: string, known: CombinedInput['known']): boolean {
  if (!known || /\?\s*$/u.test(text) || BOOKISH.test(text)) return false
  const theirs: readonly EntityType[] = ['project', 'person', 'organization']
  return findNames([{ text, start: 0, end: text.length }], () => true).some(
    ({ name }) => !isKnownThing(foldName(name)) && known.get(foldName(name))?.some((type) => theirs.includes(type)),
  )
}

/** What each candidate is: by its words, where they say it, else by the model's label. */
async function labelAll(
  candidates: readonly Candidate[],
  told: ReadonlySet<Sentence>,
  stores: readonly LearningStore[],
  asks: boolean,
  ask: Ask,
): Promise<Judged[]> {
  const labels = labelsOf(stores)
  const names = Object.keys(labels)
  if (names.length === 0) return []
  // A store of the person's own has labels that no rule knows.
  const foreign = names.some((name) => !isKind(name))
  const anchored = candidates.some(({ strength }) => strength === 'strong')
  const english = isEnglish(candidates.map(({ text }) => text).join(' '))
  const byRule = (candidate: Candidate): Judged | null => {
    const { kind, strength, text, particular } = candidate
    const label = kind ?? 'fact'
    if (told.has(candidate)) return { ...candidate, label, dropped: false, told: true }
    if (strength === 'weak' && !anchored) {
      // "Photosynthesis makes sugar. How?" is about the question.
      return asks && !particular ? { ...candidate, label: null, dropped: true, told: false } : null
    }
    // "Sharks are older than trees." beside a remark on it, "I'm nervous.": nothing to keep by itself.
    if (strength === 'weak' && !foreign && english && saysLittle(candidate)) {
      return { ...candidate, label: null, dropped: FIRST_PERSON.test(text), told: false }
    }
    if (foreign || !names.includes(label) || (kind === null && !english)) return null
    return { ...candidate, label, dropped: false, told: false }
  }
  const ruled = candidates.map(byRule)
  const doubtful = candidates.filter((_, index) => ruled[index] === null)
  if (doubtful.length === 0) return ruled.filter((one) => one !== null)
  // Nobody speaks of themselves here: is it their life, or what anybody can look up?
  const lives = anchored || foreign ? null : readOrigins(await ask(originRequest(doubtful)), doubtful.length)
  const answers = lives ? [] : readLabels(await ask(labelRequest(doubtful, labels)), doubtful.length, names)
  return candidates.map((candidate, index) => {
    const known = ruled[index]
    if (known) return known
    const at = doubtful.indexOf(candidate)
    const fallback = names.includes('fact') ? 'fact' : (names[0] ?? null)
    // A strong sentence is kept even when the model's output was broken: its own words are always true to it.
    const kept = lives ? lives[at] === true : candidate.strength === 'strong'
    const given = answers[at] ?? (kept ? fallback : null)
    const kind = candidate.kind !== null && names.includes(candidate.kind) && !foreign ? candidate.kind : given
    return { ...candidate, label: given === null ? null : kind, dropped: given === null, told: false }
  })
}

/** Neither a name, a number nor a time in it, and about things in general or a passing mood. */
function saysLittle({ text, kind, particular }: Candidate): boolean {
  if (kind !== null || particular || NEAR_TIME.test(text)) return false
  if (ONLY_PRAISE.test(text)) return true
  if (FIRST_PERSON.test(text)) return true
  return !/^(?:the|our|this|these|those|his|her|their|its|he|she|they|everything|everyone|everybody|nobody|both)\b/iu.test(
    text,
  )
}

/** "The course is great." */
const ONLY_PRAISE =
  /^(?:the|this|that|everything|everyone)\b[^,;:]{0,40}?\b(?:is|was|are|were|looks?|sounds?|seems?)\s+(?:\p{L}+ly |so |very |pretty |quite |just )*(?:great|good|nice|fine|ok(?:ay)?|lovely|awful|terrible|amazing|awesome|fun|boring|bad|wonderful|beautiful|horrible|cool|fantastic|perfect|weird|strange|interesting)[\s.!]*$/iu

/** Messages of the person that are read for whom "he" or "she" stands for: who was spoken of a while ago is another. */
const MESSAGES_BEFORE = 4

function saidBefore(turn: FinishedTurn): SaidBefore {
  const said = turn.before.filter(({ role }) => role === 'user').slice(-MESSAGES_BEFORE)
  const messages: Sentence[][] = []
  let shift = 0
  for (const { text } of said.toReversed()) {
    shift += text.length + 1
    const by = shift
    messages.unshift(ownWords(text).sentences.map((one) => ({ ...one, start: one.start - by, end: one.end - by })))
  }
  return { last: messages.at(-1) ?? [], earlier: messages.slice(0, -1).flat() }
}

function statementsFrom(
  judged: readonly Judged[],
  own: readonly Sentence[],
  before: SaidBefore,
  turn: FinishedTurn,
  { known, self }: { known: CombinedInput['known']; self: readonly string[] },
): LabelledSentence[] {
  if (judged.every(({ dropped }) => dropped)) return []
  const mentions = readMentions(undefined, {
    own: [...before.earlier, ...before.last, ...own],
    ...(known ? { known } : {}),
  })
  return statementsOf(judged, own, before, mentions, turn, self)
}

/** The second call, where a store has something to ask; what it is not asked, a store reads by rules. */
async function combine(
  result: Extracted,
  { turn, own, known }: { turn: FinishedTurn; own: readonly Sentence[]; known: CombinedInput['known'] },
  { judged, statements }: { judged: readonly Judged[]; statements: readonly LabelledSentence[] },
  stores: readonly LearningStore[],
  ask: Ask,
): Promise<void> {
  const taking = stores.filter(({ capture }) => capture?.part || capture?.combined || capture?.mentions)
  if (taking.length === 0) return
  const shown = own.filter(({ text }) => !hasSecret(text))
  const input: CombinedInput = {
    sentences: judged
      .filter(({ told }) => !told)
      .map((candidate, index) => {
        const statement = statements.find(({ start, end }) => start === candidate.start && end === candidate.end)
        return {
          n: index + 1,
          text: candidate.text,
          start: candidate.start,
          end: candidate.end,
          label: statement?.label ?? null,
          statement: statement?.statement ?? candidate.text,
          grounded: statement?.grounded ?? false,
          sources: statement?.sources ?? [{ quote: candidate.text, start: candidate.start, end: candidate.end }],
          from: statement?.from ?? null,
          to: statement?.to ?? null,
        }
      }),
    own: shown,
    turn,
    ...(known ? { known } : {}),
  }
  const parts = taking.flatMap(({ capture }) => capture?.part ?? [])
  // Where nothing is kept, what a name stands for need not be known.
  const request = statements.length > 0 ? combinedRequest(parts, input) : null
  const values = request ? readCombined(await ask(request)) : {}
  for (const store of taking) {
    const value = store.capture?.part ? values[store.capture.part.key] : undefined
    const finds = store.capture?.combined?.(value, input) ?? []
    result.finds.push(...finds.map((found) => ({ store, found })))
    result.mentions.push(...(store.capture?.mentions?.(value, input) ?? []))
  }
  keepWholeOnes(result)
}

/** A sentence that one store keeps as its own is kept by no other but those a person made. */
function keepWholeOnes(result: Extracted): void {
  const taken = new Map<string, Set<LearningStore>>()
  for (const { store, found } of result.finds) {
    const [source] = found.evidence
    if (!found.whole || !source) continue
    const key = `${source.start}-${source.end}`
    taken.set(key, (taken.get(key) ?? new Set()).add(store))
  }
  result.finds = result.finds.filter(({ store, found }) => {
    if (store.ownedBy !== undefined) return true
    const [source] = found.evidence
    const by = source ? taken.get(`${source.start}-${source.end}`) : undefined
    return by === undefined || by.has(store)
  })
}

/** What the stores make of the turn as a whole. */
function readWhole(
  turn: FinishedTurn,
  own: readonly Sentence[],
  stores: readonly LearningStore[],
  { items, teams }: Seen,
): StoreFind[] {
  const shown = own.filter(({ text }) => !hasSecret(text))
  return stores.flatMap((store) => {
    const found = store.capture?.turn?.({ turn, own: shown, known: items.get(store.id) ?? [], teams }) ?? []
    return found.flatMap((one): StoreFind[] => {
      const keeper = one.store === undefined ? store : stores.find(({ id }) => id === one.store)
      if (!keeper || hasSecret(one.item.text)) return []
      const item = one.about ? one.item : { validFrom: turn.at, ...one.item }
      return [{ store: keeper, found: { ...one, item } }]
    })
  })
}

/** Whether a clause stands in the words a find rests on. */
function holds({ evidence }: Found, clause: Pick<Sentence, 'start' | 'end'>): boolean {
  return evidence.some(
    ({ start, end }) => start !== undefined && end !== undefined && clause.start >= start && clause.end <= end,
  )
}

function readByRules(
  turn: FinishedTurn,
  stores: readonly LearningStore[],
  candidate: Candidate,
): { finds: StoreFind[]; whole: boolean } {
  const finds: StoreFind[] = []
  let whole = false
  for (const store of stores) {
    const read = store.capture?.read?.(candidate.text, turn)
    if (!read) continue
    const evidence = [saidIn(turn, candidate)]
    finds.push(...read.items.map((item) => ({ store, found: { item: { validFrom: turn.at, ...item }, evidence } })))
    whole ||= read.whole && read.items.length > 0
  }
  return { finds, whole }
}

function labelsOf(stores: readonly LearningStore[]): Record<string, LabelSpec> {
  return Object.assign({}, ...stores.map(({ capture }) => capture?.labels ?? {}))
}
