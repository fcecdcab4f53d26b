// The text of a PDF and nothing else of it: no scripts, no forms, no fonts, no pictures, no files it points at.
import { getDocumentProxy } from 'unpdf'
import { PDF_PAGES_MAX } from '../../../shared/attachments.ts'
import { DOCUMENT_MAX } from '../../../shared/documents.ts'
import { Refused } from './messages.ts'

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>
type Page = Awaited<ReturnType<Pdf['getPage']>>
type Item = Awaited<ReturnType<Page['getTextContent']>>['items'][number]

/** @throws Refused when it is locked, damaged, too long, or holds no text */
export async function readPdf(bytes: Uint8Array): Promise<{ text: string; pages: number }> {
  const pdf = await open(bytes)
  const pages = pdf.numPages
  if (pages > PDF_PAGES_MAX) throw new Refused('pages')
  const texts: string[] = []
  let length = 0
  for (let number = 1; number <= pages; number++) {
    const text = await pageText(pdf, number, DOCUMENT_MAX - length)
    length += text.length
    if (text !== '') texts.push(text)
  }
  if (texts.length === 0) throw new Refused('no-text')
  return { text: texts.join('\n\n'), pages }
}

async function open(bytes: Uint8Array): Promise<Pdf> {
  try {
    return await getDocumentProxy(bytes, {
      verbosity: 0,
      isEvalSupported: false,
      useWasm: false,
      useWorkerFetch: false,
      useSystemFonts: false,
      disableFontFace: true,
      enableXfa: false,
      isOffscreenCanvasSupported: false,
      isImageDecoderSupported: false,
      disableRange: true,
      disableStream: true,
      disableAutoFetch: true,
      maxImageSize: 0,
    })
  } catch (error) {
    throw new Refused((error as Error).name === 'PasswordException' ? 'locked' : 'damaged')
  }
}

/** Read piece by piece: a page may say more than a book. @throws Refused when it is longer than `most` characters */
async function pageText(pdf: Pdf, number: number, most: number): Promise<string> {
  let text = ''
  let page: Page
  try {
    page = await pdf.getPage(number)
  } catch {
    throw new Refused('damaged')
  }
  const reader = (page.streamTextContent() as ReadableStream<{ items: Item[] }>).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    for (const item of value.items) {
      if ('str' in item) text += item.hasEOL ? `${item.str}\n` : item.str
    }
    if (text.length > most) throw new Refused('too-long')
  }
  page.cleanup()
  return text.trim()
}
