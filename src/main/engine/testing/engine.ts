// Engines for tests: real process, tiny models, one thread.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EngineState } from '../../../shared/engine.ts'
import { createLog } from '../../app/log.ts'
import { createChildLauncher } from '../child-launcher.ts'
import { createEngine, type EngineOptions } from '../client.ts'
import type { ChatRequest, ChatResult, Engine, PromptMessage } from '../engine.ts'
import type { EngineLauncher } from '../launcher.ts'
import { bagOfWordsModel, randomModel, scriptedModel } from './models.ts'

export const greeting = 'Hello there, I am glad to be of some use today.'
export const story = Array.from({ length: 120 }, (_, index) => `word${index}`).join(' ')

/** What the thinking model thinks before it greets. */
export const thought = 'Somebody says hello to me.'
/** The parrot never stops writing its last word. */
export const parrot = 'Pretty pretty-polly-wants-a-cracker'

export interface TestModels {
  file(name: string): string
  remove(): void
}

/** A folder with `scripted.gguf`, `thinking.gguf`, `slow.gguf` (long enough to be interrupted) and `embedder.gguf`. */
export function makeModels(): TestModels {
  const folder = mkdtempSync(join(tmpdir(), 'engine-test-'))
  const file = (name: string) => join(folder, name)
  scriptedModel(file('scripted.gguf'), [
    { answer: greeting },
    { word: 'tea', answer: 'Tea is noted.' },
    { word: 'story', answer: story },
    { word: 'tea', beside: '1.', answer: '[{"n":1,"label":"fact","statement":"Likes tea."}]' },
    { beside: '1.', answer: '[{"n":1,"label":"none"}]' },
    { word: 'parrot', answer: parrot, forEver: true },
    { word: 'controls', answer: 'Half an answer', tail: ['<0x00>', '<0x1B>', '<|im_start|>', 'Z'] },
  ])
  scriptedModel(
    file('thinking.gguf'),
    [{ answer: `<think>${thought}</think>${greeting}` }, { word: 'story', answer: story }],
    {
      thinks: true,
    },
  )
  randomModel(file('slow.gguf'), { layers: 4, width: 384 })
  bagOfWordsModel(file('embedder.gguf'), ['cat', 'dog', 'pizza', 'tea', 'rain'])
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export function startEngine(models: TestModels, options: Partial<EngineOptions> = {}): Engine {
  return createEngine({
    launcher: createChildLauncher(),
    embedderFile: models.file('embedder.gguf'),
    log: createLog(null),
    threads: 1,
    gpu: false,
    chatContext: 2048,
    backgroundContext: 2048,
    ...options,
  })
}

/** A launcher that tells the process ids it started; while `broken`, they die at once. */
export function recordingLauncher(broken = { value: false }): { launcher: EngineLauncher; pids: number[] } {
  const inner = createChildLauncher()
  const pids: number[] = []
  return {
    pids,
    launcher: {
      launch() {
        const started = inner.launch()
        if (started.pid !== undefined) pids.push(started.pid)
        if (broken.value) started.kill()
        return started
      },
    },
  }
}

export function ask(
  engine: Engine,
  messages: PromptMessage[],
  options: Partial<ChatRequest> = {},
): Promise<ChatResult> {
  return engine.chat({ messages, maxTokens: 200, signal: new AbortController().signal, onText: () => {}, ...options })
}

export const user = (text: string): PromptMessage => ({ role: 'user', text })
export const assistant = (text: string): PromptMessage => ({ role: 'assistant', text })
export const system: PromptMessage = { role: 'system', text: 'You are kind.' }

/** Resolves when the engine is or gets into this state. */
export function reaches(engine: Engine, name: EngineState['state']): Promise<void> {
  return new Promise((resolve) => {
    if (engine.state.state === name) return resolve()
    const stop = engine.onState((state) => {
      if (state.state !== name) return
      stop()
      resolve()
    })
  })
}

export function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
