// The model and what it is doing, in one line that is always in sight; one click shows more.
import { clsx } from 'clsx'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EngineState } from '../../../shared/engine.ts'
import { useAppState } from '../../app/core.ts'
import { formatPercent } from '../../app/format.ts'
import { EnginePanel } from './engine-panel.tsx'

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
  const [open, setOpen] = useState(false)
  const engine = useAppState()?.engine
  const text = engine ? words(engine) : t('engine.unknown')
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        title={text}
        className="flex min-h-7 min-w-0 flex-1 items-center gap-2 rounded-control text-start text-sm text-dim hover:text-text"
      >
        <EngineDot state={engine?.state} />
        <span className="truncate">{text}</span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="start"
          sideOffset={8}
          collisionPadding={12}
          aria-label={t('engine.panel')}
          className="z-40 w-[min(21rem,calc(100vw-1.5rem))] rounded-card border border-line bg-raised p-4 shadow-float focus:outline-none"
        >
          <EnginePanel text={text} onLeave={() => setOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function EngineDot({ state }: { state: EngineState['state'] | undefined }) {
  return (
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
  )
}
