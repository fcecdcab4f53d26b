// One life of the transfer thread, seen from main: requests one after another, an end that can be forced.
import { Worker } from 'node:worker_threads'
import { AppError, type ErrorCode } from '../../../shared/errors.ts'
import { entry } from '../../app/entries.ts'
import type { Answer, Reply, Request, ThreadFailure } from './messages.ts'

/** Of the thread's own heap. */
const HEAP_MEGABYTES = 512
/** Longest silence of one request, in milliseconds: the key of a passphrase and a slow disk are well below. */
const SILENCE_MS = 120_000

type Body = Request extends infer Each ? (Each extends Request ? Omit<Each, 'id'> : never) : never

export class TransferThread {
  readonly #worker: Worker
  #nextId = 1
  #waiting: { id: number; resolve(answer: Answer): void; reject(error: unknown): void } | null = null
  #end: AppError | null = null

  constructor() {
    const { file, execArgv } = entry('transfer-worker')
    this.#worker = new Worker(file, {
      execArgv,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
      stdout: true,
      stderr: true,
    })
    // What a parser mutters about a file may hold words of it.
    this.#worker.stdout.resume()
    this.#worker.stderr.resume()
    this.#worker.on('message', (reply: Reply) => {
      if (reply.id !== this.#waiting?.id) return
      if ('answer' in reply) this.#waiting.resolve(reply.answer)
      else this.#waiting.reject(fromThread(reply.error))
    })
    this.#worker.on('error', (error: NodeJS.ErrnoException) =>
      this.#stop(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? TOO_MUCH : BROKEN),
    )
    this.#worker.on('exit', () => this.#stop(BROKEN))
  }

  /**
   * One request; the one before has to be answered.
   * @throws AppError what the thread refused; INVALID_INPUT when it ended or fell silent on it
   */
  ask(body: Body & { kind: 'entry' | 'text' | 'write' | 'close' }): Promise<{ done: true }>
  ask(body: Body & { kind: 'end-entry' }): Promise<Extract<Answer, { entry: unknown }>>
  ask(body: Body & { kind: 'finish' }): Promise<Extract<Answer, { size: unknown }>>
  ask(body: Body & { kind: 'read' }): Promise<Extract<Answer, { opened: unknown }>>
  ask(body: Body & { kind: 'next' }): Promise<Extract<Answer, { batch: unknown }>>
  async ask(body: Body): Promise<Answer> {
    if (this.#end) throw this.#end
    const id = this.#nextId++
    const silent = setTimeout(() => this.#stop(TOO_LONG), SILENCE_MS)
    try {
      return await new Promise<Answer>((resolve, reject) => {
        this.#waiting = { id, resolve, reject }
        this.#worker.postMessage({ id, ...body } satisfies Request)
      })
    } finally {
      clearTimeout(silent)
    }
  }

  /** Lets go of what was begun, and ends the thread. */
  async close(): Promise<void> {
    if (!this.#end) await this.ask({ kind: 'close' }).catch(() => {})
    this.#end ??= new AppError('NOT_ALLOWED', 'This was cancelled. Nothing of it was kept.')
    await this.#worker.terminate()
  }

  #stop(why: string): void {
    this.#end ??= new AppError('INVALID_INPUT', why, { field: 'file' })
    this.#waiting?.reject(this.#end)
    void this.#worker.terminate()
  }
}

const TOO_MUCH =
  'Reading this file needs far more memory than its size promises, so it was stopped. Nothing of it was kept.'
const TOO_LONG = 'Nothing came of this file for two minutes, so it was stopped. Nothing of it was kept.'
const BROKEN = 'The file could not be worked on: the reader ended on it. Nothing of it was kept.'

function fromThread({ app, name }: ThreadFailure): Error {
  if (app) return new AppError(app.code as ErrorCode, app.message, app.field === null ? {} : { field: app.field })
  return new AppError('INVALID_INPUT', BROKEN, { field: 'file', cause: name })
}
