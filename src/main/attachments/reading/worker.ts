// The thread that files are read in. What a file makes of it (endless work, memory without end) ends the thread alone.
import { parentPort } from 'node:worker_threads'
import { type ReadReply, type ReadRequest, Refused } from './messages.ts'
import { readFile } from './read-file.ts'

const port = parentPort
if (!port) throw new Error('This file runs in a worker thread.')

port.on('message', async ({ id, ...file }: ReadRequest) => {
  let reply: ReadReply
  try {
    reply = { id, file: await readFile(file) }
  } catch (error) {
    // A parser that gives up says nothing a person could use: the file is damaged.
    reply = { id, refusal: error instanceof Refused ? error.refusal : 'damaged' }
  }
  port.postMessage(reply)
})
