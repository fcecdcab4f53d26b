// Opening another profile ends an answer that is being written, so then it is asked about.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProfileView } from '../../../shared/contract/profiles.ts'
import { useAppState } from '../../app/core.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { useProfileName } from './use-profiles.ts'

export interface Switching {
  /** The profile that is asked about. */
  asked: ProfileView | null
  ask(profile: ProfileView): void
  agree(): void
  cancel(): void
}

export function useSwitch(switchTo: (id: string) => Promise<void>): Switching {
  const answering = useAppState()?.engine.state === 'answering'
  const [asked, setAsked] = useState<ProfileView | null>(null)
  return {
    asked,
    ask(profile) {
      if (answering) setAsked(profile)
      else void switchTo(profile.id)
    },
    agree() {
      if (asked) void switchTo(asked.id)
      setAsked(null)
    },
    cancel: () => setAsked(null),
  }
}

export function SwitchDialog({ switching }: { switching: Switching }) {
  const { t } = useTranslation()
  const nameOf = useProfileName()
  const { asked, agree, cancel } = switching
  if (!asked) return null
  return (
    <Dialog title={t('profiles.switchTo', { name: nameOf(asked) })} onClose={cancel}>
      <p>{t('profiles.answering')}</p>
      <DialogButtons>
        <Button onClick={cancel}>{t('action.cancel')}</Button>
        <Button kind="accent" onClick={agree}>
          {t('profiles.switch')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}
