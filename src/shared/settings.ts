// Settings a person can change. Kept in the database; every key has a default and does something.
import { z } from 'zod'
import { neverKeepRules, storeId, storeMode } from './memory.ts'
import { chosenModel, modelSettings, wantedDownload } from './models.ts'

const fields = {
  theme: z.enum(['system', 'light', 'dark']),
  /** How much room things take. */
  density: z.enum(['comfortable', 'compact']),
  /** Percent of the usual size. */
  textSize: z.int().min(90).max(140),
  /** The key that sends a message; with the other one a new line starts. */
  sendWith: z.enum(['enter', 'modifier_enter']),
  /** The one Learning switch: false stops recall, tools, extraction, queue and curation together. */
  learning: z.boolean(),
  /** Every kind of learning in its default mode, beside the basic ones. */
  learnByItself: z.boolean(),
  /** Nothing is kept without a decision: stores whose mode was not set ask. */
  proposeEverything: z.boolean(),
  /** Modes that differ from a store's default. */
  storeModes: z.partialRecord(storeId, storeMode),
  /** Clean-ups that can lose nothing are carried out unasked; all others wait in the inbox. */
  tidyByItself: z.boolean(),
  /** Stores that are used in answers and learn nothing. */
  readOnlyStores: z.array(storeId),
  /** What is never to be kept, in the person's words, by store. */
  neverKeep: z.partialRecord(storeId, neverKeepRules),
  /** Catalogue id, or `file:<name>` for an own file; null until one was chosen. */
  chatModel: z.string().nullable(),
  /** Absolute path of the chat model's file. */
  chatModelPath: z.string().nullable(),
  /** The embedding model in use; null: the one that comes with the app. */
  embedder: chosenModel.nullable(),
  /** The embedding model that is being changed to; null: none. */
  nextEmbedder: chosenModel.extend({ paused: z.boolean() }).nullable(),
  /** Absolute paths of model files the person added. */
  modelFiles: z.array(z.string().max(4096)).max(200),
  /** Downloads that go on at the next start. */
  wantedDownloads: z.array(wantedDownload).max(100),
  /** What was set for single models, by id. */
  modelSettings: z.record(z.string(), modelSettings),
  /** The person's own words for every conversation, before the core of what is known. */
  systemPrompt: z.string().max(4000),
  /** Minutes without work after which the chat model leaves memory; 0: it stays. */
  unloadAfterMinutes: z.int().min(0).max(1440),
  /** Days, and weeks before them, of which a backup is kept; 0 days: none is made by itself. */
  backupsDaily: z.int().min(0).max(30),
  backupsWeekly: z.int().min(0).max(52),
  firstRunDone: z.boolean(),
  /** Keys of commands that differ from their own, by command; an empty text: none. */
  shortcuts: z.record(z.string().max(40), z.string().max(40)),
}

export const settings = z.strictObject(fields)
export type Settings = z.infer<typeof settings>

export const defaultSettings: Settings = {
  theme: 'system',
  density: 'comfortable',
  textSize: 100,
  sendWith: 'enter',
  learning: true,
  learnByItself: false,
  proposeEverything: false,
  storeModes: {},
  readOnlyStores: [],
  neverKeep: {},
  tidyByItself: false,
  chatModel: null,
  chatModelPath: null,
  embedder: null,
  nextEmbedder: null,
  modelFiles: [],
  wantedDownloads: [],
  modelSettings: {},
  systemPrompt: '',
  unloadAfterMinutes: 0,
  backupsDaily: 7,
  backupsWeekly: 4,
  firstRunDone: false,
  shortcuts: {},
}

// The chat model is set through the models contract, which checks the file first.
export const settingsPatch = z
  .strictObject({
    theme: fields.theme,
    density: fields.density,
    textSize: fields.textSize,
    sendWith: fields.sendWith,
    learning: fields.learning,
    learnByItself: fields.learnByItself,
    proposeEverything: fields.proposeEverything,
    tidyByItself: fields.tidyByItself,
    firstRunDone: fields.firstRunDone,
    shortcuts: fields.shortcuts,
    systemPrompt: fields.systemPrompt,
    unloadAfterMinutes: fields.unloadAfterMinutes,
    backupsDaily: fields.backupsDaily,
    backupsWeekly: fields.backupsWeekly,
  })
  .partial()
export type SettingsPatch = z.infer<typeof settingsPatch>
