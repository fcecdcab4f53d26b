// Vectors of an archive as the database takes them: made in the transfer thread, so that main hands bytes on.
import { packVectors } from '../../database/vectors.ts'
import type { Line } from '../archive/format.ts'

/** One column each; the vectors in the binary form of an array of them (`packVectors`). */
export interface VectorBatch {
  kinds: string[]
  ids: string[]
  parts: number[]
  models: string[]
  vectors: Uint8Array
}

/** Bytes of a number. */
const WIDTH = 4
/** What pgvector takes at most. */
const DIMENSIONS_MAX = 16_000
/** Of pgvector's binary form: number of dimensions and a zero, two bytes each. */
const HEAD = 4

/** What is no vector is left out: the row's vector is made anew. */
export function vectorBatch(lines: readonly Line<'vector'>[]): VectorBatch {
  const rows = lines.flatMap((line) => {
    const packed = packedOf(line.vector)
    return packed ? [{ line, packed }] : []
  })
  return {
    kinds: rows.map(({ line }) => line.target_kind),
    ids: rows.map(({ line }) => line.target_id),
    parts: rows.map(({ line }) => line.part),
    models: rows.map(({ line }) => line.model),
    vectors: packVectors(rows.map(({ packed }) => packed)),
  }
}

/** The numbers of a line are big-endian already, as pgvector takes them. @returns null when they are no vector */
function packedOf(base64: string): Uint8Array | null {
  const numbers = Buffer.from(base64, 'base64')
  const dimensions = numbers.length / WIDTH
  if (!Number.isInteger(dimensions) || dimensions === 0 || dimensions > DIMENSIONS_MAX) return null
  for (let index = 0; index < dimensions; index++) {
    if (!Number.isFinite(numbers.readFloatBE(index * WIDTH))) return null
  }
  const packed = Buffer.alloc(HEAD + numbers.length)
  packed.writeInt16BE(dimensions, 0)
  numbers.copy(packed, HEAD)
  return packed
}
