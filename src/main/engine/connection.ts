// One run of the engine's process as typed calls: numbers them, matches answers, checks what comes back.
import { AppError } from '../../shared/errors.ts'
import type { EngineProcess } from './launcher.ts'
import {
  type CallName,
  type Calls,
  type FromProcess,
  fromProcess,
  type Results,
  results,
  type ToProcess,
} from './messages.ts'

type CallEvent = Extract<FromProcess, { type: 'loading' | 'reading' | 'phase' | 'text' | 'thought' }>

interface Pending {
  name: CallName
  resolve(result: unknown): void
  reject(error: Error): void
  onEvent: ((event: CallEvent) => void) | undefined
}

export interface Exit {
  code: number | null
  signal: string | null
  stderr: string
}

export class Connection {
  #next = 1
  #pending = new Map<number, Pending>()
  /** Set when the process has ended. */
  #exit: Exit | null = null
  readonly exited: Promise<Exit>

  constructor(
    private readonly process: EngineProcess,
    private readonly onEvent: (event: Exclude<FromProcess, CallEvent | { type: 'done' | 'failed' }>) => void,
    private readonly onNonsense: (reason: string) => void,
    /** Called before the calls that were running are rejected. */
    onExit: (connection: Connection, exit: Exit) => void,
  ) {
    process.onMessage((message) => this.#receive(message))
    this.exited = new Promise((resolve) => {
      process.onExit((exit) => {
        this.#exit = exit
        onExit(this, exit)
        for (const pending of this.#pending.values()) pending.reject(stopped())
        this.#pending.clear()
        resolve(exit)
      })
    })
  }

  /**
   * @throws AppError of the process, ENGINE_STOPPED when it ended meanwhile; Error named GrammarBroken or AbortError
   */
  call<Name extends CallName>(
    name: Name,
    parameters: Calls[Name],
    options: { signal?: AbortSignal | undefined; onEvent?: (event: CallEvent) => void } = {},
  ): Promise<Results[Name]> {
    if (this.#exit !== null) return Promise.reject(stopped())
    const id = this.#next++
    const { signal } = options
    const cancel = () => this.#send({ type: 'cancel', id })
    return new Promise<Results[Name]>((resolve, reject) => {
      this.#pending.set(id, { name, resolve: resolve as (result: unknown) => void, reject, onEvent: options.onEvent })
      this.#send({ type: name, id, ...parameters } as unknown as ToProcess)
      signal?.addEventListener('abort', cancel)
      if (signal?.aborted) cancel()
    }).finally(() => signal?.removeEventListener('abort', cancel))
  }

  /** Asks it to end; kills it when it does not. */
  async close(limit: number): Promise<void> {
    if (this.#exit !== null) return
    this.#send({ type: 'close' })
    const timer = setTimeout(() => this.process.kill(), limit)
    await this.exited
    clearTimeout(timer)
  }

  kill(): void {
    this.process.kill()
  }

  #send(message: ToProcess): void {
    this.process.send(message)
  }

  #receive(raw: unknown): void {
    const parsed = fromProcess.safeParse(raw)
    if (!parsed.success) {
      this.onNonsense(parsed.error.issues[0]?.message ?? 'unknown')
      return
    }
    const message = parsed.data
    if (!('id' in message)) {
      this.onEvent(message)
      return
    }
    const pending = this.#pending.get(message.id)
    if (pending === undefined) return
    if (message.type !== 'done' && message.type !== 'failed') {
      try {
        pending.onEvent?.(message)
      } catch {
        // A listener's own fault must not reach the process's message event, where it would end the app.
        this.onNonsense(`listener of ${pending.name} failed`)
      }
      return
    }
    this.#pending.delete(message.id)
    if (message.type === 'failed') {
      pending.reject(revive(message.error))
      return
    }
    const result = results[pending.name].safeParse(message.result)
    if (result.success) pending.resolve(result.data)
    else pending.reject(new AppError('INTERNAL', 'The engine gave an answer nobody understands. Try again.'))
  }
}

function stopped(): AppError {
  return new AppError(
    'ENGINE_STOPPED',
    'The engine stopped unexpectedly and is starting again. Your conversation is kept; try again in a moment.',
  )
}

function revive(error: Extract<FromProcess, { type: 'failed' }>['error']): Error {
  if (error.name === 'AppError') return new AppError(error.code, error.message)
  const revived = new Error(error.message)
  revived.name = error.name
  return revived
}
