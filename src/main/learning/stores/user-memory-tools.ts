// What the model may do with memories when the person lets it: each call is one change, visible in the chat.
import { z } from 'zod'
import type { ItemContent, Said, StoredItem } from '../protocol.ts'
import { foundReply, pickItem } from '../tools/pick.ts'
import { defineTool } from '../tools/tool.ts'

const statement = z.string().trim().min(3).max(300)
const about = z.string().trim().min(2).max(200)
const FOUND = 6

export const userMemoryTools = [
  defineTool({
    name: 'remember',
    summary: 'the person tells something lasting about their life, work, plans or wishes',
    description:
      'Keeps one fact. text: one sentence about the user in their own words as far as possible, with every name, number and date they gave, such as "The user prefers tea to coffee."',
    params: z.strictObject({ text: statement }),
    writes: true,
    run: async ({ text }, { said, turn }) => {
      const kept = said(text)
      return { finds: [{ item: { ...itemOf(kept, null), validFrom: turn.at }, evidence: kept.evidence }] }
    },
  }),
  defineTool({
    name: 'correct',
    summary: 'the person says that something known about them is wrong or has changed',
    description:
      'Replaces one known fact. about: words of the fact that no longer holds. text: one sentence that holds now.',
    params: z.strictObject({ about, text: statement }),
    writes: true,
    run: async ({ about: old, text }, access) => {
      const picked = await pickItem(access, old)
      if (!picked.item) return picked.answer
      const { id, version } = picked.item
      const kept = access.said(text)
      const by = { ...itemOf(kept, picked.item), validFrom: access.turn.at }
      return {
        changes: [{ action: 'supersede', id, base: version, by, reason: 'corrected', evidence: kept.evidence }],
      }
    },
  }),
  defineTool({
    name: 'forget',
    summary: 'the person asks not to use something known about them any more',
    description: 'Takes one known fact out of use. about: words of that fact.',
    params: z.strictObject({ about }),
    writes: true,
    run: async ({ about: what }, access) => {
      const picked = await pickItem(access, what)
      if (!picked.item) return picked.answer
      const { id, version, text } = picked.item
      const { evidence } = access.said(text)
      return { changes: [{ action: 'retire', id, base: version, reason: 'told to forget', evidence }] }
    },
  }),
  defineTool({
    name: 'search_memories',
    summary: 'the answer depends on what the person told before and it does not stand above',
    description: 'Searches what the person told. query: the words to look for.',
    params: z.strictObject({ query: about }),
    writes: false,
    run: async ({ query }, { search }) => foundReply(await search(query, FOUND)),
  }),
]

function itemOf({ text, voice }: Said, before: StoredItem | null): ItemContent<Record<string, unknown>> {
  return { kind: before?.kind ?? 'fact', text, content: { voice } }
}
