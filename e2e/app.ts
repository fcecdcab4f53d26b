// A whole app for a journey: the built browser shell on a profile of its own, and a page that is signed in.
// What the page must never do (an error in the console, a breach of the policy, a request elsewhere) fails the journey.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'

const root = join(import.meta.dirname, '..')
const BUILT = join(root, 'out', 'main', 'browser.js')

export interface StartOptions {
  /** Folder of the profile; a fresh one when absent. */
  profile?: string
  env?: Record<string, string>
  args?: string[]
  /** What is run by node in the place of the built shell; it takes the same arguments. */
  program?: string[]
}

/** One run of the browser shell. */
export class App {
  readonly #child: ChildProcess
  readonly #ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** What it wrote to the terminal. */
  output = ''

  private constructor(
    child: ChildProcess,
    readonly profile: string,
  ) {
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text
      })
    }
    this.#ended = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })))
  }

  /**
   * Starts `out/main/browser.js` and waits for its address.
   * @param folder for everything it keeps outside the profile (models, caches)
   * @throws Error with its output when it ends first
   */
  static async start(folder: string, { profile, env, args = [], program = [BUILT] }: StartOptions = {}): Promise<App> {
    const own = profile ?? join(folder, 'profile')
    const child = spawn(process.execPath, [...program, '--no-open', ...args, '--profile', own], {
      cwd: folder,
      env: {
        ...process.env,
        HOME: folder,
        LOCALAPPDATA: folder,
        XDG_DATA_HOME: join(folder, 'data'),
        // Models of whoever runs the tests must not change what a journey sees.
        UNDERSTUDY_MODELS: '',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that `killAll` reaches the engine too.
      detached: true,
    })
    const app = new App(child, own)
    const addressed = new Promise<void>((resolve) => {
      child.stdout?.on('data', () => {
        if (/Understudy is running at \S+/.test(app.output)) resolve()
      })
    })
    const outcome = await Promise.race([addressed, app.#ended])
    if (outcome !== undefined) throw new Error(`The app ended before it printed its address:\n${app.output}`)
    return app
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('The app did not start.')
    return this.#child.pid
  }

  /** With the token of this run. */
  get address(): string {
    const address = /Understudy is running at (?<address>\S+)/.exec(this.output)?.groups?.['address']
    if (address === undefined) throw new Error('The app has printed no address.')
    return address
  }

  get origin(): string {
    return new URL(this.address).origin
  }

  /** Lines of its log file. */
  async log(): Promise<string> {
    return readFile(join(this.profile, 'log', 'app.log'), 'utf8').catch(() => '')
  }

  /** Waits until it has ended by itself. */
  ended() {
    return this.#ended
  }

  /** An orderly stop, as by Ctrl+C. */
  async stop() {
    this.#child.kill('SIGINT')
    return this.#ended
  }

  /** Ends it and its children at once, as a power cut would. */
  async killAll() {
    try {
      process.kill(process.platform === 'win32' ? this.pid : -this.pid, 'SIGKILL')
    } catch {
      // It has ended already.
    }
    return this.#ended
  }
}

/** What a page did that it must not do. */
export class Problems {
  readonly #found: string[] = []
  readonly #expected: RegExp[] = []

  /** For a journey that breaks something on purpose. */
  expect(pattern: RegExp) {
    this.#expected.push(pattern)
  }

  /**
   * For a journey that ends the app behind an open page: the page looks for it, and may find another journey's app, which
   * got the free port and refuses it.
   */
  expectLostApp() {
    this.expect(/ERR_CONNECTION|ERR_EMPTY_RESPONSE|WebSocket|403/)
  }

  add(problem: string) {
    this.#found.push(problem)
  }

  get unexpected(): string[] {
    return this.#found.filter((problem) => !this.#expected.some((pattern) => pattern.test(problem)))
  }
}

/** Watches a page; `origins` are those it may ask. */
export function watchPage(page: Page, problems: Problems, origins: () => string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error') problems.add(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => problems.add(`error: ${error.message}`))
  page.on('request', (request) => {
    const address = request.url()
    if (!address.startsWith('data:') && !origins().some((origin) => address.startsWith(`${origin}/`))) {
      problems.add(`request: ${address}`)
    }
  })
}

interface Fixtures {
  /** `test.use({ startOptions: { env: { UNDERSTUDY_MODELS: … } } })` */
  startOptions: StartOptions
  /** A folder for this journey, removed after it. */
  folder: string
  /** Starts one more app, or the same one again; all are ended after the journey. */
  startApp: (options?: StartOptions) => Promise<App>
  app: App
  problems: Problems
}

export const test = base.extend<Fixtures>({
  startOptions: [{}, { option: true }],

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures needed from this pattern.
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'understudy-e2e-'))
    await use(folder)
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  },

  startApp: async ({ folder, startOptions }, use) => {
    const started: App[] = []
    await use(async (options) => {
      const app = await App.start(folder, { ...startOptions, ...options })
      started.push(app)
      return app
    })
    for (const app of started) {
      const log = await app.log()
      await app.killAll()
      expect(log, 'nothing tried to leave the machine').not.toContain('network refused')
    }
  },

  app: async ({ startApp }, use) => {
    await use(await startApp())
  },

  // biome-ignore lint/correctness/noEmptyPattern: as above.
  problems: async ({}, use) => {
    const problems = new Problems()
    await use(problems)
    expect(problems.unexpected, 'the page kept to its rules').toEqual([])
  },

  /** Signed in and on the first page. */
  page: async ({ page, app, problems }, use) => {
    watchPage(page, problems, () => [app.origin, app.origin.replace('http:', 'ws:')])
    await page.goto(app.address)
    await use(page)
  },
})

export { expect }
