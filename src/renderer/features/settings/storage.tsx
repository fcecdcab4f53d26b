// Where the data lies and the room it takes.
import { useQuery } from '@tanstack/react-query'
import { Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { keys, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { formatBytes } from '../../app/format.ts'
import { IconButton } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { useCopied } from '../chat/use-copied.ts'

export function Storage() {
  const { t } = useTranslation()
  const client = useClient()
  const storage = useQuery({
    queryKey: keys.storage,
    queryFn: ({ signal }) => client.system.storage({}, { signal }),
    staleTime: 0,
  })
  if (storage.error) return <p role="alert">{failureWords(t, failureOf(storage.error))}</p>
  if (!storage.data) return <Skeleton lines={5} />
  const { folder, modelsFolder, parts, freeBytes } = storage.data
  return (
    <div className="flex flex-col gap-3">
      <Path label={t('storage.folder')} path={folder} />
      <Path label={t('storage.models')} path={modelsFolder} />
      <dl className="flex flex-col divide-y divide-line rounded-card border border-line bg-raised">
        {parts
          .filter(({ part, bytes }) => bytes > 0 || part === 'database')
          .map(({ part, bytes }) => (
            <div key={part} className="flex items-center justify-between gap-4 px-3.5 py-2">
              <dt>{t(`storage.part.${part}`)}</dt>
              <dd className="shrink-0 text-dim tabular-nums">{formatBytes(bytes)}</dd>
            </div>
          ))}
      </dl>
      {freeBytes !== null && <p className="text-sm text-dim">{t('storage.free', { size: formatBytes(freeBytes) })}</p>}
    </div>
  )
}

function Path({ label, path }: { label: string; path: string }) {
  const { t } = useTranslation()
  const { copy } = useCopied()
  return (
    <div>
      <p className="text-sm text-dim">{label}</p>
      <div className="mt-1 flex items-center gap-2 rounded-control bg-panel py-1 ps-3 pe-1">
        <code className="min-w-0 flex-1 font-mono text-sm [overflow-wrap:anywhere]">{path}</code>
        <IconButton label={`${t('storage.copyPath')}: ${label}`} onClick={() => copy(path)}>
          <Copy className="size-4" />
        </IconButton>
      </div>
    </div>
  )
}
