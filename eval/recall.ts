// `npm run eval -- recall …`: what recall finds for questions about many worlds, written for scoring, and scored.
import { appendFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createLog } from '../src/main/app/log.ts'
import { resourcesFolder } from '../src/main/app/resources.ts'
import { createChildLauncher } from '../src/main/engine/child-launcher.ts'
import { createEngine } from '../src/main/engine/client.ts'
import { type Doc, type Query, readDocs, readQueries } from './recall-lines.ts'
import { prepare, report } from './recall-report.ts'
import { makeWorld } from './recall-world.ts'
import { cachedEmbedder } from './vector-cache.ts'

const USAGE = `npm run eval -- recall --docs FILE --queries FILE --out FILE [--embedder FILE]
npm run eval -- recall --prepare locomo|prefeval|unrelated DIR --docs FILE --queries FILE
npm run eval -- recall --report locomo|prefeval|unrelated DIR --run FILE
`
const QUERIES_AT_ONCE = 64

/** @returns the exit code */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      docs: { type: 'string' },
      queries: { type: 'string' },
      out: { type: 'string' },
      embedder: { type: 'string' },
      prepare: { type: 'string' },
      report: { type: 'string' },
      run: { type: 'string' },
    },
  })
  const { docs, queries, out, run } = values
  const folder = positionals[0]
  if (values.report && folder && run) {
    print(report(values.report, resolve(folder), resolve(run)))
    return 0
  }
  if (values.prepare && folder && docs && queries) {
    const made = prepare(values.prepare, resolve(folder))
    writeFileSync(resolve(docs), lines(made.docs))
    writeFileSync(resolve(queries), lines(made.queries))
    print(`${made.docs.length} lines, ${made.queries.length} questions`)
    return 0
  }
  if (!docs || !queries || !out) {
    process.stderr.write(USAGE)
    return 2
  }
  const embedder = values.embedder ? resolve(values.embedder) : undefined
  await runQueries(readDocs(resolve(docs)), readQueries(resolve(queries)), resolve(out), embedder)
  return 0
}

async function runQueries(docs: Doc[], queries: Query[], out: string, embedderFile?: string): Promise<void> {
  const engine = createEngine({
    launcher: createChildLauncher(),
    embedderFile: embedderFile ?? resolve(resourcesFolder(), 'models', 'all-MiniLM-L6-v2-Q8_0.gguf'),
    log: createLog(null),
    gpu: false,
  })
  try {
    const embedder = cachedEmbedder(engine.embedder)
    print(`embedder ${embedder.model}`)
    writeFileSync(out, '')
    const bySpace = new Map(queries.map(({ space }) => [space, [] as Query[]]))
    for (const query of queries) bySpace.get(query.space)?.push(query)
    for (const [space, asked] of bySpace) {
      const begin = performance.now()
      const world = await makeWorld(
        docs.filter((doc) => doc.space === space),
        embedder,
        engine,
      )
      try {
        // The questions' vectors are there already, so that the times are those of recall alone.
        for (let from = 0; from < asked.length; from += QUERIES_AT_ONCE) {
          const some = asked.slice(from, from + QUERIES_AT_ONCE)
          await embedder.embed(
            some.map(({ query }) => world.textOf(query)),
            'query',
          )
        }
        const ready = performance.now()
        for (const { qid, query } of asked) {
          appendFileSync(out, `${JSON.stringify({ qid, ...(await world.ask(query)) })}\n`)
        }
        const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(0)
        const now = performance.now()
        print(`${space}: made in ${seconds(begin, ready)} s, ${asked.length} questions in ${seconds(ready, now)} s`)
      } finally {
        await world.close()
      }
    }
  } finally {
    await engine.close()
  }
}

function lines(items: readonly unknown[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join('')
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
