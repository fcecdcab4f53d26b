// The composition root: starts the services in order, wires them by hand, stops them in reverse.
// It knows no shell; both shells, the demo, the evaluation and the tests start the same core.
import { join } from 'node:path'
import type { AppState } from '../../shared/contract/app.ts'
import type { EngineActivity } from '../../shared/contract/models.ts'
import type { Settings } from '../../shared/settings.ts'
import { type Attachments, createAttachments } from '../attachments/attachments.ts'
import { createAttachmentProcedures } from '../attachments/procedures.ts'
import { createBackupProcedures } from '../backups/procedures.ts'
import { type Backups, createBackups } from '../backups/service.ts'
import { createChat } from '../chat/chat.ts'
import { createIncognito, type Incognito } from '../chat/incognito.ts'
import { createChatProcedures, createProjectProcedures } from '../chat/procedures.ts'
import type { Chat } from '../chat/service.ts'
import type { Database } from '../database/database.ts'
import type { DiskTrial } from '../database/faulty-fs.ts'
import { openDatabase } from '../database/open.ts'
import { openMemoryDatabase } from '../database/open-memory.ts'
import { CHECKSUM_FILE } from '../engine/checksums.ts'
import { createEngine } from '../engine/client.ts'
import type { Engine } from '../engine/engine.ts'
import type { EngineLauncher } from '../engine/launcher.ts'
import type { NetworkGate } from '../engine/models/download.ts'
import { createModels, type Models } from '../engine/models/models.ts'
import { createModelProcedures } from '../engine/models/procedures.ts'
import { createJobQueue } from '../jobs/queue.ts'
import { EmbedderChange } from '../learning/embedder-change.ts'
import type { Learning } from '../learning/learning.ts'
import { createLearning } from '../learning/machine.ts'
import {
  createActivityProcedures,
  createCurationProcedures,
  createDocumentProcedures,
  createEntityProcedures,
  createLearningProcedures,
  createMemoryProcedures,
  createProposalProcedures,
  createSessionProcedures,
  createStoreProcedures,
  createWritingProcedures,
} from '../learning/procedures.ts'
import type { LearningTool } from '../learning/protocol.ts'
import { type Caller, procedures } from '../procedures.ts'
import { createFind, type Find } from '../search/find.ts'
import { createSearchProcedures } from '../search/procedures.ts'
import { createExports, type Exports } from '../transfer/export/exports.ts'
import { createImports, type Imports } from '../transfer/import/imports.ts'
import { createExportProcedures, createImportProcedures } from '../transfer/procedures.ts'
import { Calls } from './calls.ts'
import { type Clock, systemClock } from './clock.ts'
import { createAppEvents } from './events.ts'
import type { Log } from './log.ts'
import type { NetworkGuard } from './network-guard.ts'
import { OWNER } from './owner.ts'
import { createAppProcedures } from './procedures.ts'
import type { ProfilePaths } from './profile.ts'
import { createProfileProcedures } from './profile-procedures.ts'
import { createProfiles, type Profiles } from './profiles.ts'
import { openSettings, type SettingsStore } from './settings.ts'
import { createSystemProcedures } from './system.ts'
import { version } from './version.ts'

export { OWNER }

export interface CoreOptions {
  profile: ProfilePaths
  modelsFolder: string
  /** Holds models.json and the bundled embedder. */
  resourcesFolder: string
  launcher: EngineLauncher
  shell: AppState['shell']
  log: Log
  clock?: Clock
  /** Nothing starts by itself: no model is loaded, no waiting work goes on. For a command that ends at once. */
  still?: boolean
  /** For tests of durability: what stands between the database and the disk. */
  trial?: DiskTrial
  /** Longest answer in tokens, where another one is wanted than the chat's own: a story is played with short ones. */
  answerTokens?: number
  /** Tokens of the chat model's context, where less than usual is wanted: a long talk is played with few. */
  chatContext?: number
  /** Tools the model may call beside those of learning, made with `defineTool`. */
  tools?: readonly LearningTool[]
  /** The system's file dialog, where the shell has one. */
  chooseFile?: () => Promise<string | null>
  openExternal?: (url: string) => Promise<void>
  /** Closes this core, does the work, and starts a core of the profile again; absent where that is not possible. */
  restart?: (work: () => Promise<void>) => void
  /** The list of profiles; without it there is this one, and no other can be opened from here. */
  profiles?: Profiles
  /** Opens a host while a download runs that the person started; absent where no guard stands before the network. */
  network?: NetworkGate & Pick<NetworkGuard, 'openHosts' | 'refused'>
}

export interface Core {
  readonly router: ReturnType<typeof createRouter>
  caller(): Caller
  readonly db: Database
  readonly engine: Engine
  readonly settings: SettingsStore
  readonly learning: Learning
  readonly chat: Chat
  readonly find: Find
  readonly models: Models
  readonly exports: Exports
  readonly imports: Imports
  readonly backups: Backups
  /** Whether an answer is being written now. */
  answering(): boolean
  /** Ends answers (what was written is kept), waits for writes, closes engine and database. Twice is once. */
  close(): Promise<void>
}

export async function startCore(options: CoreOptions): Promise<Core> {
  const { profile, log, launcher, resourcesFolder } = options
  const clock = options.clock ?? systemClock
  const events = createAppEvents()
  const closing: (() => Promise<void>)[] = []
  let closed: Promise<void> | null = null
  const close = () => {
    closed ??= (async () => {
      for (const stop of closing.reverse()) {
        await stop().catch((error: unknown) => log.error({ err: (error as Error).name }, 'a part did not close'))
      }
    })()
    return closed
  }

  try {
    const { trial } = options
    const db = await openDatabase({ folder: profile.database, log, clock, ...(trial ? { trial } : {}) })
    closing.push(() => db.close())
    const tellDatabase = () => events.publish({ type: 'database', database: viewDatabase(db) })
    db.onState(tellDatabase)
    db.onBusy(tellDatabase)
    const settings = await openSettings(db, OWNER)

    const bundledEmbedder = {
      id: 'all-minilm-l6-v2',
      path: join(resourcesFolder, 'models', 'all-MiniLM-L6-v2-Q8_0.gguf'),
    }
    const engine = createEngine({
      launcher,
      embedderFile: settings.current().embedder?.path ?? bundledEmbedder.path,
      checksumFile: join(options.modelsFolder, CHECKSUM_FILE),
      log,
      ...(options.chatContext === undefined ? {} : { chatContext: options.chatContext }),
    })
    closing.push(() => engine.close())
    const keepLoaded = ({ unloadAfterMinutes: minutes }: Settings) =>
      engine.setIdleLimit(minutes === 0 ? null : minutes * 60_000)
    keepLoaded(settings.current())
    engine.onState((state) => events.publish({ type: 'engine', engine: state }))

    const jobs = createJobQueue({ db, clock, log })
    // Bound late: learning tells the chat, and the chat asks learning.
    let chat: Chat | undefined
    const learning = createLearning({
      db,
      model: engine,
      embedder: engine.embedder,
      jobs,
      clock,
      log,
      answers: {
        stopIn: async (_, conversations) => chat?.settle(conversations),
        stop: async (_, answers) => chat?.settleAnswers(answers),
        decided: async (owner, proposals) => chat?.decided(owner, proposals),
        changed: (owner, conversations) => {
          void chat
            ?.changed(owner, conversations)
            .catch((error: unknown) => log.warn({ err: (error as Error).name }, 'chats could not be refreshed'))
        },
      },
      forgetPrompts: () => engine.forgetPrompts(),
      ...(options.tools ? { tools: options.tools } : {}),
      settings: settings.current,
      setLevel: async (level) => {
        await settings.update(level)
      },
      setModes: async (storeModes) => {
        await settings.update({ storeModes })
      },
      setReadOnly: async (readOnlyStores) => {
        await settings.update({ readOnlyStores })
      },
      setNeverKeep: async (neverKeep) => {
        await settings.update({ neverKeep })
      },
      events: {
        memoriesChanged: () => events.publish({ type: 'memories' }),
        stateChanged: (state) => events.publish({ type: 'learning', learning: state }),
        importLearned: () => events.publish({ type: 'transfers' }),
        learned: (event) => {
          events.publish({ type: 'learned', ...event })
          void chat
            ?.refresh(OWNER, event.conversationId, event.messageId)
            .catch((error: unknown) => log.warn({ err: (error as Error).name }, 'chat could not be refreshed'))
        },
      },
    })
    closing.push(() => learning.stop())
    const embedders = new EmbedderChange({
      db,
      jobs,
      clock,
      log,
      embedder: engine.embedder,
      open: (file) => engine.openEmbedder(file),
      switchTo: (file) => engine.useEmbedder(file),
      release: (file) => engine.releaseEmbedder(file),
      read: () => ({ now: settings.current().embedder ?? bundledEmbedder, next: settings.current().nextEmbedder }),
      write: async ({ now, next }) => {
        await settings.update({ embedder: now.id === bundledEmbedder.id ? null : now, nextEmbedder: next })
      },
      onChange: (change) => events.publish({ type: 'embedder', change }),
      onUsed: () => learning.embedderChanged(),
    })

    const attachments = createAttachments({ db, model: engine, embedder: engine.embedder, jobs, clock, log })
    closing.push(() => attachments.close())
    chat = createChat({
      db,
      model: engine,
      learning,
      attachments,
      jobs,
      clock,
      log,
      ...(options.answerTokens === undefined ? {} : { answerTokens: options.answerTokens }),
      systemPrompt: () => settings.current().systemPrompt,
      events: {
        conversation: (view) => events.publish({ type: 'conversation', conversation: view }),
        conversations: () => events.publish({ type: 'conversations' }),
      },
    })
    closing.push(() => (chat as Chat).close())

    const incognito = createIncognito({
      openDatabase: () => openMemoryDatabase({ clock, log }),
      model: engine,
      embedder: engine.embedder,
      clock,
      log,
      profile: {
        db,
        jobs,
        tools: () => learning.tools.offered(),
        kept: (view) => events.publish({ type: 'conversation', conversation: view }),
      },
      systemPrompt: () => settings.current().systemPrompt,
      ...(options.answerTokens === undefined ? {} : { answerTokens: options.answerTokens }),
    })
    closing.push(() => incognito.close())

    const transferFolder = join(profile.folder, 'transfer')
    const exports = createExports({
      ...{ db, clock, log, appVersion: version },
      folder: join(transferFolder, 'exports'),
      titleOf: (store) => learning.titleOf(store),
      onChange: () => events.publish({ type: 'transfers' }),
    })
    closing.push(() => exports.close())
    const calls = new Calls()
    const isQuiet = () => engine.state.state !== 'answering' && engine.state.state !== 'loading'
    const backups = createBackups({
      profile,
      db,
      settings: settings.current,
      clock,
      log,
      idle: isQuiet,
      changed: () => events.publish({ type: 'backups' }),
      profiles: options.profiles,
      restart: options.restart,
    })
    closing.push(() => backups.stop())
    const imports = createImports({
      ...{ db, jobs, learning, clock, log },
      folder: join(transferFolder, 'imports'),
      isLeftAlone: (ms) => isQuiet() && calls.pausedForMs > ms,
      backUp: () => backups.before('import'),
      onPublished: async () => {
        await settings.reload()
        await learning.customStores.load()
        events.publish({ type: 'memories' })
        events.publish({ type: 'conversations' })
        // How much is known, and how much waits.
        events.publish({ type: 'learning', learning: await learning.state(OWNER) })
      },
      onChange: () => events.publish({ type: 'transfers' }),
    })
    closing.push(() => imports.close())

    const models = createModels({
      modelsFolder: options.modelsFolder,
      resourcesFolder,
      engine,
      choice: {
        read: () => ({ id: settings.current().chatModel, path: settings.current().chatModelPath }),
        write: async (model) => {
          await settings.update({ chatModel: model?.id ?? null, chatModelPath: model?.path ?? null })
        },
      },
      preferences: {
        read: () => settings.current(),
        write: async (change) => {
          await settings.update(change)
        },
      },
      embedders: {
        current: () => (settings.current().embedder ?? bundledEmbedder).id,
        files: () => [settings.current().embedder?.path, settings.current().nextEmbedder?.path].filter(isText),
        change: () => embedders.state(),
        begin: (chosen) => embedders.begin(chosen),
        pause: () => embedders.pause(),
        resume: () => embedders.resume(),
      },
      events: { download: (download) => events.publish({ type: 'download', download }) },
      log,
      ...(options.network ? { surroundings: { gate: options.network } } : {}),
    })
    closing.push(() => models.close())

    settings.onChange((now, before) => {
      events.publish({ type: 'settings', settings: now })
      keepLoaded(now)
      const switches = ['learning', 'learnByItself', 'proposeEverything'] as const
      if (switches.every((name) => now[name] === before[name])) return
      learning
        .switched(OWNER)
        .catch((error: unknown) => log.warn({ err: (error as Error).name }, 'the switch was not told'))
    })
    await learning.customStores.load()
    if (!options.still) {
      await imports.recover(OWNER)
      await chat.recover(OWNER)
      learning.start()
      await attachments.tidy(OWNER)
      void embedders
        .start()
        .catch((error: unknown) => log.warn({ err: (error as Error).name }, 'the embedder was not looked at'))
      backups.start()
      void models.startActive()
      void models
        .resumeDownloads()
        .catch((error: unknown) => log.warn({ err: (error as Error).name }, 'downloads were not gone on with'))
    }

    const state = async (owner: string): Promise<AppState> => ({
      version,
      shell: options.shell,
      profileId: profile.id,
      profileName: profile.name,
      profileFolder: profile.folder,
      database: viewDatabase(db),
      engine: engine.state,
      learning: await learning.state(owner),
      settings: settings.current(),
      downloads: models.downloads(),
      embedderChange: await embedders.state(),
    })
    const find = createFind({ read: db.read, embedder: engine.embedder, learning, clock, log })
    const activity = async (): Promise<EngineActivity> => {
      const usage = await engine.usage()
      return {
        engine: engine.state,
        contextTokens: engine.contextSize,
        gpu: usage?.gpu ?? null,
        memoryBytes: usage?.memoryBytes ?? null,
        reading: engine.prefillSpeed,
        writing: engine.writingSpeed,
        answering: (await chat?.answering(OWNER)) ?? [],
        downloads: models.downloads(),
        embedderChange: await embedders.state(),
      }
    }
    const router = createRouter({
      chat,
      incognito,
      attachments,
      find,
      learning,
      models,
      backups,
      events,
      settings,
      state,
      activity,
      exports,
      imports,
      options,
    })
    return {
      router,
      caller: () => ({ owner: OWNER, log, onCall: () => calls.note() }),
      db,
      engine,
      settings,
      learning,
      chat,
      find,
      models,
      exports,
      imports,
      backups,
      answering: () => engine.state.state === 'answering',
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

interface RouterParts {
  chat: Chat
  incognito: Incognito
  attachments: Attachments
  find: Find
  learning: Learning
  models: Models
  backups: Backups
  events: ReturnType<typeof createAppEvents>
  settings: SettingsStore
  state(owner: string): Promise<AppState>
  activity(): Promise<EngineActivity>
  exports: Exports
  imports: Imports
  options: CoreOptions
}

function createRouter({
  chat,
  incognito,
  attachments,
  find,
  learning,
  models,
  backups,
  events,
  settings,
  state,
  activity,
  exports,
  imports,
  options,
}: RouterParts) {
  return procedures.router({
    app: createAppProcedures({ state, events, settings, openExternal: options.openExternal }),
    profiles: createProfileProcedures(
      options.profiles ??
        createProfiles({
          current: options.profile,
          switchTo: undefined,
          failure: null,
          clock: options.clock ?? systemClock,
        }),
    ),
    system: createSystemProcedures({ ...options, network: options.network, state }),
    backups: createBackupProcedures(backups, options.restart && (() => options.restart?.(async () => {}))),
    chat: createChatProcedures(chat, incognito),
    projects: createProjectProcedures(chat),
    exports: createExportProcedures(exports),
    imports: createImportProcedures(imports),
    memory: createMemoryProcedures(learning),
    learning: createLearningProcedures(learning),
    proposals: createProposalProcedures(learning),
    activity: createActivityProcedures(learning),
    curation: createCurationProcedures(learning),
    stores: createStoreProcedures(learning),
    writing: createWritingProcedures(learning),
    documents: createDocumentProcedures(incognito.overDocuments(learning.documents)),
    attachments: createAttachmentProcedures(incognito.overAttachments(attachments)),
    entities: createEntityProcedures(learning),
    session: createSessionProcedures(learning),
    models: createModelProcedures(models, { chooseFile: options.chooseFile, activity }),
    search: createSearchProcedures(find),
  })
}

function isText(value: string | undefined): value is string {
  return value !== undefined
}

function viewDatabase({ state, busy }: Pick<Database, 'state' | 'busy'>): AppState['database'] {
  if (state.state === 'ready') return { state: 'ready', busy }
  if (state.state === 'failed') return { state: 'failed', error: { code: 'DATABASE_STOPPED', message: state.reason } }
  return state
}
