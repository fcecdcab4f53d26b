// One file: what it is, and its text.
import { DOCUMENT_MAX } from '../../../shared/documents.ts'
import { kindOf } from './kinds.ts'
import { type ReadFile, type ReadRequest, Refused } from './messages.ts'
import { readPdf } from './pdf.ts'
import { decodeText } from './text.ts'

/** @throws Refused with the reason when it is not text or has too much of it */
export async function readFile({ name, bytes, pasted }: Omit<ReadRequest, 'id'>): Promise<ReadFile> {
  const kind = pasted ? 'pasted' : kindOf(name, bytes)
  switch (kind) {
    case 'pdf':
      return { kind, ...(await readPdf(bytes)) }
    case 'text':
    case 'markdown':
    case 'code':
    case 'pasted': {
      const text = decodeText(bytes)
      if (text === null) throw new Refused('binary')
      if (text.length > DOCUMENT_MAX) throw new Refused('too-long')
      return { kind, text, pages: null }
    }
    default:
      throw new Refused(kind)
  }
}
