// Projects: chats that belong together, with instructions of their own.
import { z } from 'zod'
import { projectId } from '../ids.ts'
import { PROJECT_INSTRUCTIONS_MAX, PROJECT_NAME_MAX, projectView } from '../projects.ts'
import { base, nothing, words } from './base.ts'

const name = words().trim().min(1, 'The name is empty.').max(PROJECT_NAME_MAX, 'The name is too long.')
const instructions = words().max(PROJECT_INSTRUCTIONS_MAX, 'The instructions are too long.')

export const projects = {
  /** By name. */
  list: base.input(nothing).output(z.strictObject({ items: z.array(projectView) })),

  /** The id is made by the caller, so that a repeated call is one project. */
  create: base
    .input(z.strictObject({ id: projectId, name, instructions: instructions.default('') }))
    .output(projectView),

  /** New instructions hold from the next message on, in every chat of the project. */
  change: base
    .input(z.strictObject({ id: projectId, name: name.optional(), instructions: instructions.optional() }))
    .output(projectView),

  /** Into the bin; its chats stay, outside of any project while it is there. `restore` brings it back with them. */
  trash: base.input(z.strictObject({ id: projectId })).output(nothing),
  restore: base.input(z.strictObject({ id: projectId })).output(projectView),
}
