// Exports of other products as people have them, with the oddities reported in public, become lines of ours.
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lines } from '../archive/format.ts'
import { readCsvHead } from './csv.ts'
import { detectFormat } from './detect.ts'
import { makeZip, type ZipPart } from './fixtures/zip.ts'
import { readForeign } from './foreign.ts'
import { type Input, openInput, textInput } from './input.ts'
import type { Refusal, SourceEvent, SourceRow } from './source.ts'

const NOW = new Date('2026-01-02T03:04:05.000Z')
const FIXTURES = join(import.meta.dirname, 'fixtures')
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sources-'))
})
afterAll(() => rm(folder, { recursive: true }))

const fixture = (name: string) => readFile(join(FIXTURES, name), 'utf8')

async function zip(name: string, parts: readonly ZipPart[]): Promise<Input> {
  const path = join(folder, name)
  await writeFile(path, makeZip(parts))
  return openInput(path)
}

/** Every row fits the format of an archive. */
async function read(input: Input, mapping: Parameters<typeof readForeign>[3] = null) {
  const format = await detectFormat(input)
  if (format === 'understudy') throw new Error('no archive')
  const events: SourceEvent[] = []
  for await (const event of readForeign(format, input, NOW, mapping)) events.push(event)
  input.close()
  const rows = events.filter((event) => event.type === 'row')
  for (const { kind, row } of rows) lines[kind].parse(row)
  return { format, events, rows, refused: events.filter((event): event is Refusal => event.type === 'refused') }
}

type RowOf<K extends SourceRow['kind']> = Extract<SourceRow, { kind: K }>['row']
function of<K extends SourceRow['kind']>(rows: readonly SourceRow[], kind: K): RowOf<K>[] {
  return rows.flatMap((event) => (event.kind === kind ? [event.row as RowOf<K>] : []))
}

test('chats of ChatGPT keep their branches, and lose what was never shown', async () => {
  const parts = [
    { name: 'user.json', body: '{}' },
    { name: 'chat.html', body: '<html>' },
    { name: 'conversations.json', body: await fixture('chatgpt.json') },
    { name: 'file-Xq3-plot.png', body: 'png' },
  ]
  const { format, rows, refused } = await read(await zip('chatgpt.zip', parts))
  expect(format).toBe('chatgpt')
  const [garden, bergen] = of(rows, 'conversation')
  const messages = of(rows, 'message')
  const shown = messages.filter(({ conversation_id }) => conversation_id === garden?.id)
  expect(shown.map(({ role, depth, text }) => [role, depth, text])).toEqual([
    ['root', 0, ''],
    [
      'user',
      1,
      '[Image]\nMy allotment in Ostrava dries out. Which drip hose do I need for 40 m²?\n\n[File: soil report.pdf]',
    ],
    ['assistant', 2, 'Take a 16 mm hose from Nordfluss.  It waters evenly.'],
    ['assistant', 2, 'A soaker hose will do.'],
    ['user', 3, 'And for tomatos?'],
    ['user', 3, 'And for tomatoes in pots?'],
    ['assistant', 4, '[Image]'],
    ['assistant', 5, '```python\nprint(4 * 40)\n```'],
  ])
  expect(shown[2]).toMatchObject({ thoughts: 'Working out the flow\n40 m² at 4 l per m² a day.', model: 'gpt-4o' })
  expect(garden).toMatchObject({ title: 'Irrigation for the allotment', head_id: shown.at(-1)?.id, archived_at: null })
  expect(garden?.pinned_at).not.toBeNull()
  expect(messages.every(({ imported, learnable, status }) => imported && learnable && status === 'complete')).toBe(true)
  // Untitled, undated, archived, in a project; one message whose parent is missing, two that follow each other in a circle.
  expect(bergen).toMatchObject({ title: 'We moved to Bergen', archived_at: '2025-01-01T00:01:40.000Z' })
  expect(of(rows, 'project')).toMatchObject([{ id: bergen?.project_id, name: 'winter garden' }])
  const texts = messages
    .filter(({ conversation_id }) => conversation_id === bergen?.id)
    .map(({ text, depth }) => [text, depth])
  expect(texts).toEqual([
    ['', 0],
    ['We moved to Bergen\nin spring.', 1],
    ['Noted.', 2],
    ['plain words', 1],
    ['and round', 1],
    ['round', 2],
  ])
  expect(refused.map(({ place, reason }) => [place.line, reason])).toEqual([
    [3, 'It holds no message that was ever shown.'],
    [4, 'The same chat stands in this export before.'],
    [5, 'It is no chat of ChatGPT: it has no messages.'],
  ])
})

test('a chat that went on since keeps the ids of what was there', async () => {
  const chats = JSON.parse(await fixture('chatgpt.json')) as {
    mapping: Record<string, unknown>
    current_node: string
  }[]
  const before = await read(textInput(JSON.stringify([chats[1]])))
  const longer = structuredClone(chats[1])
  if (longer) {
    longer.mapping['next'] = { parent: 'w', message: { author: { role: 'user' }, content: { parts: ['And then?'] } } }
    longer.current_node = 'next'
  }
  const after = await read(
    await zip('split.zip', [
      { name: 'export/conversations-000.json', body: '[]' },
      { name: 'export/conversations-001.json', body: JSON.stringify([longer]) },
    ]),
  )
  expect(after.format).toBe('chatgpt')
  const ids = of(after.rows, 'message').map(({ id }) => id)
  expect(ids).toEqual(expect.arrayContaining(of(before.rows, 'message').map(({ id }) => id)))
  expect(ids).toHaveLength(of(before.rows, 'message').length + 1)
  expect(of(after.rows, 'conversation')[0]?.head_id).toBe(ids.at(-1))
})

test('an export of Claude brings chats with their pasted texts, projects with their documents, and memories', async () => {
  const { format, rows, refused } = await read(
    await zip('claude.zip', [
      { name: 'conversations.json', body: await fixture('claude-conversations.json') },
      { name: 'projects.json', body: await fixture('claude-projects.json') },
      { name: 'memories.json', body: await fixture('claude-memories.json') },
      { name: 'users.json', body: '[{"uuid":"9d","full_name":"Teresa"}]' },
    ]),
  )
  expect(format).toBe('claude')
  const [boat, old] = of(rows, 'conversation')
  const messages = of(rows, 'message').filter(({ conversation_id }) => conversation_id === boat?.id)
  expect(messages.map(({ role, depth, text }) => [role, depth, text])).toEqual([
    ['root', 0, ''],
    ['user', 1, 'Which rope for a 7 m boat?\n\n[File: deck.jpg]'],
    ['assistant', 2, 'Take 8 mm Dyneema.\n\n**Knots**\n\n# Bowline'],
    ['assistant', 2, 'Or 10 mm.'],
    ['assistant', 3, 'Anything else?'],
  ])
  expect(messages[2]?.thoughts).toBe('8 mm is enough.')
  expect(boat?.head_id).toBe(messages.at(-1)?.id)
  expect(old?.title).toBe('Older exports have text alone.')
  const documents = of(rows, 'document')
  expect(documents).toMatchObject([
    { name: 'inventory.md', folder: 'Boat', kind: 'markdown', conversation_id: null },
    { name: 'Pasted text', kind: 'pasted', text: 'Mast 9 m, halyard 8 mm worn.', message_id: messages[1]?.id },
  ])
  const [project] = of(rows, 'project')
  expect(project).toMatchObject({ name: 'Boat', instructions: 'Answer like a rigger.' })
  expect(of(rows, 'memory').map(({ text, project_id }) => [text, project_id])).toEqual([
    ['Teresa restores wooden boats in Skagen. She runs a yard of four people.', null],
    ['She sails on Sundays.', null],
    ['The refit has to be done by June.', project?.id],
  ])
  expect(refused.map(({ place }) => place.name)).toEqual(['Never begun'])
})

test('memories of mem0, of any of its shapes, are suggestions whose ground is the import', async () => {
  const { rows, refused, format } = await read(textInput(await fixture('mem0.json'), 'export.json'))
  expect(format).toBe('mem0')
  const memories = of(rows, 'memory')
  expect(memories.map(({ text }) => text)).toEqual(['Keeps two goats', 'Bakes on Fridays'])
  expect(memories[0]).toMatchObject({ status: 'proposed', author: 'import', created_at: '2025-06-01T17:00:00.000Z' })
  expect(memories[0]?.evidence).toMatchObject([{ origin: 'import', quote: 'Keeps two goats' }])
  expect(refused).toMatchObject([{ place: { line: 4 }, reason: 'It has no words of a memory.' }])
  const plain = await read(textInput('["Keeps bees", "Sings alto"]'))
  expect(of(plain.rows, 'memory').map(({ text }) => text)).toEqual(['Keeps bees', 'Sings alto'])
  const first = await read(textInput('[{"id":"1","memory":"Keeps bees"}]'))
  expect(of(first.rows, 'memory')).toHaveLength(1)
})

test('a pasted dump is one memory a line, without what was asked and said around it', async () => {
  const { format, rows } = await read(textInput(await fixture('dump-claude.txt')))
  expect(format).toBe('memory-dump')
  expect(of(rows, 'memory').map(({ text, valid_from }) => [text, valid_from?.slice(0, 10) ?? null])).toEqual([
    ['Lives in Tartu with a dog called Muri.', '2024-05-01'],
    ['Allergic to walnuts', null],
    ['Plays the double bass', '2024-06-01'],
    ['Wants answers without filler words.', '2025-01-15'],
    ['Works as a paramedic', null],
    ['Tea, never coffee', null],
  ])
  const gemini = await read(textInput(await fixture('dump-gemini.txt')))
  expect(of(gemini.rows, 'memory').map(({ text }) => text)).toEqual([
    "User's preferred name is Ilse.",
    'User is learning Estonian.',
    'User enjoys long walks',
  ])
})

test('a folder of notes becomes documents with their folders; attachments are named, hidden folders are not', async () => {
  const vault = join(folder, 'vault')
  await mkdir(join(vault, 'Trips'), { recursive: true })
  await mkdir(join(vault, '.obsidian'))
  await writeFile(join(vault, '.obsidian', 'app.json'), '{}')
  await writeFile(join(vault, 'Trips', 'Norway.md'), '\ufeff---\ntags: [sea]\n---\nWith [[Ilse]].\r\n')
  await writeFile(join(vault, 'utf16.md'), Buffer.from('\ufeffKöln', 'utf16le'))
  await writeFile(join(vault, 'old.md'), Buffer.from([0x4f, 0x0a, 0x4b, 0xf6, 0x6c, 0x6e]))
  await writeFile(join(vault, 'empty.md'), ' \n')
  await writeFile(join(vault, 'map.png'), 'x')
  await symlink('/etc/passwd', join(vault, 'linked.md'))
  const { format, rows, refused } = await read(await openInput(vault))
  expect(format).toBe('markdown')
  expect(of(rows, 'document').map(({ name, folder, text }) => [name, folder, text])).toEqual([
    ['Norway.md', 'Trips', '---\ntags: [sea]\n---\nWith [[Ilse]].\n'],
    ['utf16.md', null, 'Köln'],
  ])
  expect(refused.map(({ place }) => [place.file, place.line])).toEqual([
    ['linked.md', null],
    ['map.png', null],
    ['old.md', 2],
  ])
  const id = '0123456789abcdef0123456789abcdef'
  const notion = await read(await zip('notion.zip', [{ name: `Plans ${id}/Garden ${id}.md`, body: '# Garden' }]))
  expect(of(notion.rows, 'document')).toMatchObject([{ name: 'Garden.md', folder: 'Plans' }])
})

test('a table says its columns, and each row fills the fields they were given', async () => {
  const path = join(folder, 'tasks.csv')
  await writeFile(path, `\ufeff${await fixture('table.csv')}`)
  const [file] = (await openInput(path)).files
  const head = file && (await readCsvHead(file))
  expect(head).toMatchObject({
    separator: ';',
    columns: [
      { name: 'Task', values: ['Fix the "gate"', 'Paint'] },
      { name: 'Due', values: ['2025-05-01'] },
      { name: 'Notes', values: ['first line', 'two lines'] },
      { name: 'Notes (2)', values: ['x'] },
    ],
  })
  const mapping = { store: 'todos', columns: { Task: 'text', Due: 'due', 'Notes (2)': 'note' } }
  const { format, events, refused } = await read(await openInput(path), mapping)
  expect(format).toBe('csv')
  const rows = events.flatMap((event) => (event.type === 'row' && event.kind === 'memory' ? [event] : []))
  expect(rows.map(({ row, fields, place }) => [row.store, fields, place.line])).toEqual([
    ['todos', { text: 'Fix the "gate"', due: '2025-05-01' }, 2],
    ['todos', { text: 'Paint', note: 'x' }, 4],
  ])
  expect(refused).toMatchObject([{ place: { line: 5 }, reason: 'It has 5 values where the table has 4 columns.' }])
  await expect(read(await openInput(path), { store: 'todos', columns: { Tusk: 'text' } })).rejects.toThrow(
    'no column “Tusk”',
  )
})

test('a damaged chat costs itself alone, and is named by its place', async () => {
  const chats = JSON.parse(await fixture('chatgpt.json')) as unknown[]
  const good = JSON.stringify(chats[0])
  const deep = `{"mapping":${'['.repeat(100)}${']'.repeat(100)}}`
  const bad = Buffer.concat([Buffer.from('{"mapping":{"a":"'), Buffer.from([0xff]), Buffer.from('"}}')])
  const bytes = Buffer.concat([
    Buffer.from(`[${deep},\n`),
    bad,
    Buffer.from(`,\n{"mapping":{]},\n${good},\n{"title":"cut`),
  ])
  const path = join(folder, 'conversations.json')
  await writeFile(path, bytes)
  const { format, rows, refused } = await read(await openInput(path))
  expect(format).toBe('chatgpt')
  expect(of(rows, 'conversation')).toHaveLength(1)
  expect(refused.map(({ place, reason }) => [place.line, reason])).toEqual([
    [1, 'It is nested deeper than 64 levels.'],
    [2, expect.stringContaining('UTF-8')],
    [3, 'It is no well-formed JSON.'],
    [5, 'The file ends in the middle of it.'],
  ])
})

const wrongNames = [
  '/etc/passwd.md',
  '../up.md',
  'a/../../b.md',
  'C:\\x.md',
  '..\\x.md',
  'a\u0000.md',
  'con.md',
  'x/NUL',
]

test('names that trick, links and archives within are left out with their reason, and the rest is read', async () => {
  const { rows, refused } = await read(
    await zip('tricks.zip', [
      ...wrongNames.map((name) => ({ name, body: 'x' })),
      { name: 'link.md', body: '/etc/passwd', mode: 0o120777 },
      { name: 'inner.zip', body: 'PK' },
      { name: 'good.md', body: 'Good.' },
      { name: 'GOOD.md', body: 'Twice.' },
    ]),
  )
  expect(of(rows, 'document').map(({ text }) => text)).toEqual(['Good.'])
  expect(refused).toHaveLength(wrongNames.length + 3)
})

test('what comes out of a zip is counted, whatever it says of itself', async () => {
  const zeros = Buffer.alloc(80 * 2 ** 20)
  const lying = await zip('bomb.zip', [{ name: 'a.md', body: zeros, says: { size: 10 } }])
  const bomb = await zip('honest.zip', [{ name: 'a.md', body: zeros }])
  for (const input of [lying, bomb]) {
    const [file] = input.files
    const all = async () => {
      let out = 0
      for await (const chunk of file?.read() ?? []) out += chunk.length
      return out
    }
    await expect(all()).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    input.close()
  }
  await expect(zip('locked.zip', [{ name: 'a.md', body: 'x', encrypted: true }])).rejects.toThrow('password')
})

test.each([
  ['Takeout', [{ name: 'Takeout/My Activity/Gemini Apps/MyActivity.json', body: '[]' }], 'Google'],
  ['Word', [{ name: 'word/document.xml', body: '<x/>' }], 'office'],
  ['pictures', [{ name: 'a.png', body: 'x' }], 'pictures'],
  ['an empty zip', [], 'empty'],
])('says in words that it cannot read %s', async (_, parts, words) => {
  await expect(detectFormat(await zip('other.zip', parts))).rejects.toThrow(words)
})

test.each([
  ['%PDF-1.7', 'PDF'],
  ['<!DOCTYPE html><html>', 'web page'],
  ['[{"role":"user","content":"hi"}]', 'no export that is known'],
  ['[{"mapping":{"1":{"message":{"fragments":[{"type":"REQUEST"}]}}}}]', 'DeepSeek'],
  ['   \n', 'Nothing was pasted'],
])('says in words that %s cannot be read', async (text, words) => {
  await expect(detectFormat(textInput(text))).rejects.toThrow(words)
})

test('an archive that a passphrase protects is known by its first line', async () => {
  expect(await detectFormat(textInput('age-encryption.org/v1\n-> scrypt'))).toBe('understudy')
})
