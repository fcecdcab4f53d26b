// The model and what it is doing, in one line that is always in sight and leads to the models page.
import { clsx } from 'clsx'
import { useTranslation } from 'react-i18next'
import type { EngineState } from '../../../shared/engine.ts'
import { useAppState } from '../../app/core.ts'
import { formatPercent } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'

/** The engine's state as words, such as "Qwen 3.5 4B · ready". */
export function useEngineWords(): (engine: EngineState) => string {
  const { t } = useTranslation()
  return (engine) => {
    switch (engine.state) {
      case 'none':
        return t('engine.none')
      case 'loading':
        return t('engine.loading', { model: engine.model, percent: formatPercent(engine.progress) })
      case 'ready':
      case 'answering':
      case 'learning':
        return t(`engine.${engine.state}`, { model: engine.model })
      case 'unloaded':
        return t('engine.unloaded', { model: engine.model })
      case 'restarting':
        return t('engine.restarting')
      case 'failed':
        return engine.model === null ? t('engine.failed') : t('engine.failedModel', { model: engine.model })
    }
  }
}

export function EngineLine() {
  const words = useEngineWords()
  const { t } = useTranslation()
  const engine = useAppState()?.engine
  const state = engine?.state
  const text = engine ? words(engine) : t('engine.unknown')
  return (
    <a
      href={hrefs.models}
      title={text}
      className="flex min-h-7 min-w-0 flex-1 items-center gap-2 rounded-control text-sm text-dim hover:text-text"
    >
      <span
        aria-hidden="true"
        className={clsx(
          'ms-1 size-2 shrink-0 rounded-full',
          (state === 'ready' || state === 'answering' || state === 'learning') && 'bg-accent',
          (state === 'loading' || state === 'restarting' || state === 'answering') && 'animate-pulse',
          (state === 'loading' || state === 'restarting') && 'bg-warning-text',
          state === 'failed' && 'bg-danger',
          (state === 'none' || state === 'unloaded' || state === undefined) && 'border border-edge',
        )}
      />
      <span className="truncate">{text}</span>
    </a>
  )
}
