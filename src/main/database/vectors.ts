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

/** Where in the head of an array stands the number of its elements' type. */
const ELEMENT_TYPE_AT = 8
const ARRAY_HEAD = 20

/**
 * The binary form of an array of vectors, for one parameter `$n::vector[]`: numbers of dimensions, of the element type (see
 * `withElementType`) and of elements, then each with its length before it.
 * @param vectors each as `packVector` makes it
 */
export function packVectors(vectors: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(vectors.reduce((sum, { length }) => sum + 4 + length, ARRAY_HEAD))
  const view = new DataView(bytes.buffer)
  view.setInt32(0, 1)
  view.setInt32(12, vectors.length)
  view.setInt32(16, 1)
  let at = ARRAY_HEAD
  for (const vector of vectors) {
    view.setInt32(at, vector.length)
    bytes.set(vector, at + 4)
    at += 4 + vector.length
  }
  return bytes
}

/** Types of an extension are numbered by each database anew, so only its thread knows this one. */
export function withElementType(packed: Uint8Array, oid: number): Uint8Array {
  new DataView(packed.buffer, packed.byteOffset, packed.byteLength).setUint32(ELEMENT_TYPE_AT, oid)
  return packed
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
