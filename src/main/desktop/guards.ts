// Hangs the rules on Electron's events. Only the few members it needs are named, so that tests can hand in their own.
import { mayLoad, mayNavigate, mayUse } from './rules.ts'

interface Cancelable {
  preventDefault(): void
}

type Navigation = Cancelable & { url: string }

export interface GuardedContents {
  on(event: 'will-navigate' | 'will-frame-navigate' | 'will-redirect', listener: (event: Navigation) => void): unknown
  on(event: 'will-attach-webview', listener: (event: Cancelable) => void): unknown
  setWindowOpenHandler(handler: () => { action: 'deny' }): void
  setWebRTCIPHandlingPolicy(policy: 'disable_non_proxied_udp'): void
}

/** For every page of the app, whoever made it: it stays where it is and opens nothing. */
export function guardContents(contents: GuardedContents): void {
  for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect'] as const) {
    contents.on(event, (navigation) => {
      if (!mayNavigate(navigation.url)) navigation.preventDefault()
    })
  }
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}

type Answer = (granted: boolean) => void

export interface GuardedSession {
  setPermissionRequestHandler(handler: (contents: unknown, permission: string, answer: Answer) => void): void
  setPermissionCheckHandler(handler: (contents: unknown, permission: string) => boolean): void
  setDevicePermissionHandler(handler: () => boolean): void
  setDisplayMediaRequestHandler(handler: (request: unknown, answer: (streams: object) => void) => void): void
  setSpellCheckerEnabled(enabled: boolean): void
  on(
    event: 'will-download' | 'select-hid-device' | 'select-serial-port' | 'select-usb-device',
    listener: (event: Cancelable) => void,
  ): unknown
  webRequest: {
    onBeforeRequest(
      listener: (request: { url: string; resourceType: string }, answer: (answer: { cancel: boolean }) => void) => void,
    ): void
  }
}

/** For every session: no permission but the clipboard, no device, no download, no request but for the bundle. */
export function guardSession(session: GuardedSession, packaged: boolean): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(mayUse(permission)))
  session.setPermissionCheckHandler((_contents, permission) => mayUse(permission))
  session.setDevicePermissionHandler(() => false)
  // An empty answer refuses the stream.
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}))
  session.setSpellCheckerEnabled(false)
  for (const event of ['will-download', 'select-hid-device', 'select-serial-port', 'select-usb-device'] as const) {
    session.on(event, (request) => request.preventDefault())
  }
  session.webRequest.onBeforeRequest(({ url, resourceType }, answer) => {
    answer({ cancel: !mayLoad(url, resourceType, packaged) })
  })
}
