// Opens an address in the person's own browser.
import { spawn } from 'node:child_process'

export type Opener = { command: string; args: string[] } | null

/** How this system opens an address; null where there is no screen to open it on. */
export function openerFor(address: string, platform: NodeJS.Platform, env: NodeJS.ProcessEnv): Opener {
  if (platform === 'darwin') return { command: 'open', args: [address] }
  // rundll32 takes the address as it is; `start` would have a shell read its & and %.
  if (platform === 'win32') return { command: 'rundll32.exe', args: ['url.dll,FileProtocolHandler', address] }
  if (env['SSH_CONNECTION'] || !(env['DISPLAY'] || env['WAYLAND_DISPLAY'])) return null
  return { command: 'xdg-open', args: [address] }
}

/** Tries to; the address is printed too, so a failure costs the person a click at most. */
export function openAddress(address: string): void {
  const opener = openerFor(address, process.platform, process.env)
  if (opener === null) return
  const child = spawn(opener.command, opener.args, { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}
