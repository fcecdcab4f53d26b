import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { takeLock } from './lock.ts'
import { bootId, isAlive, startOf } from './process-identity.ts'

const now = new Date('2026-03-01T10:00:00Z')
let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'understudy-lock-'))
  file = join(folder, 'lock')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const holder = (changes: object = {}) => ({
  pid: process.pid,
  started: startOf(process.pid),
  since: now.toISOString(),
  host: hostname(),
  boot: bootId(),
  token: 'theirs',
  ...changes,
})
const theirs = (changes: object = {}) => writeFileSync(file, JSON.stringify(holder(changes)))

/** A pid that was real and is not any more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'close')
  return child.pid ?? 0
}

describe('the lock of a profile', () => {
  it('is refused while its holder lives, and names the holder', () => {
    theirs()
    expect(() => takeLock(file, now)).toThrow(`process ${process.pid}, since ${now.toISOString()}`)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ token: 'theirs' })
  })

  it('is refused a second time in one process', () => {
    const lock = takeLock(file, now)
    expect(() => takeLock(file, now)).toThrow(/already open/)
    lock.release()
    takeLock(file, now).release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is taken over from a dead process', async () => {
    theirs({ pid: await deadPid() })
    const lock = takeLock(file, now)
    expect(lock.replacedDead).toBe(true)
    expect(lock.held()).toBe(true)
    expect(readdirSync(folder)).toEqual(['lock'])
    lock.release()
  })

  it('is taken over when the number of its holder now belongs to another process', () => {
    theirs({ started: 'at another time' })
    takeLock(file, now).release()
  })

  it('is taken over when the computer was started again since', () => {
    theirs({ boot: 'an earlier start' })
    takeLock(file, now).release()
  })

  it('is refused when another computer holds it, and says which file to delete', () => {
    theirs({ host: 'another-computer', boot: 'another', pid: 1 })
    expect(() => takeLock(file, now)).toThrow(/on the computer "another-computer".*delete .*lock/)
  })

  it('leaves an empty file alone while it is new, and takes it when it is old', () => {
    writeFileSync(file, '')
    expect(() => takeLock(file, now)).toThrow(/already open/)
    utimesSync(file, 1, 1)
    takeLock(file, now).release()
  })

  it('knows when it was lost, and then removes nothing', () => {
    const lock = takeLock(file, now)
    theirs()
    expect(lock.held()).toBe(false)
    lock.release()
    expect(existsSync(file)).toBe(true)
  })

  it('counts a process that ended and was not collected as dead', async () => {
    // The shell's child ends at once, and nobody asks for its exit: sleep took the shell's place.
    const shell = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'])
    try {
      const [output] = (await once(shell.stdout, 'data')) as [Buffer]
      const pid = Number(output.toString())
      await until(() => !isAlive(pid))
    } finally {
      shell.kill('SIGKILL')
    }
  })
})

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}
