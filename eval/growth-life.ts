// The form of a life: what one person tells over months, and questions whose answers change with it. Described in
// docs/stories.md.
import { z } from 'zod'
import { phrase, readForm, startDay } from './story.ts'

/** Turns after which the questions are asked. */
export const CHECKPOINTS = [10, 100, 300] as const

const turn = z.strictObject({
  user: z.string().min(1),
  /** What questions call the turn. */
  id: z.string().min(1).optional(),
  /** Ids of the questions whose right answer it changes. */
  corrects: z.array(z.string()).min(1).optional(),
})

/** From a turn on, that one included, and until another, that one not. */
const needed = z.strictObject({ phrase, from: z.string(), until: z.string().optional() })
const outdated = z.strictObject({ phrase, from: z.string() })

const question = z.strictObject({
  id: z.string().min(1),
  ask: z.string().min(1),
  needed: z.array(needed).min(1),
  outdated: z.array(outdated).default([]),
})

const form = z
  .strictObject({
    title: z.string().min(1),
    conversations: z.array(z.strictObject({ at: startDay, turns: z.array(turn).min(1) })).min(1),
    questions: z.array(question).min(1),
  })
  .superRefine(({ conversations, questions }, context) => {
    const wrong = (message: string, path: (string | number)[]) =>
      context.addIssue({ code: 'custom', message, path, input: path })
    const turns = conversations.flatMap((one) => one.turns)
    const last = CHECKPOINTS[CHECKPOINTS.length - 1] ?? 0
    if (turns.length < last) wrong(`has ${turns.length} turns; at least ${last} are needed`, ['conversations'])
    const places = placesOf(turns)
    const asked = new Set(questions.map(({ id }) => id))
    if (asked.size !== questions.length) wrong('two questions have the same id', ['questions'])
    let days = ''
    for (const [at, one] of conversations.entries()) {
      if (one.at < days) wrong('is before the conversation above it', ['conversations', at, 'at'])
      days = one.at
      for (const [number, { id, corrects = [] }] of one.turns.entries()) {
        const path = ['conversations', at, 'turns', number]
        if (id !== undefined && turns.filter((other) => other.id === id).length > 1) {
          wrong(`another turn has the id "${id}" too`, [...path, 'id'])
        }
        for (const of of corrects) if (!asked.has(of)) wrong(`there is no question "${of}"`, [...path, 'corrects'])
      }
    }
    for (const [at, one] of questions.entries()) {
      const check = (item: { from: string; until?: string | undefined }, path: (string | number)[]) => {
        const from = places.get(item.from)
        if (from === undefined) wrong(`there is no turn "${item.from}"`, [...path, 'from'])
        if (item.until === undefined) return
        const until = places.get(item.until)
        if (until === undefined) wrong(`there is no turn "${item.until}"`, [...path, 'until'])
        else if (from !== undefined && until <= from) wrong('is not after "from"', [...path, 'until'])
      }
      for (const [number, item] of one.needed.entries()) check(item, ['questions', at, 'needed', number])
      for (const [number, item] of one.outdated.entries()) check(item, ['questions', at, 'outdated', number])
    }
  })

export type Life = z.infer<typeof form>
export type LifeQuestion = Life['questions'][number]

/** @throws Error that names the file and the field that is wrong */
export const readLife = (file: string): Life => readForm(file, form, 'a life')

/** Number of each named turn, counted from 1 through all conversations. */
export type Places = ReadonlyMap<string, number>

export function placesOf(turns: readonly { id?: string | undefined }[]): Places {
  return new Map(turns.flatMap(({ id }, index) => (id === undefined ? [] : [[id, index + 1] as const])))
}
