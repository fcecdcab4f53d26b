// Every way by which something could leave this computer, with its state as it is now.
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { keys, useAppState, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { formatList, formatNumber } from '../../app/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { Skeleton } from '../../ui/late.tsx'

/** What is not there at all, said because people ask. */
const ABSENT = ['usage', 'updates', 'sync'] as const

export function Connections() {
  const { t } = useTranslation()
  const client = useClient()
  const app = useAppState()
  const running = app?.downloads.some(({ state }) => state === 'running') ?? false
  const network = useQuery({
    // A download that starts or ends opens or closes a host.
    queryKey: [...keys.network, running],
    queryFn: ({ signal }) => client.system.network({}, { signal }),
    staleTime: 0,
  })
  if (network.error) return <p role="alert">{failureWords(t, failureOf(network.error))}</p>
  if (!network.data || !app) return <Skeleton lines={5} />
  const { guarded, openHosts, refused, downloadHosts } = network.data
  const sources = app.downloads.filter(({ state }) => state === 'running').map(({ source }) => source)
  const open = openHosts.length > 0 ? openHosts : sources
  return (
    <div className="flex flex-col gap-3">
      <ul className="flex flex-col divide-y divide-line rounded-card border border-line bg-raised">
        <Connection
          title={t('connections.downloads.title')}
          text={t('connections.downloads.text', { hosts: formatList(downloadHosts) })}
          state={open.length > 0 ? t('connections.open', { hosts: formatList(open) }) : t('connections.off')}
          open={open.length > 0}
        />
        <Connection
          title={t('connections.links.title')}
          text={t('connections.links.text')}
          state={t('connections.asks')}
        />
        {app.shell === 'browser' && (
          <Connection
            title={t('connections.window.title')}
            text={t('connections.window.text')}
            state={t('connections.local')}
          />
        )}
        <Connection
          title={t('connections.commands.title')}
          text={t('connections.commands.text')}
          state={t('connections.local')}
        />
        {ABSENT.map((name) => (
          <Connection
            key={name}
            title={t(`connections.${name}.title`)}
            text={t(`connections.${name}.text`)}
            state={t('connections.none')}
          />
        ))}
      </ul>
      <p className="text-sm text-dim">
        {guarded
          ? t('connections.guarded', { count: refused, number: formatNumber(refused) })
          : t('connections.unguarded')}
      </p>
    </div>
  )
}

function Connection(props: { title: string; text: string; state: string; open?: boolean }) {
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 px-3.5 py-2.5">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium">{props.title}</p>
        <p className="text-sm text-dim [overflow-wrap:anywhere]">{props.text}</p>
      </div>
      <Badge tone={props.open ? 'warning' : 'plain'}>{props.state}</Badge>
    </li>
  )
}
