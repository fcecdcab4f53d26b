// The composition root: starts the services in order, wires them by hand, stops them in reverse.
// It knows no shell; both shells, the demo, the evaluation and the tests start the same core.
import { join } from 'node:path'
import type { AppState } from '../../shared/contract/app.ts'
import { type Chat, createChat } from '../chat/chat.ts'
import { createChatProcedures } from '../chat/procedures.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/open.ts'
import { createEngine } from '../engine/client.ts'
import type { Engine } from '../engine/engine.ts'
import type { EngineLauncher } from '../engine/launcher.ts'
import { createModels, type Models } from '../engine/models/models.ts'
import { createModelProcedures } from '../engine/models/procedures.ts'
import { createJobQueue } from '../jobs/queue.ts'
import type { Learning } from '../learning/learning.ts'
import { createLearning } from '../learning/machine.ts'
import { createLearningProcedures, createMemoryProcedures } from '../learning/procedures.ts'
import { type Caller, procedures } from '../procedures.ts'
import { type Clock, systemClock } from './clock.ts'
import { createAppEvents } from './events.ts'
import type { Log } from './log.ts'
import { createAppProcedures } from './procedures.ts'
import type { ProfilePaths } from './profile.ts'
import { openSettings, type SettingsStore } from './settings.ts'
import { version } from './version.ts'

/** The one person of a profile. Every row carries its owner, so that a database can serve more than one. */
export const OWNER = 'me'

export interface CoreOptions {
  profile: ProfilePaths
  modelsFolder: string
  /** Holds models.json and the bundled embedder. */
  resourcesFolder: string
  launcher: EngineLauncher
  shell: AppState['shell']
  log: Log
  clock?: Clock
  /** The system's file dialog, where the shell has one. */
  chooseFile?: () => Promise<string | null>
  openExternal?: (url: string) => Promise<void>
}

export interface Core {
  readonly router: ReturnType<typeof createRouter>
  caller(): Caller
  readonly db: Database
  readonly engine: Engine
  readonly settings: SettingsStore
  readonly learning: Learning
  readonly chat: Chat
  readonly models: Models
  /** Ends answers (what was written is kept), waits for writes, closes engine and database. Twice is once. */
  close(): Promise<void>
}
