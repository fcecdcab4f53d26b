// Who the person is: fields with one value each, read by rules from what they say about themselves. Each field is an
// item of its own, so that it has its own source, history and undo.
import { and, eq, inArray } from 'drizzle-orm'
import { z } from 'zod'
import type { ReadHandle } from '../../database/database.ts'
import { memory } from '../../database/schema.ts'
import { verbBase } from '../change/lexicon.ts'
import { defineStore, renderLines } from '../define-store.ts'
import type { ItemContent, StoredItem } from '../protocol.ts'
import { fold, foldSentence } from '../words.ts'
import { PROFILE_FIELDS, type ProfileFact, type ProfileField, readProfile } from './profile-rules.ts'
import { userProfileTools } from './user-profile-tools.ts'

export const profileContent = z.strictObject({
  field: z.string().min(1).max(60).meta({ hidden: true }),
  value: z.string().min(1).max(2000).meta({ hidden: true }),
  aspect: z.string().max(40).optional().meta({ hidden: true }),
})
export type ProfileContent = z.infer<typeof profileContent>

const FIELDS = Object.keys(PROFILE_FIELDS) as ProfileField[]

/** The words of a field as the model reads them: said so that a small model answers "what is my name" from them. */
const SENTENCES: Partial<Record<string, (value: string) => string>> = {
  name: (value) => `The user's name is ${value}.`,
  preferred_name: (value) => `The user wants to be called ${value}.`,
  role: (value) => `The user works as ${value}.`,
  organisation: (value) => `The user works at ${value}.`,
  place: (value) => `The user lives in ${value}.`,
  language: (value) => `Answer in ${value}.`,
  time_zone: (value) => `The user's time zone is ${value}.`,
  answer_style: (value) => `The user wants: ${value}.`,
  diet: (value) => `Diet and allergies: ${value}.`,
}

export const userProfile = defineStore<ProfileContent>({
  id: 'user_profile',
  title: 'Profile',
  schema: profileContent,
  policy: { placement: 'core', compareBy: 'kind' },
  tools: () => userProfileTools,
  learn: {
    labels: {},
    read(sentence) {
      const { facts, whole } = readProfile(sentence)
      return { items: facts.map(itemOf), whole }
    },
    found: () => null,
    relate(item, known) {
      if (item.kind !== known.kind || item.content.aspect !== known.content.aspect) return 'both'
      if (item.kind === 'about') return foldSentence(item.text) === foldSentence(known.text) ? 'same' : 'both'
      return foldSentence(item.content.value) === foldSentence(known.content.value) ? 'same' : 'replaces'
    },
  },
  render: (items, budget) => renderLines([...items].sort(byField), budget, line),
  fromHand(text, before) {
    const field = FIELDS.find((name) => fold(text).startsWith(fold(PROFILE_FIELDS[name])))
    if (field) {
      const value = text.slice(PROFILE_FIELDS[field].length).trim()
      const aspect = before?.kind === field ? before.content.aspect : undefined
      if (value) return itemOf({ field, value, ...(aspect ? { aspect } : {}) })
    }
    // "Shoe size: 44" is a field of the person's own.
    const [, label, rest] = /^([\p{L}][\p{L} _-]{1,39}):\s*(\S.*)$/su.exec(text) ?? []
    if (label && rest) {
      const name = fold(label)
        .trim()
        .replace(/[\s-]+/g, '_')
      const known = FIELDS.find((one) => one === name)
      return known
        ? itemOf({ field: known, value: rest.trim() })
        : { kind: name, text, content: { field: name, value: rest.trim() } }
    }
    const [fact] = readProfile(inFirstPerson(text)).facts.filter((one) => !before || one.field === before.kind)
    if (fact) return itemOf(fact)
    if (before) {
      const known = FIELDS.find((name) => name === before.kind)
      const content = { ...before.content, value: text.trim() }
      return { kind: before.kind, text: known ? PROFILE_FIELDS[known] + content.value : content.value, content }
    }
    return { kind: 'about', text, content: { field: 'about', value: text.trim() } }
  },
})

/** "The user works as a teacher", as memories are worded, in the words the rules read. */
function inFirstPerson(text: string): string {
  return text
    .replace(/^The user['’]s\b/u, 'My')
    .replace(/^The user (\p{Ll}+)/u, (_, verb: string) => `I ${verb === 'is' ? 'am' : (verbBase(verb) ?? verb)}`)
}

/** @returns the names a person goes by, as far as their profile knows them */
export async function namesOfPerson(db: ReadHandle, owner: string): Promise<string[]> {
  const rows = await db
    .select({ data: memory.data })
    .from(memory)
    .where(
      and(
        eq(memory.owner, owner),
        eq(memory.status, 'active'),
        eq(memory.store, 'user_profile'),
        inArray(memory.kind, ['name', 'preferred_name'] satisfies ProfileField[]),
      ),
    )
  return rows.map(({ data }) => profileContent.shape.value.catch('').parse(data.value))
}

function itemOf({ field, value, aspect }: ProfileFact): ItemContent<ProfileContent> {
  return { kind: field, text: PROFILE_FIELDS[field] + value, content: { field, value, ...(aspect ? { aspect } : {}) } }
}

function line({ kind, text, content }: StoredItem<ProfileContent>): string {
  return SENTENCES[kind]?.(content.value) ?? text
}

function byField(a: StoredItem<ProfileContent>, b: StoredItem<ProfileContent>): number {
  const rank = ({ kind }: StoredItem<ProfileContent>) =>
    (FIELDS.indexOf(kind as ProfileField) + FIELDS.length + 1) % (FIELDS.length + 1)
  return rank(a) - rank(b) || a.kind.localeCompare(b.kind) || a.id.localeCompare(b.id)
}
