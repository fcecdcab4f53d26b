// Models: what is there, what fits, get it, use it.
import { z } from 'zod'
import { engineState } from '../engine.ts'
import { downloadState, machineView, modelId, modelView } from '../models.ts'
import { base, nothing } from './base.ts'

export const modelsState = z.strictObject({
  machine: machineView,
  models: z.array(modelView),
  downloads: z.array(downloadState),
  engine: engineState,
})
export type ModelsState = z.infer<typeof modelsState>

export const models = {
  list: base.input(nothing).output(modelsState),
  /** Starts or resumes a download; progress comes as app events. `use`: load it for chat once it is there. */
  download: base.input(z.strictObject({ id: modelId, use: z.boolean().default(true) })).output(downloadState),
  cancelDownload: base.input(z.strictObject({ id: modelId })).output(nothing),
  /** Loads a model that is on disk for chat and remembers the choice. */
  use: base.input(z.strictObject({ id: modelId })).output(nothing),
  /** Uses a GGUF file of the person's own; checked before it is loaded. */
  useFile: base.input(z.strictObject({ path: z.string().trim().min(1).max(4096) })).output(nothing),
  /** Opens the system's file dialog where the shell has one; null when cancelled or not available. */
  chooseFile: base.input(nothing).output(z.strictObject({ path: z.string().nullable(), available: z.boolean() })),
  /** Tries again after the engine failed. */
  restart: base.input(nothing).output(nothing),
}
