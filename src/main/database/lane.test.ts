import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Lane } from './lane.ts'

let told: boolean[]
let lane: Lane

beforeEach(() => {
  vi.useFakeTimers()
  told = []
  lane = new Lane((held) => told.push(held))
})
afterEach(() => vi.useRealTimers())

/** A work that ends when it is told to. */
function work() {
  let end = () => {}
  const over = new Promise<void>((resolve) => {
    end = resolve
  })
  return { done: lane.run(() => over), end: () => end() }
}

test('one goes after another, and a failure stops nobody', async () => {
  const order: string[] = []
  const failing = lane.run(async () => {
    order.push('first')
    throw new Error('no')
  })
  const second = lane.run(async () => order.push('second'))
  await expect(failing).rejects.toThrow('no')
  await second
  expect(order).toEqual(['first', 'second'])
  expect(lane.length).toBe(0)
})

test('a long work that keeps nobody waiting is not told of', async () => {
  const long = work()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(told).toEqual([])
  long.end()
  await long.done
})

test('a long work that keeps others waiting is told of once, and again when it is over', async () => {
  const long = work()
  await vi.advanceTimersByTimeAsync(30_000)
  const behind = [work(), work()]
  await vi.advanceTimersByTimeAsync(1900)
  expect(told).toEqual([])
  await vi.advanceTimersByTimeAsync(200)
  expect([told, lane.held]).toEqual([[true], true])
  await vi.advanceTimersByTimeAsync(30_000)
  expect(told).toEqual([true])
  long.end()
  await long.done
  expect([told, lane.held]).toEqual([[true, false], false])
  for (const { end } of behind) end()
  await Promise.all(behind.map(({ done }) => done))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(told).toEqual([true, false])
})

test('many short works in a row are not told of, however long the row', async () => {
  const row = Array.from({ length: 20 }, work)
  for (const { done, end } of row) {
    await vi.advanceTimersByTimeAsync(1500)
    end()
    await done
  }
  expect(told).toEqual([])
})
