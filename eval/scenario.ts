// The form of a scenario of the guide: a story with what it is set up with, more than one person, and acts beside typing.
// Described in docs/stories.md.
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { customStoreDefinition } from '../src/shared/custom-store.ts'
import { namespace, storeMode } from '../src/shared/memory.ts'
import { words } from './story.ts'

const name = z.string().regex(/^[a-z]{1,20}$/)

export const expectation = z.strictObject({
  /** Texts of the active memories of who types, once learning from the turn has finished. */
  memories: words.optional(),
  /** The same of one store, with the fields an item has. */
  stores: z.record(z.string(), words).optional(),
  /** Texts that held before and do not any more. */
  earlier: words.optional(),
  /** What waits for a decision. */
  waiting: words.optional(),
  /** Lines of the prompt: what was used, with author where somebody else shared it. */
  used: words.optional(),
  /** Calls of the model, as `name {arguments}`. */
  calls: words.optional(),
  answer: words.optional(),
})
export type Expectation = z.infer<typeof expectation>

const step = z.union([
  z.strictObject({ user: z.string().min(1), expect: expectation.optional() }),
  /** A text given as a document. */
  z.strictObject({ document: z.strictObject({ name: z.string().min(1), text: z.string().min(1) }) }),
  /** A reaction to the answer before: a thumb with a remark, an edit. */
  z.strictObject({
    react: z.strictObject({
      signal: z.enum(['up', 'down', 'edit']),
      comment: z.string().optional(),
      edited: z.string().optional(),
    }),
    expect: expectation.optional(),
  }),
  /** Everything that waits is approved or declined. */
  z.strictObject({ decide: z.enum(['approve', 'decline']), expect: expectation.optional() }),
  /** An item with these words is shared. */
  z.strictObject({ share: z.strictObject({ words: z.string().min(1), with: namespace }) }),
  /** Written by hand, or by code that uses the product. */
  z.strictObject({ add: z.strictObject({ store: z.string(), text: z.string() }), expect: expectation.optional() }),
])
export type Step = z.infer<typeof step>

export const scenario = z.strictObject({
  /** Number in the guide. */
  id: z.string().regex(/^S\d\d$/),
  title: z.string().min(1),
  /** How much is learned at the beginning. */
  level: z.enum(['off', 'basic', 'by_itself']).default('by_itself'),
  modes: z.record(z.string(), storeMode).default({}),
  /** Tokens of the model's context; the usual ones without it. A small one makes a talk outgrow it soon. */
  context: z.int().min(1024).optional(),
  /** Stores made by the person; named by their title in `add` and `stores`. */
  customStores: z.array(customStoreDefinition).default([]),
  /** Who shares with whom: the members' names. */
  teams: z.array(z.strictObject({ namespace, members: z.record(name, z.string()) })).default([]),
  conversations: z
    .array(
      z.strictObject({
        /** As in a story. */
        at: z.union([z.iso.date(), z.iso.datetime({ offset: true })]).optional(),
        /** Whose it is; without it, the person whose profile it is. */
        as: name.optional(),
        mode: z.enum(['normal', 'read_only']).default('normal'),
        /** Modes from here on. */
        modes: z.record(z.string(), storeMode).default({}),
        steps: z.array(step).min(1),
      }),
    )
    .min(1),
})
export type Scenario = z.infer<typeof scenario>

/** @throws Error that names the file and the field that is wrong */
export function readScenario(file: string): Scenario {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file} is not a scenario: ${(error as Error).message}`)
  }
  const parsed = scenario.safeParse(value)
  if (!parsed.success) throw new Error(`${file} is not a scenario:\n${z.prettifyError(parsed.error)}`)
  return parsed.data
}
