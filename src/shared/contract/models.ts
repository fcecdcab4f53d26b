// Models: what is there, what fits, get it, use it.
import { z } from 'zod'
import { engineState } from '../engine.ts'
import { conversationId } from '../ids.ts'
import {
  downloadState,
  embedderChangeView,
  machineView,
  modelDetails,
  modelFit,
  modelId,
  modelSettings,
  modelSpeed,
  modelView,
} from '../models.ts'
import { base, nothing } from './base.ts'

export const modelsState = z.strictObject({
  machine: machineView,
  models: z.array(modelView),
  downloads: z.array(downloadState),
  engine: engineState,
  /** The change to another embedding model that is under way. */
  embedderChange: embedderChangeView.nullable(),
})
export type ModelsState = z.infer<typeof modelsState>

/** A model file as it is looked at before it is used. */
export const modelFileView = z.strictObject({
  path: z.string(),
  name: z.string(),
  kind: z.enum(['chat', 'embedding']),
  bytes: z.number(),
  quant: z.string().nullable(),
  licence: z.string().nullable(),
  details: modelDetails,
  leastMemoryBytes: z.number(),
  fit: modelFit,
  /** Expected, from its size. */
  speed: modelSpeed,
  /** Catalogue name when the file is one of the catalogue's models, checked by SHA-256. */
  catalogueName: z.string().nullable(),
})
export type ModelFileView = z.infer<typeof modelFileView>

/** What the engine is doing and with what. */
export const engineActivity = z.strictObject({
  engine: engineState,
  contextTokens: z.int().nullable(),
  gpu: z.string().nullable(),
  memoryBytes: z.number().nullable(),
  /** Tokens per second: measured reading of prompts, and writing of the last answer. */
  reading: z.number().nullable(),
  writing: z.number().nullable(),
  /** Conversations in which an answer is being written. */
  answering: z.array(z.strictObject({ id: conversationId, title: z.string() })),
  downloads: z.array(downloadState),
  embedderChange: embedderChangeView.nullable(),
})
export type EngineActivity = z.infer<typeof engineActivity>

const path = z.string().trim().min(1).max(4096)

export const models = {
  list: base.input(nothing).output(modelsState),
  /** Starts or resumes a download; progress comes as app events. `use`: load it for chat once it is there. */
  download: base.input(z.strictObject({ id: modelId, use: z.boolean().default(true) })).output(downloadState),
  cancelDownload: base.input(z.strictObject({ id: modelId })).output(nothing),
  /** Loads a model that is on disk for chat and remembers the choice. */
  use: base.input(z.strictObject({ id: modelId })).output(nothing),
  /** Uses a GGUF file of the person's own; checked before it is loaded. */
  useFile: base.input(z.strictObject({ path })).output(nothing),
  /** Reads what a model file says of itself, and says whether it fits; loads and keeps nothing. */
  inspect: base.input(z.strictObject({ path })).output(modelFileView),
  /** Puts a file of the person's own on the list, where it lies. */
  addFile: base.input(z.strictObject({ path })).output(z.strictObject({ id: modelId })),
  /**
   * Deletes a downloaded file and what came of an unfinished download; a file of the person's own is only taken off the
   * list. `evenActive`: also the chat model in use, which is taken out of memory first.
   */
  remove: base.input(z.strictObject({ id: modelId, evenActive: z.boolean().default(false) })).output(nothing),
  /** Measures how fast a model reads and writes here; one that is not loaded is loaded for it, and the other one after. */
  measure: base.input(z.strictObject({ id: modelId })).output(modelSpeed),
  /** What a model shall be run with; all null is the default. The loaded model is loaded anew where that is needed. */
  configure: base.input(z.strictObject({ id: modelId, settings: modelSettings })).output(nothing),
  /** Changes the embedding model: in the background, the old one serves until the new one is complete. */
  useEmbedder: base.input(z.strictObject({ id: modelId })).output(nothing),
  pauseEmbedder: base.input(nothing).output(nothing),
  resumeEmbedder: base.input(nothing).output(nothing),
  activity: base.input(nothing).output(engineActivity),
  /** Opens the system's file dialog where the shell has one; null when cancelled or not available. */
  chooseFile: base.input(nothing).output(z.strictObject({ path: z.string().nullable(), available: z.boolean() })),
  /** Tries again after the engine failed. */
  restart: base.input(nothing).output(nothing),
}
