// How one model runs and answers. An empty field is the default, which its placeholder names.
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { defaultModelSettings, type ModelSettings, type ModelView, modelSettings } from '../../../shared/models.ts'
import { formatNumber } from '../../app/format.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { useModelActions } from './use-models.ts'

const FIELDS = ['contextSize', 'answerTokens', 'temperature', 'threads', 'gpuLayers'] as const
type Field = (typeof FIELDS)[number]

export function ModelSettingsForm({ model, onDone }: { model: ModelView; onDone(): void }) {
  const { t } = useTranslation()
  const actions = useModelActions()
  const formId = useId()
  const kept = model.settings ?? defaultModelSettings
  const [texts, setTexts] = useState(() => textsOf(kept))
  const [wrong, setWrong] = useState<Field | null>(null)
  const save = async (settings: ModelSettings) => {
    if (await actions.configure(model.id, settings)) onDone()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const parsed = modelSettings.safeParse(
      Object.fromEntries(FIELDS.map((field) => [field, texts[field].trim() === '' ? null : numberOf(texts[field])])),
    )
    if (parsed.success) {
      setWrong(null)
      void save(parsed.data)
      return
    }
    const first = FIELDS.find((field) => field === parsed.error.issues[0]?.path[0]) ?? 'contextSize'
    setWrong(first)
    document.getElementById(`${formId}-${first}`)?.focus()
  }
  const limit = model.details?.contextLength
  return (
    <form
      onSubmit={submit}
      aria-label={t('models.settingsOf', { model: model.name })}
      className="mt-1 flex flex-col gap-3 border-t border-line pt-3"
    >
      <div className="grid gap-x-4 gap-y-3 split:grid-cols-2">
        {FIELDS.map((field) => (
          <div key={field} className="flex flex-col gap-1">
            <label htmlFor={`${formId}-${field}`} className="text-sm font-medium">
              {t(`models.set.${field}.label`)}
            </label>
            <TextField
              id={`${formId}-${field}`}
              inputMode="decimal"
              value={texts[field]}
              placeholder={t(`models.set.${field}.default`)}
              aria-invalid={wrong === field}
              aria-describedby={`${formId}-${field}-text`}
              onChange={(event) => setTexts({ ...texts, [field]: event.target.value })}
            />
            <p id={`${formId}-${field}-text`} className={wrong === field ? 'text-xs text-danger' : 'text-xs text-dim'}>
              {wrong === field ? t(`models.set.${field}.range`) : t(`models.set.${field}.text`)}
              {field === 'contextSize' && limit
                ? ` ${t('models.set.contextLimit', { number: formatNumber(limit) })}`
                : ''}
            </p>
          </div>
        ))}
      </div>
      <Problem text={actions.problem} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="accent" disabled={actions.busy}>
          {t('models.saveSettings')}
        </Button>
        <Button
          disabled={actions.busy || Object.values(kept).every((value) => value === null)}
          onClick={() => {
            setTexts(textsOf(defaultModelSettings))
            void save(defaultModelSettings)
          }}
        >
          {t('models.resetSettings')}
        </Button>
        <Button kind="quiet" onClick={onDone}>
          {t('models.closeSettings')}
        </Button>
      </div>
    </form>
  )
}

function textsOf(settings: ModelSettings): Record<Field, string> {
  const text = (field: Field) => (settings[field] === null ? '' : String(settings[field]))
  return {
    contextSize: text('contextSize'),
    answerTokens: text('answerTokens'),
    temperature: text('temperature'),
    threads: text('threads'),
    gpuLayers: text('gpuLayers'),
  }
}

/** People write 0,7 as well as 0.7; what is no number is refused by the schema. */
function numberOf(text: string): number {
  return Number(text.trim().replace(',', '.'))
}
