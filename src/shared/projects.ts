// Projects: chats that belong together.
import { z } from 'zod'
import { projectId } from './ids.ts'

export const PROJECT_NAME_MAX = 120
export const PROJECT_INSTRUCTIONS_MAX = 4_000

export const projectView = z.strictObject({
  id: projectId,
  name: z.string(),
  /** What the person wants of every answer in it. */
  instructions: z.string(),
  createdAt: z.date(),
  /** Its chats that are not in the bin. */
  conversations: z.int(),
})
export type ProjectView = z.infer<typeof projectView>
