// What the app says about itself: the room it takes, what may leave this computer, and its log without anything private.
import { z } from 'zod'
import { base, nothing } from './base.ts'

export const storagePart = z.enum(['database', 'backups', 'log', 'window', 'models'])
export type StoragePart = z.infer<typeof storagePart>

export const storageView = z.strictObject({
  /** Absolute paths. */
  folder: z.string(),
  modelsFolder: z.string(),
  parts: z.array(z.strictObject({ part: storagePart, bytes: z.number() })),
  /** Of the disk the profile is on; null when this system does not tell. */
  freeBytes: z.number().nullable(),
})
export type StorageView = z.infer<typeof storageView>

export const networkView = z.strictObject({
  /** A guard stands before the network: what nobody asked for is refused. */
  guarded: z.boolean(),
  /** Hosts open at this moment, for a download the person started. */
  openHosts: z.array(z.string()),
  /** Attempts refused since the start. */
  refused: z.int(),
  /** Hosts that downloads of the catalogue may need. */
  downloadHosts: z.array(z.string()),
})
export type NetworkView = z.infer<typeof networkView>

export const logView = z.strictObject({
  /** Facts about this machine and the last lines, oldest first, as text to hand on. */
  report: z.string(),
  file: z.string(),
})
export type LogView = z.infer<typeof logView>

export const system = {
  storage: base.input(nothing).output(storageView),
  network: base.input(nothing).output(networkView),
  /** The log without anything private. */
  log: base.input(nothing).output(logView),
}
