// The one Learning switch, always in sight. Off means: nothing read, nothing written; what is there stays and can be seen.
import { GraduationCap } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useAppState } from '../../app/core.ts'
import { Switch } from '../../ui/switch.tsx'
import { useSetting } from '../settings/use-setting.ts'
import { StoreSwitches } from './store-switches.tsx'
import { useRetryLearning } from './use-retry-learning.ts'

export function LearningSwitch({ id }: { id: string }) {
  const { t } = useTranslation()
  const app = useAppState()
  const change = useSetting()
  const failed = app?.learning.failed ?? 0
  return (
    <div>
      <div className="flex min-h-7 items-center gap-2.5 text-sm text-dim">
        <GraduationCap className="size-4" />
        <label htmlFor={id} className="flex-1">
          {app?.settings.learning === false ? t('learning.off') : t('learning.title')}
        </label>
        <StoreSwitches />
        <Switch
          id={id}
          checked={app?.settings.learning ?? true}
          disabled={!app}
          onChange={(learning) => void change({ learning })}
        />
      </div>
      {failed > 0 && app?.settings.learning && <RetryLine failed={failed} />}
    </div>
  )
}

function RetryLine({ failed }: { failed: number }) {
  const { t } = useTranslation()
  const retry = useRetryLearning()
  return (
    <p className="pb-1 text-xs text-dim">
      {t('learning.failed', { count: failed })}{' '}
      <button type="button" className="font-medium text-accent-text hover:underline" onClick={retry}>
        {t('action.tryAgain')}
      </button>
    </p>
  )
}
