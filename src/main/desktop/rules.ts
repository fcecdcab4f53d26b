// Every decision of the desktop shell about safety, free of Electron so that tests can ask it.
import { contentSecurityPolicy, securityHeaders } from '../shell/content-security-policy.ts'
import type { PageFiles } from '../shell/page-files.ts'

export const SCHEME = 'app'
export const ORIGIN = `${SCHEME}://bundle`
export const START_ADDRESS = `${ORIGIN}/`

/**
 * What Chromium is told before it starts. Together these leave no way out: no name and no address resolves, and WebRTC
 * has no UDP of its own; the rest ends traffic Chromium makes for itself.
 */
export const commandLineSwitches: readonly (readonly [name: string, value?: string])[] = [
  ['host-resolver-rules', 'MAP * ~NOTFOUND'],
  ['webrtc-ip-handling-policy', 'disable_non_proxied_udp'],
  ['disable-background-networking'],
  ['disable-component-update'],
  ['disable-domain-reliability'],
  ['no-pings'],
]

/** Switches a person or another program may give, and that a packaged app does not take. */
export const refusedSwitches = [
  'auto-open-devtools-for-tabs',
  'disable-web-security',
  'host-rules',
  'inspect',
  'inspect-brk',
  'inspect-port',
  'js-flags',
  'load-extension',
  'no-sandbox',
  'proxy-pac-url',
  'proxy-server',
  'remote-allow-origins',
  'remote-debugging-pipe',
  'remote-debugging-port',
  'user-data-dir',
] as const

/** The refused ones among those given, without their dashes; `hasSwitch` answers for Chromium's own list. */
export function switchesToRemove(packaged: boolean, hasSwitch: (name: string) => boolean): string[] {
  return packaged ? refusedSwitches.filter(hasSwitch) : []
}

/** Preferences of the one kind of window there is. */
export function webPreferences(preload: string, packaged: boolean) {
  return {
    preload,
    contextIsolation: true,
    sandbox: true,
    webSecurity: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools: !packaged,
  } as const
}

/** The page never goes anywhere: its routes are behind `#`, which is no navigation. A reload stays. */
export function mayNavigate(address: string): boolean {
  return address === START_ADDRESS || address.startsWith(`${START_ADDRESS}#`) || address === `${ORIGIN}/index.html`
}

/** What the page may load: the bundle's files, and pictures it drew itself. */
export function mayLoad(address: string, resourceType: string, packaged: boolean): boolean {
  if (address.startsWith(START_ADDRESS)) return true
  if (address.startsWith('data:') && resourceType === 'image') return true
  return !packaged && address.startsWith('devtools:')
}

/** Of all a page may ask for, it may put text on the clipboard. */
export function mayUse(permission: string): boolean {
  return permission === 'clipboard-sanitized-write'
}

/** Only the page in the window itself talks to main: no frame inside it, no page from elsewhere. */
export function isOwnPage(frame: { url: string; parent: unknown } | null): boolean {
  return frame !== null && frame.parent === null && mayNavigate(frame.url)
}

export interface AppAnswer {
  status: number
  headers: Record<string, string>
  body: Buffer | string
}

/** Answers a request for `app://bundle/…` from the table of files; every other address is not found. */
export function answerAppRequest(files: PageFiles, method: string, address: string): AppAnswer {
  const path = address.startsWith(START_ADDRESS) ? (address.slice(ORIGIN.length).split(/[?#]/, 1)[0] ?? '') : ''
  const file = method === 'GET' || method === 'HEAD' ? files.find(path) : null
  const headers = { ...securityHeaders, 'Content-Security-Policy': contentSecurityPolicy }
  if (file === null) {
    return { status: 404, headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8' }, body: 'Not found.' }
  }
  return { status: 200, headers: { ...headers, 'Content-Type': file.type }, body: file.body }
}

/** What a wish to quit leads to. `asking`: the person is looking at the question. */
export type QuitState = 'open' | 'asking' | 'stopping'

/** Quitting ends an answer that is being written, so it is asked about, once; everything else is safe to end. */
export function onQuit(state: QuitState, answering: boolean): 'ask' | 'stop' | 'wait' {
  if (state !== 'open') return 'wait'
  return answering ? 'ask' : 'stop'
}

/** The command line of a new start with another profile. @param given without the program itself */
export function argumentsWithProfile(given: readonly string[], folder: string): string[] {
  const others = given.filter((word, index) => !/^--profile(?:=|$)/.test(word) && given[index - 1] !== '--profile')
  return [...others, `--profile=${folder}`]
}
