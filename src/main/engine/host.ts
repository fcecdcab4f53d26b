// The engine inside its process: answers calls of the core, owns everything native.
import { AppError } from '../../shared/errors.ts'
import { answer } from './chat.ts'
import { type EmbeddingModel, loadEmbeddingModel } from './embed.ts'
import { Gate } from './gate.ts'
import { completeJson, GrammarBroken, gateSequence, grammarFor } from './json.ts'
import { checkModelFile, type LoadedModel, loadModel } from './loading.ts'
import { measureSpeed } from './measure.ts'
import type { Call, CallName, Calls, EngineSettings, FromProcess, Results, ToProcess } from './messages.ts'
import { pieceSeconds, ReadingSpeed, readPrompt } from './prefill.ts'
import { type Runtime, startLibrary, startRuntime } from './runtime.ts'
import { ChatWindow } from './window.ts'

/** Text whose reading is timed after a model was loaded; also brings its weights from disk into memory. */
const probe =
  'The quick brown fox jumps over the lazy dog while seven wizards quietly mix potions by candle light. '.repeat(6)
const probeTokens = 96

/** What belongs to the loaded chat model. */
interface Loaded {
  model: LoadedModel
  window: ChatWindow
  speed: ReadingSpeed
  /** Ends the probe when something better comes, and everything when the model goes. */
  unloading: AbortController
}

export class EngineHost {
  readonly #gate = new Gate()
  readonly #running = new Map<number, AbortController>()
  /** One answer at a time, one background completion at a time, one change of models at a time. */
  readonly #chats = new Line()
  readonly #completions = new Line()
  readonly #changes = new Line()
  #settings: EngineSettings | null = null
  #runtime: Promise<Runtime> | null = null
  #loaded: Loaded | null = null
  readonly #embedders = new Map<string, Promise<EmbeddingModel>>()
  #background: Promise<void> = Promise.resolve()

  constructor(private readonly send: (message: FromProcess) => void) {}

  /** Takes a message of the core. Never throws; a call's outcome goes back as a message. */
  receive(message: Exclude<ToProcess, { type: 'close' }>): void {
    if (message.type === 'cancel') {
      this.#running.get(message.id)?.abort(new DOMException('stopped', 'AbortError'))
      return
    }
    const controller = new AbortController()
    this.#running.set(message.id, controller)
    this.#watch()
    void this.#call(message, controller.signal)
      .then(
        (result) => this.send({ type: 'done', id: message.id, result }),
        (error: unknown) => this.send({ type: 'failed', id: message.id, error: describe(error, this.#log) }),
      )
      .finally(() => {
        this.#running.delete(message.id)
        this.#watch()
      })
  }

  /** Ends what runs and frees everything, child first; the caller puts a limit on the time this may take (T15). */
  async close(): Promise<void> {
    for (const controller of this.#running.values()) controller.abort(new DOMException('closing', 'AbortError'))
    await this.#changes.run(async () => {
      await this.#unload()
      await this.#chats.run(async () => {})
      for (const file of [...this.#embedders.keys()]) await this.#releaseEmbedder(file)
      const runtime = await this.#runtime?.catch(() => null)
      this.#runtime = null
      await runtime?.llama.dispose()
    })
  }

  #call(call: Call, signal: AbortSignal): Promise<Results[CallName]> {
    switch (call.type) {
      case 'start':
        this.#settings = call.settings
        return Promise.resolve(null)
      case 'load':
        return this.#changes.run(() => this.#load(call.id, call, signal))
      case 'unload':
        return this.#changes.run(() => this.#unload())
      case 'forget':
        return this.#forget()
      case 'chat':
        return this.#gate.foreground(() => this.#chats.run(() => this.#chat(call.id, call, signal)))
      case 'json':
        return this.#completions.run(() => this.#json(call, signal))
      case 'count':
        return this.#count(call.texts)
      case 'measure':
        return this.#completions.run(() => this.#measureSpeed(signal))
      case 'usage':
        return this.#usage()
      case 'embed':
        return this.#embed(call, signal)
      case 'releaseEmbedder':
        return this.#releaseEmbedder(call.file)
    }
  }

  async #load(id: number, call: Calls['load'], signal: AbortSignal): Promise<Results['load']> {
    const settings = this.#started()
    // A file that is no good leaves the model that is loaded where it is.
    const checked = await checkModelFile(call.path, call, settings.checksumFile, signal)
    await this.#unload()
    const { llama, threads, cores } = await this.#startRuntime()
    const wanted = call.options?.threads ?? threads
    cores.limit(wanted)
    const model = await loadModel(
      llama,
      checked,
      {
        backgroundContext: settings.backgroundContext,
        chatContext: call.options?.contextSize ?? settings.chatContext,
        gpuLayers: call.options?.gpuLayers ?? null,
        threads: wanted,
        signal,
      },
      (progress) => this.send({ type: 'loading', id, progress }),
    )
    const speed = new ReadingSpeed((prefill) => this.send({ type: 'speed', prefill }))
    this.#loaded = { model, window: new ChatWindow(), speed, unloading: new AbortController() }
    gateSequence(model.background.sequence, this.#gate, this.#loaded.unloading.signal)
    this.#background = this.#measure(this.#loaded)
    return { sha256: model.sha256, contextSize: model.contextSize, gpu: llama.gpu === false ? null : llama.gpu }
  }

  /** Reads a little text in the background context: speed is known and the weights are in memory before the first turn. */
  async #measure(loaded: Loaded): Promise<void> {
    const { sequence } = loaded.model.background
    const signal = loaded.unloading.signal
    try {
      await this.#completions.run(async () => {
        const target = loaded.model.model.tokenize(probe).slice(0, probeTokens)
        // The first piece waits for the disk; it is read twice so that it does not count.
        const step = <T>(work: () => Promise<T>) => this.#gate.background(work, signal)
        await step(() => sequence.evaluateWithoutGeneratingNewTokens(target.slice(0, 8)))
        await step(() => sequence.clearHistory())
        await readPrompt({
          sequence,
          target,
          checkpoint: 0,
          speed: loaded.speed,
          seconds: pieceSeconds.background,
          step,
          signal,
        })
        await step(() => sequence.clearHistory())
      })
    } catch (error) {
      if (!signal.aborted) this.#log('warn', `speed could not be measured: ${nameOf(error)}`)
    }
  }

  /** In the background context: a person who asks meanwhile goes first. */
  async #measureSpeed(signal: AbortSignal): Promise<Results['measure']> {
    const { model, speed, unloading } = this.#needModel()
    const ended = AbortSignal.any([signal, unloading.signal])
    return measureSpeed(model.background.sequence, model.model.tokenize(probe.repeat(4)), {
      speed,
      step: (work) => this.#gate.background(work, ended),
      signal: ended,
    })
  }

  async #usage(): Promise<Results['usage']> {
    const runtime = await this.#runtime?.catch(() => null)
    const gpu = runtime?.llama.gpu || null
    const video = gpu === null ? 0 : ((await runtime?.llama.getVramState())?.used ?? 0)
    return { memoryBytes: process.memoryUsage.rss() + video, gpu }
  }

  async #unload(): Promise<null> {
    const loaded = this.#loaded
    this.#loaded = null
    if (loaded === null) return null
    loaded.unloading.abort(new DOMException('unloading', 'AbortError'))
    await this.#background
    // Calls that use the model end first: they hear the signal between two steps.
    await this.#chats.run(() => this.#completions.run(() => loaded.model.dispose()))
    return null
  }

  /** Both sequences, each when nothing is written in it. */
  async #forget(): Promise<null> {
    const clear = async (which: 'chat' | 'background') => {
      await this.#loaded?.model[which].sequence.clearHistory()
    }
    await Promise.all([this.#chats.run(() => clear('chat')), this.#completions.run(() => clear('background'))])
    return null
  }

  async #chat(id: number, call: Calls['chat'], signal: AbortSignal): Promise<Results['chat']> {
    const loaded = this.#needModel()
    const grammar = call.schema === null ? null : await grammarFor((await this.#startRuntime()).llama, call.schema)
    return answer(
      loaded.model,
      { ...call, grammar },
      {
        window: loaded.window,
        speed: loaded.speed,
        signal: AbortSignal.any([signal, loaded.unloading.signal]),
        events: {
          reading: (progress) => this.send({ type: 'reading', id, progress }),
          phase: (phase) => this.send({ type: 'phase', id, phase }),
          text: (text) => this.send({ type: 'text', id, text }),
          thought: (text) => this.send({ type: 'thought', id, text }),
        },
      },
    )
  }

  async #json(call: Calls['json'], signal: AbortSignal): Promise<Results['json']> {
    const loaded = this.#needModel()
    const { llama } = await this.#startRuntime()
    const value = await completeJson(llama, loaded.model, call, {
      gate: this.#gate,
      speed: loaded.speed,
      signal: AbortSignal.any([signal, loaded.unloading.signal]),
    })
    return { value }
  }

  async #count(texts: string[]): Promise<number[]> {
    const { model } = this.#needModel().model
    return texts.map((text) => model.tokenize(text).length)
  }

  async #embed(call: Calls['embed'], signal: AbortSignal): Promise<Float32Array[]> {
    const settings = this.#started()
    // One thread of its own: a question's vector takes milliseconds and must not wait for a batch of the chat model.
    const { file } = call
    const loading =
      this.#embedders.get(file) ?? startLibrary(settings, this.#log, 1).then((llama) => loadEmbeddingModel(llama, file))
    this.#embedders.set(file, loading)
    let embedder: EmbeddingModel
    try {
      embedder = await loading
    } catch (error) {
      // The next call tries again: the file may be there by then.
      if (this.#embedders.get(file) === loading) this.#embedders.delete(file)
      throw error
    }
    return embedder.embed(call.texts, call.as, { gate: this.#gate, background: call.background, signal })
  }

  async #releaseEmbedder(file: string): Promise<null> {
    const loading = this.#embedders.get(file)
    this.#embedders.delete(file)
    await (await loading?.catch(() => null))?.dispose()
    return null
  }

  #startRuntime(): Promise<Runtime> {
    this.#runtime ??= startRuntime(this.#started(), this.#log).then(
      (runtime) => {
        this.send({ type: 'gpu', gpu: runtime.llama.gpu === false ? null : runtime.llama.gpu })
        return runtime
      },
      (error: unknown) => {
        this.#runtime = null
        throw error
      },
    )
    return this.#runtime
  }

  #watch(): void {
    const busy = this.#running.size > 0
    void this.#runtime?.then(
      ({ cores }) => (busy ? cores.begin() : cores.end()),
      () => {},
    )
  }

  #started(): EngineSettings {
    if (this.#settings === null) throw new AppError('INTERNAL', 'The engine was not started.')
    return this.#settings
  }

  #needModel(): Loaded {
    if (this.#loaded === null) {
      throw new AppError('NO_MODEL', 'No model is loaded. Choose or download one on the Models page.')
    }
    return this.#loaded
  }

  readonly #log = (level: 'info' | 'warn' | 'error', message: string): void => {
    this.send({ type: 'log', level, message: message.slice(0, 500) })
  }
}

/** Runs one after the other, in the order they came. */
class Line {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => {})
    return result
  }
}

function describe(
  error: unknown,
  log: (level: 'error', message: string) => void,
): Extract<FromProcess, { type: 'failed' }>['error'] {
  if (error instanceof AppError) {
    const { cause } = error.details
    if (cause !== undefined) log('error', `${error.code}: ${cause instanceof Error ? cause.message : String(cause)}`)
    return { name: 'AppError', code: error.code, message: error.message }
  }
  if (error instanceof GrammarBroken) return { name: 'GrammarBroken', message: error.message }
  if (nameOf(error) === 'AbortError') return { name: 'AbortError', message: 'stopped' }
  log('error', error instanceof Error ? (error.stack ?? error.message) : String(error))
  return { name: 'AppError', code: 'INTERNAL', message: 'The engine could not do this. Try again.' }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}
