import { expect, it } from 'vitest'
import { chooseThreads } from './free-cores.ts'

it('gives way to other programs and takes the cores back', () => {
  const two = { most: 2, cores: 2 }
  expect(chooseThreads({ ...two, current: 2, others: 0.1 })).toBe(2)
  expect(chooseThreads({ ...two, current: 2, others: 0.5 })).toBe(2)
  expect(chooseThreads({ ...two, current: 2, others: 0.8 })).toBe(1)
  expect(chooseThreads({ ...two, current: 1, others: 0.5 })).toBe(1)
  expect(chooseThreads({ ...two, current: 1, others: 0.2 })).toBe(2)
})

it('never uses less than one thread or more than was chosen for the machine', () => {
  expect(chooseThreads({ most: 2, cores: 2, current: 1, others: 2 })).toBe(1)
  expect(chooseThreads({ most: 4, cores: 16, current: 4, others: 3 })).toBe(4)
  expect(chooseThreads({ most: 4, cores: 8, current: 4, others: 6.1 })).toBe(2)
  expect(chooseThreads({ most: 1, cores: 8, current: 1, others: 0 })).toBe(1)
})
