// Builders for tests of the models folder: a model of some bytes, a server that serves them, wheels, a stand-in python.
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import type { CatalogueModel } from '../catalogue.ts'
import { type FetchSurroundings, realSurroundings } from '../fetch-model.ts'

/** A fresh folder, removed after the test. */
export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-models-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Bytes that look like the beginning of a model file; the same for the same seed. */
export function someBytes(length = 300_000, seed = 1): Buffer {
  const bytes = Buffer.alloc(length)
  let state = seed
  for (let index = 0; index < length; index++) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    bytes[index] = (state >> 16) & 255
  }
  bytes.write('GGUF')
  return bytes
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

type ChatCatalogueModel = Extract<CatalogueModel, { kind: 'chat' }>

/** A chat model of the catalogue with these bytes. */
export function aModel(bytes: Buffer, change: Partial<ChatCatalogueModel> = {}): ChatCatalogueModel {
  return {
    id: 'test-model',
    name: 'Test Model',
    kind: 'chat',
    file: 'test-model.gguf',
    quant: 'Q4_0',
    licence: 'Apache-2.0',
    role: null,
    parameters: 1,
    rank: 1,
    bytes: bytes.length,
    sha256: sha256(bytes),
    kvCacheBytes: 0,
    leastMemoryBytes: bytes.length + 1024 ** 3,
    url: null,
    ...change,
  }
}

/** The real surroundings with short waits and no other python than the one given. */
export function testSurroundings(change: Partial<FetchSurroundings> = {}): FetchSurroundings {
  return { ...realSurroundings, quietMs: 400, pipQuietMs: 20_000, pause: async () => undefined, env: {}, ...change }
}

export type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void

/** A server on a loopback address; `answer` gets the number of the request, from 1. */
export async function aServer(answer: Answer): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    answer(request, response, requests.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/test-model.gguf`, requests }
}

/** Answers like a file server that knows ranges. */
export function serve(
  bytes: Buffer,
  request: IncomingMessage,
  response: ServerResponse,
  sendAtMost = bytes.length,
): void {
  const start = Number(/^bytes=(?<start>\d+)-$/.exec(request.headers.range ?? '')?.groups?.['start'] ?? 0)
  if (start >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end()
    return
  }
  const body = bytes.subarray(start)
  response.writeHead(start > 0 ? 206 : 200, {
    'content-length': body.length,
    ...(start > 0 ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
  })
  if (sendAtMost >= body.length) response.end(body)
  else response.write(body.subarray(0, sendAtMost), () => response.socket?.destroySoon())
}

export interface ZipEntry {
  name: string
  data: Buffer
  /** What the archive claims instead of the real size. */
  claimedSize?: number
  encrypted?: boolean
}

/** Writes a zip archive by hand, so that it can also lie. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, data, claimedSize = data.length, encrypted = false } of entries) {
    const packed = deflateRawSync(data)
    const path = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(encrypted ? 1 : 0, 2)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(data), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(claimedSize, 18)
    common.writeUInt16LE(path.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, path, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), common, tail, path]))
    files.push(local)
    offset += local.length
  }
  const directorySize = directory.reduce((sum, entry) => sum + entry.length, 0)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(directorySize, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...files, ...directory, Buffer.from('PK\u0005\u0006'), end])
}

/** A stand-in for python: `-m pip download` copies wheels from a folder, as slowly or wrongly as the test wants. */
export interface FakePython {
  env: NodeJS.ProcessEnv
  /** Names of the packages asked for, in order. */
  asked(): string[]
  addPackage(name: string, version: string, entries: readonly ZipEntry[]): void
}

/** @param hangOn package at which it starts a process of its own that connects to `port`, and never ends */
export function aPython(hangOn?: { name: string; port: number }): FakePython {
  const folder = aFolder()
  const wheels = join(folder, 'wheels')
  const calls = join(folder, 'calls.txt')
  mkdirSync(wheels)
  writeFileSync(calls, '')
  const script = `#!/usr/bin/env node
const fs = require('node:fs'), path = require('node:path')
const args = process.argv.slice(2)
if (args.join(' ') === '-m pip --version') process.exit(0)
if (fs.readdirSync('.').length > 0) throw new Error('python was started in a folder that is not empty')
const [name, version] = args.at(-1).split('==')
fs.appendFileSync(${JSON.stringify(calls)}, name + '\\n')
if (name === ${JSON.stringify(hangOn?.name ?? '')}) {
  const connect = "require('node:net').connect(${hangOn?.port ?? 0}, '127.0.0.1')"
  require('node:child_process').spawn(process.execPath, ['-e', connect], { stdio: 'ignore' })
  setInterval(() => {}, 1000)
} else {
  const wheel = name + '-' + version + '-py3-none-any.whl'
  const from = path.join(${JSON.stringify(wheels)}, wheel)
  if (!fs.existsSync(from)) {
    console.error('ERROR: No matching distribution found for ' + name)
    process.exit(1)
  }
  fs.copyFileSync(from, path.join(args[args.indexOf('--dest') + 1], wheel))
}
`
  const python = join(folder, 'python3')
  writeFileSync(python, script)
  chmodSync(python, 0o755)
  return {
    env: { PATH: [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter) },
    asked: () => readFileSync(calls, 'utf8').split('\n').filter(Boolean),
    addPackage(name, version, entries) {
      writeFileSync(join(wheels, `${name}-${version}-py3-none-any.whl`), zipOf(entries))
    },
  }
}
