// Hand-made PDFs for tests: small ones, broken ones, and ones that are far larger than they look.
import { deflateSync } from 'node:zlib'

/** @returns a PDF with one page for each text; `content` replaces the drawing commands of the first page */
export function makePdf(
  texts: readonly string[],
  content?: { bytes: Uint8Array; filter: string },
): Uint8Array<ArrayBuffer> {
  const kids = texts.map((_, index) => `${index * 2 + 3} 0 R`).join(' ')
  const parts: (string | Uint8Array)[] = [
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n',
    `2 0 obj<</Type/Pages/Kids[${kids}]/Count ${texts.length}>>endobj\n`,
  ]
  for (const [index, text] of texts.entries()) {
    const lines = text.split('\n').map((line) => `(${line.replace(/[\\()]/g, '\\$&')}) Tj T*`)
    const drawn = new TextEncoder().encode(`BT /F1 12 Tf 14 TL 20 700 Td ${lines.join(' ')} ET`)
    const { bytes, filter } = (index === 0 ? content : undefined) ?? { bytes: drawn, filter: '' }
    const page = index * 2 + 3
    parts.push(
      `${page} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents ${page + 1} 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n`,
      `${page + 1} 0 obj<</Length ${bytes.length}${filter}>>stream\n`,
      bytes,
      '\nendstream endobj\n',
    )
  }
  parts.push('trailer<</Root 1 0 R>>')
  return new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
}

/** A PDF of some kilobytes whose one page is `megabytes` of drawing commands. */
export function bombPdf(megabytes: number): Uint8Array<ArrayBuffer> {
  const once = deflateSync(Buffer.alloc(megabytes * 1_000_000, 0x20))
  return makePdf([''], { bytes: deflateSync(once), filter: '/Filter[/FlateDecode/FlateDecode]' })
}
