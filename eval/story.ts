// The form of a story: conversations, turns, and what must or must not stand at which point. Described in docs/stories.md.
import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** A literal phrase; or several of which one is enough (`any`); or several that must stand in one entry (`all`). */
export const phrase = z.union([
  z.string().min(1),
  z.strictObject({ any: z.array(z.string().min(1)).min(1) }),
  z.strictObject({ all: z.array(z.string().min(1)).min(1) }),
])
export type Phrase = z.infer<typeof phrase>

/** Date, or date and time with zone, of the first turn of a conversation; the turns follow a minute apart. */
export const startDay = z.union([z.iso.date(), z.iso.datetime({ offset: true })])

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
        /** Default: now. */
        at: startDay.optional(),
        turns: z.array(turn).min(1),
      }),
    )
    .min(1),
  /** Checked when every turn has been learned from. */
  expect: z.strictObject({ memories: words.optional() }).optional(),
})
export type Story = z.infer<typeof story>

/** @throws Error that names the file and the field that is wrong */
export const readStory = (file: string): Story => readForm(file, story, 'a story')

/**
 * @param what the file should be, for the error
 * @throws Error that names the file and the field that is wrong
 */
export function readForm<T>(file: string, form: z.ZodType<T>, what: string): T {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file} is not ${what}: ${(error as Error).message}`)
  }
  const parsed = form.safeParse(value)
  if (!parsed.success) throw new Error(`${file} is not ${what}:\n${z.prettifyError(parsed.error)}`)
  return parsed.data
}

export interface Check {
  place: string
  phrase: string
  wanted: boolean
  /** The phrase stood there as wanted, or was absent as wanted. */
  ok: boolean
}

/** Checks phrases against entries, each by itself. */
export function checkWords(place: string, wanted: z.infer<typeof words> | undefined, entries: string[]): Check[] {
  if (!wanted) return []
  const check = (item: Phrase, isWanted: boolean): Check => {
    const stands = entries.some((entry) => standsIn(item, entry))
    return { place, phrase: phraseName(item), wanted: isWanted, ok: stands === isWanted }
  }
  return [...wanted.must.map((item) => check(item, true)), ...wanted.mustNot.map((item) => check(item, false))]
}

/** Whether the phrase stands in one entry, without regard to case, accents and the kind of quotes and dashes. */
export function standsIn(item: Phrase, entry: string): boolean {
  const folded = fold(entry)
  const has = (part: string) => folded.includes(fold(part))
  if (typeof item === 'string') return has(item)
  return 'any' in item ? item.any.some(has) : item.all.every(has)
}

export function phraseName(item: Phrase): string {
  return typeof item === 'string' ? item : 'any' in item ? item.any.join(' | ') : item.all.join(' + ')
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
