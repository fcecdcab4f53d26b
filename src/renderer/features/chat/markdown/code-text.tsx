// The text of a block of code, plain or in colours, in chunks of lines: only the last chunk of one that grows is drawn anew.
import { memo, type ReactNode, useMemo } from 'react'
import type { CodeLine, CodePiece } from './tokens.ts'

const CHUNK_LINES = 40

export function PlainCode({ code }: { code: string }) {
  const chunks = useMemo(() => chunksOf(code), [code])
  return chunks.map((chunk, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: chunks are only added at the end
    <PlainChunk key={index} text={chunk} />
  ))
}

const PlainChunk = memo(function PlainChunk({ text }: { text: string }) {
  return <span className="block">{text}</span>
})

/** Cuts after every so many lines; joined, the chunks are the code again. */
export function chunksOf(code: string): string[] {
  const chunks: string[] = []
  let from = 0
  let lines = 0
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) {
    lines++
    if (lines % CHUNK_LINES > 0) continue
    chunks.push(code.slice(from, at + 1))
    from = at + 1
  }
  if (from < code.length || chunks.length === 0) chunks.push(code.slice(from))
  return chunks
}

export function ColouredCode({ lines }: { lines: readonly CodeLine[] }) {
  const chunks = useMemo(
    () =>
      Array.from({ length: Math.ceil(lines.length / CHUNK_LINES) }, (_, index) =>
        lines.slice(index * CHUNK_LINES, (index + 1) * CHUNK_LINES),
      ),
    [lines],
  )
  return chunks.map((chunk, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the lines of finished code keep their places
    <ColouredChunk key={index} lines={chunk} last={index === chunks.length - 1} />
  ))
}

const ColouredChunk = memo(function ColouredChunk({ lines, last }: { lines: readonly CodeLine[]; last: boolean }) {
  return (
    <span className="block">
      {lines.map((line, index) => {
        // Pieces of finished code keep their places.
        const key = `${index}`
        const end = last && index === lines.length - 1 ? '' : '\n'
        return (
          <span key={key}>
            {line.map(asElement)}
            {end}
          </span>
        )
      })}
    </span>
  )
})

function asElement([text, kind]: CodePiece, place: number): ReactNode {
  if (kind === undefined) return text
  const key = `${place}`
  return (
    <span key={key} className={`code-${kind}`}>
      {text}
    </span>
  )
}
