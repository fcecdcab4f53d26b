// Asks how a decision went. It only asks: nothing is kept before the person says so, and it can be put off.
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoreRow } from '../../../../shared/contract/stores.ts'
import { ago } from '../../../app/format.ts'
import { Button } from '../../../ui/button.tsx'
import { Choice } from '../../../ui/choice.tsx'
import { GrowingText } from '../../../ui/field.tsx'
import { revealHidden } from '../../../ui/reveal-hidden.ts'
import { useSaveRow } from '../views/use-rows.ts'
import { inDays, QUALITIES, type Quality } from './outcome-asked.ts'

/** Days by which "ask me later" puts the question off. */
const LATER_DAYS = 30
/** Longest outcome, as the store takes it. */
const OUTCOME_MAX = 1000

export function OutcomeForm({ row }: { row: StoreRow }) {
  const { t } = useTranslation()
  const save = useSaveRow()
  const outcomeId = useId()
  const [quality, setQuality] = useState<Quality | ''>('')
  const [outcome, setOutcome] = useState('')
  const [busy, setBusy] = useState(false)
  const keep = async (data: Record<string, string | null>) => {
    setBusy(true)
    await save(row, { data })
    setBusy(false)
  }
  const tell = (event: FormEvent) => {
    event.preventDefault()
    void keep({ quality, outcome: outcome.trim() === '' ? null : outcome.trim() })
  }
  return (
    <form onSubmit={tell} className="flex flex-col gap-3">
      <p dir="auto" className="[overflow-wrap:anywhere]">
        {t('decisions.ask', { decision: revealHidden(row.text), when: ago(row.createdAt, new Date()) })}
      </p>
      <Choice<Quality | ''>
        label={t('decisions.how')}
        value={quality}
        onChange={setQuality}
        options={QUALITIES.map((value) => ({ value, label: t(`decisions.quality.${value}`) }))}
      />
      <div>
        <label htmlFor={outcomeId} className="mb-1 block text-sm text-dim">
          {t('decisions.outcomeLabel')}
        </label>
        <GrowingText
          id={outcomeId}
          dir="auto"
          value={outcome}
          maxLength={OUTCOME_MAX}
          onChange={(event) => setOutcome(event.target.value)}
        />
      </div>
      <div className="flex flex-wrap gap-2">
        <Button kind="accent" type="submit" disabled={busy || quality === ''}>
          {t('action.save')}
        </Button>
        <Button onClick={() => void keep({ due: inDays(new Date(), LATER_DAYS) })} disabled={busy}>
          {t('decisions.later')}
        </Button>
      </div>
    </form>
  )
}
