// What a disk holds after the power went: flushed writes always, others by chance, names in their order.
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Change } from '../src/main/database/faulty-fs.ts'
import { losePower, numbersOf } from './power-loss.ts'
import { randomFrom } from './random.ts'

let root: string
let target: string
let recording: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'understudy-power-'))
  target = join(root, 'disk')
  recording = join(root, 'recording')
  mkdirSync(target)
  writeFileSync(join(target, 'old'), 'before')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function record(change: Change, data = ''): void {
  const head = Buffer.from(JSON.stringify(change))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  appendFileSync(recording, Buffer.concat([length, head, Buffer.from(data)]))
}
const write = (ino: number, at: number, data: string) =>
  record({ op: 'write', ino, at, length: Buffer.byteLength(data) }, data)
const cut = (survival: number, seed = 1, bytes = statSync(recording).size) =>
  losePower({ target, numbers: numbersOf(target), recording, bytes, survival, random: randomFrom(seed) })
const text = (name: string) => readFileSync(join(target, name), 'utf8')
const old = () => statSync(join(target, 'old')).ino

it('keeps what was flushed and loses the rest', () => {
  write(old(), 0, 'kept!!')
  record({ op: 'fsync', ino: old() })
  write(old(), 0, 'lost')
  expect(cut(0)).toEqual({ lost: 1, torn: 0 })
  expect(text('old')).toBe('kept!!')
})

it('keeps what came to the disk by itself, now and then in part', () => {
  const long = 'x'.repeat(4096)
  write(old(), 0, long)
  const kept = Array.from({ length: 20 }, (_, seed) => {
    writeFileSync(join(target, 'old'), 'y'.repeat(4096))
    return [cut(1, seed).torn, text('old')] as const
  })
  for (const [torn, found] of kept) {
    expect(found === long).toBe(torn === 0)
    // Whole sectors, of the one or of the other.
    expect(found.match(/.{512}/g)?.every((sector) => /^(x+|y+)$/.test(sector))).toBe(true)
  }
  expect(new Set(kept.map(([torn]) => torn)).size).toBe(2)
})

it('follows a file to its new name, and keeps names in their order', () => {
  record({ op: 'create', path: 'new', ino: 999_999 })
  write(999_999, 0, 'content')
  record({ op: 'fsync', ino: 999_999 })
  record({ op: 'rename', path: 'new', to: 'old' })
  const seen = new Set(
    Array.from({ length: 20 }, (_, seed) => {
      rmSync(target, { recursive: true })
      mkdirSync(target)
      writeFileSync(join(target, 'old'), 'before')
      cut(0, seed)
      return readdirSync(target)
        .map((name) => `${name}=${text(name)}`)
        .join()
    }),
  )
  // Renamed or not yet; never neither, never both.
  expect(seen).toEqual(new Set(['new=content,old=before', 'old=content']))
})

it('knows nothing of what came after the cut, nor of what was noted by half', () => {
  write(old(), 0, 'first!')
  record({ op: 'fsync', ino: old() })
  const bytes = statSync(recording).size
  write(old(), 0, 'second')
  record({ op: 'fsync', ino: old() })
  cut(1, 1, bytes + 30)
  expect(text('old')).toBe('first!')
})
