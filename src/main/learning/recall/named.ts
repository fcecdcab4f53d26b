// Who and what a question names: by a name, or by what they are to the person.
import type { EntityId } from '../../../shared/ids.ts'
import type { ReadHandle } from '../../database/database.ts'
import { searchMemoriesByWords } from '../../database/search.ts'
import type { Viewer } from '../../database/visible.ts'
import { entitiesSeen } from '../entities/find.ts'
import { foldName } from '../entities/names.ts'
import { idsOfEntities } from '../entities/rows.ts'
import { readVisible } from '../rows.ts'
import { wordsOf } from '../words.ts'

const MOST_ENTITIES = 8
/** Longest name looked for in a question, in words. */
const NAME_WORDS = 4
/** Names are looked for in so many characters of a question: a longer one is a pasted text. */
const LONGEST_QUESTION = 2000

export interface NamedEntity {
  id: EntityId
  /** With what was merged into it: what memories point at. */
  ids: EntityId[]
  /** The names it goes by, for the search by words. */
  names: string[]
}

/** Who and what a question names: entities known by that name, the longer names first. */
export async function entitiesIn(db: ReadHandle, viewer: Viewer, text: string): Promise<NamedEntity[]> {
  const words = wordsOf(text.slice(0, LONGEST_QUESTION)).map(({ word }) => word)
  const phrases = new Set<string>()
  for (let length = 1; length <= NAME_WORDS; length++) {
    for (let start = 0; start + length <= words.length; start++) {
      const phrase = foldName(words.slice(start, start + length).join(' '))
      if (phrase.length > 1) phrases.add(phrase)
    }
  }
  for (const name of await namesByRole(db, viewer, text)) phrases.add(foldName(name))
  if (phrases.size === 0) return []
  const known = (await entitiesSeen(db, viewer, [...phrases]))
    .filter((hit) => hit.entity.status === 'active')
    .sort((one, two) => two.folded.length - one.folded.length)
  const roots = [...new Map(known.map((hit) => [hit.entity.id, hit.entity])).values()].slice(0, MOST_ENTITIES)
  const merged = await idsOfEntities(
    db,
    viewer.owner,
    roots.map(({ id }) => id),
  )
  return roots.map(({ id, name }) => ({ id, ids: merged.get(id) ?? [id], names: [name] }))
}

/** "My sister", "our landlord": somebody or something that the person calls by what they are to them. */
const BY_ROLE =
  /\b(?:my|our)\s+((?:(?:older|younger|little|big|best|new|old|ex|late)\s+)?\p{Ll}[\p{Ll}-]{2,})(?:['’]s)?\b/giu
const MOST_ROLES = 2
/** Statements that are looked through for the name. */
const ROLE_STATEMENTS = 12
const NAME = String.raw`(\p{Lu}[\p{L}’'-]+(?:\s\p{Lu}[\p{L}’'-]+)?)`

/** Names of those a question calls "my sister", as the person told them once: "my sister Malin". */
async function namesByRole(db: ReadHandle, viewer: Viewer, text: string): Promise<string[]> {
  const roles = [...text.slice(0, LONGEST_QUESTION).matchAll(BY_ROLE)].flatMap(([, role]) => role?.toLowerCase() ?? [])
  const found: string[] = []
  for (const role of [...new Set(roles)].slice(0, MOST_ROLES)) {
    const filter = { viewer, statuses: ['active', 'superseded'] as const, limit: ROLE_STATEMENTS }
    const hits = await searchMemoriesByWords(db, { ...filter, query: role })
    if (hits.length === 0) continue
    const rows = await readVisible(
      db,
      viewer,
      hits.map(({ id }) => id),
    )
    const whose = String.raw`(?:[Tt]he user['’]s|[Mm]y|[Oo]ur)\s+(?:\p{Ll}+\s+)?${role}`
    const patterns = [
      new RegExp(String.raw`${whose},?\s+${NAME}`, 'u'),
      new RegExp(String.raw`${whose}(?:['’]s name)?\s+is\s+(?:called\s+)?${NAME}`, 'u'),
      new RegExp(String.raw`${NAME}(?:,|\s+is)\s+${whose}\b`, 'u'),
    ]
    // The one told of last: a boss is not the boss before.
    const told = [...rows.values()]
      .filter(({ status }) => status === 'active')
      .concat([...rows.values()].filter(({ status }) => status !== 'active'))
      .flatMap((row) => patterns.flatMap((pattern) => pattern.exec(row.text)?.[1]?.replace(/['’]s$/u, '') ?? []))
    if (told[0]) found.push(told[0])
  }
  return found
}
