// Profiles: each a folder with its own chats, memories, settings and lock. One window shows one at a time.
import { z } from 'zod'
import { base, nothing } from './base.ts'

/** Most characters of a profile's name. */
export const PROFILE_NAME_MAX = 60

export const profileId = z.string().regex(/^[0-9a-f]{16}$/, 'not the id of a profile')

const profileName = z
  .string()
  .trim()
  .min(1, 'A profile needs a name.')
  .max(PROFILE_NAME_MAX, 'The name is too long.')
  .regex(/^[^\p{C}]*$/u, 'The name has characters that cannot be shown.')

export const profileView = z.strictObject({
  id: profileId,
  /** Null for the first one until it gets a name. */
  name: z.string().nullable(),
  /** Absolute path. */
  folder: z.string(),
  current: z.boolean(),
  /** It may be taken from the list: not the one that is open, and not the first one. */
  removable: z.boolean(),
})
export type ProfileView = z.infer<typeof profileView>

export const profilesView = z.strictObject({
  profiles: z.array(profileView),
  /** False where this process cannot open another one. */
  canSwitch: z.boolean(),
  /** Why the last switch did not work, so that the profile before is open again. */
  failure: z.string().nullable(),
})
export type ProfilesView = z.infer<typeof profilesView>

const one = z.strictObject({ id: profileId })

export const profiles = {
  list: base.input(nothing).output(profilesView),
  /** Makes an empty profile in a folder of its own. */
  create: base.input(z.strictObject({ name: profileName })).output(profileView),
  /** Its name in the list; the folder keeps its own. */
  rename: base.input(z.strictObject({ id: profileId, name: profileName })).output(profileView),
  /** Closes the open profile and opens this one. BUSY, and nothing changes, when it is open elsewhere. */
  switch: base.input(one).output(nothing),
  /** Takes it from the list. Its folder and everything in it stay. */
  remove: base.input(one).output(nothing),
}
