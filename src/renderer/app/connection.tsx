// The state of the line to the core, and of what stands behind it, in words.
import { clsx } from 'clsx'
import { Hourglass, TriangleAlert } from 'lucide-react'
import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button.tsx'
import { useAppState, useClient } from './core.ts'
import { failureOf } from './failure.ts'
import type { Connection, ConnectionState } from './transport.ts'
import { useSayFailure } from './use-say-failure.ts'

export const ConnectionContext = createContext<Connection | null>(null)

export function useConnectionState(): ConnectionState {
  const connection = use(ConnectionContext)
  if (!connection) throw new Error('The connection has no provider.')
  return useSyncExternalStore(
    (changed) => connection.onState(changed),
    () => connection.state,
  )
}

/** A blink of the line is not worth a banner. */
const WORTH_SAYING_MS = 600

/** Says that the core cannot be reached or cannot save, what is kept, and what happens next. */
export function ConnectionBanner() {
  const { t } = useTranslation()
  const connection = useConnectionState()
  const database = useAppState()?.database
  const lost = useLasting(connection.state === 'lost')

  if (connection.state === 'ended') {
    return <Banner text={connection.message ?? t(`connection.${connection.reason}`)} />
  }
  if (lost) return <Banner text={t('connection.lost')} />
  switch (database?.state) {
    case 'ready':
      return database.busy ? <Banner tone="calm" text={t('database.busy')} /> : null
    case 'restarting':
      return <Banner text={t('database.restarting')} />
    case 'readonly':
      return <Banner text={t('database.readonly', { reason: database.reason })} />
    case 'damaged':
      return <DamagedBanner />
    case 'failed':
      return <Banner text={t('database.failed', { reason: database.error.message })} />
    default:
      return null
  }
}

function useLasting(now: boolean): boolean {
  const [lasting, setLasting] = useState(false)
  useEffect(() => {
    if (!now) {
      setLasting(false)
      return
    }
    const timer = setTimeout(() => setLasting(true), WORTH_SAYING_MS)
    return () => clearTimeout(timer)
  }, [now])
  return lasting
}

/** A part cannot be read: the way to the repair, which closes the profile. */
function DamagedBanner() {
  const { t } = useTranslation()
  const client = useClient()
  const sayFailure = useSayFailure()
  const repair = () =>
    void client.backups.reopen({}).catch((error: unknown) => {
      // The line ends with the core: that is no failure.
      if (failureOf(error).code !== 'OFFLINE') sayFailure(error)
    })
  return (
    <Banner text={t('database.damaged')}>
      <Button size="small" onClick={repair}>
        {t('database.repair')}
      </Button>
    </Banner>
  )
}

const TONES = {
  warning: { role: 'alert', colours: 'bg-warning-soft text-warning-text', Icon: TriangleAlert },
  calm: { role: 'status', colours: 'bg-hover text-dim', Icon: Hourglass },
} as const

function Banner({
  text,
  children,
  tone = 'warning',
}: {
  text: string
  children?: ReactNode
  tone?: keyof typeof TONES
}) {
  const { role, colours, Icon } = TONES[tone]
  return (
    <div role={role} className={clsx('flex items-center gap-2.5 px-4 py-2.5 text-sm', colours)}>
      <Icon className="size-4" />
      <span className="min-w-0 flex-1">{text}</span>
      {children}
    </div>
  )
}
