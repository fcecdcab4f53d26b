// Models as the window sees them: the catalogue joined with this machine and this disk.
import { z } from 'zod'

export const modelId = z.string().regex(/^[a-z0-9][a-z0-9._:-]{0,79}$/, 'not a model id')

/** How a model fits this machine: by memory needed against memory there, and by cores. */
export const modelFit = z.enum(['fits', 'slow', 'too-big', 'unknown'])
export type ModelFit = z.infer<typeof modelFit>

export const downloadState = z.strictObject({
  modelId,
  /** `waiting`: the network is away; it goes on by itself. `cancelled`: paused by the person, or the app ends. */
  state: z.enum(['running', 'verifying', 'waiting', 'failed', 'cancelled', 'done']),
  /** Where the bytes come from, shown to the person: an address or "pip packages". */
  source: z.string(),
  receivedBytes: z.number(),
  totalBytes: z.number().nullable(),
  bytesPerSecond: z.number().nullable(),
  /** Why it failed or waits, in words. */
  error: z.string().nullable(),
  /** Set on a failed download: the model to offer instead, because this one cannot be had from here now. */
  offer: modelId.nullish(),
})
export type DownloadState = z.infer<typeof downloadState>

/** Whether it goes on by itself. */
export function isUnderWay(download: Pick<DownloadState, 'state'> | undefined): boolean {
  return download?.state === 'running' || download?.state === 'verifying' || download?.state === 'waiting'
}

/** A download that a person started and did not pause: it goes on at the next start of the app. */
export const wantedDownload = z.strictObject({
  id: modelId,
  /** Load it for chat once it is there. */
  use: z.boolean(),
})
export type WantedDownload = z.infer<typeof wantedDownload>

/** What a model file says of itself. */
export const modelDetails = z.strictObject({
  architecture: z.string(),
  /** Billions. */
  parameters: z.number(),
  /** Longest context it was trained for, in tokens. */
  contextLength: z.number().nullable(),
  chatTemplate: z.boolean(),
  tools: z.boolean(),
  thinks: z.boolean(),
  images: z.boolean(),
})
export type ModelDetails = z.infer<typeof modelDetails>

/** Tokens per second on this machine: measured with this file, or estimated from its size. */
export const modelSpeed = z.strictObject({ reading: z.number(), writing: z.number(), measured: z.boolean() })
export type ModelSpeed = z.infer<typeof modelSpeed>

/** How one model runs and answers; null is the default: chosen by this machine and the model. */
export const modelSettings = z.strictObject({
  contextSize: z.int().min(1024).max(262_144).nullable(),
  threads: z.int().min(1).max(64).nullable(),
  gpuLayers: z.int().min(0).max(999).nullable(),
  temperature: z.number().min(0).max(2).nullable(),
  answerTokens: z.int().min(64).max(32_768).nullable(),
})
export type ModelSettings = z.infer<typeof modelSettings>

export const defaultModelSettings: ModelSettings = {
  contextSize: null,
  threads: null,
  gpuLayers: null,
  temperature: null,
  answerTokens: null,
}

/** A chosen model and its file. */
export const chosenModel = z.strictObject({ id: modelId, path: z.string() })

export const modelView = z.strictObject({
  id: modelId,
  name: z.string(),
  kind: z.enum(['chat', 'embedding']),
  quant: z.string(),
  licence: z.string(),
  bytes: z.number().nullable(),
  leastMemoryBytes: z.number().nullable(),
  role: z.string().nullable(),
  fit: modelFit,
  /** Absolute path when the file is on disk, else null. */
  path: z.string().nullable(),
  bundled: z.boolean(),
  active: z.boolean(),
  recommended: z.boolean(),
  /** Small model that can be had where only package registries are reached; offered when the recommended one cannot be had. */
  starter: z.boolean(),
  /** Where it would be fetched from, shown before anything is: an address, or the pip packages. */
  address: z.string().nullable(),
  /** The file on disk was checked against the catalogue's SHA-256. */
  verified: z.boolean().optional(),
  /** Bytes of an unfinished download that the next one goes on from. */
  partialBytes: z.number().optional(),
  /** Null until its file is on disk. */
  details: modelDetails.nullish(),
  speed: modelSpeed.nullish(),
  /** What the person set for this model; absent for models that cannot chat. */
  settings: modelSettings.optional(),
  /** `delete`: the file was downloaded by the app; `forget`: the person's own file, only taken off the list. */
  removal: z.enum(['delete', 'forget']).nullish(),
})
export type ModelView = z.infer<typeof modelView>

/** A change of the embedder that is under way: how much of what is known has a vector of the new model. */
export const embedderChangeView = z.strictObject({
  modelId: z.string(),
  paused: z.boolean(),
  done: z.int(),
  total: z.int(),
  /** Why it could not go on, in words; it is tried again by itself. */
  problem: z.string().nullable(),
})
export type EmbedderChangeView = z.infer<typeof embedderChangeView>

export const machineView = z.strictObject({
  memoryBytes: z.number(),
  cores: z.int(),
  platform: z.string(),
  arch: z.string(),
  modelFolder: z.string(),
  freeDiskBytes: z.number().nullable(),
})
export type MachineView = z.infer<typeof machineView>
