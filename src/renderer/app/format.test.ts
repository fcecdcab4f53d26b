import { describe, expect, it } from 'vitest'
import { ago, dayGroup, formatBytes, formatDuration } from './format.ts'

const now = new Date(2026, 2, 10, 9, 30)

describe('day groups', () => {
  it.each([
    [new Date(2026, 2, 10, 0, 1), 'today'],
    [new Date(2026, 2, 9, 23, 59), 'yesterday'],
    [new Date(2026, 2, 5), 'week'],
    [new Date(2026, 1, 20), 'month'],
    // A clock that was wrong: nothing is in the future.
    [new Date(2026, 2, 12), 'today'],
  ])('%s is %s', (at, kind) => {
    expect(dayGroup(at, now).kind).toBe(kind)
  })

  it('the same month of another year is another group', () => {
    expect(dayGroup(new Date(2025, 1, 20), now)).not.toEqual(dayGroup(new Date(2026, 1, 20), now))
  })
})

it('says how long ago in the largest unit that fits', () => {
  expect(ago(new Date(2026, 2, 7, 9, 30), now)).toBe('3 days ago')
  expect(ago(now, now)).toBe('now')
})

it('says how long something takes in a unit one can grasp', () => {
  expect(formatDuration(40)).toMatch(/^40 sec/)
  expect(formatDuration(150)).toMatch(/^3 min/)
  expect(formatDuration(36_000)).toMatch(/^10 h/)
})

it('counts bytes as file managers do', () => {
  expect(formatBytes(1_117_320_736)).toBe('1.1 GB')
  expect(formatBytes(25_285_312)).toBe('25 MB')
  expect(formatBytes(0)).toBe('0 bytes')
})
