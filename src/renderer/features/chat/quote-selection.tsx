// A button beside the words one just selected in an answer: quotes them in the next message.
import { TextQuote } from 'lucide-react'
import { memo, type RefObject, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import { selectionIn, wordsOf } from './quote.ts'

interface Place {
  top: number
  left: number
}

interface QuoteSelectionProps {
  /** The words of the answer; their first positioned ancestor is `frame`. */
  words: RefObject<HTMLElement | null>
  frame: RefObject<HTMLElement | null>
  onQuote(words: string): void
}

export const QuoteSelection = memo(function QuoteSelection({ words, frame, onQuote }: QuoteSelectionProps) {
  const { t } = useTranslation()
  const [place, setPlace] = useState<Place | null>(null)
  useEffect(() => {
    const element = words.current
    if (!element) return
    const look = () => setPlace(placeOf(selectionIn(element), frame.current))
    // After the browser has made the selection of it.
    const onPointerUp = () => requestAnimationFrame(look)
    element.addEventListener('pointerup', onPointerUp)
    element.addEventListener('keyup', look)
    return () => {
      element.removeEventListener('pointerup', onPointerUp)
      element.removeEventListener('keyup', look)
    }
  }, [words, frame])
  const shown = place !== null
  useEffect(() => {
    if (!shown) return
    const onChange = () => {
      if (!selectionIn(words.current)) setPlace(null)
    }
    document.addEventListener('selectionchange', onChange)
    return () => document.removeEventListener('selectionchange', onChange)
  }, [shown, words])
  if (place === null) return null
  return (
    <Button
      size="small"
      // Pressing it must not take the selection away.
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => {
        const range = selectionIn(words.current)
        if (range) onQuote(wordsOf(range))
        window.getSelection()?.removeAllRanges()
        setPlace(null)
      }}
      style={place}
      className="absolute z-30 shadow-float"
    >
      <TextQuote className="size-3.5" />
      {t('chat.quote')}
    </Button>
  )
})

const HEIGHT_PX = 30

/** Just above the selection, inside the answer. */
function placeOf(range: Range | null, frame: HTMLElement | null): Place | null {
  if (!range || !frame) return null
  const box = range.getBoundingClientRect()
  const around = frame.getBoundingClientRect()
  const left = Math.min(Math.max(box.left - around.left, 0), Math.max(around.width - 90, 0))
  return { top: box.top - around.top - HEIGHT_PX, left }
}
