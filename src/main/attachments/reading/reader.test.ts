// Files as people have them and as attackers make them, read by the real thread.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DOCUMENT_MAX } from '../../../shared/documents.ts'
import { AppError } from '../../../shared/errors.ts'
import { createLog } from '../../app/log.ts'
import { createFileReader, type FileReader } from './reader.ts'
import { bombPdf, makePdf } from './testing.ts'

let reader: FileReader
beforeAll(() => {
  reader = createFileReader(createLog(null))
})
afterAll(() => reader.close())

const read = (name: string, bytes: Uint8Array | string, by = reader) =>
  by.read({ name, bytes: typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes, pasted: false })
const refused = (message: RegExp) => ({ code: 'INVALID_INPUT', message: expect.stringMatching(message) })

describe('text', () => {
  it('is told by its name what kind it is', async () => {
    expect(await read('notes.md', '# Lease')).toEqual({ kind: 'markdown', text: '# Lease', pages: null })
    expect((await read('main.rs', 'fn main() {}')).kind).toBe('code')
    expect((await read('Dockerfile', 'FROM scratch')).kind).toBe('code')
    expect((await read('list', 'eggs')).kind).toBe('text')
    expect(await reader.read({ name: 'x', bytes: new TextEncoder().encode('a'), pasted: true })).toMatchObject({
      kind: 'pasted',
    })
  })

  it('is read in the writings people have', async () => {
    const text = 'Größe: 3 €, naïve café\n'
    const latin = Uint8Array.from([...'Größe, naïve café, a long enough line'].map((letter) => letter.charCodeAt(0)))
    expect((await read('a.txt', text)).text).toBe(text)
    expect((await read('a.txt', `\ufeff${text}`)).text).toBe(text)
    expect((await read('a.txt', latin)).text).toBe('Größe, naïve café, a long enough line')
    const little = Buffer.from(`\ufeff${text}`, 'utf16le')
    expect((await read('a.txt', new Uint8Array(little))).text).toBe(text)
    expect((await read('a.txt', new Uint8Array(little.swap16()))).text).toBe(text)
    // A character cut at the end.
    const cut = new TextEncoder().encode(`${'word '.repeat(100)}é`).subarray(0, -1)
    expect((await read('a.txt', cut)).text).toContain('word word')
  })

  it('is refused when it is none, with words for what it is', async () => {
    const noise = Uint8Array.from({ length: 4000 }, (_, index) => (index * 7919) % 251)
    await expect(read('diary.txt', noise)).rejects.toMatchObject(refused(/not text, whatever its name says/))
    await expect(read('a.txt', 'some\0thing')).rejects.toMatchObject(refused(/not text/))
    await expect(read('a.txt', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 1]))).rejects.toMatchObject(
      refused(/picture, and no model here can see yet/),
    )
    await expect(read('a.docx', 'PK\u0003\u0004…')).rejects.toMatchObject(refused(/cannot be read yet/))
    await expect(read('a.zip', 'PK\u0003\u0004…')).rejects.toMatchObject(refused(/archive/))
    await expect(read('long.txt', 'x'.repeat(DOCUMENT_MAX + 1))).rejects.toMatchObject(refused(/in parts/))
  })
})

describe('a PDF', () => {
  it('gives its text and how many pages it has', async () => {
    const file = makePdf(['The lease of the boathouse\nends on 30 June.', 'Signed (both).'])
    expect(await read('lease.pdf', file)).toEqual({
      kind: 'pdf',
      text: 'The lease of the boathouse\nends on 30 June.\n\nSigned (both).',
      pages: 2,
    })
    // Whatever it is called.
    expect((await read('lease.txt', file)).kind).toBe('pdf')
  })

  it('without text, locked or damaged says so', async () => {
    await expect(read('scan.pdf', makePdf(['']))).rejects.toMatchObject(refused(/no text/))
    await expect(read('a.pdf', '%PDF-1.7 and then nothing of the kind')).rejects.toMatchObject(refused(/damaged/))
    await expect(read('a.pdf', 'plain words')).rejects.toMatchObject(refused(/not text/))
    const locked = Buffer.from(makePdf(['secret'])).toString('latin1')
    const encrypted = locked.replace(
      '/Root 1 0 R',
      `/Root 1 0 R/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<${'11'.repeat(32)}>/U<${'22'.repeat(32)}>>>`,
    )
    await expect(read('a.pdf', new Uint8Array(Buffer.from(encrypted, 'latin1')))).rejects.toMatchObject(
      refused(/locked with a password/),
    )
  })

  it('that inflates without end ends the thread and not the app, and the next file is read', async () => {
    const bomb = bombPdf(400)
    expect(bomb.length).toBeLessThan(10_000)
    const careful = createFileReader(createLog(null), { timeMs: 60_000, growthBytes: 100_000_000 })
    const [broken, next] = await Promise.allSettled([read('bomb.pdf', bomb, careful), read('a.txt', 'next', careful)])
    expect(broken).toMatchObject({ status: 'rejected', reason: refused(/more memory than its size promises/) })
    expect(next).toMatchObject({ status: 'fulfilled', value: { text: 'next' } })
    await careful.close()
  })

  it('that takes too long is stopped', async () => {
    const hasty = createFileReader(createLog(null), { timeMs: 0, growthBytes: 1e12 })
    await expect(read('bomb.pdf', bombPdf(100), hasty)).rejects.toMatchObject(refused(/longer than a minute/))
    await hasty.close()
  })
})

it('whatever the bytes are, a file is read or refused in words', async () => {
  const names = fc.constantFrom('a.txt', 'a.pdf', 'a.md', 'a.py', 'a')
  const pdf = makePdf(['The lease of the boathouse'])
  const damaged = fc
    .array(fc.tuple(fc.nat(pdf.length - 1), fc.nat(255)), { minLength: 1, maxLength: 40 })
    .map((edits) => {
      const bytes = pdf.slice()
      for (const [at, byte] of edits) bytes[at] = byte
      return bytes
    })
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 2000 }), damaged)
  await fc.assert(
    fc.asyncProperty(names, bytes, async (name, content) => {
      const outcome = await read(name, content).catch((error: unknown) => error)
      if (outcome instanceof AppError) expect(outcome.message).toMatch(/Nothing of it was kept/)
      else expect(outcome).toMatchObject({ text: expect.any(String) })
    }),
    { numRuns: 150 },
  )
})
