// Instead of a window full of nothing: what happened to the data, what was found, and the ways out.
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BackupView, RepairView } from '../../../shared/contract/backups.ts'
import { keys, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { formatBytes, formatNumber } from '../../app/format.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ChoiceCards } from '../../ui/choice-cards.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { Problem } from '../../ui/problem.tsx'
import { ProfilesPanel } from '../profiles/profiles-panel.tsx'
import { useProfiles } from '../profiles/use-profiles.ts'
import { untilClosed, useBackupWords } from './use-backups.ts'

/** Files named one by one; the rest is counted. */
const FILES_SHOWN = 8
/** The newest are nearly always the ones wanted. */
const BACKUPS_SHOWN = 3

export function RepairPage() {
  const { t } = useTranslation()
  const client = useClient()
  const failure = useProfiles()?.failure ?? null
  const { data, error } = useQuery({
    queryKey: [...keys.backups, 'repair'],
    queryFn: ({ signal }) => client.backups.repairState({}, { signal }),
    staleTime: 0,
  })
  useEffect(() => {
    document.title = t('app.title', { page: t('repair.title') })
  }, [t])
  return (
    <div className="mx-auto flex max-w-2xl flex-col gap-6 px-4 py-10 text-pretty">
      <div className="flex flex-col gap-2">
        <h1 className="text-xl">{t('repair.title')}</h1>
        <p>{data ? t(`repair.what.${data.kind}`) : t('repair.looking')}</p>
        <p className="text-dim">{t('repair.calm')}</p>
      </div>
      <Problem text={failure} />
      {error && <Problem text={failureWords(t, failureOf(error))} />}
      {!data && !error && <Skeleton lines={4} />}
      {data && (
        <>
          <Found data={data} />
          <WaysOut data={data} />
          <section aria-labelledby="repair-profiles" className="flex flex-col gap-3">
            <h2 id="repair-profiles" className="text-lg">
              {t('repair.otherProfile')}
            </h2>
            <p className="text-sm text-dim">{t('repair.otherProfileText')}</p>
            <ProfilesPanel />
          </section>
        </>
      )}
    </div>
  )
}

function Found({ data }: { data: RepairView }) {
  const { t } = useTranslation()
  const shown = data.files.slice(0, FILES_SHOWN)
  return (
    <section aria-labelledby="repair-found" className="flex flex-col gap-2 text-sm">
      <h2 id="repair-found" className="text-lg">
        {t('repair.found')}
      </h2>
      <p className="[overflow-wrap:anywhere]">{t('repair.folder', { path: data.data })}</p>
      {shown.length > 0 && (
        <details className="text-dim">
          <summary className="w-fit cursor-pointer rounded-sm py-0.5">
            {t('repair.files', { count: data.files.length, number: formatNumber(data.files.length) })}
          </summary>
          <ul className="mt-1 flex list-disc flex-col gap-0.5 ps-5">
            {shown.map(({ path, expected, actual }) => (
              <li key={path} className="[overflow-wrap:anywhere]">
                {actual === null
                  ? t('repair.fileGone', { path, size: formatBytes(expected) })
                  : t('repair.fileChanged', { path, size: formatBytes(expected), now: formatBytes(actual) })}
              </li>
            ))}
            {data.files.length > shown.length && (
              <li>{t('repair.moreFiles', { number: formatNumber(data.files.length - shown.length) })}</li>
            )}
          </ul>
        </details>
      )}
      {data.unreachable.map((folder) => (
        <p key={folder} className="text-warning-text [overflow-wrap:anywhere]">
          {t('repair.unreachable', { path: folder })}
        </p>
      ))}
    </section>
  )
}

type Way = 'repair' | 'restore'

function WaysOut({ data }: { data: RepairView }) {
  const { t } = useTranslation()
  const client = useClient()
  const words = useBackupWords()
  const good = data.backups.filter(({ whole, refused }) => whole && refused === null)
  const hasData = data.kind !== 'missing'
  const [chosen, setChosen] = useState<string>(good[0]?.name ?? '')
  const [all, setAll] = useState(false)
  const older = all ? 0 : Math.max(0, good.length - BACKUPS_SHOWN)
  const [way, setWay] = useState<Way>(hasData ? 'repair' : 'restore')
  const [closing, setClosing] = useState(false)
  const { busy, problem, attempt } = useAttempt()
  const close = async (work: () => Promise<unknown>) => setClosing(await attempt(() => untilClosed(work())))
  const run = () =>
    close(() => client.backups.repair({ name: chosen === '' ? null : chosen, replay: way === 'repair' }))
  const working = busy || closing
  const possible = chosen !== '' || (hasData && way === 'repair')
  return (
    <section aria-labelledby="repair-ways" className="flex flex-col gap-4">
      <h2 id="repair-ways" className="text-lg">
        {t('repair.ways')}
      </h2>
      {good.length > 0 ? (
        <Group label={t('repair.backups')}>
          <ChoiceCards
            label={t('repair.backups')}
            value={chosen}
            disabled={working}
            onChange={setChosen}
            options={good.slice(0, good.length - older).map((backup) => ({
              value: backup.name,
              label: `${words.when(backup)} · ${words.why(backup)}`,
              text: aboutOf(backup, words.holds, t('backups.checked'), t('backups.unknown')),
            }))}
          />
          {older > 0 && (
            <div>
              <Button kind="link" size="inline" onClick={() => setAll(true)}>
                {t('repair.older', { count: older, number: formatNumber(older) })}
              </Button>
            </div>
          )}
        </Group>
      ) : (
        <p>{hasData ? t('repair.noBackup') : t('repair.nothing')}</p>
      )}
      {data.backups.length > good.length && (
        <p className="text-sm text-dim">
          <Badge tone="danger">{t('backups.damaged')}</Badge>{' '}
          {t('repair.badBackups', { count: data.backups.length - good.length })}
        </p>
      )}
      {hasData && good.length > 0 && (
        <Group label={t('repair.how')}>
          <ChoiceCards<Way>
            label={t('repair.how')}
            value={way}
            disabled={working}
            onChange={setWay}
            options={[
              { value: 'repair', label: t('repair.replay'), text: t('repair.replayText') },
              { value: 'restore', label: t('repair.restoreOnly'), text: t('repair.restoreOnlyText') },
            ]}
          />
        </Group>
      )}
      <Problem text={problem} />
      <div className="flex flex-wrap items-center gap-2">
        <Button kind="accent" disabled={working || !possible} onClick={() => void run()}>
          {way === 'repair' && hasData ? t('repair.run') : t('backups.restore')}
        </Button>
        <Button disabled={working} onClick={() => void close(() => client.backups.reopen({}))}>
          {t('repair.again')}
        </Button>
        {working && (
          <p role="status" className="text-sm text-dim">
            {t('repair.working')}
          </p>
        )}
      </div>
    </section>
  )
}

function Group({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm font-medium">{label}</p>
      {children}
    </div>
  )
}

function aboutOf(
  { about }: BackupView,
  holds: ReturnType<typeof useBackupWords>['holds'],
  checked: string,
  unknown: string,
): string {
  if (!about) return unknown
  return [holds(about.counts), ...(about.checkedAt ? [checked] : [])].join(' · ')
}
