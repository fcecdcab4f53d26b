// Some kinds of writes on a disk that is full or broken; `npm run soak` plays all of them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testTemplate } from '../src/main/database/testing.ts'
import { DISK_CASES, playDiskCase } from './disks.ts'

let root: string
beforeAll(async () => {
  await testTemplate()
  root = mkdtempSync(join(tmpdir(), 'understudy-disks-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

it.each([
  // Postgres hangs when it has no room for its log.
  ['a new log segment', 'ENOSPC', true],
  // A checkpoint that failed leaves the engine of no use.
  ['the control file', 'ENOSPC', true],
] as const)(
  '%s fails with %s: a person is told, nothing is lost, writing goes on by itself',
  async (name, error, told) => {
    const one = DISK_CASES.find((each) => each.name === name)
    expect(one && (await playDiskCase(root, one, error, told, 1500))).toMatchObject({ failures: [] })
  },
)
