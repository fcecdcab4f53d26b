// How many backups stay, and where they lie.
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/settings.ts'
import { keys, useClient } from '../../app/core.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Select } from '../../ui/select.tsx'
import { useSetting } from '../settings/use-setting.ts'
import { useBackups } from './use-backups.ts'

const DAYS = [0, 1, 3, 7, 14, 30]
const WEEKS = [0, 2, 4, 8, 26, 52]

export function BackupCounts({ settings }: { settings: Settings }) {
  const { t } = useTranslation()
  const change = useSetting()
  const options = (values: number[], now: number, words: (count: number) => string) =>
    [...new Set([...values, now])].sort((a, b) => a - b).map((value) => ({ value: `${value}`, label: words(value) }))
  const { backupsDaily: days, backupsWeekly: weeks } = settings
  return (
    <div className="flex flex-wrap gap-2">
      <Select<string>
        aria-label={t('backups.daily')}
        value={`${days}`}
        options={options(DAYS, days, (count) => (count === 0 ? t('backups.never') : t('backups.days', { count })))}
        onChange={(value) => void change({ backupsDaily: Number(value) })}
      />
      <Select<string>
        aria-label={t('backups.weekly')}
        value={`${weeks}`}
        disabled={days === 0}
        options={options(WEEKS, weeks, (count) => (count === 0 ? t('backups.noWeeks') : t('backups.weeks', { count })))}
        onChange={(value) => void change({ backupsWeekly: Number(value) })}
      />
    </div>
  )
}

/** Another disk protects against the loss of this one. */
export function BackupPlace() {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const places = useBackups().data?.places
  const { busy, problem, attempt } = useAttempt()
  const [path, setPath] = useState('')
  const [problemId, fieldId] = [useId(), useId()]
  const chosen = places?.find((place) => place.chosen)
  const choose = async (place: string | null) => {
    const done = await attempt(async () => {
      await client.backups.choosePlace({ place })
      await cache.invalidateQueries({ queryKey: keys.backups })
    })
    if (done) setPath('')
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void choose(path.trim())
  }
  return (
    <div className="flex flex-col gap-2">
      <ul aria-label={t('backups.places')} className="flex flex-col gap-1 text-sm">
        {places?.map((place) => (
          <li key={place.folder} className="flex flex-wrap items-baseline gap-x-2">
            <span className={place.chosen ? 'font-medium' : 'text-dim'}>
              {place.chosen ? t('backups.placeNext') : t('backups.placeAlso')}
            </span>
            <bdi className="min-w-0 text-dim [overflow-wrap:anywhere]">{place.folder}</bdi>
            {!place.reachable && (
              <span role="status" className="w-full text-warning-text">
                {place.owedSince ? t('backups.owed') : t('backups.unreachable')}
              </span>
            )}
          </li>
        ))}
      </ul>
      <form onSubmit={submit} className="flex flex-wrap gap-2">
        <label htmlFor={fieldId} className="sr-only">
          {t('backups.placeField')}
        </label>
        <TextField
          id={fieldId}
          dir="auto"
          value={path}
          maxLength={4096}
          placeholder={t('backups.placeField')}
          aria-describedby={problemId}
          className="flex-1 basis-60"
          onChange={(event) => setPath(event.target.value)}
        />
        <Button type="submit" disabled={busy || path.trim() === ''}>
          {t('backups.placeUse')}
        </Button>
        {chosen?.own === false && (
          <Button disabled={busy} onClick={() => void choose(null)}>
            {t('backups.placeOwn')}
          </Button>
        )}
      </form>
      <Problem id={problemId} text={problem} />
    </div>
  )
}
