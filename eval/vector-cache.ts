// Vectors kept between runs of an evaluation: the same text under the same model has the same vector, and thousands of
// texts take minutes to embed. Kept in the system's temporary folder, one file a model.
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Embedder } from '../src/main/engine/engine.ts'

type As = 'query' | 'document'

/** @returns the same embedder, that asks the real one only for texts it has not seen in this or an earlier run */
export function cachedEmbedder(real: Embedder): Embedder {
  const folder = join(tmpdir(), 'understudy-eval-vectors')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${createHash('sha256').update(real.model).digest('hex').slice(0, 16)}.jsonl`)
  const known = readVectors(file)
  const keyOf = (text: string, as: As) => createHash('sha256').update(`${as}\n${text}`).digest('base64url')
  return {
    model: real.model,
    dimensions: real.dimensions,
    async embed(texts, as, options) {
      const missing = [...new Set(texts)].filter((text) => !known.has(keyOf(text, as)))
      const made = missing.length > 0 ? await real.embed(missing, as, options) : []
      const lines = missing.flatMap((text, index) => {
        const vector = made[index]
        if (!vector) return []
        known.set(keyOf(text, as), vector)
        const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)
        return [`${keyOf(text, as)} ${bytes.toString('base64')}\n`]
      })
      if (lines.length > 0) appendFileSync(file, lines.join(''))
      return texts.map((text) => known.get(keyOf(text, as)) ?? new Float32Array(real.dimensions))
    },
  }
}

function readVectors(file: string): Map<string, Float32Array> {
  const known = new Map<string, Float32Array>()
  if (!existsSync(file)) return known
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [key, encoded] = line.split(' ')
    if (!key || !encoded) continue
    const bytes = Uint8Array.from(Buffer.from(encoded, 'base64'))
    // A line cut by a kill has no whole number of floats.
    if (bytes.byteLength % 4 === 0) known.set(key, new Float32Array(bytes.buffer))
  }
  return known
}
