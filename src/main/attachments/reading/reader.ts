// Reads files in a thread of their own, one after the other, with a limit on time and on memory.
import { Worker } from 'node:worker_threads'
import { PDF_PAGES_MAX } from '../../../shared/attachments.ts'
import { DOCUMENT_MAX } from '../../../shared/documents.ts'
import { AppError } from '../../../shared/errors.ts'
import { entry } from '../../app/entries.ts'
import type { Log } from '../../app/log.ts'
import type { ReadFile, ReadReply, ReadRequest, Refusal } from './messages.ts'

export interface ReadLimits {
  /** Milliseconds one file may take. */
  timeMs: number
  /** Bytes the app may grow by while it is read: buffers of a thread count against no limit of its own. */
  growthBytes: number
}

const LIMITS: ReadLimits = { timeMs: 60_000, growthBytes: 600_000_000 }
/** Of the thread's own heap. */
const HEAP_MEGABYTES = 384
const LOOK_EVERY_MS = 20
/** A thread nobody needed for so long is ended. */
const IDLE_MS = 10_000

export interface FileReader {
  /** @throws AppError INVALID_INPUT saying what the file is, or which limit it passed */
  read(file: Omit<ReadRequest, 'id'>): Promise<ReadFile>
  close(): Promise<void>
}

export function createFileReader(log: Log, limits: ReadLimits = LIMITS): FileReader {
  return new ThreadReader(log, limits)
}

class ThreadReader implements FileReader {
  readonly #log: Log
  readonly #limits: ReadLimits
  #worker: Worker | null = null
  #last: Promise<unknown> = Promise.resolve()
  #idle: NodeJS.Timeout | undefined
  #nextId = 1

  constructor(log: Log, limits: ReadLimits) {
    this.#log = log
    this.#limits = limits
  }

  read(file: Omit<ReadRequest, 'id'>): Promise<ReadFile> {
    const turn = this.#last.then(() => this.#readOne(file))
    this.#last = turn.catch(() => {})
    return turn
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle)
    await this.#worker?.terminate()
    this.#worker = null
  }

  async #readOne(file: Omit<ReadRequest, 'id'>): Promise<ReadFile> {
    clearTimeout(this.#idle)
    const worker = this.#worker ?? this.#start()
    const id = this.#nextId++
    let watch: NodeJS.Timeout | undefined
    const end = new AbortController()
    try {
      return await new Promise<ReadFile>((resolve, reject) => {
        const since = performance.now()
        const before = process.memoryUsage.rss()
        watch = setInterval(() => {
          if (performance.now() - since > this.#limits.timeMs) reject(this.#broken('time'))
          else if (process.memoryUsage.rss() - before > this.#limits.growthBytes) reject(this.#broken('memory'))
        }, LOOK_EVERY_MS)
        const on = <T>(event: string, heard: (value: T) => void) => {
          worker.on(event, heard)
          end.signal.addEventListener('abort', () => worker.off(event, heard))
        }
        on('message', (reply: ReadReply) => {
          if (reply.id !== id) return
          if ('refusal' in reply) reject(refusedInWords(reply.refusal))
          else resolve(reply.file)
        })
        on('error', (error: NodeJS.ErrnoException) => {
          reject(this.#broken(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'end'))
        })
        on('exit', () => reject(this.#broken('end')))
        worker.postMessage({ ...file, id } satisfies ReadRequest)
      })
    } finally {
      clearInterval(watch)
      end.abort()
      this.#idle = setTimeout(() => void this.close(), IDLE_MS).unref()
    }
  }

  #start(): Worker {
    const { file, execArgv } = entry('reading-worker')
    const worker = new Worker(file, {
      execArgv,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
      stdout: true,
      stderr: true,
    })
    // What a parser mutters about a file may hold words of it.
    worker.stdout.resume()
    worker.stderr.resume()
    // An end while nothing is read is noticed at the next file.
    worker.on('error', () => {})
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = null
    })
    worker.unref()
    this.#worker = worker
    return worker
  }

  /** Ends the thread, and says so. */
  #broken(limit: 'time' | 'memory' | 'end'): AppError {
    this.#log.warn({ limit }, 'a file could not be read')
    void this.#worker?.terminate()
    this.#worker = null
    return refused(BROKEN[limit])
  }
}

const BROKEN = {
  time: 'Reading it took longer than a minute, so it was stopped. Nothing of it was kept. Attach a part of it, or copy the text that matters.',
  memory:
    'Reading it needs far more memory than its size promises, so it was stopped. Nothing of it was kept. Attach a part of it, or copy the text that matters.',
  end: 'It could not be read: the reader ended on it. Nothing of it was kept. Copy the text that matters.',
}

const NUMBER = (value: number) => value.toLocaleString('en')

function refusedInWords(refusal: Refusal): AppError {
  return refused(WORDS[refusal])
}

const WORDS: Record<Refusal, string> = {
  image: 'This is a picture, and no model here can see yet. Nothing of it was kept. Describe it, or attach its text.',
  media: 'This is sound or video, and only text can be read. Nothing of it was kept.',
  archive: 'This is an archive. Nothing of it was kept. Unpack it and attach the files in it.',
  office: 'Documents of this kind cannot be read yet. Nothing of it was kept. Save it as PDF or text and attach that.',
  program: 'This is a program, not text. Nothing of it was kept.',
  binary: 'This is not text, whatever its name says. Nothing of it was kept. Save it as text in UTF-8 and attach that.',
  locked:
    'This PDF is locked with a password. Nothing of it was kept. Save a copy without the password and attach that.',
  damaged: 'This PDF is damaged and cannot be read. Nothing of it was kept. Save it anew and attach that.',
  pages: `This PDF has more than ${NUMBER(PDF_PAGES_MAX)} pages. Nothing of it was kept. Attach the pages that matter.`,
  'no-text':
    'This PDF holds pictures of pages and no text. Nothing of it was kept. Run text recognition on it and attach the result.',
  'too-long': `It has more than ${NUMBER(DOCUMENT_MAX)} characters. Nothing of it was kept. Attach it in parts.`,
}

function refused(message: string): AppError {
  return new AppError('INVALID_INPUT', message, { field: 'file' })
}
