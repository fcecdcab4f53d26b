// The thread that owns PGlite, which starves the event loop it lives on. It does one request after another and knows
// nothing of transactions or deadlines: the connection in main does.
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite, types } from '@electric-sql/pglite'
import { pg_textsearch } from '@electric-sql/pglite-pg_textsearch'
import { vector } from '@electric-sql/pglite-pgvector'
import { installNetworkGuard } from '../app/network-guard.ts'
import { DurableNodeFS, type StandBefore } from './durable-node-fs.ts'
import { CopiedMemoryFS } from './memory-fs.ts'
import type { Failure, Reply, Request, WorkerOptions } from './messages.ts'
import { EngineTrap, Statements } from './statements.ts'
import { packVector, withElementType } from './vectors.ts'

type Parsers = Record<number, (text: string) => unknown>

const SETTINGS = [
  'wal_sync_method=fsync',
  'max_wal_size=128MB',
  'min_wal_size=32MB',
  'wal_recycle=off',
  'shared_buffers=64MB',
]
const asText = (text: string) => text
const TIMESTAMP_ARRAYS = [1115, 1185, 1187, 1182, 1231]

/** Drizzle decodes dates itself, and JSON that is a string: decoded twice, the string "12" would become a number. */
const builderParsers: Parsers = {
  [types.TIMESTAMP]: asText,
  [types.TIMESTAMPTZ]: asText,
  [types.DATE]: asText,
  [types.INTERVAL]: asText,
  [types.JSON]: parseJsonOnce,
  [types.JSONB]: parseJsonOnce,
  ...Object.fromEntries(TIMESTAMP_ARRAYS.map((oid) => [oid, asText])),
}

/** Hand-written SQL gets plain values: Date, parsed JSON. */
const rawParsers: Parsers = {}

function parseJsonOnce(text: string): unknown {
  return text.startsWith('"') ? text : JSON.parse(text)
}

// A thread has its own copies of node's modules, so main's guard does not reach in here.
installNetworkGuard()
const { data, memory = false, trial } = workerData as WorkerOptions
const port = parentPort
if (!port) throw new Error('database/worker.ts runs as a worker thread only')
const fatalLines: string[] = []
const durable = memory ? null : new DurableNodeFS(data, await standBefore())

try {
  const database = await open()
  await learnTypes(database)
  sendTextAsBytes(database)
  const statements = new Statements(database, { array: builderParsers, object: rawParsers })
  port.on('message', (request: Request) => {
    void answer(database, statements, request).then((reply) => port.postMessage(reply))
  })
  port.postMessage({ id: 'open' } satisfies Reply)
} catch (error) {
  port.postMessage({ id: 'open', error: describe(error), fatalLines } satisfies Reply)
}

async function standBefore(): Promise<StandBefore | undefined> {
  if (!trial) return undefined
  const { installTrial } = await import('./faulty-fs.ts')
  return (files, fail) => installTrial(data, trial, files, fail)
}

function open(): Promise<PGlite> {
  return PGlite.create({
    fs: durable ?? new CopiedMemoryFS(data),
    extensions: { vector, pg_textsearch },
    // No -F (it turns fsync off). fdatasync is a stub in this build, hence wal_sync_method; no checkpointer runs, so
    // the app keeps pg_wal small, and these bounds keep it small on disk as well. Old WAL files are deleted, not used
    // again with forgotten words still in them.
    startParams: [
      ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
      ...SETTINGS.flatMap((setting) => ['-c', setting]),
    ],
    onStderr: (line) => {
      if (/FATAL|PANIC/.test(line) && fatalLines.length < 20) fatalLines.push(line)
      return false
    },
  })
}

/** Text of megabytes is sent as its bytes, which costs a fraction of encoding it on the way. */
function sendTextAsBytes(database: PGlite): void {
  const asString = database.serializers[types.TEXT]
  database.serializers[types.TEXT] = (value: unknown) =>
    value instanceof Uint8Array ? (value as unknown as string) : (asString?.(value) ?? String(value))
}

/** Vectors get their binary form; the type has its number only once the extension is there. */
async function learnTypes(database: PGlite): Promise<void> {
  const { rows } = await database.query<{ oid: number; array: number }>(
    `select oid::int, typarray::int as array from pg_type where typname = 'vector'`,
  )
  for (const { oid, array } of rows) {
    // PGlite's type says that a serializer returns text; bytes are sent as a binary parameter.
    database.serializers[oid] = (value: unknown) =>
      (value instanceof Float32Array ? packVector(value) : value) as string
    database.serializers[array] = (value: unknown) =>
      (value instanceof Uint8Array ? withElementType(value, oid) : value) as string
    const parse = (text: string) => Float32Array.from(JSON.parse(text) as number[])
    builderParsers[oid] = parse
    rawParsers[oid] = parse
  }
}

async function answer(database: PGlite, statements: Statements, request: Request): Promise<Reply> {
  const { id } = request
  try {
    switch (request.kind) {
      case 'query':
        return { id, result: await statements.run(request.sql, request.params, request.rows) }
      case 'script':
        await database.exec(request.sql)
        return { id }
      case 'learn-types':
        await learnTypes(database)
        await statements.clear()
        return { id }
      case 'count-fsyncs':
        return { id, fsyncs: durable?.fsyncs ?? 0 }
      case 'close':
        await database.close()
        return { id }
    }
  } catch (error) {
    return { id, error: describe(error) }
  }
}

function describe(error: unknown): Failure {
  const { name, message, code, detail, constraint, table } = (error ?? {}) as Partial<Record<string, string>>
  const text = message ?? String(error)
  return {
    message: text,
    code,
    detail,
    constraint,
    table,
    fatal:
      error instanceof EngineTrap ||
      name === 'RuntimeError' ||
      code === 'XX000' ||
      text.includes('Aborted(') ||
      // After a checkpoint that failed, as on a full disk, every later statement is answered like this.
      (code === '24000' && text.includes('active portal')),
  }
}
