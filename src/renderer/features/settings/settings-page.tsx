// Few settings, each with a sentence; every one applies at once.
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/settings.ts'
import { useAppState } from '../../app/core.ts'
import { PageHeader } from '../../app/page-header.tsx'
import { hrefs } from '../../app/router.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { Switch } from '../../ui/switch.tsx'
import { StoreModes } from '../learning/store-modes.tsx'
import { useEngineWords } from '../models/engine-line.tsx'
import { useSetting } from './use-setting.ts'

const THEMES = ['system', 'light', 'dark'] as const satisfies Settings['theme'][]

export function SettingsPage() {
  const { t } = useTranslation()
  const app = useAppState()
  const change = useSetting()
  const engineWords = useEngineWords()
  useEffect(() => {
    document.title = t('app.title', { page: t('settings.title') })
  }, [t])
  return (
    <>
      <PageHeader title={t('settings.title')} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        {!app ? (
          <Skeleton lines={6} />
        ) : (
          <div className="mx-auto flex max-w-2xl flex-col gap-9 px-4 py-6">
            <Section title={t('settings.appearance')}>
              <Setting label={t('settings.theme')} text={t('settings.themeText')}>
                <Choice
                  label={t('settings.theme')}
                  value={app.settings.theme}
                  onChange={(theme) => void change({ theme })}
                  options={THEMES.map((theme) => ({ value: theme, label: t(`theme.${theme}`) }))}
                />
              </Setting>
            </Section>
            <Section title={t('learning.title')}>
              <Setting label={t('learning.title')} text={t('learning.text')} htmlFor="settings-learning">
                <Switch
                  id="settings-learning"
                  checked={app.settings.learning}
                  onChange={(learning) => void change({ learning })}
                />
              </Setting>
              <StoreModes />
            </Section>
            <Section title={t('settings.model')}>
              <Setting label={engineWords(app.engine)} text={t('settings.modelText')}>
                <ButtonLink href={hrefs.models}>{t('models.title')}</ButtonLink>
              </Setting>
            </Section>
            <Section title={t('settings.data')}>
              <p className="text-sm text-dim">{t('settings.dataText')}</p>
              <p className="rounded-control bg-panel px-3 py-2 font-mono text-sm [overflow-wrap:anywhere]">
                {app.profileFolder}
              </p>
              <p className="text-sm text-dim">{t('settings.version', { version: app.version })}</p>
            </Section>
          </div>
        )}
      </div>
    </>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-4">
      <h2 className="label-caps">{title}</h2>
      {children}
    </section>
  )
}

interface SettingProps {
  label: string
  text: string
  htmlFor?: string
  children: ReactNode
}

function Setting({ label, text, htmlFor, children }: SettingProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <div className="min-w-0 flex-1 basis-64">
        {htmlFor ? (
          <label htmlFor={htmlFor} className="font-medium">
            {label}
          </label>
        ) : (
          <p className="font-medium">{label}</p>
        )}
        <p className="text-sm text-dim">{text}</p>
      </div>
      {children}
    </div>
  )
}
