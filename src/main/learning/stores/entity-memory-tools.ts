// What the model may do with people and things when the person lets it.
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { entityType } from '../../../shared/memory.ts'
import { entitiesNamed } from '../entities/find.ts'
import type { EntityRow } from '../entities/rows.ts'
import { gate } from '../extraction/gate.ts'
import { ownWords } from '../extraction/own-words.ts'
import { RELATION_NAMES, sayRelation } from '../extraction/relations.ts'
import type { Evidence, ToolAccess } from '../protocol.ts'
import { foundReply, pickItem } from '../tools/pick.ts'
import { saying } from '../tools/said.ts'
import { defineTool } from '../tools/tool.ts'
import { fold, foldSentence } from '../words.ts'

const name = z.string().trim().min(2).max(80)
const words = z.string().trim().min(2).max(200)
const FOUND = 8
/** Names a model gives to whom it talks with. */
const SELF: ReadonlySet<string> = new Set([
  'you',
  'me',
  'myself',
  'we',
  'us',
  'user',
  'the user',
  'person',
  'the person',
])

export const entityMemoryTools = [
  defineTool({
    name: 'remember_about',
    summary: 'the person tells something about another person, a company, a project, a place or a thing',
    description:
      'Keeps one fact about somebody or something. name: of whom or what. type: what kind it is. text: one sentence that says it, with the name in it.',
    params: z.strictObject({ name, type: entityType, text: z.string().trim().min(3).max(300) }),
    writes: true,
    run: async ({ name: of, type, text }, { said, turn }) => {
      // Small models call this for whatever is said: "Please remind me …" tells nothing of anybody.
      const states = gate(ownWords(turn.userText).sentences).candidates.length > 0
      if (SELF.has(fold(of)) || !states)
        return { reply: 'Nothing is said of somebody or something else. Nothing was kept.' }
      const kept = said(text)
      const subject = { name: of, type, certain: false }
      const content = { voice: kept.voice }
      return {
        finds: [
          { item: { kind: 'fact', text: kept.text, content, subject, validFrom: turn.at }, evidence: kept.evidence },
        ],
      }
    },
  }),
  defineTool({
    name: 'link',
    summary: 'the person says what two people, companies, projects or places are to each other',
    description: 'Ties two of them. from and to: their names. relation: what the first is to the second.',
    params: z.strictObject({
      from: name,
      from_type: entityType,
      relation: z.enum(RELATION_NAMES),
      to: name,
      to_type: entityType,
    }),
    writes: true,
    run: async ({ from, from_type, relation, to, to_type }, { turn }) => {
      const text = sayRelation(relation, from, to)
      return {
        finds: [
          {
            item: {
              kind: 'relationship',
              text,
              content: { voice: 'note', relation, derived: true },
              subject: { name: from, type: from_type, certain: false },
              object: { name: to, type: to_type, certain: false },
              validFrom: turn.at,
            },
            evidence: saidOrSuggested(turn, `${from} ${to}`, text),
          },
        ],
      }
    },
  }),
  defineTool({
    name: 'forget_about',
    summary: 'the person asks not to use something known about somebody or something else any more',
    description: 'Takes one known fact out of use. name: of whom or what it is. about: words of that fact.',
    params: z.strictObject({ name, about: words }),
    writes: true,
    run: async ({ name: of, about }, access) => {
      const named = ` ${foldSentence(of)} `
      const picked = await pickItem(access, about, ({ text }) => ` ${foldSentence(text)} `.includes(named))
      if (!picked.item) return picked.answer
      const { id, version, text } = picked.item
      const evidence = saidOrSuggested(access.turn, of, text)
      return { changes: [{ action: 'retire', id, base: version, reason: 'told to forget', evidence }] }
    },
  }),
  defineTool({
    name: 'search_entities',
    summary:
      'the answer depends on what is known of a person, company, project, place or thing and does not stand above',
    description: 'Searches what is known of people and things. query: the name, and what is asked.',
    params: z.strictObject({ query: words }),
    writes: false,
    run: async ({ query }, { search }) => foundReply(await search(query, FOUND)),
  }),
  defineTool({
    name: 'merge_suggestion',
    summary: 'two names that are known as two seem to mean the same person, company, project, place or thing',
    description: 'Asks the person whether two known names are one. one and other: the names.',
    params: z.strictObject({ one: name, other: name }),
    writes: true,
    run: async ({ one, other }, access) => {
      const [into, from] = [await needNamed(access, one), await needNamed(access, other)]
      if (into.id === from.id) return { reply: `"${one}" and "${other}" are one already.` }
      return { sameEntities: { from: from.id, into: into.id } }
    },
  }),
]

/** The sentence of this turn with these words in it; without one what follows is the assistant's suggestion. */
function saidOrSuggested(turn: ToolAccess['turn'], said: string, text: string): Evidence[] {
  const own = saying(turn, said)
  const { conversationId, at } = turn
  return own.length > 0 ? own : [{ origin: 'assistant', conversationId, quote: text, at }]
}

async function needNamed({ db, turn }: ToolAccess, of: string): Promise<EntityRow> {
  const [only, ...others] = (await entitiesNamed(db, turn.owner, [of])).filter(({ by }) => by !== 'short')
  if (only && others.length === 0) return only.entity
  // No name in it: what came to nothing is kept nowhere.
  const why = only ? 'One of the names means several.' : 'One of the names is not known.'
  throw new AppError('INVALID_INPUT', `${why} Nothing was changed.`, { field: 'name' })
}
