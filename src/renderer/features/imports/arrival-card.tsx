// A file on its way: how far it is, its passphrase, or why it did not get through.
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatPercent } from '../../app/format.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Progress } from '../../ui/progress.tsx'
import type { Arrival } from './arrivals.ts'
import { Card, CardButtons } from './card.tsx'
import { FailedCard } from './failed-card.tsx'
import { useArrival } from './use-arrival.ts'
import { useDropImport } from './use-drop-import.ts'

export function ArrivalCard({ arrival }: { arrival: Arrival }) {
  const { t } = useTranslation()
  const { stop } = useArrival()
  const drop = useDropImport()
  switch (arrival.step) {
    case 'failed':
      return <FailedCard id={arrival.id} name={arrival.name} problem={arrival.problem} />
    case 'passphrase':
      return <PassphraseCard arrival={arrival} />
    case 'sending':
      return (
        <Card title={arrival.name}>
          <Progress label={t('imports.sending')} value={arrival.share < 1 ? arrival.share : null} />
          <p className="text-sm text-dim">
            {arrival.share < 1 ? t('imports.sent', { percent: formatPercent(arrival.share) }) : t('imports.opening')}
          </p>
          <CardButtons>
            <Button
              onClick={() => {
                stop()
                drop(arrival.id)
              }}
            >
              {t('action.cancel')}
            </Button>
          </CardButtons>
        </Card>
      )
  }
}

function PassphraseCard({ arrival }: { arrival: Arrival & { step: 'passphrase' } }) {
  const { t } = useTranslation()
  const id = useId()
  const { open } = useArrival()
  const drop = useDropImport()
  const [typed, setTyped] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typed !== '') void open(arrival.id, arrival.name, typed)
  }
  return (
    <Card title={t('imports.passphrase.title', { name: arrival.name })}>
      <form onSubmit={submit} className="flex max-w-96 flex-col gap-3">
        <label htmlFor={id} className="text-sm font-medium">
          {t('imports.passphrase.label')}
        </label>
        <TextField
          id={id}
          autoFocus
          type="password"
          autoComplete="off"
          maxLength={1000}
          value={typed}
          aria-invalid={arrival.problem !== null}
          aria-describedby={`${id}-problem`}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Problem id={`${id}-problem`} text={arrival.problem} />
        <CardButtons>
          <Button kind="accent" type="submit" disabled={typed === ''}>
            {t('imports.passphrase.open')}
          </Button>
          <Button onClick={() => drop(arrival.id)}>{t('action.cancel')}</Button>
        </CardButtons>
      </form>
    </Card>
  )
}
