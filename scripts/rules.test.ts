// The lint rules that hold the design: each must fire on a snippet that breaks it, and stay quiet on one that does not.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/** Folder of the file, the code, and the rule it breaks; null for none. */
const snippets: [file: string, code: string, rule: string | null][] = [
  ['src/shared/a.ts', "import 'node:fs'", 'noRestrictedImports'],
  ['src/shared/b.ts', "import '../main/app/log.ts'", 'noRestrictedImports'],
  ['src/shared/c.ts', "import '../renderer/app/core.ts'", 'noRestrictedImports'],
  ['src/shared/d.ts', "import 'react'", 'noRestrictedImports'],
  ['src/shared/e.ts', "import 'zod'\nimport './contract/index.ts'", null],
  ['src/renderer/a.tsx', "import 'node:path'", 'noRestrictedImports'],
  ['src/renderer/b.tsx', "import 'electron'", 'noRestrictedImports'],
  ['src/renderer/c/d.tsx', "import '../../main/app/core.ts'", 'noRestrictedImports'],
  ['src/renderer/e.tsx', "export const a = fetch('https://example.com')", 'noRestrictedGlobals'],
  ['src/renderer/f.tsx', "export const a = new WebSocket('wss://example.com')", 'noRestrictedGlobals'],
  ['src/renderer/g.tsx', "import '../shared/url.ts'\nimport './app/core.ts'", null],
  ['src/renderer/app/transport.ts', "export const a = fetch('/')", null],
  ['src/main/app/a.ts', "import '../../renderer/app/core.ts'", 'noRestrictedImports'],
  ['src/main/app/b.ts', "import 'electron'", 'noRestrictedImports'],
  ['src/main/app/c.ts', "import type { App } from 'electron'\nexport type A = App", 'noRestrictedImports'],
  ['src/main/app/d.ts', "import '../desktop/rules.ts'", 'noRestrictedImports'],
  ['src/main/app/e.ts', "import '../browser/gate.ts'", 'noRestrictedImports'],
  ['src/main/app/f.ts', "export const a = () => import('electron')", 'noRestrictedImports'],
  ['src/main/app/g.ts', "import '../learning/learning.ts'\nimport 'node:fs'\nimport '../../shared/url.ts'", null],
  ['src/main/chat/a.ts', "import 'node:http'", 'noRestrictedImports'],
  ['src/main/chat/b.ts', "import 'node:https'", 'noRestrictedImports'],
  ['src/main/chat/c.ts', "import 'node:net'", 'noRestrictedImports'],
  ['src/main/chat/d.ts', "import 'node:dns/promises'", 'noRestrictedImports'],
  ['src/main/chat/e.ts', "import 'undici'", 'noRestrictedImports'],
  ['src/main/chat/f.ts', "import 'ws'", 'noRestrictedImports'],
  ['src/main/chat/g.ts', "export const a = fetch('https://example.com')", 'noRestrictedGlobals'],
  ['src/main/engine/models/download.ts', "export const a = fetch('https://example.com')", null],
  ['src/main/engine/models/models.ts', "export const a = fetch('https://example.com')", 'noRestrictedGlobals'],
  ['src/main/learning/a.ts', "import '../chat/chat.ts'", 'noRestrictedImports'],
  ['src/main/learning/b.ts', "import '../shell/core.ts'", 'noRestrictedImports'],
  ['src/main/learning/stores/c.ts', "import '../../desktop/rules.ts'", 'noRestrictedImports'],
  ['src/main/learning/stores/d.ts', "import 'node:tls'", 'noRestrictedImports'],
  ['src/main/browser/a.ts', "import 'node:http'\nimport 'ws'\nimport '../shell/core.ts'", null],
  ['src/main/browser/b.ts', "import 'electron'", 'noRestrictedImports'],
  ['src/main/browser/c.ts', "import '../desktop/rules.ts'", 'noRestrictedImports'],
  ['src/main/desktop/a.ts', "import 'electron'", null],
  ['src/main/desktop/b.ts', "import '../browser/gate.ts'", 'noRestrictedImports'],
  ['src/main/desktop/c.ts', "import 'node:http'", 'noRestrictedImports'],
  ['src/preload/a.ts', "import 'node:fs'", 'noRestrictedImports'],
  ['src/preload/b.ts', "import '../main/app/log.ts'", 'noRestrictedImports'],
  ['src/main/app/h.ts', "console.log('a')", 'noConsole'],
  ['scripts/a.mjs', "console.log('a')", null],
  ['src/main/app/i.ts', 'export const a = (b: string | null) => b!.length', 'noNonNullAssertion'],
  ['src/main/app/j.ts', 'export const a = (b: any) => b', 'noExplicitAny'],
  ['src/main/app/k.ts', 'async function a(): Promise<void> {}\na()', 'noFloatingPromises'],
  ['src/main/app/l.ts', 'async function a(): Promise<void> {}\nvoid a()', null],
  [
    'src/main/app/m.ts',
    'async function a(): Promise<boolean> {\n  return true\n}\nif (a()) throw 1',
    'noMisusedPromises',
  ],
  ['src/main/app/n.test.ts', "import { test } from 'vitest'\ntest.skip('a', () => {})", 'noSkippedTests'],
  ['src/main/app/o.test.ts', "import { test } from 'vitest'\ntest.only('a', () => {})", 'noFocusedTests'],
]

let folder: string
const found = new Map<string, Set<string>>()

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'understudy-rules-'))
  copyFileSync(join(root, 'biome.json'), join(folder, 'biome.json'))
  for (const [file, code] of snippets) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), `${code}\n`)
  }
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')
  const args = [biome, 'lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.']
  let report: string
  try {
    report = execFileSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch (error) {
    report = (error as { stdout: string }).stdout
  }
  const { diagnostics } = JSON.parse(report) as {
    diagnostics: { category: string; severity: string; location: { path: string } }[]
  }
  for (const { category, severity, location } of diagnostics) {
    if (severity !== 'error') continue
    const rules = found.get(location.path) ?? new Set()
    found.set(location.path, rules.add(category.split('/').at(-1) ?? ''))
  }
})

afterAll(() => rmSync(folder, { recursive: true }))

test.each(snippets)('%s: %j breaks %s', (file, _code, rule) => {
  expect([...(found.get(file) ?? [])]).toEqual(rule === null ? [] : [rule])
})
