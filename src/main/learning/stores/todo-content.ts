// What one to-do holds, and the day its words name.
import { z } from 'zod'
import { datesIn } from '../extraction/dates.ts'
import { dayOf } from './said.ts'

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'not a day (YYYY-MM-DD)')
export const todoContent = z.strictObject({
  due: day.nullable().default(null).meta({ title: 'Due' }),
  /** The day it was done. */
  done: day.nullable().default(null).meta({ title: 'Done' }),
  /** Where the person put it, as the list compares it; without one it stands by its age. */
  place: z
    .string()
    .regex(/^[0-9a-f]{1,200}$/)
    .optional()
    .meta({ ownPage: true }),
})
export type TodoContent = z.infer<typeof todoContent>

/** The last day a sentence names that is not over. */
export function dueIn(text: string, at: Date, timeZone: string): string | null {
  const today = dayOf(at, timeZone)
  const days = datesIn(text, at, timeZone)
    .map(({ to }) => to)
    .filter((to) => to >= today)
  return days.at(-1) ?? null
}

/** What is to be done, without the words that say when. */
export function withoutDay(text: string, at: Date, timeZone: string): string {
  let left = text
  for (const { start, end } of datesIn(text, at, timeZone).toReversed()) {
    const before = left
      .slice(0, start)
      .replace(/\s*(?:\b(?:by|on|before|until|till|for|due|at|this|next|the)\s+)+$/iu, ' ')
    left = `${before.trimEnd()} ${left.slice(end).trimStart()}`
  }
  return left.replace(/\s+([.,;!?])/gu, '$1').trim()
}
