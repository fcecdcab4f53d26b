// What a backup holds beside what there is now, what would be put aside, and into which profile it goes.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BackupView, RestorePreview } from '../../../shared/contract/backups.ts'
import { PROFILE_NAME_MAX } from '../../../shared/contract/profiles.ts'
import { keys, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { formatList, formatNumber } from '../../app/format.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { useWindow } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { ChoiceCards } from '../../ui/choice-cards.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { Problem } from '../../ui/problem.tsx'
import { TOLD_KINDS, untilClosed, useBackupWords } from './use-backups.ts'

interface RestoreDialogProps {
  backup: BackupView
  canRestore: boolean
  onClose(): void
}

export function RestoreDialog({ backup, canRestore, onClose }: RestoreDialogProps) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const words = useBackupWords()
  const notify = useWindow((state) => state.notify)
  const { busy, problem, attempt } = useAttempt()
  const [into, setInto] = useState<'this' | 'new'>(canRestore ? 'this' : 'new')
  const [name, setName] = useState('')
  const [closing, setClosing] = useState(false)
  const nameId = useId()
  const preview = useQuery({
    queryKey: [...keys.backups, 'preview', backup.name],
    queryFn: ({ signal }) => client.backups.preview({ name: backup.name }, { signal }),
    staleTime: 0,
  })
  const restore = async () => {
    if (into === 'this') {
      const begun = await attempt(() => untilClosed(client.backups.restore({ name: backup.name })))
      setClosing(begun)
      return
    }
    const done = await attempt(async () => {
      await client.backups.restoreAsNew({ name: backup.name, profile: name.trim() })
      await cache.invalidateQueries({ queryKey: keys.profiles })
    })
    if (!done) return
    notify({ text: t('backups.newProfile', { name: name.trim() }), action: null })
    onClose()
  }
  return (
    <Dialog title={t('backups.restoreTitle', { when: words.when(backup) })} shape="wide" onClose={onClose}>
      <div className="-mx-1 flex max-h-[70dvh] flex-col gap-4 overflow-y-auto px-1">
        {preview.error && <Problem text={failureWords(t, failureOf(preview.error))} />}
        {!preview.data && !preview.error && <Skeleton lines={4} />}
        {preview.data && <Preview preview={preview.data} into={into} />}
        <ChoiceCards<'this' | 'new'>
          label={t('backups.into')}
          value={into}
          disabled={busy || closing}
          onChange={setInto}
          options={[
            ...(canRestore
              ? [{ value: 'this' as const, label: t('backups.intoThis'), text: t('backups.intoThisText') }]
              : []),
            { value: 'new' as const, label: t('backups.intoNew'), text: t('backups.intoNewText') },
          ]}
        />
        {into === 'new' && (
          <div className="flex flex-col gap-1.5">
            <label htmlFor={nameId} className="text-sm font-medium">
              {t('profiles.new')}
            </label>
            <TextField
              id={nameId}
              dir="auto"
              value={name}
              maxLength={PROFILE_NAME_MAX}
              onChange={(event) => setName(event.target.value)}
            />
          </div>
        )}
        <Problem text={problem} />
        {(busy || closing) && (
          <p role="status" className="text-sm text-dim">
            {into === 'this' ? t('backups.restoring') : t('backups.restoringNew')}
          </p>
        )}
      </div>
      <DialogButtons>
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button
          kind="accent"
          disabled={busy || closing || !preview.data || (into === 'new' && name.trim() === '')}
          onClick={() => void restore()}
        >
          {into === 'this' ? t('backups.restoreThis') : t('backups.restoreNew')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}

function Preview({ preview, into }: { preview: RestorePreview; into: 'this' | 'new' }) {
  const { t } = useTranslation()
  const of = (kind: string) => preview.kinds.find((one) => one.kind === kind)
  const known = preview.backup.about !== null
  const newer = TOLD_KINDS.flatMap((kind) => {
    const count = preview.newer[kind] ?? 0
    return count > 0 ? [t(`backups.count.${kind}`, { count, number: formatNumber(count) })] : []
  })
  return (
    <>
      {known ? (
        <table className="w-full text-sm">
          <thead>
            <tr className="border-b border-line text-start text-dim">
              <th scope="col" className="py-1 text-start font-medium">
                {t('backups.kindColumn')}
              </th>
              <th scope="col" className="py-1 text-end font-medium">
                {t('backups.thenColumn')}
              </th>
              <th scope="col" className="py-1 ps-4 text-end font-medium">
                {t('backups.nowColumn')}
              </th>
            </tr>
          </thead>
          <tbody>
            {TOLD_KINDS.filter((kind) => of(kind)?.held || of(kind)?.now).map((kind) => (
              <tr key={kind} className="border-b border-line">
                <th scope="row" className="py-1 text-start font-normal">
                  {t(`backups.kind.${kind}`)}
                </th>
                <td className="py-1 text-end tabular-nums">{formatNumber(of(kind)?.held ?? 0)}</td>
                <td className="py-1 text-end tabular-nums">{formatNumber(of(kind)?.now ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <p className="text-sm text-dim">{t('backups.unknown')}</p>
      )}
      {into === 'this' && (
        <p className="text-sm">
          {newer.length > 0 ? t('backups.newer', { what: formatList(newer) }) : t('backups.nothingNewer')}
        </p>
      )}
      {preview.migrated && <p className="text-sm text-dim">{t('backups.migrated')}</p>}
    </>
  )
}
