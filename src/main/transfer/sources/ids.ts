// Ids of what comes from elsewhere: always the same for the same thing, so that importing it again is seen as that, and
// never the source's own, so that no file can name something that is here.
import { v5 } from 'uuid'
import type { SourceFormat } from './source.ts'

const NAMESPACE = '6f6d7a2e-0f0b-5d1c-9c55-2f3f7b1d6a10'

/** @param parts the source's own id, or where it has none, what the thing is */
export function idFrom(format: SourceFormat, ...parts: readonly string[]): string {
  return v5([format, ...parts].join('\u0000'), NAMESPACE)
}
