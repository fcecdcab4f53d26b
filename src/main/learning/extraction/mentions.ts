// Who and what a person's sentences name: people, organisations, projects, places and things. Rules find the names and
// decide where the sentence leaves no doubt; what is left is asked in the combined pass, where the names are fixed by the
// grammar, so that the model cannot misspell or invent one.

import { type EntityType, entityType } from '../../../shared/memory.ts'
import type { GrammarSchema } from '../../engine/engine.ts'
import type { Mention } from '../protocol.ts'
import type { CombinedInput, CombinedPart } from './combined.ts'
import { findNames, type NameCandidate } from './mentions-find.ts'
import { certainType, likelyType, type Votes, votesFor } from './mentions-types.ts'

export interface TypedName {
  candidate: NameCandidate
  votes: Votes
  /** Null: to be asked. */
  type: EntityType | null
}

const SIDE_BY_SIDE = 0.5
const NONE = 'other'
const TYPES: readonly EntityType[] = entityType.options
/** Names asked for in one call; the others go by their signs. */
const MOST_ASKED = 12
/** Tokens of one entry of the answer at most, without the name. */
const ENTRY_TOKENS = 8

/** @returns the names of the person's own sentences, with the kind where rules decide it. */
export function namesOf({ own, known }: Pick<CombinedInput, 'own' | 'known'>): TypedName[] {
  const isKnown = (folded: string) => known?.has(folded) === true
  const candidates = findNames(own, isKnown)
  const votesOf = votesOfAll(candidates)
  return candidates.map((candidate) => {
    const votes = votesOf.get(candidate) ?? votesFor(candidate)
    const told = certainType(votes)
    const before = known?.get(candidate.folded) ?? []
    // One entity goes by this name: it is that one, unless the sentence says of what other kind it speaks.
    const type = told ?? (before.length === 1 ? (before[0] ?? null) : null)
    return { candidate, votes, type }
  })
}

/** "in Porto and Braga": what stands side by side is of one kind. */
function votesOfAll(candidates: readonly NameCandidate[]): Map<NameCandidate, Votes> {
  const own = new Map(candidates.map((candidate) => [candidate, votesFor(candidate)]))
  const shared = new Map([...own].map(([candidate, votes]) => [candidate, { ...votes }]))
  const spans = candidates
    .flatMap((candidate) => candidate.spans.map((span) => ({ candidate, span })))
    .toSorted((a, b) => a.span.start - b.span.start)
  for (const [index, { candidate, span }] of spans.entries()) {
    const next = spans[index + 1]
    if (!next || next.span.sentence !== span.sentence || next.candidate === candidate || span.possessive) continue
    const gap = span.sentence.text.slice(span.end - span.sentence.start, next.span.start - span.sentence.start)
    if (!/^(?:,?\s+(?:and|or|und|et|y)\s+|,\s+)$/u.test(gap)) continue
    for (const [to, from] of [
      [candidate, next.candidate],
      [next.candidate, candidate],
    ] as const) {
      const votes = shared.get(to)
      const other = own.get(from)
      if (!votes || !other) continue
      for (const type of TYPES) votes[type] += SIDE_BY_SIDE * other[type]
    }
  }
  return shared
}

function asked(names: readonly TypedName[]): TypedName[] {
  return names.filter(({ type }) => type === null).slice(0, MOST_ASKED)
}

/** The part of the combined pass that says what kind of thing each doubtful name stands for. */
export const namesPart: CombinedPart = {
  key: 'names',
  instruction:
    'names: what each name stands for: person, organization (company, lab, school, club, shop), project (work with a goal, or something that is being built), place (where one can be), thing (product, program, technique, title, species), other (no name).',
  example: {
    'Marta Quist': 'person',
    Seagrass: 'project',
    'Lund Marine': 'organization',
    Otto: 'person',
    Visby: 'place',
  },
  schema(input) {
    const names = asked(namesOf(input))
    if (names.length === 0) return null
    const kinds: GrammarSchema = { enum: [...TYPES, NONE] }
    return {
      type: 'object',
      properties: Object.fromEntries(names.map(({ candidate }) => [candidate.name, kinds])),
    }
  },
  maxTokens: (input) =>
    asked(namesOf(input)).reduce((sum, { candidate }) => sum + ENTRY_TOKENS + candidate.name.length, 8),
}

/** How much the model's word counts beside the signs. */
const MODEL_VOTE = 1.6

/**
 * @param value the model's part; undefined when it was not asked or its output was broken: then the signs decide alone
 * @returns every place a name stands in, with its kind; names that stand for nothing are left out
 */
export function readMentions(value: unknown, input: Pick<CombinedInput, 'own' | 'known'>): Mention[] {
  const answers = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const mentions: Mention[] = []
  for (const name of namesOf(input)) {
    const { candidate } = name
    const type = name.type ?? decided(name, answers[candidate.name])
    if (!type) continue
    for (const { start, end } of candidate.spans) {
      mentions.push({ name: candidate.name, type, certain: name.type !== null, start, end })
    }
  }
  return mentions.sort((a, b) => a.start - b.start)
}

function decided({ candidate, votes }: TypedName, answer: unknown): EntityType | null {
  const said = entityType.safeParse(answer)
  if (said.success) {
    const both = { ...votes, [said.data]: votes[said.data] + MODEL_VOTE }
    return likelyType(candidate, both)
  }
  // No name, says the model; strong signs outweigh it.
  if (answer === NONE && Math.max(...Object.values(votes)) < MODEL_VOTE) return null
  return likelyType(candidate, votes)
}
