// A link in untrusted text: inert until the person saw the whole address and said yes.
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAppState, useClient } from '../../../app/core.ts'
import { useSayFailure } from '../../../app/use-say-failure.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../../ui/dialog.tsx'
import { useCopied } from '../use-copied.ts'
import { checkedAddress } from './untrusted.ts'

export function LinkText({ href, children }: { href: string; children: ReactNode }) {
  const [asking, setAsking] = useState(false)
  const url = checkedAddress(href)
  if (!url) return <span>{children}</span>
  return (
    <>
      {/* No <a href>: a middle click, a drag or a prefetch would go past the question. */}
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      <span
        role="link"
        tabIndex={0}
        title={url.href}
        className="text-accent-text underline underline-offset-2"
        onClick={() => setAsking(true)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') setAsking(true)
        }}
      >
        {children}
      </span>
      {asking && <OpenLink url={url} onClose={() => setAsking(false)} />}
    </>
  )
}

function OpenLink({ url, onClose }: { url: URL; onClose(): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const shell = useAppState()?.shell
  const sayFailure = useSayFailure()
  const { copied, copy } = useCopied()
  const open = async () => {
    onClose()
    // The browser shell has no window of its own to protect: a new tab that knows nothing of this one.
    if (shell === 'browser') {
      window.open(url.href, '_blank', 'noopener,noreferrer')
      return
    }
    try {
      await client.app.openExternal({ url: url.href })
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <Dialog title={t('link.title')} onClose={onClose}>
      <p>{url.protocol === 'mailto:' ? t('link.mail') : t('link.text', { host: url.host })}</p>
      <p className="mt-3 max-h-40 overflow-auto rounded-control bg-panel p-3 font-mono text-sm [overflow-wrap:anywhere]">
        {url.href}
      </p>
      <DialogButtons>
        <Button onClick={() => copy(url.href)}>{copied ? t('action.copied') : t('link.copy')}</Button>
        <Button data-first-focus onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button kind="accent" onClick={open}>
          {t('link.open')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}
