// Asks before an incognito chat is kept: what is kept from now on, and what of it is learned from.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationId } from '../../../shared/ids.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { useKeepIncognito } from '../../app/incognito.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'

export function KeepIncognitoDialog({ id, onClose }: { id: ConversationId; onClose(): void }) {
  const { t } = useTranslation()
  const keepChat = useKeepIncognito()
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const keep = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await keepChat(id)
    } catch (error) {
      setProblem(failureWords(t, failureOf(error)))
      setBusy(false)
    }
  }
  return (
    <Dialog title={t('incognito.keepTitle')} onClose={onClose}>
      <div className="flex flex-col gap-2 text-sm">
        <p>{t('incognito.keepText')}</p>
        <p>{t('incognito.keepLearning')}</p>
      </div>
      {problem && (
        <p role="alert" className="mt-3 text-sm text-danger">
          {problem}
        </p>
      )}
      <DialogButtons>
        <Button data-first-focus onClick={onClose}>
          {t('incognito.keepNot')}
        </Button>
        <Button kind="accent" disabled={busy} onClick={() => void keep()}>
          {t('incognito.keep')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}
