// The doors in a real Chromium: what another page gets from the app (L), and what the page of the app can send (N).
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from './app.ts'

/** A server on another loopback address that counts what reaches it. */
class Listener {
  readonly requests: string[] = []
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(host: string): Promise<Listener> {
    const server = createServer((request, response) => {
      listener.requests.push(`${request.method} ${request.url}`)
      response.setHeader('Access-Control-Allow-Origin', '*')
      response.setHeader('Content-Type', 'text/html')
      response.end('<!doctype html><title>elsewhere</title>')
    })
    const listener = new Listener(server)
    await new Promise<void>((resolve) => server.listen(0, host, resolve))
    return listener
  }

  get origin(): string {
    const { address, port } = this.#server.address() as AddressInfo
    return `http://${address}:${port}`
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }
}

let elsewhere: Listener
test.beforeEach(async () => {
  elsewhere = await Listener.start('127.0.0.2')
})
test.afterEach(() => elsewhere.stop())

test('the address signs in and leaves no token behind', async ({ page, app }) => {
  expect(page.url()).toBe(`${app.origin}/`)
  expect(await page.evaluate(() => document.cookie)).toBe('')
  expect(await page.evaluate(() => document.referrer)).toBe('')
})

test('a second browser without the token gets nothing', async ({ app, browser }) => {
  const stranger = await browser.newContext()
  const page = await stranger.newPage()
  for (const path of ['/', '/index.html', '/rpc', '/?token=', '/?token=guess']) {
    const answer = await page.goto(app.origin + path)
    expect(answer?.status()).toBe(403)
    expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'")
  }
  await stranger.close()
})

test('a page on another loopback origin gets nothing, though the cookie is there', async ({ page, app }) => {
  const hostile = await page.context().newPage()
  const answers: number[] = []
  hostile.on('response', (response) => {
    if (response.url().startsWith(app.origin)) answers.push(response.status())
  })
  // The same site (127.0.0.1, another port) is the closest an attacker can get.
  const neighbour = await Listener.start('127.0.0.1')
  for (const origin of [neighbour.origin, elsewhere.origin]) {
    await hostile.goto(`${origin}/`)
    const seen = await hostile.evaluate(async (target) => {
      const tried: Record<string, string> = {}
      const attempt = async (name: string, work: () => Promise<unknown>) => {
        tried[name] = await work().then(
          (value) => String(value),
          () => 'refused',
        )
      }
      const element = (tag: string, attribute: string) =>
        new Promise((resolve, reject) => {
          const node = document.createElement(tag)
          node.setAttribute(attribute, `${target}/index.html`)
          node.onload = () => resolve('loaded')
          node.onerror = reject
          document.body.append(node)
        })
      await attempt('fetch', async () => (await fetch(`${target}/`, { credentials: 'include' })).text())
      await attempt('opaque fetch', async () =>
        (await fetch(`${target}/`, { mode: 'no-cors', credentials: 'include' })).text(),
      )
      await attempt('post', async () =>
        (await fetch(`${target}/rpc`, { method: 'POST', mode: 'no-cors', credentials: 'include', body: 'x' })).text(),
      )
      await attempt('image', () => element('img', 'src'))
      await attempt('script', () => element('script', 'src'))
      await attempt(
        'socket',
        () =>
          new Promise((resolve, reject) => {
            const socket = new WebSocket(`${target.replace('http', 'ws')}/rpc`)
            socket.onopen = () => resolve('open')
            socket.onerror = reject
          }),
      )
      return tried
    }, app.origin)
    expect(seen).toEqual({
      fetch: 'refused',
      'opaque fetch': 'refused',
      post: 'refused',
      image: 'refused',
      script: 'refused',
      socket: 'refused',
    })
  }
  // A link or a window from there does not get in either.
  await hostile.evaluate((target) => window.location.assign(target), `${app.origin}/`)
  await hostile.waitForURL(`${app.origin}/`)
  expect(await hostile.title()).not.toBe('Understudy')
  expect(new Set(answers)).toEqual(new Set([403]))
  await neighbour.stop()
})

test('script in the page of the app can send nothing anywhere', async ({ page, problems }) => {
  // Every attempt is reported in the console; here they are made on purpose.
  problems.expect(/Content Security Policy|violates|Refused to|Trusted|ERR_BLOCKED|^request:/)
  const target = elsewhere.origin
  const outcomes = await page.evaluate(async (target) => {
    const tried: Record<string, string> = {}
    const attempt = async (name: string, work: () => unknown) => {
      try {
        await work()
        tried[name] = 'done'
      } catch {
        tried[name] = 'refused'
      }
    }
    const append = (tag: string, attributes: Record<string, string>) => {
      const node = document.createElement(tag)
      for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
      document.body.append(node)
      return node
    }
    await attempt('fetch', () => fetch(`${target}/fetch`))
    await attempt('opaque fetch', () => fetch(`${target}/opaque`, { mode: 'no-cors' }))
    await attempt('dynamic import', () => import(`${target}/module.js`))
    // biome-ignore lint/security/noGlobalEval: it must be refused.
    await attempt('eval', () => window.eval('1'))
    await attempt('Function', () => new Function('1')())
    await attempt('innerHTML', () => {
      document.createElement('div').innerHTML = '<b>a</b>'
    })
    await attempt('script text', () => append('script', {}).append('window.ran = true'))
    await attempt('script address', () => append('script', { src: `${target}/script.js` }))
    // What these answer differs; what counts is whether a request arrives.
    await attempt('beacon', () => navigator.sendBeacon(`${target}/beacon`, 'x'))
    await attempt('request', () => {
      const request = new XMLHttpRequest()
      request.open('GET', `${target}/request`)
      request.send()
    })
    await attempt('socket', () => new WebSocket(`${target.replace('http', 'ws')}/socket`))
    await attempt('events', () => new EventSource(`${target}/events`))
    await attempt('image', () => {
      new Image().src = `${target}/image.png`
    })
    const elements: [string, Record<string, string>][] = [
      ['img', { src: `${target}/picture.png`, srcset: `${target}/set.png 2x` }],
      ['link', { rel: 'stylesheet', href: `${target}/style.css` }],
      ['link', { rel: 'prefetch', href: `${target}/prefetch` }],
      ['link', { rel: 'preload', as: 'image', href: `${target}/preload` }],
      ['link', { rel: 'icon', href: `${target}/icon` }],
      ['video', { src: `${target}/video` }],
      ['object', { data: `${target}/object` }],
      ['embed', { src: `${target}/embed` }],
      ['iframe', { src: `${target}/frame` }],
      ['iframe', { srcdoc: `<img src="${target}/inner.png">` }],
    ]
    for (const [tag, attributes] of elements) await attempt(tag, () => append(tag, attributes))
    await attempt('style', () => {
      append('div', {}).style.backgroundImage = `url(${target}/background.png)`
    })
    await attempt('form', () =>
      (append('form', { action: `${target}/form`, method: 'post' }) as HTMLFormElement).submit(),
    )
    await attempt('ping', () => append('a', { href: '#', ping: `${target}/ping` }).click())
    await new FontFace('a', `url(${target}/font.woff2)`).load().catch(() => {})
    return { tried, ran: 'ran' in window }
  }, target)
  expect(outcomes.ran).toBe(false)
  const refused = ['fetch', 'opaque fetch', 'dynamic import', 'eval', 'Function', 'innerHTML', 'script address']
  expect(refused.filter((name) => outcomes.tried[name] !== 'refused')).toEqual([])
  // One request that must arrive shows that the listener would have counted.
  await page.request.get(`${target}/control`)
  expect(elsewhere.requests).toEqual(['GET /control'])
})

test('an address of an earlier run says where to look', async ({ app, startApp, folder, page, problems }) => {
  problems.expect(/./)
  const port = new URL(app.origin).port
  await app.stop()
  await startApp({ profile: `${folder}/other`, args: ['--port', port] })
  const answer = await page.goto(`${app.origin}/`)
  expect(answer?.status()).toBe(403)
  await expect(page.getByText('Open the address it printed when it started.')).toBeVisible()
})

test('a taken port is said in words, and the program ends', async ({ app, startApp, folder }) => {
  const port = new URL(app.origin).port
  await expect(startApp({ profile: `${folder}/other`, args: ['--port', port] })).rejects.toThrow(
    `Port ${port} is taken by another program.`,
  )
})
