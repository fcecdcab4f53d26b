// What "everywhere" promises: after it is final, no file of the profile holds the words, wherever they stood, and however
// often the process was killed on the way. What stood beside them is there byte for byte.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MARK, splitMarks } from '../../../shared/forgotten.ts'
import { systemClock } from '../../app/clock.ts'
import { createLog } from '../../app/log.ts'
import { startChild } from '../../database/fixtures/child.ts'
import { openDatabase } from '../../database/open.ts'
import { conversation, memory, message, passage } from '../../database/schema.ts'
import { testTemplate } from '../../database/testing.ts'
import { STORY } from './fixtures/story.ts'

const program = join(import.meta.dirname, 'fixtures', 'forget.ts')
const words = ['quillfeather', '47110815', 'llama']
let folder: string
beforeAll(async () => {
  await testTemplate()
  folder = mkdtempSync(join(tmpdir(), 'understudy-forget-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Files of the profile in which a word stands, in either of the encodings a program may use. */
function filesWith(word: string): string[] {
  const forms = [Buffer.from(word), Buffer.from(word, 'utf16le')].map((bytes) => bytes.toString('latin1'))
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file).toString('latin1').toLowerCase()
      return forms.some((form) => bytes.includes(form))
    })
    .map((file) => relative(folder, file))
}

async function run(command: string, step = ''): Promise<{ lines: string[]; code: number | null }> {
  const child = startChild(program, [folder, command, step])
  const code = await child.ended()
  if (code !== 0 && code !== null) throw new Error(child.errors())
  return { lines: child.lines, code }
}

it('leaves no byte of the words in any file, killed at every step', { timeout: 600_000 }, async () => {
  expect((await run('seed')).lines).toContain('forgotten')
  for (const word of words) {
    const files = filesWith(word)
    expect(files.some((file) => file.startsWith(join('database', 'data')))).toBe(true)
    expect(files.some((file) => file.startsWith(join('database', 'backups')))).toBe(true)
    expect(files.some((file) => file.startsWith('log'))).toBe(false)
  }

  const steps = [
    'purge',
    'purged',
    'table message',
    'table usage',
    'log',
    'checkpoint',
    'backups',
    'old backups',
    'end',
  ]
  const before: string[] = []
  for (const step of steps) {
    const { lines, code } = await run('run', step)
    expect({ step, code }).toEqual({ step, code: null })
    before.push(lines[0] ?? '')
  }
  // Until the purge is committed all of it is there; from then on nothing.
  expect(before.map((line) => line.includes('"trashed":1'))).toEqual(steps.map((_, index) => index < 2))
  expect((await run('run')).lines).toContain('clean')

  for (const word of words) expect({ word, files: filesWith(word) }).toEqual({ word, files: [] })
  const backups = readdirSync(join(folder, 'database', 'backups'))
  expect(backups).toHaveLength(1)
  for (const part of ['.', join('backups', backups[0] ?? '')]) await expectNeighbours(join(folder, 'database', part))
})

/** Opens a database of the profile and looks at every row, compressed or not, and at what stood beside the words. */
async function expectNeighbours(path: string): Promise<void> {
  const db = await openDatabase({ folder: path, log: createLog(null), clock: systemClock })
  try {
    const { rows: tables } = await db.read.execute<{ name: string }>(
      sql`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
    )
    for (const { name } of tables) {
      for (const word of words) {
        const like = sql`select count(*)::int as n from ${sql.identifier(name)} t where t::text ilike ${`%${word}%`}`
        const { rows } = await db.read.execute<{ n: number }>(like)
        expect({ name, word, n: rows[0]?.n }).toEqual({ name, word, n: 0 })
      }
    }
    const text = async (role: 'user' | 'assistant') =>
      (await db.read.select({ text: message.text }).from(message).where(eq(message.role, role)))[0]?.text ?? ''
    const left = (value: string) => splitMarks(value).flatMap((part) => (part.forgotten ? [] : part.text))
    expect(left(await text('user'))).toEqual(STORY.questionLeft)
    expect((await text('user')).length).toBe(STORY.question.length)
    expect(left(await text('assistant'))).toEqual(STORY.answerLeft)
    const items = await db.read.select({ store: memory.store, text: memory.text }).from(memory)
    expect(left(items.find(({ store }) => store === 'session_context')?.text ?? '')).toEqual(STORY.summaryLeft)
    expect(items.map((item) => item.text)).toContain(STORY.other)
    const [titled] = await db.read.select({ title: conversation.title }).from(conversation)
    expect(titled?.title.replaceAll(MARK, '')).toBe('')
    const passages = await db.read.select({ text: passage.text }).from(passage)
    expect(passages.some((row) => row.text.includes('Which fence suits a meadow?'))).toBe(true)
  } finally {
    await db.close()
  }
}
