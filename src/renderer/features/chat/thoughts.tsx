// What a reasoning model thought before it wrote: folded away, and there for whoever wants to follow it.
import { ChevronRight, Lightbulb } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Markdown } from './markdown/markdown.tsx'

interface ThoughtsProps {
  text: string
  /** It still thinks. */
  growing: boolean
}

export function Thoughts({ text, growing }: ThoughtsProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const panel = useId()
  return (
    <div className="mb-2">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={panel}
        onClick={() => setOpen(!open)}
        className="-ms-1.5 inline-flex min-h-7 items-center gap-1.5 rounded-control px-1.5 text-sm text-dim hover:bg-hover hover:text-text"
      >
        <Lightbulb aria-hidden="true" className={growing ? 'size-3.5 animate-pulse' : 'size-3.5'} />
        {growing ? t('thoughts.growing') : t('thoughts.done')}
        <ChevronRight
          aria-hidden="true"
          className={`size-3.5 transition-transform duration-100 ${open ? 'rotate-90' : ''}`}
        />
      </button>
      <div id={panel} hidden={!open} dir="auto" className="mt-1 border-s-2 border-line ps-3.5 text-sm text-dim">
        {open && <Markdown text={text} growing={growing} />}
      </div>
    </div>
  )
}
