// Copies of everything that is kept, the way back to one of them, and what to do when the database is damaged.
import { z } from 'zod'
import { base, nothing } from './base.ts'

export const backupReason = z.enum(['automatic', 'by-hand', 'before-migration', 'before-import', 'after-forgetting'])
export type BackupReason = z.infer<typeof backupReason>

/** Rows by kind and status, as `npm run data -- count --json` prints them. */
export const kindCounts = z.record(z.string(), z.record(z.string(), z.int()))
export type KindCounts = z.infer<typeof kindCounts>

/** Names a backup among those of the profile. */
const backupName = z.string().min(1).max(200)
/** Absolute path of a folder. */
export const folderPath = z.string().trim().min(1, 'Give the path of a folder.').max(4096)

export const backupView = z.strictObject({
  name: backupName,
  /** Absolute path of its folder. */
  path: z.string(),
  /** Null for one of an earlier version, which says nothing of itself. */
  about: z
    .strictObject({
      at: z.date(),
      reason: backupReason,
      /** What it is kept as; null where it is kept for its reason. */
      generation: z.enum(['daily', 'weekly']).nullable(),
      version: z.string(),
      schema: z.int(),
      bytes: z.number(),
      counts: kindCounts,
      /** When it was opened and read as a whole; null: not yet. */
      checkedAt: z.date().nullable(),
    })
    .nullable(),
  /** Its files are there with the sizes they had. */
  whole: z.boolean(),
  /** Why it cannot be restored with this version of the app, in words. */
  refused: z.string().nullable(),
})
export type BackupView = z.infer<typeof backupView>

export const placeView = z.strictObject({
  folder: z.string(),
  /** Beside the database, and not a place the person chose. */
  own: z.boolean(),
  /** Where the next backup goes, while it can be reached. */
  chosen: z.boolean(),
  reachable: z.boolean(),
  /** Since when what lies there holds words that were forgotten: taken away as soon as it can be reached. */
  owedSince: z.date().nullable(),
})
export type PlaceView = z.infer<typeof placeView>

/** Data that a restore or a repair took the place of. */
export const asideView = z.strictObject({
  name: z.string().min(1).max(200),
  path: z.string(),
  at: z.date(),
  reason: z.enum(['restored', 'damaged']),
  /** When it is removed by itself. */
  until: z.date(),
})
export type AsideView = z.infer<typeof asideView>

/** What the last restore or repair came to. */
export const restoreReport = z.strictObject({
  at: z.date(),
  kind: z.enum(['restored', 'repaired']),
  /** The backup it came from; null: there was none. */
  backup: z.strictObject({ name: z.string(), at: z.date().nullable() }).nullable(),
  /** Folder of the data before. */
  aside: z.string().nullable(),
  /** Things forgotten since the backup that were forgotten again; null: what was forgotten could not be read. */
  forgottenAgain: z.int().nullable(),
  /** Rows of the damaged data that were brought over, by kind. */
  replayed: z.record(z.string(), z.int()),
  /** Items that were made again from their history. */
  fromHistory: z.int(),
  /** What could not be read, by kind: pages of the files, and rows that lost what they belong to. */
  lost: z.record(z.string(), z.strictObject({ pages: z.int(), rows: z.int() })),
  /** The person has read it. */
  seen: z.boolean(),
})
export type RestoreReport = z.infer<typeof restoreReport>

export const backupsView = z.strictObject({
  backups: z.array(backupView),
  places: z.array(placeView),
  asides: z.array(asideView),
  /** A backup is being made now. */
  running: z.boolean(),
  /** When the last one failed, why, in words. */
  failure: z.string().nullable(),
  /** When the next automatic one is due, if something changes; null: none is made. */
  due: z.date().nullable(),
  /** Restoring is possible from here: the app can close and open its profile. */
  canRestore: z.boolean(),
})
export type BackupsView = z.infer<typeof backupsView>

export const restorePreview = z.strictObject({
  backup: backupView,
  /** Of each kind: how many it holds, and how many there are now; `now` is null where the database cannot be read. */
  kinds: z.array(z.strictObject({ kind: z.string(), held: z.int(), now: z.int().nullable() })),
  /** What was made or changed after it, by kind; a restore into this profile puts it aside. */
  newer: z.record(z.string(), z.int()),
  /** Its schema is older: it is brought to this version after it was copied. */
  migrated: z.boolean(),
})
export type RestorePreview = z.infer<typeof restorePreview>

export const verifyReport = z.strictObject({
  ok: z.boolean(),
  counts: kindCounts,
  /** What does not hold, where, in how many rows, with ids of a few. */
  problems: z.array(
    z.strictObject({ rule: z.string(), where: z.string(), count: z.int(), examples: z.array(z.string()) }),
  ),
})
export type VerifyReport = z.infer<typeof verifyReport>

/** Why the profile is not open, and what there is to repair it with. */
export const repairView = z.strictObject({
  /** What happened, in words. */
  message: z.string(),
  kind: z.enum(['missing', 'files', 'unreadable', 'stopped']),
  files: z.array(z.strictObject({ path: z.string(), expected: z.number(), actual: z.number().nullable() })),
  /** Newest first. */
  backups: z.array(backupView),
  /** Places that cannot be reached and may hold more. */
  unreachable: z.array(z.string()),
  /** Folder of the damaged data. */
  data: z.string(),
})
export type RepairView = z.infer<typeof repairView>

const one = z.strictObject({ name: backupName })

export const backups = {
  view: base.input(nothing).output(backupsView),
  /** Makes one now; it is opened and read before the answer. */
  make: base.input(nothing).output(backupView),
  /** Reads a backup as a whole, on a copy. */
  check: base.input(one).output(backupView),
  preview: base.input(one).output(restorePreview),
  /** The profile is closed, its data set aside, the backup put in its place, and the profile opened again. */
  restore: base.input(one).output(nothing),
  /** The open profile stays as it is; the new one stands in the list. */
  restoreAsNew: base
    .input(one.extend({ profile: z.string().trim().min(1, 'A profile needs a name.').max(60) }))
    .output(z.strictObject({ profileId: z.string(), folder: z.string() })),
  remove: base.input(one).output(nothing),
  removeAside: base.input(one).output(nothing),
  /** Null: beside the database. INVALID_INPUT with the field `place` where it cannot be used. */
  choosePlace: base.input(z.strictObject({ place: folderPath.nullable() })).output(nothing),
  /** What the last restore or repair came to. */
  report: base.input(nothing).output(z.strictObject({ report: restoreReport.nullable() })),
  reportSeen: base.input(nothing).output(nothing),
  counts: base.input(nothing).output(kindCounts),
  /** Reads everything of the open profile and compares what belongs together. */
  verify: base.input(nothing).output(verifyReport),
  /** Of a profile that is not open because it is damaged; NOT_ALLOWED for any other. */
  repairState: base.input(nothing).output(repairView),
  /**
   * Puts a backup in the place of the damaged data, and with `replay` what can still be read of it over that. Without a
   * backup, only what can be read.
   */
  repair: base.input(z.strictObject({ name: backupName.nullable(), replay: z.boolean() })).output(nothing),
  /** Opens the profile again: a damaged one as it is, an open one that met damage for its repair. */
  reopen: base.input(nothing).output(nothing),
}
