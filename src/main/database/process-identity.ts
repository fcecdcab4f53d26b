// Which process a number stands for. Numbers are given again, so the time a process started is part of who it is.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { platform } from 'node:os'

/** Whether a process of this computer lives. One that ended and was not yet collected by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it lives, and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  if (platform() === 'linux') return !/^[ZX]/.test(linuxFields(pid)[0] ?? 'R')
  if (platform() === 'darwin') return !/^Z/.test(output('ps', ['-o', 'stat=', '-p', String(pid)]) ?? '')
  return true
}

/** @returns when a process started, in the system's own words; null when that cannot be known. */
export function startOf(pid: number): string | null {
  if (platform() === 'linux') return linuxFields(pid)[19] ?? null
  if (platform() === 'darwin') return output('ps', ['-o', 'lstart=', '-p', String(pid)])
  return output('powershell.exe', ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`])
}

/** @returns an id of this start of the system, where it gives one. */
export function bootId(): string | null {
  if (platform() === 'linux') return readText('/proc/sys/kernel/random/boot_id')
  if (platform() === 'darwin') return output('sysctl', ['-n', 'kern.bootsessionuuid'])
  return null
}

/** Fields of /proc/PID/stat from the state on; the name before it may hold spaces and brackets. */
function linuxFields(pid: number): string[] {
  const text = readText(`/proc/${pid}/stat`)
  return text === null ? [] : text.slice(text.lastIndexOf(')') + 2).split(' ')
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return null
  }
}

function output(command: string, args: string[]): string | null {
  try {
    const text = execFileSync(command, args, { encoding: 'utf8', timeout: 5000, stdio: ['ignore', 'pipe', 'ignore'] })
    return text.trim() || null
  } catch {
    return null
  }
}
