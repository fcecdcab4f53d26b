// Everything the window may ask of the core. Both transports carry this and nothing else.
import type { ContractRouterClient, InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import { activity } from './activity.ts'
import { app } from './app.ts'
import { attachments } from './attachments.ts'
import { backups } from './backups.ts'
import { chat } from './chat.ts'
import { curation } from './curation.ts'
import { documents } from './documents.ts'
import { entities } from './entities.ts'
import { exports } from './exports.ts'
import { imports } from './imports.ts'
import { learning } from './learning.ts'
import { memory } from './memory.ts'
import { models } from './models.ts'
import { profiles } from './profiles.ts'
import { projects } from './projects.ts'
import { proposals } from './proposals.ts'
import { search } from './search.ts'
import { session } from './session.ts'
import { stores } from './stores.ts'
import { system } from './system.ts'
import { writing } from './writing.ts'

export const contract = {
  app,
  chat,
  projects,
  memory,
  learning,
  activity,
  models,
  proposals,
  curation,
  search,
  stores,
  documents,
  attachments,
  entities,
  session,
  system,
  backups,
  profiles,
  writing,
  exports,
  imports,
}

export type Contract = typeof contract
export type Inputs = InferContractRouterInputs<Contract>
export type Outputs = InferContractRouterOutputs<Contract>
/** The client both shells give the window. */
export type Client = ContractRouterClient<Contract>
