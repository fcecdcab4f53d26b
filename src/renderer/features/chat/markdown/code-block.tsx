// A block of code: left to right whatever surrounds it, its language, and a button that copies it.
import { Check, Copy } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../../ui/button.tsx'
import { useCopied } from '../use-copied.ts'

export function CodeBlock({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const element = useRef<HTMLPreElement>(null)
  const { copied, copy } = useCopied()
  return (
    <div dir="ltr" className="relative my-3">
      <div className="absolute end-1.5 top-1.5 rounded-control bg-panel">
        <IconButton label={t('markdown.copyCode')} onClick={() => copy(element.current?.textContent ?? '')}>
          {copied ? <Check className="size-4" /> : <Copy className="size-4" />}
        </IconButton>
      </div>
      <pre
        ref={element}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, and the keyboard must reach them
        tabIndex={0}
        className="overflow-x-auto rounded-card border border-line bg-panel p-3 pe-11 font-mono text-sm"
      >
        {children}
      </pre>
    </div>
  )
}
