import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type PageFiles, readPageFiles } from './page-files.ts'

let folder: string
let files: PageFiles

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'understudy-page-'))
  await writeFile(join(folder, 'secret.js'), 'secret')
  await mkdir(join(folder, 'page', 'assets'), { recursive: true })
  await mkdir(join(folder, 'page-evil'))
  await writeFile(join(folder, 'page-evil', 'x.js'), 'evil')
  await writeFile(join(folder, 'page', 'index.html'), '<!doctype html>')
  await writeFile(join(folder, 'page', 'assets', 'main-1a2b.js'), 'main')
  await writeFile(join(folder, 'page', 'assets', 'main.js.map'), 'map')
  await symlink(join(folder, 'secret.js'), join(folder, 'page', 'link.js'))
  files = await readPageFiles(join(folder, 'page'))
})

afterEach(() => rm(folder, { recursive: true }))

test('serves what was there at start, with its type', async () => {
  expect(files.paths).toEqual(['/', '/assets/main-1a2b.js', '/index.html'])
  expect(files.find('/')).toEqual({ type: 'text/html; charset=utf-8', body: Buffer.from('<!doctype html>') })
  expect(files.find('/assets/main-1a2b.js')?.type).toBe('text/javascript; charset=utf-8')
  await writeFile(join(folder, 'page', 'late.js'), 'late')
  expect(files.find('/late.js')).toBeNull()
})

test.each([
  '/../secret.js',
  '/assets/../../secret.js',
  '/%2e%2e/secret.js',
  '/..%2fsecret.js',
  '/..\\secret.js',
  '/assets/main-1a2b.js%00',
  '/assets/main-1a2b.js\0.html',
  '//assets/main-1a2b.js',
  '/./index.html',
  '/INDEX.HTML',
  '/Assets/main-1a2b.js',
  '/assets',
  '/assets/',
  '/link.js',
  '/assets/main.js.map',
  '/../page-evil/x.js',
  '-evil/x.js',
  '/etc/passwd',
  'index.html',
  '/__proto__',
  '/constructor',
  '',
])('finds nothing at %j', (path) => {
  expect(files.find(path)).toBeNull()
})
