// Vectors travel as bytes: as text one of 384 numbers costs half a millisecond, as bytes about nothing.

import type { SQL, SQLWrapper } from 'drizzle-orm'
import { sql } from 'drizzle-orm'

/**
 * The binary form pgvector takes and gives: number of dimensions (int16), zero (int16), then each number as float32,
 * all big-endian.
 */
export function packVector(vector: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 + vector.length * 4)
  const view = new DataView(bytes.buffer)
  view.setInt16(0, vector.length)
  for (const [index, value] of vector.entries()) view.setFloat32(4 + index * 4, value)
  return bytes
}

/** Reads what `packVector` writes. */
export function unpackVector(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const vector = new Float32Array(view.getInt16(0))
  for (let index = 0; index < vector.length; index++) vector[index] = view.getFloat32(4 + index * 4)
  return vector
}

/** Reads a vector column as bytes in a select: `tx.select({ vector: readVector(embedding.vector) })`. */
export function readVector(column: SQLWrapper): SQL<Float32Array> {
  return sql`vector_send(${column})`.mapWith((value: Uint8Array) => unpackVector(value)) as SQL<Float32Array>
}
