// The dry run is done: what it found, what shall become of it, and the word to take it over.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportChoices, ImportReport, ImportView } from '../../../shared/imports.ts'
import { keys, useClient } from '../../app/core.ts'
import { longDay } from '../../app/format.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { Button } from '../../ui/button.tsx'
import { Problem } from '../../ui/problem.tsx'
import { arrivals } from './arrivals.ts'
import { Card, CardButtons } from './card.tsx'
import { ImportChoicesForm } from './import-choices.tsx'
import { OwnDialog } from './own-dialog.tsx'
import { useDropImport } from './use-drop-import.ts'
import { VerdictBlock } from './verdict-block.tsx'
import { totalOf, VERDICTS } from './verdicts.ts'

export function ReportCard({ view, report }: { view: ImportView; report: ImportReport }) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const drop = useDropImport()
  const { id, name, format, archive } = view
  const mine = archive?.mark === 'mine'
  const [choices, setChoices] = useState<ImportChoices>({
    ...{ own: mine, onConflict: 'skip', leaveOutRefused: false, learn: false },
  })
  const [confirming, setConfirming] = useState(false)
  const { busy, problem, attempt, say } = useAttempt()
  const shown = VERDICTS.filter((verdict) => totalOf(report, verdict) > 0)
  const nothing = !shown.some((verdict) => verdict === 'new' || verdict === 'changed' || verdict === 'conflicting')
  const publish = async () => {
    setConfirming(false)
    const done = await attempt(() => client.imports.publish({ id, choices }))
    if (!done) return
    arrivals.getState().set({ finished: id })
    await cache.invalidateQueries({ queryKey: keys.imports })
  }
  const take = () => {
    if (totalOf(report, 'refused') > 0 && !choices.leaveOutRefused) return say(t('imports.sayRefused'))
    if (choices.own && !mine) return setConfirming(true)
    return void publish()
  }
  return (
    <Card title={t('imports.found', { name })}>
      <p className="text-sm text-dim">
        {t(`imports.format.${format}`)}
        {archive && ` · ${t('imports.madeOn', { day: longDay(archive.createdAt), version: archive.appVersion })}`}
      </p>
      {shown.length === 0 && <p>{t('imports.empty')}</p>}
      <div className="flex flex-col divide-y divide-line">
        {shown.map((verdict) => (
          <VerdictBlock key={verdict} id={id} verdict={verdict} report={report} />
        ))}
      </div>
      {nothing ? (
        <p className="font-medium">{t('imports.nothingNew')}</p>
      ) : (
        <ImportChoicesForm
          view={view}
          report={report}
          choices={choices}
          onChange={(change) => {
            say(null)
            setChoices({ ...choices, ...change })
          }}
        />
      )}
      {!nothing && <p className="text-sm text-dim">{t('imports.backup')}</p>}
      <Problem text={problem} />
      <CardButtons>
        {!nothing && (
          <Button kind="accent" disabled={busy} onClick={take}>
            {t('imports.take')}
          </Button>
        )}
        <Button disabled={busy} onClick={() => drop(id)}>
          {t(nothing ? 'action.close' : 'action.cancel')}
        </Button>
      </CardButtons>
      {confirming && <OwnDialog onConfirm={() => void publish()} onClose={() => setConfirming(false)} />}
    </Card>
  )
}
