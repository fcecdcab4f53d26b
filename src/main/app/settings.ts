// Settings in the database: read once at start, then kept in memory, so that a switch works at once for every reader.
import { and, eq } from 'drizzle-orm'
import { defaultSettings, type Settings, settings as settingsSchema } from '../../shared/settings.ts'
import type { Database } from '../database/database.ts'
import { setting } from '../database/schema.ts'

export interface SettingsStore {
  current(): Settings
  /** Resolves when the change is on disk; listeners hear of it then. */
  update(patch: Partial<Settings>): Promise<Settings>
  /** Reads them anew: something else wrote them, such as an import. */
  reload(): Promise<void>
  onChange(listener: (now: Settings, before: Settings) => void): () => void
}

/** Reads the owner's settings; a key that is missing or no longer valid has its default. */
export async function openSettings(db: Database, owner: string): Promise<SettingsStore> {
  const read = async () => {
    const rows = await db.read.select().from(setting).where(eq(setting.owner, owner))
    let found: Settings = { ...defaultSettings }
    for (const row of rows) {
      const next = settingsSchema.safeParse({ ...found, [row.key]: row.value })
      if (next.success) found = next.data
    }
    return found
  }
  let current = await read()
  const listeners = new Set<(now: Settings, before: Settings) => void>()
  return {
    current: () => current,
    async update(patch) {
      // Validated as a whole first: nothing is written when one key is wrong.
      settingsSchema.parse({ ...current, ...patch })
      await db.write('settings.update', async (tx) => {
        for (const [key, value] of Object.entries(patch)) {
          // Null is "not chosen", which is the default of every key that may be null: the row goes.
          if (value === null) {
            await tx.delete(setting).where(and(eq(setting.owner, owner), eq(setting.key, key)))
            continue
          }
          await tx
            .insert(setting)
            .values({ owner, key, value })
            .onConflictDoUpdate({ target: [setting.owner, setting.key], set: { value } })
        }
      })
      const before = current
      current = { ...current, ...patch }
      for (const listener of listeners) listener(current, before)
      return current
    },
    async reload() {
      const before = current
      current = await read()
      for (const listener of listeners) listener(current, before)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
