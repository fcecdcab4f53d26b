// The app itself: where it runs, and one stream that says what changed.
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { conversationView, learningStatus } from '../chat.ts'
import { engineState } from '../engine.ts'
import { appErrorView } from '../errors.ts'
import { conversationId, messageId } from '../ids.ts'
import { learnedChange } from '../memory.ts'
import { downloadState, embedderChangeView } from '../models.ts'
import { settings, settingsPatch } from '../settings.ts'
import { base, nothing } from './base.ts'
import { learningState } from './learning.ts'
import { profileId } from './profiles.ts'

export const databaseState = z.discriminatedUnion('state', [
  /** `busy`: one long work keeps everything else waiting. */
  z.strictObject({ state: z.literal('ready'), busy: z.boolean() }),
  z.strictObject({ state: z.literal('restarting') }),
  z.strictObject({ state: z.literal('readonly'), reason: z.string() }),
  /** A part of it cannot be read: nothing is written until it is repaired. */
  z.strictObject({ state: z.literal('damaged'), reason: z.string() }),
  /** It is not open, because it has to be repaired first; nothing but `backups`, `profiles` and `app` answers. */
  z.strictObject({ state: z.literal('repair'), reason: z.string() }),
  z.strictObject({ state: z.literal('failed'), error: appErrorView }),
])

export const appState = z.strictObject({
  version: z.string(),
  /** `terminal`: a command that opened the profile for itself. */
  shell: z.enum(['desktop', 'browser', 'terminal']),
  profileId,
  profileName: z.string(),
  profileFolder: z.string(),
  database: databaseState,
  engine: engineState,
  learning: learningState,
  settings,
  downloads: z.array(downloadState),
  embedderChange: embedderChangeView.nullable(),
})
export type AppState = z.infer<typeof appState>

/** "This changed": the window reads again what it shows. Deltas only where reading again would be wasteful. */
export const appEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('state'), state: appState }),
  z.strictObject({ type: z.literal('engine'), engine: engineState }),
  z.strictObject({ type: z.literal('database'), database: databaseState }),
  z.strictObject({ type: z.literal('download'), download: downloadState }),
  z.strictObject({ type: z.literal('embedder'), change: embedderChangeView.nullable() }),
  z.strictObject({ type: z.literal('conversation'), conversation: conversationView }),
  z.strictObject({ type: z.literal('conversations') }),
  z.strictObject({ type: z.literal('memories') }),
  z.strictObject({ type: z.literal('learning'), learning: learningState }),
  z.strictObject({
    type: z.literal('learned'),
    conversationId,
    messageId,
    status: learningStatus,
    changes: z.array(learnedChange),
  }),
  /** A backup was made, checked or removed. */
  z.strictObject({ type: z.literal('backups') }),
  z.strictObject({ type: z.literal('settings'), settings }),
  /** An export or import moved. */
  z.strictObject({ type: z.literal('transfers') }),
])
export type AppEvent = z.infer<typeof appEvent>

export const app = {
  state: base.input(nothing).output(appState),
  /** First the whole state, then every change. */
  events: base.input(nothing).output(eventIterator(appEvent)),
  updateSettings: base.input(settingsPatch).output(settings),
  /** Opens a checked https or mailto address outside, after the person confirmed it. */
  openExternal: base.input(z.strictObject({ url: z.string().max(4096) })).output(nothing),
}
