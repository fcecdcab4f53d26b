// The profiles part of the contract.
import { procedures } from '../procedures.ts'
import type { Profiles } from './profiles.ts'

export function createProfileProcedures(profiles: Profiles) {
  const { profiles: calls } = procedures
  return {
    list: calls.list.handler(() => profiles.list()),
    create: calls.create.handler(({ input }) => profiles.create(input.name)),
    rename: calls.rename.handler(({ input }) => profiles.rename(input.id, input.name)),
    switch: calls.switch.handler(({ input }) => {
      profiles.switch(input.id)
      return {}
    }),
    remove: calls.remove.handler(({ input }) => {
      profiles.remove(input.id)
      return {}
    }),
  }
}
