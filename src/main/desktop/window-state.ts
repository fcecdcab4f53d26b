// Where the window was, kept in a small file beside the profile's other files.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

export const LEAST = { width: 480, height: 480 }
const FIRST = { width: 1180, height: 820 }

const windowState = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1),
  height: z.int().min(1),
  maximized: z.boolean(),
})
export type WindowState = z.infer<typeof windowState>

/** @returns null when there is none yet or it cannot be read: the window then opens as for the first time */
export function readWindowState(file: string): WindowState | null {
  try {
    return windowState.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

/** A window's place is not worth an error: on a read-only folder it is forgotten. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    writeFileSync(`${file}.part`, JSON.stringify(state), { mode: 0o600 })
    renameSync(`${file}.part`, file)
  } catch {}
}

/** Bounds on a screen that is there now: a screen may be gone or smaller than last time. */
export function placeWindow(saved: WindowState | null, screens: readonly Rectangle[]): Partial<Rectangle> {
  if (saved === null) return FIRST
  const screen = screens.find((area) => overlap(area, saved) >= 0.25 * saved.width * saved.height)
  if (screen === undefined) return FIRST
  const width = Math.max(LEAST.width, Math.min(saved.width, screen.width))
  const height = Math.max(LEAST.height, Math.min(saved.height, screen.height))
  return {
    width,
    height,
    x: Math.round(Math.min(Math.max(saved.x, screen.x), Math.max(screen.x, screen.x + screen.width - width))),
    y: Math.round(Math.min(Math.max(saved.y, screen.y), Math.max(screen.y, screen.y + screen.height - height))),
  }
}

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}
