// What is known of how an answer came about: model, tokens, speed, waits. One line that opens into all of it.
import { useTranslation } from 'react-i18next'
import type { AnswerStats, MessageView } from '../../../shared/chat.ts'
import { formatMilliseconds, formatNumber } from '../../app/format.ts'
import { Popover } from '../../ui/popover.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'

export function AnswerFacts({ message }: { message: MessageView }) {
  const { t } = useTranslation()
  const { stats, model } = message
  if (!stats) return null
  const speed = stats.tokensPerSecond
  const label = speed === null ? t('facts.title') : t('stats.speed', { speed: formatNumber(speed, speed < 10 ? 1 : 0) })
  return (
    <Popover
      label={t('facts.title')}
      trigger={
        <button
          type="button"
          title={t('facts.open')}
          className="rounded-sm text-sm text-dim hover:text-text hover:underline"
        >
          {label}
        </button>
      }
    >
      <p className="mb-2 font-medium">{t('facts.title')}</p>
      <Facts stats={stats} model={model} />
    </Popover>
  )
}

function Facts({ stats, model }: { stats: AnswerStats; model: string | null }) {
  const { t } = useTranslation()
  const facts: [label: string, value: string | null][] = [
    [t('facts.model'), model === null ? null : revealHidden(model)],
    [t('facts.read'), t('facts.tokens', { count: stats.promptTokens, tokens: formatNumber(stats.promptTokens) })],
    [t('facts.cached'), t('facts.tokens', { count: stats.cachedTokens, tokens: formatNumber(stats.cachedTokens) })],
    [t('facts.written'), t('facts.tokens', { count: stats.answerTokens, tokens: formatNumber(stats.answerTokens) })],
    [
      t('facts.speed'),
      stats.tokensPerSecond === null
        ? null
        : t('facts.perSecond', { speed: formatNumber(stats.tokensPerSecond, stats.tokensPerSecond < 10 ? 1 : 0) }),
    ],
    [t('facts.firstToken'), stats.timeToFirstTokenMs === null ? null : formatMilliseconds(stats.timeToFirstTokenMs)],
    [t('facts.recall'), formatMilliseconds(stats.recallMs)],
    [
      t('facts.recalled'),
      t('facts.tokens', { count: stats.recalledTokens, tokens: formatNumber(stats.recalledTokens) }),
    ],
  ]
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
      {facts.map(
        ([label, value]) =>
          value !== null && (
            <div key={label} className="contents">
              <dt className="text-dim">{label}</dt>
              <dd className="text-end [overflow-wrap:anywhere]">{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}
