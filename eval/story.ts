// The form of a story: conversations, turns, and what must or must not stand at which point. Described in docs/stories.md.
import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** A literal phrase; or several of which one is enough (`any`); or several that must stand in one entry (`all`). */
const phrase = z.union([
  z.string().min(1),
  z.strictObject({ any: z.array(z.string().min(1)).min(1) }),
  z.strictObject({ all: z.array(z.string().min(1)).min(1) }),
])
export type Phrase = z.infer<typeof phrase>

export const words = z.strictObject({ must: z.array(phrase).default([]), mustNot: z.array(phrase).default([]) })

export const expectation = z.strictObject({
  /** Texts of the active memories once learning from the turn has finished. */
  memories: words.optional(),
  /** Texts of the memories that stood in this turn's prompt. */
  used: words.optional(),
  /** The answer. */
  answer: words.optional(),
})

const turn = z.strictObject({ user: z.string().min(1), expect: expectation.optional() })

export const story = z.strictObject({
  title: z.string().min(1),
  conversations: z
    .array(
      z.strictObject({
        /** Date, or date and time with zone, of the first turn; the turns follow a minute apart. Default: now. */
        at: z.union([z.iso.date(), z.iso.datetime({ offset: true })]).optional(),
        turns: z.array(turn).min(1),
      }),
    )
    .min(1),
  /** Checked when every turn has been learned from. */
  expect: z.strictObject({ memories: words.optional() }).optional(),
})
export type Story = z.infer<typeof story>

/** @throws Error that names the file and the field that is wrong */
export function readStory(file: string): Story {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file} is not a story: ${(error as Error).message}`)
  }
  const parsed = story.safeParse(value)
  if (!parsed.success) throw new Error(`${file} is not a story:\n${z.prettifyError(parsed.error)}`)
  return parsed.data
}

export interface Check {
  place: string
  phrase: string
  wanted: boolean
  /** The phrase stood there as wanted, or was absent as wanted. */
  ok: boolean
}

/** Checks phrases against entries without regard to case, accents and the kind of quotes and dashes. */
export function checkWords(place: string, wanted: z.infer<typeof words> | undefined, entries: string[]): Check[] {
  if (!wanted) return []
  const folded = entries.map(fold)
  const stands = (item: Phrase): boolean => {
    if (typeof item === 'string') return folded.some((entry) => entry.includes(fold(item)))
    if ('any' in item) return item.any.some((option) => folded.some((entry) => entry.includes(fold(option))))
    return folded.some((entry) => item.all.every((part) => entry.includes(fold(part))))
  }
  const name = (item: Phrase): string =>
    typeof item === 'string' ? item : 'any' in item ? item.any.join(' | ') : item.all.join(' + ')
  return [
    ...wanted.must.map((item) => ({ place, phrase: name(item), wanted: true, ok: stands(item) })),
    ...wanted.mustNot.map((item) => ({ place, phrase: name(item), wanted: false, ok: !stands(item) })),
  ]
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[‐-―]/g, '-')
    .replace(/\s+/g, ' ')
    .toLowerCase()
}
