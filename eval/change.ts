// `npm run eval -- change`: what a new statement means for a known one, scored on pairs that a person labelled before
// the rules were tuned. The worst mistake is a wrong "replaces": it hides something that is still true.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { createLog } from '../src/main/app/log.ts'
import { resourcesFolder } from '../src/main/app/resources.ts'
import { createChildLauncher } from '../src/main/engine/child-launcher.ts'
import { createEngine } from '../src/main/engine/client.ts'
import { judge, remainderOf } from '../src/main/learning/change/compare.ts'
import type { Relation } from '../src/main/learning/protocol.ts'
import { cachedEmbedder } from './vector-cache.ts'

const RELATIONS = ['same', 'replaces', 'both', 'unsure'] as const satisfies Relation[]
const pair = z.strictObject({
  relation: z.enum(RELATIONS),
  domain: z.string(),
  split: z.enum(['dev', 'held-out']),
  known: z.string(),
  said: z.string(),
  /** A word of the known item that stays true, and must be kept when the rest of it is replaced. */
  keeps: z.string().optional(),
})
type Pair = z.infer<typeof pair>

const USAGE = 'npm run eval -- change [--in FILE] [--split dev|held-out] [--show]'

/** @returns the exit code: 0, or 2 when it was asked for wrongly */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      in: { type: 'string' },
      split: { type: 'string', default: 'held-out' },
      show: { type: 'boolean', default: false },
    },
  })
  if (values.split !== 'dev' && values.split !== 'held-out') {
    print(USAGE)
    return 2
  }
  const file = values.in ? resolve(values.in) : join(import.meta.dirname, 'data', 'change-pairs.json')
  const all = z.array(pair).parse(JSON.parse(readFileSync(file, 'utf8')))
  const pairs = all.filter(({ split }) => split === values.split)
  const vectors = await vectorsOf(all.flatMap(({ known, said }) => [known, said]))
  const similarity = (a: string, b: string) => cosine(vectors.get(a), vectors.get(b))
  const judged = (said: string, known: string) => judge({ text: said, quote: said }, known, similarity(said, known))

  const results = pairs.map((item) => ({ ...item, judged: judged(item.said, item.known) }))
  print(`${pairs.length} pairs (${values.split})\n`)
  printMatrix(results)
  const lost = results.filter((item) => item.judged === 'replaces' && losesWhatIsTrue(item))
  const several = pairs.filter(({ keeps }) => keeps !== undefined)
  print(`${several.length} known items of which a part stays true: of ${lost.length} that part is lost`)
  const strays = strayReplacements(pairs, judged)
  print(`\nstatements of other pairs: ${strays.of} judged, ${strays.found.length} hidden or merged`)
  if (values.show) {
    for (const item of results.filter((one) => one.judged !== one.relation)) {
      print(
        `${item.relation} → ${item.judged}  ${similarity(item.said, item.known).toFixed(2)}  ${item.known} | ${item.said}`,
      )
    }
    for (const item of lost) print(`lost “${item.keeps}”  ${item.known} | ${item.said}`)
    for (const { said, known, relation } of strays.found) print(`stray ${relation}  ${known} | ${said}`)
  }
  return 0
}

/** What stays true of it is neither kept as an item of its own nor said again. */
function losesWhatIsTrue({ said, known, keeps }: Pair): boolean {
  if (keeps === undefined) return false
  const kept = remainderOf({ text: said, quote: said }, known, null) ?? ''
  return ![kept, said].some((text) => text.toLowerCase().includes(keeps.toLowerCase()))
}

function printMatrix(results: readonly (Pair & { judged: Relation })[]): void {
  const width = 10
  print(`${'is'.padEnd(width)}${RELATIONS.map((name) => name.padStart(width)).join('')}${'right'.padStart(width)}`)
  for (const relation of RELATIONS) {
    const rows = results.filter((item) => item.relation === relation)
    const counts = RELATIONS.map((name) => rows.filter((item) => item.judged === name).length)
    const right = rows.filter((item) => item.judged === relation).length
    print(
      `${relation.padEnd(width)}${counts.map((n) => String(n).padStart(width)).join('')}${percent(right, rows.length).padStart(width)}`,
    )
  }
  const right = results.filter((item) => item.judged === item.relation).length
  const replaced = results.filter((item) => item.judged === 'replaces')
  const wrong = replaced.filter((item) => item.relation !== 'replaces').length
  print(`\nright ${percent(right, results.length)}; of ${replaced.length} "replaces" ${wrong} wrong`)
}

/**
 * Each statement against what belongs to other pairs of its domain: nearly all of them have nothing to do with each
 * other, so that what is replaced or merged here is worth reading.
 */
function strayReplacements(
  pairs: readonly Pair[],
  judged: (said: string, known: string) => Relation,
): { of: number; found: { said: string; known: string; relation: Relation }[] } {
  const found: { said: string; known: string; relation: Relation }[] = []
  let of = 0
  for (const { said } of pairs) {
    for (const other of pairs) {
      if (other.said === said) continue
      of += 1
      const relation = judged(said, other.known)
      if (relation === 'replaces' || relation === 'same') found.push({ said, known: other.known, relation })
    }
  }
  return { of, found }
}

async function vectorsOf(texts: string[]): Promise<Map<string, Float32Array>> {
  const engine = createEngine({
    launcher: createChildLauncher(),
    embedderFile: join(resourcesFolder(), 'models', 'all-MiniLM-L6-v2-Q8_0.gguf'),
    log: createLog(null),
  })
  try {
    const unique = [...new Set(texts)]
    const vectors = await cachedEmbedder(engine.embedder).embed(unique, 'document')
    return new Map(unique.map((text, index) => [text, vectors[index] ?? new Float32Array(engine.embedder.dimensions)]))
  } finally {
    await engine.close()
  }
}

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b) return 0
  let sum = 0
  for (const [index, value] of a.entries()) sum += value * (b[index] ?? 0)
  return sum
}

const percent = (part: number, whole: number) => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(0)} %`)

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
