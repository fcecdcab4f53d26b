// The mark by which a profile knows its own archives again: a keyed hash of the manifest, which holds the checksums of all
// files. The key never leaves the profile, so nobody else can make one.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import type { Database, ReadHandle } from '../../database/database.ts'
import { setting } from '../../database/schema.ts'

/** Of a private row of the settings; no part of any archive. */
const KEY = 'archive.key'

/** @returns the profile's mark of these words; the key is made when there is none yet */
export async function markOf(db: Database, owner: string, signed: string): Promise<string> {
  const key = (await readKey(db.read, owner)) ?? (await makeKey(db, owner))
  return hash(key, signed)
}

/** Whether a mark is this profile's, of these words. */
export async function isOwnMark(db: ReadHandle, owner: string, signed: string, mark: string | null): Promise<boolean> {
  const key = await readKey(db, owner)
  if (key === null || mark === null) return false
  const [expected, given] = [Buffer.from(hash(key, signed), 'hex'), Buffer.from(mark, 'hex')]
  return expected.length === given.length && timingSafeEqual(expected, given)
}

function hash(key: string, signed: string): string {
  return createHmac('sha256', key).update(signed).digest('hex')
}

async function readKey(db: ReadHandle, owner: string): Promise<string | null> {
  const [row] = await db
    .select({ value: setting.value })
    .from(setting)
    .where(and(eq(setting.owner, owner), eq(setting.key, KEY)))
  return typeof row?.value === 'string' ? row.value : null
}

async function makeKey(db: Database, owner: string): Promise<string> {
  const value = randomBytes(32).toString('hex')
  await db.write('archive.key', (tx) => tx.insert(setting).values({ owner, key: KEY, value }).onConflictDoNothing())
  return (await readKey(db.read, owner)) ?? value
}
