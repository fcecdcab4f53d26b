// What the reading worker is asked and answers.
import type { DocumentKind } from '../../../shared/documents.ts'
import type { Unread } from './kinds.ts'

export interface ReadRequest {
  id: number
  name: string
  bytes: Uint8Array
  /** It is text whatever it looks like: the person pasted it. */
  pasted: boolean
}

export interface ReadFile {
  kind: DocumentKind
  text: string
  /** Of a PDF. */
  pages: number | null
}

/** Why a file cannot be read. */
export type Refusal = Unread | 'locked' | 'damaged' | 'pages' | 'no-text' | 'too-long'

export type ReadReply = { id: number; file: ReadFile } | { id: number; refusal: Refusal }

export class Refused extends Error {
  override readonly name = 'Refused'
  constructor(readonly refusal: Refusal) {
    super(refusal)
  }
}
