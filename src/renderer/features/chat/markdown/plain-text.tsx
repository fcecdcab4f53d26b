// Text that is too much for the markdown parser, as it was written. Pieces before the last one are drawn once.
import { memo, useMemo } from 'react'
import { MarkedText } from '../../../ui/marked-text.tsx'
import { plainPieces } from './limits.ts'

export function PlainText({ text }: { text: string }) {
  const pieces = useMemo(() => plainPieces(text), [text])
  return (
    <div className="whitespace-pre-wrap">
      {pieces.map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces are only added at the end
        <Piece key={index} text={piece} />
      ))}
    </div>
  )
}

const Piece = memo(function Piece({ text }: { text: string }) {
  return (
    <div>
      <MarkedText text={text} />
    </div>
  )
})
