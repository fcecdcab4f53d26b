import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { type GuardedContents, type GuardedSession, guardContents, guardSession } from './guards.ts'

class FakeContents extends EventEmitter implements GuardedContents {
  openHandler: (() => { action: 'deny' }) | null = null
  webRtc: string | null = null
  setWindowOpenHandler(handler: () => { action: 'deny' }) {
    this.openHandler = handler
  }
  setWebRTCIPHandlingPolicy(policy: string) {
    this.webRtc = policy
  }
}

/** @returns whether the event was cancelled */
function emit(emitter: EventEmitter, event: string, details: object = {}): boolean {
  let prevented = false
  emitter.emit(event, { ...details, preventDefault: () => (prevented = true) })
  return prevented
}

test('E4: a page stays, opens nothing and embeds nothing', () => {
  const contents = new FakeContents()
  guardContents(contents)
  for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
    expect(emit(contents, event, { url: 'https://example.com/' })).toBe(true)
    expect(emit(contents, event, { url: 'app://bundle/#/memory' })).toBe(false)
  }
  expect(emit(contents, 'will-attach-webview')).toBe(true)
  expect(contents.openHandler?.()).toEqual({ action: 'deny' })
  expect(contents.webRtc).toBe('disable_non_proxied_udp')
})

type Handlers = {
  [Name in keyof GuardedSession]?: GuardedSession[Name] extends (handler: infer Handler) => void ? Handler : never
}

test('E5: requests, checks, devices, screens, downloads and loads are decided, all of them', () => {
  const events = new EventEmitter()
  const handlers: Handlers = {}
  let spelling: boolean | null = null
  let before: Parameters<GuardedSession['webRequest']['onBeforeRequest']>[0] | null = null
  guardSession(
    {
      setPermissionRequestHandler: (handler) => (handlers.setPermissionRequestHandler = handler),
      setPermissionCheckHandler: (handler) => (handlers.setPermissionCheckHandler = handler),
      setDevicePermissionHandler: (handler) => (handlers.setDevicePermissionHandler = handler),
      setDisplayMediaRequestHandler: (handler) => (handlers.setDisplayMediaRequestHandler = handler),
      setSpellCheckerEnabled: (enabled) => (spelling = enabled),
      on: (event, listener) => events.on(event, listener),
      webRequest: { onBeforeRequest: (listener) => (before = listener) },
    },
    true,
  )
  const asked: boolean[] = []
  handlers.setPermissionRequestHandler?.(null, 'media', (granted) => asked.push(granted))
  handlers.setPermissionRequestHandler?.(null, 'clipboard-sanitized-write', (granted) => asked.push(granted))
  expect(asked).toEqual([false, true])
  expect(handlers.setPermissionCheckHandler?.(null, 'geolocation')).toBe(false)
  expect(handlers.setDevicePermissionHandler?.()).toBe(false)
  let streams: object | null = null
  handlers.setDisplayMediaRequestHandler?.(null, (given) => (streams = given))
  expect(streams).toEqual({})
  expect(spelling).toBe(false)
  for (const event of ['will-download', 'select-hid-device', 'select-serial-port', 'select-usb-device']) {
    expect(emit(events, event)).toBe(true)
  }
  const cancelled: boolean[] = []
  for (const url of ['app://bundle/a.js', 'https://example.com/a.png']) {
    const listener = before as Parameters<GuardedSession['webRequest']['onBeforeRequest']>[0] | null
    listener?.({ url, resourceType: 'image' }, ({ cancel }) => cancelled.push(cancel))
  }
  expect(cancelled).toEqual([false, true])
})
