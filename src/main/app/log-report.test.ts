// The report a person hands on: whatever a line of the log quotes, only names out of the code get through.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAst } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import { createLog } from './log.ts'
import { lineOf, readLog, reportText } from './log-report.ts'

const SECRET = 'Ines keeps bees in Ljubljana'
const at = Date.UTC(2026, 10, 22, 8, 0, 0)

function line(fields: object): string {
  return JSON.stringify({ level: 50, time: at, ...fields, msg: 'answer failed' })
}

test('numbers, codes and names of calls get through', () => {
  expect(lineOf(line({ code: 'DISK_FULL', ms: 250, call: 'chat.send', held: true }))).toEqual({
    at: new Date(at),
    level: 'error',
    text: 'answer failed',
    facts: ['code: DISK_FULL', 'ms: 250', 'call: chat.send', 'held: true'],
  })
})

test('of a stack the places get through, and not the message above them', () => {
  const stack = [
    `Error: Key (text)=(${SECRET}) already exists`,
    '    at Machine.write (/home/ines/private notes/out/main/core.js:12:34)',
    '    at async file:///home/ines/app/out/main/chat.js:5:1',
    `    at ${SECRET} (somewhere)`,
  ].join('\n')
  const facts = lineOf(line({ stack }))?.facts
  expect(facts?.join('\n')).not.toMatch(/Ines|ines|bees|private/)
  expect(facts).toEqual(['at Machine.write, core.js:12', 'at chat.js:5'])
})

test.each([
  ['a reason in words', { reason: SECRET }],
  ['details', { details: { text: SECRET }, list: [SECRET] }],
  ['a known field with words in it', { code: SECRET, what: `${SECRET}!` }],
  ['a field with a name of its own', { [SECRET]: 1 }],
  ['the name of a file or store', { model: 'file:Ines-bees.gguf', store: 'custom_bees' }],
])('%s does not', (_, fields) => {
  expect(JSON.stringify(lineOf(line(fields)))).not.toMatch(/Ines|bees/)
})

test('what is no line of the log is left out, and only the end of a long log is read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'app.log')
  expect(await readLog(file)).toEqual([])
  writeFileSync(file, `${SECRET}\n${`${line({ count: 1 })}\n`.repeat(9000)}{"level":30,"ti`)
  const lines = await readLog(file)
  expect(lines).toHaveLength(200)
  expect(reportText([['Engine', 'ready']], lines)).toMatch(/^Engine: ready\n\n2026-11-22T08:00:00.000Z error answer/)
})

test('a log that has grown too long is put aside at the start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'app.log')
  writeFileSync(file, 'x'.repeat(8_000_001))
  createLog(file).info({ step: 'one' }, 'started')
  expect(statSync(`${file}.old`).size).toBe(8_000_001)
  expect(readFileSync(file, 'utf8')).toContain('"step":"one"')
})

interface AstNode {
  type: string
  [field: string]: unknown
}

// The words of a line are not filtered, so none may be put together at run time.
test('every line of the log says words that stand in the code', async () => {
  const root = join(import.meta.dirname, '..')
  const files = (await readdir(root, { recursive: true })).filter((file) => /\.ts$/.test(file) && !/test/.test(file))
  const wrong: string[] = []
  let calls = 0
  for (const file of files) {
    const source = await readFile(join(root, file), 'utf8')
    if (!/\blog\??\./i.test(source)) continue
    walk(parseAst(source, { lang: 'ts' }, file) as unknown as AstNode, (node) => {
      const said = messageOf(node)
      if (said === undefined) return
      calls += 1
      if (said?.type !== 'Literal' || typeof said['value'] !== 'string') wrong.push(`${file}: ${node['start']}`)
    })
  }
  expect(wrong).toEqual([])
  expect(calls).toBeGreaterThan(40)
})

/** Of `….log.warn(…)`: what it says; undefined for any other node. */
function messageOf(node: AstNode): AstNode | null | undefined {
  if (node.type !== 'CallExpression') return undefined
  const callee = node['callee'] as AstNode
  if (callee.type !== 'MemberExpression') return undefined
  const level = (callee['property'] as AstNode)['name']
  if (!['debug', 'info', 'warn', 'error'].includes(String(level))) return undefined
  const object = callee['object'] as AstNode
  const name = object.type === 'MemberExpression' ? (object['property'] as AstNode)['name'] : object['name']
  if (!/^log$/i.test(String(name))) return undefined
  return (node['arguments'] as AstNode[]).at(-1) ?? null
}

function walk(node: AstNode, visit: (node: AstNode) => void): void {
  visit(node)
  for (const field of Object.values(node)) {
    for (const child of Array.isArray(field) ? field : [field]) {
      if (typeof child === 'object' && child !== null && 'type' in child) walk(child as AstNode, visit)
    }
  }
}
