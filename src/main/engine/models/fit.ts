// Does a model fit this machine, and which one to recommend: pure functions over numbers.
import { availableParallelism, totalmem } from 'node:os'
import type { ModelFit } from '../../../shared/models.ts'
import type { CatalogueModel } from './catalogue.ts'

export interface Machine {
  memoryBytes: number
  cores: number
  platform: string
  arch: string
}

/** This machine; in a container its memory limit counts, not the host's memory. */
export function thisMachine(): Machine {
  const limit = process.constrainedMemory()
  const total = totalmem()
  return {
    memoryBytes: limit > 0 && limit < total ? limit : total,
    cores: availableParallelism(),
    platform: process.platform,
    arch: process.arch,
  }
}

const GIB = 1024 ** 3
/** Below these a person waits too long: a prompt of 800 tokens takes 20 s, an answer of 240 words 40 s. */
const LEAST_READING = 40
const LEAST_WRITING = 8

/**
 * Expected speed in tokens per second of a 4-bit model with `parameters` billion parameters. Scaled from a measurement
 * (1.54 billion on 2 cores: reading 53, writing 11). Reading is bound by the cores; writing by the cores until memory
 * bandwidth ends it, about 27 GB/s on two channels at 0.6 bytes a parameter. Apple silicon computes on its GPU over
 * memory about twice as fast at least. Other GPUs are not looked for: such a machine is faster than said here.
 */
export function expectedSpeed(parameters: number, machine: Machine): { reading: number; writing: number } {
  const apple = machine.platform === 'darwin' && machine.arch === 'arm64'
  return {
    reading: ((apple ? 160 : 40) * machine.cores) / parameters,
    writing: Math.min((apple ? 34 : 8.5) * machine.cores, apple ? 100 : 45) / parameters,
  }
}

/** A file that was measured here. */
export interface Measured {
  parameters: number
  bytes: number
  speed: { reading: number; writing: number }
}

/**
 * Expected speed of a model by what was measured on this machine with the file nearest in size: reading goes with the
 * parameters, writing with the bytes that are read for each token. Without a measurement by the machine's cores.
 */
export function estimatedSpeed(
  model: { parameters: number; bytes: number | null },
  machine: Machine,
  measured: readonly Measured[],
): { reading: number; writing: number } {
  const distance = (one: Measured) => Math.abs(Math.log(one.parameters / model.parameters))
  const nearest = [...measured].sort((a, b) => distance(a) - distance(b)).at(0)
  if (!nearest) return expectedSpeed(model.parameters, machine)
  const less = nearest.parameters / model.parameters
  return {
    reading: nearest.speed.reading * less,
    writing: nearest.speed.writing * (model.bytes === null ? less : nearest.bytes / model.bytes),
  }
}

/**
 * `too-big` when the least memory exceeds what the machine can spare (all but a quarter of it, at least 2 GiB, for the
 * system and other programs); `slow` when the expected speed is below what is pleasant; `unknown` without a size.
 */
export function fitOf(model: Pick<CatalogueModel, 'parameters' | 'leastMemoryBytes'>, machine: Machine): ModelFit {
  if (model.leastMemoryBytes === null) return 'unknown'
  const spare = machine.memoryBytes - Math.max(2 * GIB, machine.memoryBytes / 4)
  if (model.leastMemoryBytes > spare) return 'too-big'
  const speed = expectedSpeed(model.parameters, machine)
  return speed.reading < LEAST_READING || speed.writing < LEAST_WRITING ? 'slow' : 'fits'
}

/**
 * The chat model to suggest: of those that fit, the one ranked best; where none is quick enough, the smallest that
 * fits into memory; null where none does. On 2 cores that is a model of 2 billion parameters however much memory there
 * is: a better one would answer at reading speed of 25 tokens per second.
 * @param unavailable ids that could not be had in this run
 */
export function recommend(
  models: CatalogueModel[],
  machine: Machine,
  unavailable: ReadonlySet<string> = new Set(),
): string | null {
  const candidates = models
    .filter((model) => model.kind === 'chat' && model.rank !== null && !unavailable.has(model.id))
    .map((model) => ({ model, fit: fitOf(model, machine) }))
  const best = candidates
    .filter(({ fit }) => fit === 'fits')
    .sort((a, b) => (b.model.rank ?? 0) - (a.model.rank ?? 0))
    .at(0)
  if (best) return best.model.id
  const smallest = candidates
    .filter(({ fit }) => fit === 'slow')
    .sort((a, b) => a.model.parameters - b.model.parameters)
    .at(0)
  return smallest?.model.id ?? null
}
