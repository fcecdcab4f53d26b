// The lines of an evaluation of recall: what a person's world holds, what is asked, and what was found.
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const doc = z.object({
  space: z.string(),
  id: z.string(),
  text: z.string(),
  date: z.string().nullish(),
  role: z.string().nullish(),
  kind: z.enum(['message', 'memory']).default('message'),
  pinned: z.boolean().nullish(),
  /** Id of the memory it replaces. */
  supersedes: z.string().nullish(),
})
export type Doc = z.infer<typeof doc>

const query = z.object({ space: z.string(), qid: z.string(), query: z.string() })
export type Query = z.infer<typeof query>

const answer = z.object({
  qid: z.string(),
  ranked: z.array(z.array(z.string())),
  used: z.number(),
  ms: z.number(),
  tokens: z.number(),
})
export type Answer = z.infer<typeof answer>

export const readDocs = (file: string): Doc[] => readLines(file, doc)
export const readQueries = (file: string): Query[] => readLines(file, query)
export const readAnswers = (file: string): Answer[] => readLines(file, answer)

/** @throws Error that names the line that is not understood */
function readLines<T>(file: string, shape: z.ZodType<T>): T[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (line.trim() === '') return []
      try {
        return [shape.parse(JSON.parse(line))]
      } catch (error) {
        throw new Error(`Line ${index + 1} of ${file} is not understood: ${(error as Error).message}`)
      }
    })
}

const MONTH_NAME = /(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/iu
const TIME = /(\d{1,2}):(\d{2})(?::\d{2})?\s*(am|pm)?/iu

/** @returns the moment a date means, however it is written ("1:56 pm on 8 May, 2023"); null when it cannot be read */
export function readDate(text: string): Date | null {
  const iso = /\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?/u.exec(text)?.[0]
  const direct = iso ? new Date(iso.replace(' ', 'T')) : null
  if (direct && !Number.isNaN(direct.getTime())) return direct
  const month = MONTH_NAME.exec(text)?.[0]
  const year = /\b(?:19|20)\d{2}\b/u.exec(text)?.[0]
  if (!month || !year) return null
  const time = TIME.exec(text)
  const day = /\b(\d{1,2})(?:st|nd|rd|th)?\b/u.exec(text.replace(TIME, ' ').replace(year, ' '))?.[1] ?? '1'
  const at = new Date(`${day} ${month.slice(0, 3)} ${year} UTC`)
  if (Number.isNaN(at.getTime())) return null
  if (time) {
    const noon = /pm/iu.test(time[3] ?? '') ? 12 : 0
    const hour = time[3] ? (Number(time[1]) % 12) + noon : Number(time[1])
    at.setUTCHours(hour, Number(time[2]))
  }
  return at
}
