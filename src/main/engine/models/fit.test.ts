import { expect, test } from 'vitest'
import { resourcesFolder } from '../../app/resources.ts'
import { readCatalogue } from './catalogue.ts'
import { fitOf, type Machine, recommend, thisMachine } from './fit.ts'
import { aModel, someBytes } from './testing/fixtures.ts'

const catalogue = readCatalogue(resourcesFolder())
const GIB = 1024 ** 3

function machine(cores: number, memory: number, platform = 'linux', arch = 'x64'): Machine {
  return { cores, memoryBytes: memory * GIB, platform, arch }
}

const machines: [string, Machine, string | null][] = [
  ['2 cores, 2 GB', machine(2, 2), null],
  ['2 cores, 4 GB', machine(2, 4), 'qwen3.5-0.8b'],
  ['2 cores, 8 GB', machine(2, 8), 'qwen3.5-2b'],
  ['2 cores, 24 GB: memory does not make it quick', machine(2, 24), 'qwen3.5-2b'],
  ['4 cores, 16 GB', machine(4, 16), 'gemma-4-e2b'],
  ['8 cores, 8 GB', machine(8, 8), 'qwen3.5-4b'],
  ['8 cores, 16 GB', machine(8, 16), 'gemma-4-e4b'],
  ['1 core, 8 GB: nothing is quick, so the smallest', machine(1, 8), 'qwen3.5-0.8b'],
  ['Apple silicon, 8 cores, 8 GB', machine(8, 8, 'darwin', 'arm64'), 'qwen3.5-4b'],
  ['Apple silicon, 8 cores, 16 GB', machine(8, 16, 'darwin', 'arm64'), 'gemma-4-12b'],
]

test.each(machines)('%s', (_, here, expected) => {
  expect(recommend(catalogue, here)).toBe(expected)
})

test('a model that could not be had is not recommended again', () => {
  expect(recommend(catalogue, machine(2, 24), new Set(['qwen3.5-2b']))).toBe('qwen2.5-coder-1.5b')
})

test('a model says whether it fits, is slow, or is too big', () => {
  const small = aModel(someBytes(), { parameters: 1.5, leastMemoryBytes: 2.4 * GIB })
  expect(fitOf(small, machine(2, 8))).toBe('fits')
  expect(fitOf(small, machine(2, 4))).toBe('too-big')
  expect(fitOf({ ...small, parameters: 4 }, machine(2, 8))).toBe('slow')
  expect(fitOf({ ...small, leastMemoryBytes: null }, machine(2, 8))).toBe('unknown')
})

test('this machine has cores and memory', () => {
  const here = thisMachine()
  expect(here.cores).toBeGreaterThan(0)
  expect(here.memoryBytes).toBeGreaterThan(GIB / 4)
})
