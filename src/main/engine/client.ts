// The engine as the core knows it: one process behind a launcher, started when first needed, started again when it dies.
import type { EngineState } from '../../shared/engine.ts'
import { AppError } from '../../shared/errors.ts'
import type { Log } from '../app/log.ts'
import { Connection, type Exit } from './connection.ts'
import { type EmbedderIdentity, identifyEmbedder } from './embedder-identity.ts'
import type {
  AnswerOptions,
  ChatRequest,
  ChatResult,
  Embedder,
  Engine,
  EngineUsage,
  JsonRequest,
  MeasuredSpeed,
} from './engine.ts'
import type { EngineLauncher } from './launcher.ts'
import type { EngineSettings } from './messages.ts'
import { Restarts } from './restarts.ts'

export interface EngineOptions {
  launcher: EngineLauncher
  /** GGUF of the embedding model in use at first. */
  embedderFile: string
  log: Log
  /** JSON file that keeps which model files were found whole; without it each load reads the file once more. */
  checksumFile?: string | null
  /** Threads of one evaluation; default: the environment's UNDERSTUDY_THREADS, else chosen by the machine's cores. */
  threads?: number | null
  gpu?: 'auto' | false
  /** Upper limits in tokens. */
  chatContext?: number
  backgroundContext?: number
}

type ModelRequest = Parameters<Engine['load']>[0]

/** A loaded model, or one that shall be loaded again after a crash. */
interface Model {
  request: ModelRequest
  sha256: string
  contextSize: number
}

const closeLimit = 5000
/** Answers shorter than this many tokens are not measured. */
const leastForSpeed = 16
const bytesPerTokenEstimate = 3

/** The process starts with the first call; nothing is loaded until then. */
export function createEngine(options: EngineOptions): Engine {
  return new EngineClient(options)
}

class EngineClient implements Engine {
  readonly embedder: Embedder
  #embedder: Embedder
  #state: EngineState = { state: 'none' }
  readonly #listeners = new Set<(state: EngineState) => void>()
  readonly #restarts = new Restarts()
  #connection: Connection | null = null
  #gpu: string | null = null
  #model: Model | null = null
  #prefillSpeed: number | null = null
  #writingSpeed: number | null = null
  /** Settles when the model is ready or the attempt failed; null while nothing is being loaded. */
  #loading: Promise<void> | null = null
  #answers: AnswerOptions = { temperature: null, answerTokens: null }
  #idleLimit: number | null = null
  #idleTimer: NodeJS.Timeout | null = null
  #answering = 0
  #learning = 0
  #restartTimer: NodeJS.Timeout | null = null
  /** The request that was loaded last, for what to say when the process dies over it. */
  #opening: ModelRequest | null = null
  #wake: (() => void) | null = null
  #closed = false

  constructor(private readonly options: EngineOptions) {
    this.#embedder = this.openEmbedder(options.embedderFile)
    const now = () => this.#embedder
    this.embedder = {
      get model() {
        return now().model
      },
      get dimensions() {
        return now().dimensions
      },
      embed: (texts, as, options) => now().embed(texts, as, options),
      fixed: now,
    }
  }

  openEmbedder(file: string): Embedder {
    const identity: EmbedderIdentity = identifyEmbedder(file)
    return {
      ...identity,
      embed: async (texts, as, { background = false, signal } = {}) => {
        if (texts.length === 0) return []
        return this.#connect().call('embed', { file, texts, as, background }, { signal })
      },
    }
  }

  useEmbedder(file: string): void {
    this.#embedder = this.openEmbedder(file)
  }

  async releaseEmbedder(file: string): Promise<void> {
    // A process that is not there, or ends meanwhile, holds nothing.
    await this.#connection?.call('releaseEmbedder', { file }).catch(() => {})
  }

  get state(): EngineState {
    return this.#state
  }

  get modelName(): string | null {
    return this.#model === null ? null : `${this.#model.request.name} ${this.#model.sha256.slice(0, 12)}`
  }

  get contextSize(): number | null {
    return this.#model?.contextSize ?? null
  }

  get answerTokens(): number | null {
    return this.#answers.answerTokens
  }

  get writingSpeed(): number | null {
    return this.#writingSpeed
  }

  get prefillSpeed(): number | null {
    return this.#prefillSpeed
  }

  onState(listener: (state: EngineState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async chat(request: ChatRequest): Promise<ChatResult> {
    await this.#whenReady(request.signal, (progress) => request.onPhase?.({ phase: 'loading', progress }))
    if (request.signal.aborted) return nothingWritten
    const { messages, maxTokens, temperature = this.#answers.temperature, schema = null, signal } = request
    const result = await this.#busy('answering', () =>
      this.#connect().call(
        'chat',
        { messages, maxTokens, temperature, schema },
        {
          signal,
          onEvent: (event) => {
            if (event.type === 'text') request.onText(event.text)
            else if (event.type === 'thought') request.onThoughts?.(event.text)
            else if (event.type === 'reading') request.onPhase?.({ phase: 'reading', progress: event.progress })
            else if (event.type === 'phase') request.onPhase?.({ phase: event.phase })
          },
        },
      ),
    )
    // A decision of a few tokens says nothing about speed.
    if (result.answerTokens >= leastForSpeed) this.#writingSpeed = result.tokensPerSecond
    return result
  }

  async json(request: JsonRequest): Promise<unknown> {
    await this.#whenReady(request.signal)
    request.signal?.throwIfAborted()
    const { messages, schema, maxTokens, signal } = request
    const { value } = await this.#busy('learning', () =>
      this.#connect().call('json', { messages, schema, maxTokens }, { signal }),
    )
    return value
  }

  async countTokens(texts: string[]): Promise<number[]> {
    if (this.#model === null || this.#loading !== null || this.#connection === null || this.#isUnloaded()) {
      return texts.map((text) => Math.ceil(Buffer.byteLength(text) / bytesPerTokenEstimate))
    }
    return this.#connection.call('count', { texts })
  }

  load(file: ModelRequest): Promise<void> {
    this.#restarts.forget()
    return this.#startLoading(file, { state: 'loading', model: file.name, progress: 0 })
  }

  async unload(): Promise<void> {
    await this.#loading?.catch(() => {})
    if (this.#model === null) return
    this.#model = null
    this.#prefillSpeed = null
    // A process that ends meanwhile has unloaded it too.
    await this.#connection?.call('unload', {}).catch(() => {})
    this.#setState({ state: 'none' })
  }

  setAnswerOptions(options: AnswerOptions): void {
    this.#answers = options
  }

  setIdleLimit(milliseconds: number | null): void {
    this.#idleLimit = milliseconds
    this.#waitForRest()
  }

  async measure(): Promise<MeasuredSpeed> {
    await this.#whenReady(undefined)
    return this.#busy('learning', () => this.#connect().call('measure', {}))
  }

  async usage(): Promise<EngineUsage | null> {
    // A process that ends meanwhile holds nothing.
    return (await this.#connection?.call('usage', {}).catch(() => null)) ?? null
  }

  async forgetPrompts(): Promise<void> {
    // A process that is not there, or ends meanwhile, keeps nothing.
    await this.#connection?.call('forget', {}).catch(() => {})
  }

  async restart(): Promise<void> {
    this.#restarts.forget()
    const model = this.#model
    const old = this.#connection
    this.#connection = null
    await old?.close(closeLimit)
    if (model !== null)
      await this.#startLoading(model.request, { state: 'loading', model: model.request.name, progress: 0 })
    else this.#setState({ state: 'none' })
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#idleLimit = null
    this.#waitForRest()
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer)
    this.#wake?.()
    const connection = this.#connection
    this.#connection = null
    await connection?.close(closeLimit)
  }

  /** The running process, or a new one. */
  #connect(): Connection {
    if (this.#connection !== null) return this.#connection
    if (this.#closed) throw new AppError('ENGINE_STOPPED', 'The engine is closed because the app is closing.')
    const { log, launcher } = this.options
    const connection = new Connection(
      launcher.launch(),
      (event) => {
        if (event.type === 'speed') this.#prefillSpeed = event.prefill
        else if (event.type === 'gpu') this.#gpu = event.gpu
        else log[event.level]({ engine: event.message }, 'engine')
      },
      (reason) => log.error({ reason }, 'engine sent a message nobody understands'),
      (ended, exit) => this.#exited(ended, exit),
    )
    this.#connection = connection
    void connection.call('start', { settings: this.#settings() }).catch(() => {})
    return connection
  }

  #settings(): EngineSettings {
    const { options } = this
    return {
      threads: options.threads ?? threadsOf(process.env['UNDERSTUDY_THREADS']),
      gpu: options.gpu ?? 'auto',
      excludedGpus: [...this.#restarts.excludedGpus],
      checksumFile: options.checksumFile ?? null,
      chatContext: options.chatContext ?? 8192,
      backgroundContext: options.backgroundContext ?? 4096,
    }
  }

  #startLoading(request: ModelRequest, state: EngineState, before: Promise<void> = Promise.resolve()): Promise<void> {
    const previous = this.#loading?.catch(() => {}) ?? Promise.resolve()
    const loading: Promise<void> = previous
      .then(() => before)
      .then(() => this.#load(request, state))
      .finally(() => {
        if (this.#loading === loading) this.#loading = null
      })
    this.#loading = loading
    // Whoever waits sees the error; a load nobody waits for must not end the app.
    loading.catch(() => {})
    return loading
  }

  async #load(request: ModelRequest, state: EngineState): Promise<void> {
    const kept = this.#model
    this.#opening = request
    this.#setState(state)
    const again = kept !== null && kept.request.path === request.path
    try {
      const connection = this.#connect()
      const { path, sha256 = null, bytes = null, options = null } = request
      const result = await connection.call(
        'load',
        // A file that was found whole in this run is not read through again.
        { path, sha256, bytes, options, verified: again ? kept.sha256 : null },
        {
          onEvent: (event) => {
            if (event.type !== 'loading') return
            if (state.state === 'loading')
              this.#setState({ state: 'loading', model: request.name, progress: clampShare(event.progress) })
          },
        },
      )
      this.#model = { request, sha256: result.sha256, contextSize: result.contextSize }
      this.#gpu = result.gpu
      if (kept?.sha256 !== result.sha256) {
        this.#prefillSpeed = null
        this.#writingSpeed = null
      }
      this.#showWork()
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'INTERNAL'
      if (code === 'ENGINE_STOPPED') throw again ? error : diedWhileLoading(request)
      const advised = withAdvice(error, request.advice)
      this.#loadFailed(request, kept, advised)
      throw advised
    }
  }

  /** After a failed load: back to the model that is still there, or failed. A crash is not one: `#exited` deals with it. */
  #loadFailed(request: ModelRequest, kept: Model | null, error: unknown): void {
    const code = error instanceof AppError ? error.code : 'INTERNAL'
    const fileWasRefused = code === 'MODEL_FILE_MISSING' || code === 'MODEL_FILE_DAMAGED'
    if (kept !== null && fileWasRefused && kept.request.path !== request.path) {
      this.#showWork()
      return
    }
    this.#model = null
    this.#prefillSpeed = null
    this.#fail(request.name, error)
  }

  #exited(connection: Connection, exit: Exit): void {
    if (this.#connection !== connection) return
    this.#connection = null
    if (this.#closed) return
    if (this.#isUnloaded()) {
      // Nothing was in memory; the next call starts it again.
      this.options.log.warn({ ...exit }, 'engine process ended while nothing was loaded')
      return
    }
    const { attempt, delay } = this.#restarts.crashed(performance.now(), this.#gpu)
    this.options.log.error({ ...exit, attempt }, 'engine process ended')
    const model = this.#model
    const name = model?.request.name ?? null
    if (delay === null) {
      this.#fail(
        name,
        new AppError(
          'ENGINE_STOPPED',
          'The engine stopped several times in a row. Nothing was lost; try again, or choose another model.',
        ),
      )
      return
    }
    if (model === null) {
      // It died while it opened a file for the first time, or with no model at all: the next call starts it again.
      if (this.#state.state === 'loading') {
        this.#fail(this.#state.model, diedWhileLoading(this.#opening ?? { name: this.#state.model }))
      }
      return
    }
    const pause = new Promise<void>((resolve) => {
      this.#wake = resolve
      this.#restartTimer = setTimeout(resolve, delay)
    })
    this.#startLoading(model.request, { state: 'restarting', model: name, attempt }, pause).catch(() => {})
    this.#setState({ state: 'restarting', model: name, attempt })
  }

  #isUnloaded(): boolean {
    return this.#state.state === 'unloaded'
  }

  /** Starts to count anew whenever there is work or the limit changes. */
  #waitForRest(): void {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer)
    this.#idleTimer = null
    if (this.#idleLimit === null || this.#state.state !== 'ready') return
    this.#idleTimer = setTimeout(() => void this.#rest(), this.#idleLimit)
    this.#idleTimer.unref()
  }

  async #rest(): Promise<void> {
    const model = this.#model
    if (model === null || this.#state.state !== 'ready' || this.#loading !== null) return
    // Said first: a call that comes now loads it again, after it has gone.
    this.#setState({ state: 'unloaded', model: model.request.name })
    await this.#connection?.call('unload', {}).catch(() => {})
  }

  /** Waits for a model that is being loaded; one that was taken out of memory is loaded again. */
  async #whenReady(signal: AbortSignal | undefined, onProgress?: (progress: number) => void): Promise<void> {
    if (this.#isUnloaded() && this.#loading === null && this.#model !== null && !signal?.aborted) {
      const { request } = this.#model
      void this.#startLoading(request, { state: 'loading', model: request.name, progress: 0 })
    }
    while (this.#loading !== null) {
      if (signal?.aborted) return
      const stop = onProgress
        ? this.onState((state) => state.state === 'loading' && onProgress(state.progress))
        : () => {}
      if (onProgress) onProgress(this.#state.state === 'loading' ? this.#state.progress : 0)
      try {
        await untilAborted(
          this.#loading.catch(() => {}),
          signal,
        )
      } finally {
        stop()
      }
    }
    if (signal?.aborted) return
    if (this.#state.state === 'failed') throw new AppError(this.#state.error.code, this.#state.error.message)
    if (this.#model === null) {
      throw new AppError('NO_MODEL', 'No model is loaded. Choose or download one on the Models page.')
    }
  }

  async #busy<T>(kind: 'answering' | 'learning', work: () => Promise<T>): Promise<T> {
    const count = (by: number) => {
      if (kind === 'answering') this.#answering += by
      else this.#learning += by
      if (['ready', 'answering', 'learning'].includes(this.#state.state)) this.#showWork()
    }
    count(1)
    try {
      return await work()
    } finally {
      count(-1)
    }
  }

  #showWork(): void {
    if (this.#model === null) return
    const state = this.#answering > 0 ? 'answering' : this.#learning > 0 ? 'learning' : 'ready'
    if (this.#state.state === state && this.#state.model === this.#model.request.name) {
      this.#waitForRest()
      return
    }
    this.#setState({ state, model: this.#model.request.name })
  }

  #fail(model: string | null, error: unknown): void {
    const view =
      error instanceof AppError
        ? { code: error.code, message: error.message }
        : { code: 'INTERNAL' as const, message: 'The engine could not load the model.' }
    this.#setState({ state: 'failed', model, error: view })
  }

  #setState(state: EngineState): void {
    this.#state = state
    this.#waitForRest()
    for (const listener of [...this.#listeners]) listener(state)
  }
}

const nothingWritten: ChatResult = {
  text: '',
  thoughts: '',
  stop: 'stopped',
  repeated: false,
  promptTokens: 0,
  cachedTokens: 0,
  answerTokens: 0,
  leftOutMessages: 0,
  timeToFirstTokenMs: null,
  tokensPerSecond: null,
}

function diedWhileLoading({ name, advice }: Pick<ModelRequest, 'name' | 'advice'>): AppError {
  return new AppError(
    'MODEL_NOT_SUPPORTED',
    `The engine stopped while it opened ${name}: the model needs more memory than is free, or is of a kind this version cannot read. ${advice ?? 'Choose another model.'}`,
  )
}

/** What to do instead, where the model itself is the reason. */
function withAdvice(error: unknown, advice: string | null | undefined): unknown {
  const about = error instanceof AppError && ['OUT_OF_MEMORY', 'MODEL_NOT_SUPPORTED'].includes(error.code)
  return about && advice ? new AppError(error.code, `${error.message} ${advice}`, error.details) : error
}

function clampShare(share: number): number {
  return Math.min(1, Math.max(0, share))
}

function threadsOf(text: string | undefined): number | null {
  const threads = Number.parseInt(text ?? '', 10)
  return threads > 0 ? threads : null
}

/** Resolves with the promise or when the signal is aborted, whatever is first. */
async function untilAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return promise
  let stop = () => {}
  const aborted = new Promise<void>((resolve) => {
    stop = resolve
    signal.addEventListener('abort', stop)
  })
  await Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', stop))
}
