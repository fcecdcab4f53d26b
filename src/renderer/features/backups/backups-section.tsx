// The backups there are, a new one, and the way back to one of them.
import { useQueryClient } from '@tanstack/react-query'
import { EllipsisVertical } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AsideView, BackupsView, BackupView } from '../../../shared/contract/backups.ts'
import { keys, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { focusWhenThere, isFocusLost } from '../../app/focus.ts'
import { ago, formatBytes, fullWhen, longDay } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, ButtonLink, IconButton } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Problem } from '../../ui/problem.tsx'
import { headingId } from '../data/heading-id.ts'
import { LastReport } from './report-words.tsx'
import { RestoreDialog } from './restore-dialog.tsx'
import { useBackups, useBackupWords } from './use-backups.ts'

export function BackupsSection() {
  const { t } = useTranslation()
  const { data, error } = useBackups()
  const [restoring, setRestoring] = useState<BackupView | null>(null)
  const [removing, setRemoving] = useState<BackupView | AsideView | null>(null)
  const acts = useActs()
  const words = useBackupWords()
  if (error) return <Problem text={failureWords(t, failureOf(error))} />
  if (!data) return <Skeleton lines={5} />
  return (
    <>
      <Now data={data} making={acts.busy} onMake={acts.make} />
      <Problem text={acts.problem ?? data.failure} />
      <LastReport />
      {data.backups.length > 0 && (
        <ul
          aria-label={t('backups.list')}
          className="flex flex-col divide-y divide-line rounded-card border border-line bg-raised"
        >
          {data.backups.map((backup) => (
            <BackupRow
              key={backup.path}
              backup={backup}
              busy={acts.busy}
              onRestore={() => setRestoring(backup)}
              onCheck={() => acts.check(backup.name)}
              onRemove={() => setRemoving(backup)}
            />
          ))}
        </ul>
      )}
      {data.asides.length > 0 && (
        <section aria-labelledby="backups-asides" className="flex flex-col gap-2">
          <h3 id="backups-asides" className="label-caps">
            {t('backups.asides')}
          </h3>
          <ul className="flex flex-col divide-y divide-line rounded-card border border-line bg-raised">
            {data.asides.map((aside) => (
              <li key={aside.name} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3.5 py-2.5">
                <div className="min-w-0 flex-1 basis-60">
                  <p className="font-medium">{t(`backups.aside.${aside.reason}`, { when: fullWhen(aside.at) })}</p>
                  <bdi className="text-xs text-dim [overflow-wrap:anywhere]">{aside.path}</bdi>
                  <p className="text-xs text-dim">{t('backups.asideUntil', { day: longDay(aside.until) })}</p>
                </div>
                <Button kind="danger" onClick={() => setRemoving(aside)}>
                  {t('backups.remove')}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {restoring && (
        <RestoreDialog backup={restoring} canRestore={data.canRestore} onClose={() => setRestoring(null)} />
      )}
      {removing && (
        <Dialog title={t('backups.removeTitle')} onClose={() => setRemoving(null)}>
          <p>
            {'until' in removing
              ? t('backups.removeAsideText', { when: fullWhen(removing.at) })
              : t('backups.removeText', { when: words.when(removing) })}
          </p>
          <DialogButtons>
            <Button onClick={() => setRemoving(null)}>{t('action.cancel')}</Button>
            <Button
              kind="danger"
              onClick={() => {
                acts.remove(removing)
                setRemoving(null)
              }}
            >
              {t('backups.removeSure')}
            </Button>
          </DialogButtons>
        </Dialog>
      )}
    </>
  )
}

function useActs() {
  const client = useClient()
  const cache = useQueryClient()
  const { busy, problem, attempt } = useAttempt()
  const act = (work: () => Promise<unknown>) =>
    void attempt(async () => {
      try {
        await work()
      } finally {
        await cache.invalidateQueries({ queryKey: keys.backups })
      }
    })
  /** Of a row, whose buttons are out of use meanwhile, or go with it. */
  const actOnRow = (work: () => Promise<unknown>) => {
    act(work)
    focusWhenThere(() => (isFocusLost() ? document.getElementById(headingId('backups')) : null))
  }
  return {
    busy,
    problem,
    make: () => act(() => client.backups.make({})),
    check: (name: string) => actOnRow(() => client.backups.check({ name })),
    remove: (one: BackupView | AsideView) =>
      actOnRow(() =>
        'until' in one ? client.backups.removeAside({ name: one.name }) : client.backups.remove({ name: one.name }),
      ),
  }
}

function Now({ data, making, onMake }: { data: BackupsView; making: boolean; onMake(): void }) {
  const { t } = useTranslation()
  const last = data.backups.find(({ about }) => about !== null)?.about
  const unreachable = data.places.filter(({ reachable }) => !reachable)
  const working = making || data.running
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <Button kind="accent" disabled={working} onClick={onMake}>
          {t('backups.make')}
        </Button>
        <p role="status" className="min-w-0 flex-1 basis-60 text-sm text-dim">
          {working
            ? t('backups.working')
            : last
              ? t('backups.last', { when: ago(last.at, new Date()) })
              : t('backups.none')}{' '}
          {!working && (data.due ? t('backups.byItself') : t('backups.notByItself'))}
        </p>
        <ButtonLink href={hrefs.setting('backups')} kind="link" size="inline">
          {t('backups.settings')}
        </ButtonLink>
      </div>
      {unreachable.map(({ folder, owedSince }) => (
        <p key={folder} role="status" className="rounded-card bg-warning-soft px-3.5 py-2.5 text-sm text-warning-text">
          {owedSince ? t('backups.owed') : t('backups.unreachable')} <bdi>{folder}</bdi>
        </p>
      ))}
    </div>
  )
}

interface BackupRowProps {
  backup: BackupView
  busy: boolean
  onRestore(): void
  onCheck(): void
  onRemove(): void
}

function BackupRow({ backup, busy, onRestore, onCheck, onRemove }: BackupRowProps) {
  const { t } = useTranslation()
  const words = useBackupWords()
  const { about, whole, refused } = backup
  const when = words.when(backup)
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3.5 py-2.5">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          <span className="[overflow-wrap:anywhere]">{when}</span>
          <Badge>{words.why(backup)}</Badge>
          {!whole && <Badge tone="danger">{t('backups.damaged')}</Badge>}
          {whole && about && about.checkedAt === null && <Badge tone="warning">{t('backups.unchecked')}</Badge>}
        </p>
        {about && (
          <p className="text-sm text-dim">
            {about.checkedAt && `${words.holds(about.counts)} · `}
            {formatBytes(about.bytes)}
            {about.checkedAt && ` · ${t('backups.checked')}`}
          </p>
        )}
        {refused && <p className="text-sm text-warning-text">{refused}</p>}
      </div>
      <div className="flex items-center gap-1">
        <Button disabled={!whole || refused !== null} aria-label={t('backups.restoreOf', { when })} onClick={onRestore}>
          {t('backups.restore')}
        </Button>
        <Menu
          trigger={
            <IconButton label={t('backups.moreOf', { when })} disabled={busy}>
              <EllipsisVertical className="size-4" />
            </IconButton>
          }
          entries={[
            { label: t('backups.check'), onSelect: onCheck },
            { label: t('backups.remove'), danger: true, onSelect: onRemove },
          ]}
        />
      </div>
    </li>
  )
}
