// A block of code: left to right whatever surrounds it, with its language, buttons to wrap and copy it, and a height that a
// long one scrolls in, so that it never pushes the conversation away.
import { Check, Copy, WrapText } from 'lucide-react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../../../ui/button.tsx'
import { useCopied } from '../use-copied.ts'
import { ColouredCode, PlainCode } from './code-text.tsx'
import { languageId, languageName } from './languages.ts'
import { useHighlight } from './use-highlight.ts'

interface CodeBlockProps {
  /** As written after the fence; may be empty. */
  language: string
  code: string
  growing: boolean
}

/** About what fits the height; a longer block offers to be shown whole. */
const SHOWN_LINES = 28

export function CodeBlock({ language, code, growing }: CodeBlockProps) {
  const { t } = useTranslation()
  const [wrapped, setWrapped] = useState(false)
  const [whole, setWhole] = useState(false)
  const { copied, copy } = useCopied()
  const element = useRef<HTMLPreElement>(null)
  useFollowEnd(element, growing && !whole)
  const lines = useHighlight(languageId(language), code, growing)
  const count = lineCount(code)
  return (
    <div dir="ltr" className="my-3 overflow-hidden rounded-card border border-line bg-panel">
      <div className="flex min-h-9 items-center gap-1 ps-3 pe-1">
        <span className="me-auto truncate text-xs text-dim">
          {language === '' ? t('markdown.code') : languageName(language)}
        </span>
        <IconButton label={t('markdown.wrap')} aria-pressed={wrapped} onClick={() => setWrapped(!wrapped)}>
          <WrapText className={wrapped ? 'size-4 text-accent-text' : 'size-4'} />
        </IconButton>
        <IconButton label={t('markdown.copyCode')} onClick={() => copy(code)}>
          {copied ? <Check className="size-4" /> : <Copy className="size-4" />}
        </IconButton>
      </div>
      <pre
        ref={element}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines and long blocks scroll, and the keyboard must reach them
        tabIndex={0}
        className={`overflow-auto px-3 pb-3 font-mono text-sm -outline-offset-2 ${whole ? '' : 'max-h-[min(36rem,70vh)]'} ${wrapped ? 'whitespace-pre-wrap [overflow-wrap:anywhere]' : '[overflow-wrap:normal]'}`}
      >
        <code className="block">{lines ? <ColouredCode lines={lines} /> : <PlainCode code={code} />}</code>
      </pre>
      {count > SHOWN_LINES && !growing && (
        <div className="border-t border-line p-1">
          <Button kind="quiet" size="small" aria-expanded={whole} onClick={() => setWhole(!whole)}>
            {whole ? t('markdown.fold') : t('markdown.showAll', { count })}
          </Button>
        </div>
      )}
    </div>
  )
}

/** This near to the end counts as being there. */
const NEAR_PX = 40

/** Keeps the end of growing code in sight inside its own box, unless the reader scrolled up in it. */
function useFollowEnd(element: RefObject<HTMLPreElement | null>, active: boolean): void {
  useEffect(() => {
    const box = element.current
    if (!active || !box?.firstElementChild) return
    let height = box.scrollHeight
    // Told after the page was laid out, so that asking for heights costs nothing.
    const observer = new ResizeObserver(() => {
      const wasAtEnd = height - box.clientHeight - box.scrollTop <= NEAR_PX
      height = box.scrollHeight
      if (wasAtEnd) box.scrollTop = height
    })
    observer.observe(box.firstElementChild)
    return () => observer.disconnect()
  }, [element, active])
}

function lineCount(code: string): number {
  let count = 1
  for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) count++
  return count
}
