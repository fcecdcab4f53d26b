// Asks before an incognito chat is kept: what is kept from now on, and what of it is learned from.
import { useTranslation } from 'react-i18next'
import type { ConversationId } from '../../../shared/ids.ts'
import { useKeepIncognito } from '../../app/incognito.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/problem.tsx'

export function KeepIncognitoDialog({ id, onClose }: { id: ConversationId; onClose(): void }) {
  const { t } = useTranslation()
  const keepChat = useKeepIncognito()
  const { busy, problem, attempt } = useAttempt()
  return (
    <Dialog title={t('incognito.keepTitle')} onClose={onClose}>
      <div className="flex flex-col gap-2 text-sm">
        <p>{t('incognito.keepText')}</p>
        <p>{t('incognito.keepLearning')}</p>
      </div>
      <Problem text={problem} className="mt-3" />
      <DialogButtons>
        <Button data-first-focus onClick={onClose}>
          {t('incognito.keepNot')}
        </Button>
        <Button kind="accent" disabled={busy} onClick={() => void attempt(() => keepChat(id))}>
          {t('incognito.keep')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}
