// Bad files, crashes and ends of the engine's process.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { EngineOptions } from './client.ts'
import type { Engine } from './engine.ts'
import {
  ask,
  greeting,
  isAlive,
  makeModels,
  reaches,
  recordingLauncher,
  startEngine,
  type TestModels,
  user,
} from './testing/engine.ts'

let models: TestModels

beforeAll(() => {
  models = makeModels()
})
afterAll(() => models.remove())

async function startWith(model: string, options: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = startEngine(models, options)
  onTestFinished(() => engine.close())
  await engine.load({ path: models.file(model), name: model })
  return engine
}

describe('a model file', { timeout: 180_000 }, () => {
  it('that is no good is refused, and the model that is loaded stays', async () => {
    const engine = await startWith('scripted.gguf', { checksumFile: models.file('checksums.json') })
    const whole = readFileSync(models.file('scripted.gguf'))
    const files: [string, Buffer | null, string][] = [
      ['missing', null, 'MODEL_FILE_MISSING'],
      ['foreign', Buffer.from('<!doctype html><title>404</title><p>The page is not there.</p>'), 'MODEL_FILE_DAMAGED'],
      ['cut in half', whole.subarray(0, whole.length / 2), 'MODEL_FILE_DAMAGED'],
      ['cut in its header', whole.subarray(0, 2000), 'MODEL_FILE_DAMAGED'],
      ['empty', Buffer.alloc(0), 'MODEL_FILE_DAMAGED'],
    ]
    for (const [name, content, code] of files) {
      const path = models.file(`${name}.gguf`)
      if (content) writeFileSync(path, content)
      await expect(engine.load({ path, name }), name).rejects.toMatchObject({ code })
      expect(engine.state, name).toEqual({ state: 'ready', model: 'scripted.gguf' })
    }
    expect((await ask(engine, [user('Hi')])).text).toBe(greeting)

    const path = models.file('scripted.gguf')
    const wrong = { path, name: 'other', sha256: '0'.repeat(64) }
    const known = JSON.parse(readFileSync(models.file('checksums.json'), 'utf8')) as Record<string, string>
    await engine.unload()
    await expect(engine.load(wrong)).rejects.toMatchObject({ code: 'MODEL_FILE_DAMAGED' })
    expect(engine.state).toMatchObject({ state: 'failed', error: { code: 'MODEL_FILE_DAMAGED' } })
    await expect(engine.load({ path, name: 'other', bytes: 5 })).rejects.toMatchObject({ code: 'MODEL_FILE_DAMAGED' })
    await expect(engine.load({ path: models.file('embedder.gguf'), name: 'embedder' })).rejects.toMatchObject({
      code: 'MODEL_NOT_SUPPORTED',
    })
    const sha256 = Object.entries(known).find(([key]) => key.startsWith(path))?.[1] ?? null
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
    await engine.load({ path, name: 'other', sha256, bytes: whole.length })
    expect((await ask(engine, [user('Hi')])).text).toBe(greeting)
  })
})

describe('a model that is loaded', { timeout: 180_000 }, () => {
  it('goes on when its file is deleted, and the file is named when it is needed again', async () => {
    copyFileSync(models.file('scripted.gguf'), models.file('gone.gguf'))
    const { launcher, pids } = recordingLauncher()
    const engine = await startWith('gone.gguf', { launcher })
    rmSync(models.file('gone.gguf'))
    expect((await ask(engine, [user('Hi')])).text).toBe(greeting)
    process.kill(pids.at(-1) ?? 0, 'SIGKILL')
    await reaches(engine, 'failed')
    expect(engine.state).toMatchObject({ state: 'failed', error: { code: 'MODEL_FILE_MISSING' } })
    // Another model can be chosen at once, and a file that is cut under it ends no more than the process.
    copyFileSync(models.file('scripted.gguf'), models.file('cut.gguf'))
    await engine.load({ path: models.file('cut.gguf'), name: 'cut' })
    expect((await ask(engine, [user('Hi')])).text).toBe(greeting)
    truncateSync(models.file('cut.gguf'), 4096)
    await ask(engine, [user('Tell a story')]).catch(() => {})
    // Reading the lost pages may have ended it already.
    if (isAlive(pids.at(-1))) process.kill(pids.at(-1) ?? 0, 'SIGKILL')
    await reaches(engine, 'failed')
    expect(engine.state).toMatchObject({ state: 'failed', error: { code: 'MODEL_FILE_DAMAGED' } })
    await engine.load({ path: models.file('scripted.gguf'), name: 'scripted' })
    expect((await ask(engine, [user('Hi')])).text).toBe(greeting)
  })

  it('leaves memory when nobody needs it, comes back with the next message, and is measured and set when asked', async () => {
    const engine = await startWith('scripted.gguf')
    const speed = await engine.measure()
    expect(speed.reading).toBeGreaterThan(0)
    expect(speed.writing).toBeGreaterThan(0)
    expect((await engine.usage())?.memoryBytes).toBeGreaterThan(1e6)
    engine.setIdleLimit(1)
    await reaches(engine, 'unloaded')
    expect(engine.contextSize).toBe(2048)
    engine.setIdleLimit(null)
    const phases: string[] = []
    const [one, two] = await Promise.all([
      ask(engine, [user('Hi')], { onPhase: ({ phase }) => phases.push(phase) }),
      ask(engine, [user('tea')]),
    ])
    expect([one.text, two.text]).toEqual([greeting, 'Tea is noted.'])
    expect(phases[0]).toBe('loading')
    expect(engine.state).toEqual({ state: 'ready', model: 'scripted.gguf' })

    const path = models.file('scripted.gguf')
    await engine.load({ path, name: 'small', options: { contextSize: 1024, threads: 1, gpuLayers: 0 } })
    expect(engine.contextSize).toBe(1024)
    await expect(
      engine.load({ path: models.file('embedder.gguf'), name: 'embedder', advice: 'Small would fit.' }),
    ).rejects.toMatchObject({ code: 'MODEL_NOT_SUPPORTED', message: expect.stringContaining('Small would fit.') })
  })
})

// Each starts several processes; a busy machine needs its time for that.
describe('the process', { timeout: 180_000 }, () => {
  it('comes back after a crash, with the model, and loses only the answer that was being written', async () => {
    const broken = { value: false }
    const { launcher, pids } = recordingLauncher(broken)
    const engine = await startWith('scripted.gguf', { launcher })
    await engine.embedder.embed(['cat'], 'query')
    let written = ''
    const crashed = ask(engine, [user('Tell a story')], {
      onText: (piece) => {
        if (written === '') process.kill(pids.at(-1) ?? 0, 'SIGKILL')
        written += piece
      },
    })
    await expect(crashed).rejects.toMatchObject({ code: 'ENGINE_STOPPED' })
    expect(engine.state).toMatchObject({ state: 'restarting', model: 'scripted.gguf', attempt: 1 })
    expect(written).not.toBe('')
    expect((await ask(engine, [user('Hi')])).text).toBe(greeting)
    expect(pids).toHaveLength(2)
    expect(await engine.embedder.embed(['cat'], 'query')).toHaveLength(1)

    // Again and again: it gives up, and starts anew when a person asks.
    broken.value = true
    process.kill(pids.at(-1) ?? 0, 'SIGKILL')
    await reaches(engine, 'failed')
    broken.value = false
    expect(engine.state).toMatchObject({ state: 'failed', error: { code: 'ENGINE_STOPPED' } })
    await expect(ask(engine, [user('Hi')])).rejects.toMatchObject({ code: 'ENGINE_STOPPED' })
    await engine.restart()
    expect((await ask(engine, [user('Hi')])).text).toBe(greeting)
  })

  it('ends in time with everything loaded and at work (T15)', async () => {
    const { launcher, pids } = recordingLauncher()
    const engine = await startWith('slow.gguf', { launcher })
    await engine.embedder.embed(['cat'], 'query')
    const work = [
      ask(engine, [user('Long ago '.repeat(100))]),
      engine.json({ messages: [user('x')], schema: { type: 'string', maxLength: 900 }, maxTokens: 900 }),
    ].map((call) => call.catch(() => {}))
    await reaches(engine, 'answering')
    await engine.close()
    await Promise.all(work)
    expect(isAlive(pids[0])).toBe(false)
    await expect(ask(engine, [user('Hi')])).rejects.toMatchObject({ code: 'ENGINE_STOPPED' })
  })

  it('dies with the process that started it', async () => {
    const parent = fork(
      new URL('./testing/parent.ts', import.meta.url),
      [models.file('scripted.gguf'), models.file('embedder.gguf')],
      { execArgv: ['--import', 'tsx'] },
    )
    const [pid] = (await once(parent, 'message')) as [number]
    expect(isAlive(pid)).toBe(true)
    parent.kill('SIGKILL')
    await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false)
  })
})
