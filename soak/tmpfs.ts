// A real full disk: `tmpfs.ts FOLDER`, where the folder is a small disk of its own. It writes until there is no room, makes room,
// and goes on. Ends with code 1, and says why, when something is lost.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../src/main/app/clock.ts'
import { createLog } from '../src/main/app/log.ts'
import { freeBytesAt } from '../src/main/database/folder.ts'
import { checkIntegrity } from '../src/main/database/integrity.ts'
import { openDatabase } from '../src/main/database/open.ts'
import { setting } from '../src/main/database/schema.ts'

const [root = ''] = process.argv.slice(2)
const ballast = join(root, 'ballast')
const folder = join(root, 'database')
/** The guard of the app would have stopped it long before; here it sees the full disk only once something failed. */
let isWarned = false
const options = {
  folder,
  log: createLog(null),
  clock: systemClock,
  deadlines: { statementMs: 3000, transactionMs: 6000 },
  freeBytes: async () => (isWarned ? (await freeBytesAt(root)) * 100 : Number.POSITIVE_INFINITY),
}
let db = await openDatabase(options)
const acknowledged: string[] = []
const failures: string[] = []
const put = async () => {
  const key = `key ${acknowledged.length} ${performance.now()}`
  const value = Array.from({ length: 3000 }, () => Math.random().toString(36)).join('')
  await db.write('tmpfs', (tx) => tx.insert(setting).values({ owner: 'me', key, value }))
  acknowledged.push(key)
}
for (let round = 0; round < 2; round++) {
  // What is left fills up with rows and the log of them.
  writeFileSync(ballast, Buffer.alloc(Math.max(0, (await freeBytesAt(root)) - (round === 0 ? 30 : 3) * 1024 * 1024), 1))
  let told: unknown
  for (let rows = 0; told === undefined && rows < 100_000; rows++) {
    await put().catch((error: unknown) => {
      told = error
    })
  }
  isWarned = true
  const code = (told as { code?: string } | undefined)?.code
  if (code !== 'DISK_FULL' && code !== 'DATABASE_STOPPED') failures.push(`round ${round}: told ${String(told)}`)
  await put().then(
    () => failures.push(`round ${round}: it wrote on a full disk`),
    () => {},
  )
  rmSync(ballast)
  const until = performance.now() + 60_000
  for (let before = acknowledged.length; acknowledged.length === before; ) {
    await put().catch(() => new Promise((resolve) => setTimeout(resolve, 200)))
    if (performance.now() > until) {
      failures.push(`round ${round}: no write went through after there was room (${JSON.stringify(db.state)})`)
      break
    }
  }
  isWarned = false
  await db.close()
  db = await openDatabase(options)
  const kept = new Set((await db.read.select({ key: setting.key }).from(setting)).map(({ key }) => key))
  const lost = acknowledged.filter((key) => !kept.has(key))
  if (lost.length > 0) failures.push(`round ${round}: ${lost.length} of ${acknowledged.length} rows are lost`)
  failures.push(...(await checkIntegrity(db.read)).map((finding) => JSON.stringify(finding)))
}
await db.close()
process.stdout.write(failures.map((failure) => `${failure}\n`).join(''))
process.exit(failures.length === 0 ? 0 : 1)
