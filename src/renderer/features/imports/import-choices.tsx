// What shall become of what was found: whose it is, what where both differ, what without, and whether to learn from it.
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportChoices, ImportReport, ImportView, OnConflict } from '../../../shared/imports.ts'
import { formatDuration, formatNumber } from '../../app/format.ts'
import { ChoiceCards } from '../../ui/choice-cards.tsx'
import { canLearnFrom, countsOf, totalOf } from './verdicts.ts'

/** What comes from elsewhere never takes the place of what is here. */
const FOREIGN = ['skip', 'keep-both'] as const satisfies OnConflict[]
const OWN = ['skip', 'replace', 'keep-both', 'ask'] as const satisfies OnConflict[]

interface ImportChoicesFormProps {
  view: ImportView
  report: ImportReport
  choices: ImportChoices
  onChange(change: Partial<ImportChoices>): void
}

export function ImportChoicesForm({ view, report, choices, onChange }: ImportChoicesFormProps) {
  const { t } = useTranslation()
  const mine = view.archive?.mark === 'mine'
  const refused = totalOf(report, 'refused')
  const differing = choices.own
    ? totalOf(report, 'changed') + totalOf(report, 'conflicting')
    : (countsOf(report, 'changed').memory ?? 0) + (countsOf(report, 'conflicting').memory ?? 0)
  const option = (value: OnConflict, label: string, text: string) => ({ value, label, text })
  const conflictOptions = choices.own
    ? OWN.map((way) => option(way, t(`imports.onConflict.${way}.label`), t(`imports.onConflict.${way}.text`)))
    : FOREIGN.map((way) => option(way, t(`imports.onForeign.${way}.label`), t(`imports.onForeign.${way}.text`)))
  return (
    <div className="flex flex-col gap-5">
      {view.archive ? (
        <Group label={t('imports.whose')} text={t(mine ? 'imports.whoseMine' : 'imports.whoseOther')}>
          <ChoiceCards
            label={t('imports.whose')}
            value={choices.own ? 'own' : 'suggestions'}
            onChange={(value) => onChange({ own: value === 'own', onConflict: 'skip' })}
            options={(mine ? (['own', 'suggestions'] as const) : (['suggestions', 'own'] as const)).map((value) => ({
              value,
              label: t(`imports.as.${value}`),
              text: t(`imports.asText.${value}`),
            }))}
          />
        </Group>
      ) : (
        <p className="text-sm">{t(`imports.comesAs.${view.format === 'understudy' ? 'csv' : view.format}`)}</p>
      )}
      {differing > 0 && (
        <Group
          label={t('imports.differ')}
          text={[
            t('imports.differText', { count: differing, number: formatNumber(differing) }),
            ...(choices.own ? [] : [t('imports.differForeign')]),
          ].join(' ')}
        >
          <ChoiceCards
            label={t('imports.differ')}
            value={choices.onConflict}
            onChange={(onConflict) => onChange({ onConflict })}
            options={conflictOptions}
          />
        </Group>
      )}
      {canLearnFrom(view) && (
        <Check
          label={t('imports.learn', { count: report.learnable, number: formatNumber(report.learnable) })}
          text={
            report.learningMs === null
              ? t('imports.learnText')
              : t('imports.learnTextTime', { time: formatDuration(report.learningMs / 1000) })
          }
          checked={choices.learn}
          onChange={(learn) => onChange({ learn })}
        />
      )}
      {refused > 0 && (
        <Check
          label={t('imports.leaveOut', { count: refused, number: formatNumber(refused) })}
          text={t('imports.leaveOutText')}
          checked={choices.leaveOutRefused}
          onChange={(leaveOutRefused) => onChange({ leaveOutRefused })}
        />
      )}
    </div>
  )
}

function Group({ label, text, children }: { label: string; text: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-2">
      <div>
        <p className="font-medium">{label}</p>
        <p className="text-sm text-dim">{text}</p>
      </div>
      {children}
    </div>
  )
}

interface CheckProps {
  label: string
  text: string
  checked: boolean
  onChange(checked: boolean): void
}

function Check({ label, text, checked, onChange }: CheckProps) {
  const id = useId()
  return (
    <div className="flex items-start gap-2.5">
      <input
        id={id}
        type="checkbox"
        className="mt-1 size-4 shrink-0 accent-accent"
        checked={checked}
        aria-describedby={`${id}-text`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div>
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <p id={`${id}-text`} className="text-sm text-dim">
          {text}
        </p>
      </div>
    </div>
  )
}
