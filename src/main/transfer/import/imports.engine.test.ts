// What an import does with what is here already, with what is wrong, and with what must not come back.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { eq, like, ne, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ZipFile } from 'yazl'
import { type ImportId, newId } from '../../../shared/ids.ts'
import { checkIntegrity } from '../../database/integrity.ts'
import { importRow, importRun, memory, message, passage } from '../../database/schema.ts'
import { UNDO_MS } from '../../learning/forgetting/undo-time.ts'
import { OWNER } from '../../learning/testing.ts'
import { openInput } from '../sources/input.ts'
import { openTestTransfer, type TestTransfer } from '../testing.ts'

let test: TestTransfer
beforeAll(async () => {
  test = await openTestTransfer()
})
afterAll(() => test.close())

const add = async (text: string) => (await test.learning.add(OWNER, { store: 'user_memory', text })).memory
const edit = async (id: Awaited<ReturnType<typeof add>>['id'], text: string) => {
  const { memory: now } = await test.learning.get(OWNER, id)
  return (await test.learning.edit(OWNER, { id, version: now.version, text })).memory
}
const textOf = async (id: string) =>
  (
    await test.db.read
      .select()
      .from(memory)
      .where(eq(memory.id, id as never))
  )[0]?.text
const waiting = async () =>
  (await test.learning.proposals.list(OWNER, {})).items.map(({ action, after }) => `${action}: ${after}`)

/** A copy of an archive in which some files have other words. */
async function changed(path: string, change: (name: string, text: string) => string | null): Promise<string> {
  const input = await openInput(path)
  const zip = new ZipFile()
  for (const file of input.files) {
    const text = (await buffer(Readable.from(file.read()))).toString('utf8')
    // Without its history nothing says which of two states came first.
    const next = file.path === 'data/journal.jsonl' ? '' : change(file.path, text)
    if (next !== null) zip.addBuffer(Buffer.from(next), file.path)
  }
  zip.end()
  const target = `${path}.${newId()}.zip`
  writeFileSync(target, await buffer(zip.outputStream as Readable))
  input.close()
  return target
}

describe('a memory that differs', () => {
  it('knows which of the two is ahead, and asks only where neither is', async () => {
    const ahead = await add('The boat lies in Ghent.')
    const behind = await add('The van is red.')
    const both = await add('The choir meets on Monday.')
    const old = await test.archive()
    await edit(ahead.id, 'The boat lies in Bruges.')
    await edit(both.id, 'The choir meets on Tuesday.')
    const fresh = await test.archive()
    // The older archive is the past of what is here.
    const past = await test.read(old)
    expect(past.report?.counts.memory).toMatchObject({ changed: 0, conflicting: 0 })
    await test.imports.cancel(OWNER, past.id)
    // Another words for the same version that nobody here knows.
    const other = await changed(fresh, (name, text) =>
      name === 'data/memories.jsonl' ? text.replace('meets on Tuesday', 'meets on Friday') : text,
    )
    const read = await test.read(other)
    // What was changed says nothing about whose it is.
    expect(read.archive?.mark).toBe('other')
    expect(read.report?.counts.memory).toMatchObject({ conflicting: 1, changed: 0 })
    expect(read.report?.examples.conflicting).toMatchObject([
      { text: 'The choir meets on Friday.', here: 'The choir meets on Tuesday.' },
    ])
    // A file whose bytes are others than the manifest says is named.
    expect(read.report?.examples.refused[0]?.reason).toContain('changed after the archive was made')
    await expect(test.take(read, { own: true, leaveOutRefused: false })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })

    const replaced = await test.take(read, { own: true, onConflict: 'replace' })
    expect(replaced.state).toBe('done')
    expect(await textOf(both.id)).toBe('The choir meets on Friday.')
    expect(await textOf(behind.id)).toBe('The van is red.')
    expect((await test.learning.get(OWNER, both.id)).history[0]).toMatchObject({
      actor: 'import',
      before: 'The choir meets on Tuesday.',
    })
    expect(await checkIntegrity(test.db.read)).toEqual([])
    await test.imports.undo(OWNER, read.id)
    expect(await textOf(both.id)).toBe('The choir meets on Tuesday.')
    expect(await checkIntegrity(test.db.read)).toEqual([])
  })

  it('waits in the inbox when that is chosen, and stands beside the one here when both are kept', async () => {
    const item = await add('The bakery opens at six.')
    const other = await changed(await test.archive(), (name, text) =>
      name === 'data/memories.jsonl' ? text.replace('opens at six', 'opens at seven') : text,
    )
    const asked = await test.take(await test.read(other), { own: true, onConflict: 'ask' })
    expect(await textOf(item.id)).toBe('The bakery opens at six.')
    expect(await waiting()).toContain('update: The bakery opens at seven.')
    await test.imports.undo(OWNER, asked.id)
    expect(await waiting()).not.toContain('update: The bakery opens at seven.')
    const kept = await test.take(await test.read(other), { own: true, onConflict: 'keep-both' })
    expect(await textOf(item.id)).toBe('The bakery opens at six.')
    expect(await waiting()).toContain('add: The bakery opens at seven.')
    await test.imports.undo(OWNER, kept.id)
    expect(await waiting()).not.toContain('add: The bakery opens at seven.')
  })
})

it('what was forgotten for good is not brought back', async () => {
  const item = await add('The safe stands behind the mirror.')
  const path = await test.archive()
  await test.learning.forget(OWNER, [item.id])
  test.clock.advance(UNDO_MS + 1000)
  test.jobs.wake()
  await test.learning.idle()
  const read = await test.read(path)
  expect(read.report?.examples.refused.map(({ reason }) => reason).join()).toContain('You forgot this here')
  await test.take(read, { own: true })
  expect(await test.texts()).not.toContain('The safe stands behind the mirror.')
  await test.imports.undo(OWNER, read.id)
})

it('lines that cannot be read are named with their place, and what hangs on them stays out', async () => {
  const { conversationId } = await test.say('The greenhouse needs a new roof.')
  const lines = (text: string) => text.trimEnd().split('\n')
  const broken = await changed(await test.archive(), (name, text) => {
    if (name === 'data/conversations.jsonl')
      return `${lines(text)
        .filter((line) => !line.includes(conversationId))
        .join('\n')}\n`
    if (name === 'data/memories.jsonl') return `${text}{"id": 7}\nno json\n`
    return text
  })
  const other = await openTestTransfer()
  const read = await other.read(broken)
  const { rows } = await other.imports.rows(OWNER, {
    id: read.id,
    verdict: 'refused',
    kind: null,
    after: null,
    limit: 50,
  })
  const reasons = rows.map(({ place, reason }) => `${place}: ${reason}`).join('\n')
  expect(reasons).toMatch(/data\/memories\.jsonl, \d+: The line is no JSON/)
  expect(reasons).toMatch(/data\/memories\.jsonl, \d+: "id" is not as it should be/)
  expect(reasons).toContain('The conversation it belongs to is missing')
  const done = await other.take(read, { own: true })
  expect(done.state).toBe('done')
  expect(await checkIntegrity(other.db.read)).toEqual([])
  expect((await other.db.read.select().from(message)).some(({ text }) => text.includes('greenhouse'))).toBe(false)
  await other.close()
})

describe('a foreign export', () => {
  const chat = (turns: string[]) => {
    const mapping: Record<string, unknown> = { root: { id: 'root', message: null, parent: null, children: ['m0'] } }
    for (const [index, text] of turns.entries()) {
      mapping[`m${index}`] = {
        id: `m${index}`,
        parent: index === 0 ? 'root' : `m${index - 1}`,
        children: index + 1 < turns.length ? [`m${index + 1}`] : [],
        message: {
          id: `m${index}`,
          author: { role: index % 2 === 0 ? 'user' : 'assistant' },
          create_time: 1_760_000_000 + index * 60,
          content: { content_type: 'text', parts: [text] },
          status: 'finished_successfully',
          weight: 1,
        },
      }
    }
    return JSON.stringify([
      {
        id: 'c-1',
        title: 'Kiln',
        create_time: 1_760_000_000,
        update_time: 1_760_000_000 + turns.length * 60,
        mapping,
        current_node: `m${turns.length - 1}`,
      },
    ])
  }
  const file = (text: string) => {
    mkdirSync(join(test.folder, 'in'), { recursive: true })
    const path = join(test.folder, 'in', `${newId()}.json`)
    writeFileSync(path, text)
    return path
  }

  it('becomes a past conversation that is found; the same file again changes nothing, a longer one goes on', async () => {
    const turns = ['I fire my kiln at 1240 degrees.', 'Noted.']
    const first = await test.take(await test.read(file(chat(turns))))
    expect(first).toMatchObject({ state: 'done', format: 'chatgpt' })
    await test.learning.idle()
    const hits = await test.learning.search(OWNER, 'kiln degrees', 10)
    expect(hits).toMatchObject([{ kind: 'passage', source: { voice: 'quoted' } }, {}])
    expect(await test.texts()).not.toContain('The user fires their kiln at 1240 degrees.')
    const again = await test.read(file(chat(turns)))
    expect(again.report?.counts.message).toMatchObject({ new: 0, conflicting: 0, changed: 0 })
    await test.imports.cancel(OWNER, again.id)
    const longer = await test.take(await test.read(file(chat([...turns, 'And the glaze at 1100.', 'Fine.']))))
    const said = (await test.db.read.select().from(message).where(ne(message.role, 'root'))).filter(
      ({ imported }) => imported,
    )
    expect(said).toHaveLength(4)
    await test.learning.idle()
    const ofGlaze = () => test.db.read.$count(passage, like(passage.text, '%glaze%'))
    expect(await ofGlaze()).toBe(1)
    // Only the last import is taken back.
    await test.imports.undo(OWNER, longer.id)
    expect(await ofGlaze()).toBe(0)
    expect(await checkIntegrity(test.db.read)).toEqual([])
    await test.imports.undo(OWNER, first.id)
    expect(await test.db.read.$count(message, eq(message.imported, true))).toBe(0)
  })

  it('is cut into passages some messages at a time, each once, though that breaks off in between', async () => {
    const turns = Array.from({ length: 450 }, (_, n) => `Pot number ${n} is glazed in celadon.`)
    const read = await test.read(file(chat(turns)))
    const write = test.db.write.bind(test.db)
    const seen: unknown[] = []
    let half = ''
    const writing = vi.spyOn(test.db, 'write').mockImplementation(async (name, work, options) => {
      if (name !== 'import.passages') return await write(name, work, options)
      seen.push((await test.imports.get(OWNER, read.id)).cutting)
      if (seen.length === 2) throw new Error('broken off')
      if (seen.length === 3) half = await test.archive()
      return await write(name, work, options)
    })
    const done = await test.take(read)
    await test.learning.idle()
    writing.mockRestore()
    const steps = [0, 200, 200, 400, 450].map((cut) => ({ done: cut, total: 450 }))
    expect(seen).toEqual(steps)
    expect((await test.imports.get(OWNER, done.id)).cutting).toBeNull()
    const cut = async () => {
      const ofCeladon = like(passage.text, '%glazed in celadon%')
      return (await test.db.read.select({ text: passage.text }).from(passage).where(ofCeladon)).map(({ text }) => text)
    }
    expect((await cut()).sort()).toEqual([...turns].sort())
    await test.imports.undo(OWNER, done.id)
    expect(await cut()).toEqual([])
    // An archive that was made before all of them were cut: the rest is cut where it is restored.
    const restored = await test.take(await test.read(half), { own: true })
    await test.learning.idle()
    expect((await cut()).sort()).toEqual([...turns].sort())
    await test.imports.undo(OWNER, restored.id)
  })

  it('of a table waits for the mapping, then fills the fields of a store as suggestions', async () => {
    const path = file('Title;Due;Done\nBuy clay;2026-12-01;no\nSend invoice;someday;yes\n')
    const columns = await test.read(path)
    expect(columns.report?.columns).toEqual([
      { name: 'Title', values: ['Buy clay', 'Send invoice'] },
      { name: 'Due', values: ['2026-12-01', 'someday'] },
      { name: 'Done', values: ['no', 'yes'] },
    ])
    await expect(test.take(columns)).rejects.toMatchObject({ details: { field: 'mapping' } })
    await test.imports.cancel(OWNER, columns.id)
    const read = await test.read(path, { mapping: { store: 'todos', columns: { Title: 'text', Due: 'due' } } })
    expect(read.report?.counts.memory).toMatchObject({ new: 2 })
    const done = await test.take(read)
    expect(done.state).toBe('done')
    const { items } = await test.learning.proposals.list(OWNER, { store: 'todos' } as never)
    expect(items.map(({ after, data }) => [after, data.after?.['due']])).toEqual([['Buy clay', '2026-12-01']])
    // What a field does not take is told, with its place.
    const left = await test.imports.rows(OWNER, { id: done.id, verdict: 'refused', kind: null, after: null, limit: 9 })
    expect(left.rows).toMatchObject([{ place: expect.stringMatching(/, 3$/), reason: expect.stringContaining('Due') }])
    expect(done.report?.taken?.leftOut).toEqual([{ reason: left.rows[0]?.reason, count: 1 }])
    await test.imports.undo(OWNER, done.id)
  })
})

describe('what is under way', () => {
  it('leaves nothing when it is cancelled, or when the app ended in the midst of it', async () => {
    await add('The archive is full.')
    const path = await test.archive()
    const read = await test.read(path)
    await test.imports.cancel(OWNER, read.id)
    expect(await test.db.read.$count(importRun, eq(importRun.id, read.id))).toBe(0)
    expect(await test.db.read.$count(importRow, eq(importRow.importId, read.id))).toBe(0)
    const left = await test.read(path)
    await test.imports.recover(OWNER)
    expect(await test.db.read.$count(importRun, eq(importRun.id, left.id))).toBe(0)
    await expect(test.imports.get(OWNER, left.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('belongs to its owner', async () => {
    const read = await test.read(await test.archive())
    await expect(test.imports.get('another', read.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(
      test.imports.publish('another', read.id, { own: true, onConflict: 'skip', leaveOutRefused: true, learn: false }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await test.imports.cancel('another', read.id)
    expect((await test.imports.get(OWNER, read.id)).state).toBe('ready')
    await test.imports.cancel(OWNER, read.id)
  })

  it('is refused when it is nothing that can be read, or is not there', async () => {
    const picture = join(test.folder, 'picture.zip')
    writeFileSync(picture, Buffer.from([0x89, 0x50, 0x4e, 0x47]))
    await expect(test.read(picture)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(test.read(join(test.folder, 'nowhere.zip'))).rejects.toBeInstanceOf(Error)
    const begin = { id: newId<ImportId>(), path: 'relative.zip', passphrase: null, mapping: null }
    await expect(test.imports.begin(OWNER, begin)).rejects.toMatchObject({ details: { field: 'path' } })
  })

  it('comes in pieces in order, and no further than was said', async () => {
    const path = await test.archive()
    const bytes = readFileSync(path)
    const id = newId<ImportId>()
    const { uploads } = test.imports
    await uploads.begin(id, 'mine.zip', bytes.length)
    await uploads.piece(id, 'mine.zip', 0, bytes.subarray(0, 1000))
    await expect(uploads.piece(id, 'mine.zip', 2000, bytes.subarray(2000))).rejects.toMatchObject({ code: 'CONFLICT' })
    await uploads.piece(id, 'mine.zip', 1000, bytes.subarray(1000))
    await expect(uploads.piece(id, 'mine.zip', bytes.length, Buffer.from('x'))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    await expect(uploads.begin(id, '../../mine.zip', 1)).rejects.toMatchObject({ details: { field: 'name' } })
    await test.imports.begin(OWNER, { id, path: null, passphrase: null, mapping: null })
    expect((await test.imports.settled(OWNER, id)).state).toBe('ready')
    await test.imports.cancel(OWNER, id)
  })
})

it('leaves a large index until nobody has used the app for about as long as making it takes', async () => {
  const there = async () =>
    (await test.db.read.execute(sql`select 1 from pg_indexes where indexname = 'message_find'`)).rows.length
  const { rows } = await test.db.read.execute<{ definition: string }>(
    sql`select indexdef as definition from pg_indexes where indexname = 'message_find'`,
  )
  const [index] = rows
  const asked: number[] = []
  test.isLeftAlone = (ms) => {
    asked.push(ms)
    return asked.length === 2
  }
  await test.db.write('test', async (tx) => {
    await tx.execute(sql`drop index message_find`)
    const payload = { indexes: [{ ...index, rows: 50_000 }] }
    await test.jobs.add(tx, { owner: OWNER, kind: 'index-words', key: newId(), payload })
  })
  await test.learning.idle()
  expect(asked).toEqual([100_000, 100_000])
  expect(await there()).toBe(1)
  test.isLeftAlone = () => true
})
