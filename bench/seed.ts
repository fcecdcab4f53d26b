// A profile filled with memories that look like a life: seeded, so that every run measures the same rows.
import { sql } from 'drizzle-orm'
import type { Database } from '../src/main/database/database.ts'
import { embedding, evidence, memory } from '../src/main/database/schema.ts'
import type { Embedder } from '../src/main/engine/engine.ts'
import { type MemoryId, newId } from '../src/shared/ids.ts'

/** mulberry32: a small seeded generator, 0 to 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const people = ['Marta', 'Jonas', 'Aiko', 'Ravi', 'Elena', 'Tomasz', 'Zoe', 'Karim', 'Ingrid', 'Paulo', 'Nadia', 'Owen']
const places = ['Porto', 'Lyon', 'Kyoto', 'Tampere', 'Ghent', 'Oaxaca', 'Tbilisi', 'Bergen', 'Cork', 'Graz', 'Split']
const things = [
  'greenhouse',
  'invoice tool',
  'boat',
  'choir',
  'bakery',
  'thesis',
  'podcast',
  'allotment',
  'van',
  'archive',
]
const verbs = ['repairs', 'plans', 'prefers', 'sold', 'paints', 'rents', 'documents', 'avoids', 'shares', 'measures']
const details = [
  'every Thursday',
  'since the flood',
  'with two friends',
  'before breakfast',
  'for the school',
  'on a small budget',
  'after the audit',
  'in the old harbour',
  'without any help',
  'until the end of May',
]

export function sentence(random: () => number): string {
  const pick = (list: string[]) => list[Math.floor(random() * list.length)] ?? ''
  return `${pick(people)} ${pick(verbs)} the ${pick(things)} in ${pick(places)} ${pick(details)}.`
}

/**
 * Adds `count` active memories with evidence and vectors. The first 300 texts are embedded; the others get a normalised
 * mixture of two of those vectors with noise, which keeps the geometry of real text.
 * @returns the texts, in order
 */
export async function seedMemories(db: Database, embedder: Embedder, owner: string, count: number): Promise<string[]> {
  const random = seeded(7)
  const texts = Array.from({ length: count }, () => sentence(random))
  const real = await embedder.embed(texts.slice(0, 300), 'document')
  const at = new Date('2026-01-01T12:00:00Z')
  const batch = 500
  for (let from = 0; from < count; from += batch) {
    const rows = texts.slice(from, from + batch).map((text, offset) => {
      const id = newId<MemoryId>()
      const index = from + offset
      const vector = real[index] ?? mixture(random, real)
      return { id, text, vector, at: new Date(at.getTime() + index * 60_000) }
    })
    await db.write('bench.seed', async (tx) => {
      await tx.insert(memory).values(
        rows.map((row) => ({
          id: row.id,
          owner,
          store: 'user_memory',
          kind: 'fact',
          text: row.text,
          status: 'active' as const,
          author: 'person',
          createdAt: row.at,
          updatedAt: row.at,
        })),
      )
      await tx.insert(evidence).values(
        rows.map((row) => ({
          id: newId<never>(),
          owner,
          memoryId: row.id,
          origin: 'hand' as const,
          quote: row.text,
          at: row.at,
        })),
      )
      await tx.insert(embedding).values(
        rows.map((row) => ({
          targetKind: 'memory' as const,
          targetId: row.id,
          owner,
          model: embedder.model,
          vector: row.vector,
        })),
      )
    })
  }
  await db.read.execute(sql`analyze`)
  return texts
}

function mixture(random: () => number, vectors: Float32Array[]): Float32Array {
  const pick = () => vectors[Math.floor(random() * vectors.length)] ?? new Float32Array()
  const [a, b] = [pick(), pick()]
  const share = random()
  const mixed = a.map((value, index) => value * share + (b[index] ?? 0) * (1 - share) + (random() - 0.5) * 0.02)
  const norm = Math.hypot(...mixed)
  return mixed.map((value) => value / norm)
}
