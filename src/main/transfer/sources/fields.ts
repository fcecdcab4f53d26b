// Fields of JSON that came from elsewhere: each may be missing, or be something else than its name says.
import { isPlainObject } from './json-stream.ts'

export type Fields = Record<string, unknown>

/** An own field alone: what a key such as `__proto__` brings is none. */
export function field(value: unknown, name: string): unknown {
  return isPlainObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

export function textField(value: unknown, name: string): string {
  const found = field(value, name)
  return typeof found === 'string' ? found : ''
}

export function listField(value: unknown, name: string): unknown[] {
  const found = field(value, name)
  return Array.isArray(found) ? found : []
}

export function objectField(value: unknown, name: string): Fields {
  const found = field(value, name)
  return isPlainObject(found) ? found : {}
}

const EARLIEST = Date.UTC(1990, 0, 1)
const LATEST = Date.UTC(2200, 0, 1)

/** Seconds or milliseconds since 1970, or ISO 8601. @returns null when it is no time, or an impossible one */
export function timeOf(value: unknown): Date | null {
  let ms = Number.NaN
  if (typeof value === 'number') ms = value > 1e11 ? value : value * 1000
  else if (typeof value === 'string' && /^\d{4}-\d\d-\d\d/u.test(value)) ms = Date.parse(value)
  else if (typeof value === 'string' && /^\d{9,13}(\.\d+)?$/u.test(value)) return timeOf(Number(value))
  return ms >= EARLIEST && ms <= LATEST ? new Date(Math.round(ms)) : null
}
