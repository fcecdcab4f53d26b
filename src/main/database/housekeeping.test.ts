import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLog } from '../app/log.ts'
import { Housekeeping } from './housekeeping.ts'

let data: string
let statements: string[]
let busy: boolean
let housekeeping: Housekeeping
beforeEach(() => {
  vi.useFakeTimers()
  data = mkdtempSync(join(tmpdir(), 'understudy-chores-'))
  mkdirSync(join(data, 'pg_wal'))
  statements = []
  busy = false
  const run = async (statement: string) => {
    statements.push(statement)
  }
  housekeeping = new Housekeeping(data, { run, idle: () => !busy }, createLog(null))
})
afterEach(() => {
  housekeeping.stop()
  vi.useRealTimers()
  rmSync(data, { recursive: true, force: true })
})

describe('housekeeping', () => {
  it('brings statistics up to date after many changes, once nothing else runs', async () => {
    housekeeping.committed(400)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(statements).toEqual([])
    busy = true
    housekeeping.committed(200)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(statements).toEqual([])
    busy = false
    await vi.advanceTimersByTimeAsync(10_000)
    expect(statements).toEqual(['analyze'])
    housekeeping.committed(6000)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(statements).toEqual(['analyze', 'vacuum (analyze)'])
  })

  it('makes a checkpoint five minutes after writes, and none without', async () => {
    housekeeping.committed(1)
    await vi.advanceTimersByTimeAsync(5 * 60_000)
    expect(statements).toEqual(['checkpoint'])
    await vi.advanceTimersByTimeAsync(60 * 60_000)
    expect(statements).toEqual(['checkpoint'])
  })

  it('makes a checkpoint when the write-ahead log is long', async () => {
    const segment = (number: number) => join(data, 'pg_wal', number.toString(16).toUpperCase().padStart(24, '0'))
    for (let number = 1; number <= 5; number++) writeFileSync(segment(number), '')
    await vi.advanceTimersByTimeAsync(2000)
    housekeeping.committed(1)
    await vi.waitFor(() => expect(statements).toEqual(['checkpoint']))
  })
})
