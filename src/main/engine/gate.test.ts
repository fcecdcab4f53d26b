import { expect, it } from 'vitest'
import { Gate } from './gate.ts'

/** A promise and the function that resolves it. */
function latch(): { opened: Promise<void>; open: () => void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

it('halts the background while a person waits, and lets the running step end first', async () => {
  const gate = new Gate()
  const order: string[] = []
  const first = latch()
  const one = gate.background(async () => {
    order.push('step 1 begins')
    await first.opened
    order.push('step 1 ends')
  })
  const two = gate.background(async () => void order.push('step 2'))
  const answer = gate.foreground(async () => void order.push('answer'))
  const next = gate.foreground(async () => void order.push('next answer'))
  first.open()
  await Promise.all([one, two, answer, next])
  expect(order).toEqual(['step 1 begins', 'step 1 ends', 'answer', 'next answer', 'step 2'])
})

it('runs one background step at a time, in order', async () => {
  const gate = new Gate()
  const order: number[] = []
  let running = 0
  const step = (number: number) =>
    gate.background(async () => {
      expect(++running).toBe(1)
      await Promise.resolve()
      order.push(number)
      running--
    })
  await Promise.all([1, 2, 3, 4].map(step))
  expect(order).toEqual([1, 2, 3, 4])
})

it('lets short work run beside a step', async () => {
  const gate = new Gate()
  const long = latch()
  const step = gate.background(() => long.opened)
  await expect(gate.foreground(async () => 'vector', { beside: true })).resolves.toBe('vector')
  long.open()
  await step
})

it('lets go of a step that waits when it is cancelled, and goes on after one that failed', async () => {
  const gate = new Gate()
  const long = latch()
  const answer = gate.foreground(() => long.opened)
  const stop = new AbortController()
  const waiting = gate.background(async () => 'never', stop.signal)
  const outcome = expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
  stop.abort()
  await outcome
  long.open()
  await answer
  await expect(gate.background(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  await expect(gate.background(async () => 'fine')).resolves.toBe('fine')
})
