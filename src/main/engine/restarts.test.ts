import { expect, it } from 'vitest'
import { Restarts } from './restarts.ts'

it('starts again after growing pauses, and gives up when the process keeps dying', () => {
  const restarts = new Restarts()
  expect(restarts.crashed(0, null)).toEqual({ attempt: 1, delay: 250 })
  expect(restarts.crashed(20_000, null)).toEqual({ attempt: 2, delay: 500 })
  expect(restarts.crashed(40_000, null)).toEqual({ attempt: 3, delay: null })
  restarts.forget()
  expect(restarts.crashed(50_000, null)).toEqual({ attempt: 1, delay: 250 })
})

it('does not hold an old crash against it', () => {
  const restarts = new Restarts()
  restarts.crashed(0, null)
  restarts.crashed(1000, null)
  expect(restarts.crashed(400_000, null)).toEqual({ attempt: 1, delay: 250 })
})

it('leaves out the GPU a crashed process used', () => {
  const restarts = new Restarts()
  restarts.crashed(0, 'vulkan')
  restarts.crashed(1, null)
  expect([...restarts.excludedGpus]).toEqual(['vulkan'])
})
