// The profile's one tool: fields with the values the person gave.
import { z } from 'zod'
import { ownWords } from '../extraction/own-words.ts'
import { saying } from '../tools/said.ts'
import { defineTool } from '../tools/tool.ts'
import { fold } from '../words.ts'
import { PROFILE_FIELDS, type ProfileField, readProfile } from './profile-rules.ts'

const FIELDS = Object.keys(PROFILE_FIELDS) as [ProfileField, ...ProfileField[]]
const MOST_FIELDS = 5

export const userProfileTools = [
  defineTool({
    name: 'update_profile',
    summary: 'the person says who they are: name, what to call them, work, place, language, style of answers',
    description: `Fills fields of the profile. fields: every field the person gave a value for, each with the value in their words. preferred_name is what others call them.`,
    params: z.strictObject({
      fields: z
        .array(z.strictObject({ field: z.enum(FIELDS), value: z.string().trim().min(1).max(120) }))
        .min(1)
        .max(MOST_FIELDS),
    }),
    writes: true,
    run: async ({ fields }, { turn }) => ({
      finds: withRead(turn.userText, fields).map(({ field, value }) => {
        const own = saying(turn, value)
        const { conversationId, at } = turn
        const text = PROFILE_FIELDS[field] + value
        return {
          item: { kind: field, text, content: { field, value }, validFrom: at },
          evidence: own.length > 0 ? own : [{ origin: 'assistant' as const, conversationId, quote: text, at }],
        }
      }),
    }),
  }),
]

interface Field {
  field: ProfileField
  value: string
}

/**
 * The model says that the profile is spoken of; which value is which field, rules read more surely than a small model. Its
 * own fields stay where they say something else.
 */
function withRead(text: string, asked: readonly Field[]): Field[] {
  const read: Field[] = ownWords(text).sentences.flatMap((sentence) => readProfile(sentence.text).facts)
  const others = asked.filter(
    ({ field, value }) => !read.some((fact) => fact.field === field || fold(fact.value) === fold(value)),
  )
  return [...read.map(({ field, value }) => ({ field, value })), ...others].slice(0, MOST_FIELDS)
}
