// `npm run eval -- extract`: what is learned from messages, through the very path a chat turn takes: the message is
// written to a conversation, its learning job runs, and what the job stored is read back. Each message is told by a
// person of its own, so that none is compared with another one's.

import { readFileSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { and, asc, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Core } from '../src/main/app/core.ts'
import { conversation, entity, evidence, memory, message } from '../src/main/database/schema.ts'
import { type ConversationId, type MessageId, newId } from '../src/shared/ids.ts'
import { withCore } from './core.ts'
import {
  type ExtractedMessage,
  extractedMessage,
  goldMessage,
  type MemoryScore,
  scoreEntities,
  scoreMemories,
} from './extract-score.ts'
import { requireStarter } from './starter.ts'

const USAGE = `npm run eval -- extract --in FILE --out FILE [--model FILE]
npm run eval -- extract --report FILE... --out FILE
  --in      messages as JSON lines {id, text}
  --out     what was learned of each: {id, memories: [{type, content, quote}], entities: [{name, type}], ms};
            with --report the file that is scored
  --model   a GGUF file; default: the starter model
  --report  gold as JSON lines {id, text, memories?, entities?}; messages without gold count as nothing to learn`

/** Floors: under them the exit code is 1. */
const FLOORS = { coverage: 0.9, unsupported: 0.05, leastItems: 0.8, mostItems: 1.6, noise: 0.05, entities: 0.75 }

const inputMessage = z.object({ id: z.string(), text: z.string() })

/** @returns the exit code: 0, 1 under a floor, 2 when it was asked for wrongly */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      in: { type: 'string' },
      out: { type: 'string' },
      model: { type: 'string' },
      report: { type: 'string', multiple: true },
    },
  })
  if (!values.out || (values.in === undefined) === (values.report === undefined)) {
    print(USAGE)
    return 2
  }
  const out = resolve(values.out)
  if (values.report)
    return report(
      values.report.map((file) => resolve(file)),
      out,
    )
  const messages = readLines(resolve(values.in ?? ''), inputMessage)
  const model = values.model
    ? { path: resolve(values.model), name: basename(values.model, '.gguf') }
    : await requireStarter()
  const results = await withCore(async (core) => {
    await core.engine.load(model)
    const done: ExtractedMessage[] = []
    for (const one of messages) {
      done.push(await learnOne(core, one))
      print(`${one.id}  ${done.at(-1)?.memories.length} learned, ${done.at(-1)?.ms} ms`)
    }
    return done
  })
  writeFileSync(out, results.map((line) => `${JSON.stringify(line)}\n`).join(''))
  return 0
}

async function learnOne(core: Core, { id, text }: z.infer<typeof inputMessage>): Promise<ExtractedMessage> {
  const owner = `extract-${id}`
  const conversationId = newId<ConversationId>()
  const [rootId, messageId] = [newId<MessageId>(), newId<MessageId>()]
  const createdAt = new Date()
  const at = { owner, conversationId, createdAt, status: 'complete' as const }
  const begin = performance.now()
  await core.db.write('eval.extract', async (tx) => {
    await tx.insert(conversation).values({ id: conversationId, owner, title: 'Eval', createdAt, updatedAt: createdAt })
    await tx.insert(message).values([
      { ...at, id: rootId, parentId: null, role: 'root', text: '' },
      { ...at, id: messageId, parentId: rootId, role: 'user', text },
      { ...at, id: newId<MessageId>(), parentId: messageId, role: 'assistant', text: 'Noted.' },
    ])
    await core.learning.queueTurn(tx, { owner, conversationId, messageId })
  })
  await core.learning.idle()
  const ms = Math.round(performance.now() - begin)
  return { id, memories: await memoriesOf(core, owner, text), entities: await entitiesOf(core, owner), ms }
}

/** What a person would read in the list of memories. A tie that was read out of a kept sentence is no item of its own. */
async function memoriesOf(core: Core, owner: string, text: string): Promise<ExtractedMessage['memories']> {
  const rows = await core.db.read
    .select()
    .from(memory)
    .where(and(eq(memory.owner, owner), eq(memory.status, 'active')))
    .orderBy(asc(memory.id))
  const told = rows.filter(({ data }) => data['derived'] !== true)
  return Promise.all(
    told.map(async (row) => {
      const sources = await core.db.read.select().from(evidence).where(eq(evidence.memoryId, row.id))
      const starts = sources.flatMap(({ start }) => start ?? [])
      const ends = sources.flatMap(({ end }) => end ?? [])
      const label = typeof row.data['label'] === 'string' ? row.data['label'] : null
      return {
        type: row.store === 'user_profile' ? 'fact' : (label ?? row.kind),
        content: row.text,
        // A statement may rest on two sentences: the stretch of the message that holds both.
        quote: text.slice(Math.min(...starts), Math.max(...ends)),
      }
    }),
  )
}

async function entitiesOf(core: Core, owner: string): Promise<ExtractedMessage['entities']> {
  return core.db.read
    .select({ name: entity.name, type: entity.type })
    .from(entity)
    .where(and(eq(entity.owner, owner), eq(entity.status, 'active')))
}

async function report(goldFiles: string[], outFile: string): Promise<number> {
  const gold = goldFiles.flatMap((file) => readLines(file, goldMessage))
  const out = new Map(readLines(outFile, extractedMessage).map((line) => [line.id, line]))
  let failed = false
  const check = (line: string, ok: boolean) => {
    print(`${ok ? ' ' : '!'} ${line}`)
    failed ||= !ok
  }
  const told = gold.filter(({ memories }) => memories && memories.length > 0)
  if (told.length > 0) {
    const score = scoreMemories(told, out, await similarities(told, out))
    printMemories(score)
    const coverage = score.covered / score.gold
    const unsupported = score.unsupported / Math.max(1, score.items)
    const items = score.items / score.gold
    check(`coverage ${coverage.toFixed(3)} (${score.covered} of ${score.gold})`, coverage >= FLOORS.coverage)
    check(
      `unsupported ${unsupported.toFixed(3)} (${score.unsupported} of ${score.items})`,
      unsupported <= FLOORS.unsupported,
    )
    check(`items per gold memory ${items.toFixed(2)}`, items >= FLOORS.leastItems && items <= FLOORS.mostItems)
    print(`  of the covered, of the same type ${(score.sameType / Math.max(1, score.covered)).toFixed(3)}`)
  }
  const nothing = gold.filter(({ memories, entities }) => memories?.length === 0 && !entities)
  if (nothing.length > 0) {
    const left = nothing.filter(({ id }) => (out.get(id)?.memories.length ?? 0) > 0)
    for (const { id, text } of left) {
      print(`  kept of nothing: ${id} "${text}"`)
      for (const { content } of out.get(id)?.memories ?? []) print(`      ${content}`)
    }
    const share = left.length / nothing.length
    check(`nothing to learn, and an item left: ${left.length} of ${nothing.length}`, share <= FLOORS.noise)
  }
  const named = gold.filter(({ entities }) => entities !== undefined)
  if (named.length > 0) {
    const score = scoreEntities(named, out)
    for (const one of score.missed) print(`  entity missed: ${one}`)
    for (const one of score.extra) print(`  entity too many: ${one}`)
    check(
      `entities F1 ${score.f1.toFixed(3)} (precision ${score.precision.toFixed(3)}, recall ${score.recall.toFixed(3)})`,
      score.f1 >= FLOORS.entities,
    )
  }
  const times = gold.flatMap(({ id }) => out.get(id)?.ms ?? []).sort((a, b) => a - b)
  if (times.length > 0) print(`  median ${times[Math.floor(times.length / 2)]} ms a message, most ${times.at(-1)} ms`)
  return failed ? 1 : 0
}

function printMemories({ missed, unsupportedItems }: MemoryScore): void {
  for (const { id, gold, closest, cosine, lost } of missed) {
    print(`  missed ${id}: ${gold}`)
    const without = lost.length > 0 ? `, without ${lost.join(', ')}` : ''
    print(`      closest (${cosine.toFixed(2)}${without}): ${closest ?? 'nothing'}`)
  }
  for (const { id, content, quote } of unsupportedItems) {
    print(`  not borne out ${id}: ${content}`)
    print(`      quote: ${quote}`)
  }
}

/** Cosine of any two of the texts to compare, under the bundled embedder. */
async function similarities(
  gold: readonly z.infer<typeof goldMessage>[],
  out: ReadonlyMap<string, ExtractedMessage>,
): Promise<(a: string, b: string) => number> {
  const texts = [
    ...new Set(
      gold
        .flatMap(({ id, memories = [] }) => [...memories, ...(out.get(id)?.memories ?? [])])
        .map((one) => one.content),
    ),
  ]
  const vectors = await withCore((core) => core.engine.embedder.embed(texts, 'document'))
  const byText = new Map(texts.map((text, index) => [text, vectors[index]]))
  return (a, b) => {
    const [one, other] = [byText.get(a), byText.get(b)]
    return one && other ? one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0) : 0
  }
}

/** @throws Error naming the line that is not of the shape */
function readLines<T>(file: string, schema: z.ZodType<T>): T[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return []
    const parsed = schema.safeParse(JSON.parse(line))
    if (!parsed.success) throw new Error(`${file}, line ${index + 1}: ${z.prettifyError(parsed.error)}`)
    return [parsed.data]
  })
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
