// Settings of all models together: the person's own instructions, and how long a model stays in memory.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/settings.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { useSetting } from '../settings/use-setting.ts'

const UNLOAD_AFTER = ['0', '5', '15', '60'] as const

export function UnloadControl({ settings }: { settings: Settings }) {
  const { t } = useTranslation()
  const change = useSetting()
  return (
    <Choice
      label={t('settings.item.unload.label')}
      value={`${settings.unloadAfterMinutes}`}
      onChange={(minutes) => void change({ unloadAfterMinutes: Number(minutes) })}
      options={UNLOAD_AFTER.map((minutes) => ({ value: minutes, label: t(`unload.${minutes}`) }))}
    />
  )
}

/** Saved by its button: every conversation is read anew after a change, which half a sentence is not worth. */
export function SystemPromptControl({ id, settings }: { id: string; settings: Settings }) {
  const { t } = useTranslation()
  const change = useSetting()
  const kept = settings.systemPrompt
  const [text, setText] = useState(kept)
  // A reset, or another window.
  useEffect(() => setText(kept), [kept])
  return (
    <div className="flex flex-col gap-2">
      <GrowingText
        id={id}
        value={text}
        rows={3}
        maxLength={4000}
        placeholder={t('systemPrompt.placeholder')}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button disabled={text.trim() === kept.trim()} onClick={() => void change({ systemPrompt: text.trim() })}>
          {t('systemPrompt.save')}
        </Button>
        <p className="min-w-0 flex-1 basis-60 text-xs text-dim">{t('systemPrompt.cost')}</p>
      </div>
    </div>
  )
}
