// Copies text and says so for a moment, to the eye and to the live region.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useWindow } from '../../app/window-state.ts'

const SHOWN_MS = 2_000

export function useCopied(): { copied: boolean; copy(text: string): void } {
  const { t } = useTranslation()
  const announce = useWindow((state) => state.announce)
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  return {
    copied,
    copy(text) {
      navigator.clipboard.writeText(text).then(
        () => {
          setCopied(true)
          announce(t('status.copied'))
        },
        () => announce(t('status.copyFailed')),
      )
    },
  }
}
