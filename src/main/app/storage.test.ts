import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { profilePaths } from './profile.ts'
import { measureStorage } from './storage.ts'

test('each part is counted once, and what is not there takes nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-storage-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const profile = profilePaths(join(folder, 'profile'))
  const write = (path: string, bytes: number) => {
    mkdirSync(join(profile.folder, path, '..'), { recursive: true })
    writeFileSync(join(profile.folder, path), 'x'.repeat(bytes))
  }
  write('database/data/base/1', 500)
  write('database/backups/before/base', 70)
  write('log/app.log', 3)
  const view = await measureStorage(profile, join(folder, 'models'))
  expect(Object.fromEntries(view.parts.map(({ part, bytes }) => [part, bytes]))).toEqual({
    database: 500,
    backups: 70,
    log: 3,
    window: 0,
    models: 0,
  })
  expect(view.freeBytes).toBeGreaterThan(0)
})
