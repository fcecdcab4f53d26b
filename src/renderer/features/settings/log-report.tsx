// The log as a report to hand on: what is shown is what is copied.
import { useQuery } from '@tanstack/react-query'
import { Check, Copy } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { Button } from '../../ui/button.tsx'
import { useCopied } from '../chat/use-copied.ts'

export function LogReport() {
  const { t } = useTranslation()
  const client = useClient()
  const [open, setOpen] = useState(false)
  const { copied, copy } = useCopied()
  const id = useId()
  const log = useQuery({
    queryKey: keys.log,
    queryFn: ({ signal }) => client.system.log({}, { signal }),
    enabled: open,
    staleTime: 0,
  })
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        <Button aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          {open ? t('log.hide') : t('log.show')}
        </Button>
        {open && log.data && (
          <Button onClick={() => copy(log.data.report)}>
            {copied ? <Check className="size-4" /> : <Copy className="size-4" />}
            {copied ? t('action.copied') : t('log.copy')}
          </Button>
        )}
      </div>
      <div id={id} className="flex flex-col gap-2">
        {open && log.error && (
          <p role="alert" className="text-danger">
            {failureWords(t, failureOf(log.error))}
          </p>
        )}
        {open && log.data && (
          <>
            <p className="text-sm text-dim">{t('log.holds')}</p>
            <section
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
              tabIndex={0}
              aria-label={t('log.preview')}
              className="max-h-80 overflow-auto rounded-control border border-line bg-panel p-3"
            >
              <pre className="font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">{log.data.report}</pre>
            </section>
            <p className="text-xs text-dim [overflow-wrap:anywhere]">
              {t('log.file')} <code className="font-mono">{log.data.file}</code>
            </p>
          </>
        )}
      </div>
    </div>
  )
}
