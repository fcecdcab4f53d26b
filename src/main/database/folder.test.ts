import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyTree, listTree, treeBytes } from './folder.ts'

const FILES = 1000

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'understudy-folder-test-'))
  mkdirSync(join(root, 'kept'))
  writeFileSync(join(root, 'kept', 'words'), 'ten bytes.')
  mkdirSync(join(root, 'loose'))
  for (let number = 0; number < FILES; number++) writeFileSync(join(root, 'loose', String(number)), '')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Removes files until all are gone, as Postgres does with those of tables it rewrites. @returns how many it removed */
async function removeMeanwhile(work: Promise<unknown>): Promise<number> {
  let [over, removed] = [false, 0]
  const end = () => {
    over = true
  }
  work.then(end, end)
  for (const name of readdirSync(join(root, 'loose')).reverse()) {
    if (over) break
    rmSync(join(root, 'loose', name))
    removed += 1
    if (removed % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  return removed
}

test('a folder whose files are removed meanwhile is measured all the same', async () => {
  const measuring = treeBytes(root)
  expect(await removeMeanwhile(measuring)).toBeGreaterThan(0)
  expect(await measuring).toBe(10)
})

test('a folder whose files are removed meanwhile is copied without them', async () => {
  const copying = copyTree(root, join(root, 'copy'))
  expect(await removeMeanwhile(copying)).toBeGreaterThan(0)
  await copying
  expect(await treeBytes(join(root, 'copy', 'kept'))).toBe(10)
})

test('a folder that is not there has no empty list', async () => {
  await expect(listTree(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'ENOENT' })
})
