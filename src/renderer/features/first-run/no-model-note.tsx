// Why nobody answers yet, and what to do about it: above the composer of a chat without a model.
import { useTranslation } from 'react-i18next'
import { isUnderWay } from '../../../shared/models.ts'
import { useAppState } from '../../app/core.ts'
import { formatPercent } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'

export function NoModelNote() {
  const { t } = useTranslation()
  const running = useAppState()?.downloads.find(isUnderWay)
  const share = running?.totalBytes ? running.receivedBytes / running.totalBytes : null
  return (
    <p className="mx-auto mb-2 w-full max-w-2xl px-5 text-sm text-dim">
      {running === undefined
        ? t('chat.noModel')
        : running.state === 'waiting'
          ? t('chat.modelWaits')
          : share === null
            ? t('chat.modelComing')
            : t('chat.modelComingShare', { percent: formatPercent(share) })}{' '}
      <a href={hrefs.models} className="font-medium text-accent-text hover:underline">
        {running === undefined ? t('chat.chooseModel') : t('chat.showDownload')}
      </a>
    </p>
  )
}
