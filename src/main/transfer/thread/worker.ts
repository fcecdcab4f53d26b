// The thread that packs and unpacks: what a file makes of it (endless work, memory without end) ends the thread alone.
import { parentPort } from 'node:worker_threads'
import { AppError } from '../../../shared/errors.ts'
import { ArchiveWriter } from '../archive/writer.ts'
import { openReading, type Reading } from '../sources/open.ts'
import type { Answer, Reply, Request } from './messages.ts'

const port = parentPort
if (!port) throw new Error('This file runs in a worker thread.')

let writer: ArchiveWriter | null = null
let reading: Reading | null = null

port.on('message', async (request: Request) => {
  let reply: Reply
  try {
    reply = { id: request.id, answer: await answer(request) }
  } catch (error) {
    const app =
      error instanceof AppError
        ? { code: error.code, message: error.message, field: (error.details['field'] as string | undefined) ?? null }
        : null
    reply = { id: request.id, error: { app, name: (error as Error)?.name ?? 'unknown' } }
  }
  port.postMessage(reply)
})

async function answer(request: Request): Promise<Answer> {
  switch (request.kind) {
    case 'write':
      writer = new ArchiveWriter(request.path, request.passphrase)
      return { done: true }
    case 'entry':
      need(writer).begin(request.path, request.packed)
      return { done: true }
    case 'text':
      await need(writer).write(request.text)
      return { done: true }
    case 'end-entry':
      return { entry: need(writer).end() }
    case 'finish': {
      const size = await need(writer).finish()
      writer = null
      return { size }
    }
    case 'read':
      reading = await openReading(request)
      return { opened: reading.opened }
    case 'next':
      return { batch: await need(reading).next() }
    case 'close':
      await writer?.abandon()
      await reading?.close()
      writer = null
      reading = null
      return { done: true }
  }
}

function need<T>(part: T | null): T {
  if (part === null) throw new Error('nothing was begun')
  return part
}
