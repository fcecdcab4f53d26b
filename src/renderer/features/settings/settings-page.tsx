// Few settings, each with a sentence; every one applies at once, is found by search, and goes back by itself or with its
// section. Which there are says `registry.ts`.
import { Search } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { defaultSettings, type Settings } from '../../../shared/settings.ts'
import { useAppState } from '../../app/core.ts'
import { formatNumber, formatPercent } from '../../app/format.ts'
import { PageHeader } from '../../app/page-header.tsx'
import { hrefs } from '../../app/router.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { LearningLevel, levelOf } from '../learning/learning-level.tsx'
import { StoreModes } from '../learning/store-modes.tsx'
import { useEngineWords } from '../models/engine-line.tsx'
import { SystemPromptControl, UnloadControl } from '../models/model-setting-controls.tsx'
import { ProfilesPanel } from '../profiles/profiles-panel.tsx'
import { Connections } from './connections.tsx'
import { LogReport } from './log-report.tsx'
import {
  findSettings,
  resetPatch,
  SECTIONS,
  SETTINGS,
  type SectionId,
  type SettingId,
  type SettingText,
} from './registry.ts'
import { SettingRow, settingElementId } from './setting-row.tsx'
import { Storage } from './storage.tsx'
import { useSectionReset } from './use-section-reset.ts'
import { useSetting } from './use-setting.ts'
import { useSettingTexts } from './use-setting-texts.ts'
import { DensityControl, SendWithControl, SwitchControl, TextSizeControl, ThemeControl } from './value-controls.tsx'

interface SettingsPageProps {
  /** A setting or section to go to, by its id. */
  target: string | null
  /** What is looked for. */
  find: string
}

export function SettingsPage({ target, find }: SettingsPageProps) {
  const { t } = useTranslation()
  const app = useAppState()
  const texts = useSettingTexts()
  const [query, setQuery] = useState(find)
  useEffect(() => {
    document.title = t('app.title', { page: t('settings.title') })
  }, [t])
  useEffect(() => setQuery(find), [find])
  const found = findSettings(texts, query)
  const list = useRef<HTMLDivElement>(null)
  useTarget(app !== undefined, target)
  const searching = query.trim() !== ''
  return (
    <>
      <PageHeader title={t('settings.title')} />
      <div className="min-h-0 flex-1 overflow-y-auto" ref={list}>
        {!app ? (
          <Skeleton lines={6} />
        ) : (
          <div className="mx-auto flex max-w-4xl gap-10 px-4 py-6 split:px-8">
            <SectionLinks />
            <div className="flex min-w-0 max-w-2xl flex-1 flex-col gap-8">
              <SearchField query={query} onChange={setQuery} />
              <p role="status" className="sr-only">
                {searching ? t('settings.found', { count: found.length }) : ''}
              </p>
              {found.length === 0 && (
                <div className="flex flex-col items-start gap-3">
                  <p className="text-dim">
                    {t('settings.nothing', { query: query.trim(), number: formatNumber(texts.length) })}
                  </p>
                  <Button onClick={() => setQuery('')}>{t('settings.clear')}</Button>
                </div>
              )}
              {SECTIONS.map((section) => {
                const settings = found.filter((setting) => setting.section === section)
                return settings.length === 0 ? null : (
                  <Section key={section} id={section} settings={app.settings} resettable={!searching}>
                    {settings.map((setting) => (
                      <Setting key={setting.id} setting={setting} settings={app.settings} />
                    ))}
                  </Section>
                )
              })}
            </div>
          </div>
        )}
      </div>
    </>
  )
}

/** Brings what the address names into sight, and the focus to it. */
function useTarget(ready: boolean, target: string | null): void {
  useEffect(() => {
    if (!ready || target === null) return
    const element = document.getElementById(settingElementId(target))
    element?.scrollIntoView({ block: 'start' })
    element?.focus({ preventScroll: true })
  }, [ready, target])
}

function SearchField({ query, onChange }: { query: string; onChange(query: string): void }) {
  const { t } = useTranslation()
  return (
    <div className="relative">
      <Search className="pointer-events-none absolute start-3 top-2.5 size-4 text-dim" />
      <TextField
        type="search"
        value={query}
        aria-label={t('settings.search')}
        placeholder={t('settings.search')}
        className="ps-9"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || query === '') return
          event.preventDefault()
          onChange('')
        }}
      />
    </div>
  )
}

/** On a wide window: the way to a section that is far below. */
function SectionLinks() {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('settings.sections')} className="sticky top-0 hidden w-40 shrink-0 self-start split:block">
      <ul className="flex flex-col gap-0.5">
        {SECTIONS.map((section) => (
          <li key={section}>
            <a
              href={hrefs.setting(section)}
              className="block rounded-control px-2.5 py-1.5 text-sm text-dim hover:bg-hover hover:text-text"
            >
              {t(`settings.section.${section}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

interface SectionProps {
  id: SectionId
  settings: Settings
  /** While only some of it is shown, not all of it is put back. */
  resettable: boolean
  children: ReactNode
}

function Section({ id, settings, resettable, children }: SectionProps) {
  const { t } = useTranslation()
  const reset = useSectionReset(id, settings)
  return (
    <section className="flex flex-col gap-2" aria-labelledby={settingElementId(id)}>
      <div className="flex min-h-7 flex-wrap items-center justify-between gap-2">
        <h2 id={settingElementId(id)} tabIndex={-1} className="label-caps scroll-mt-4">
          {t(`settings.section.${id}`)}
        </h2>
        {resettable && reset && (
          <Button kind="link" size="inline" onClick={reset}>
            {t('settings.resetSection')}
          </Button>
        )}
      </div>
      {children}
    </section>
  )
}

/** Settings whose control needs the whole width. */
const WIDE: ReadonlySet<SettingId> = new Set([
  'level',
  'stores',
  'systemPrompt',
  'connections',
  'storage',
  'profiles',
  'log',
])
/** Settings that are one switch or field, which their name is the label of. */
const SWITCHES: ReadonlySet<SettingId> = new Set(['kinds', 'tidy', 'systemPrompt'])

function Setting({ setting, settings }: { setting: SettingText; settings: Settings }) {
  const change = useSetting()
  const valueWords = useValueWords()
  const keys = SETTINGS.find(({ id }) => id === setting.id)?.keys ?? []
  const patch = resetPatch(keys, settings)
  const controlId = `settings-${setting.id}`
  return (
    <SettingRow
      setting={setting}
      wide={WIDE.has(setting.id)}
      controlId={SWITCHES.has(setting.id) ? controlId : undefined}
      reset={patch ? { value: valueWords(setting.id, defaultSettings), run: () => void change(patch) } : undefined}
    >
      <Control id={setting.id} controlId={controlId} settings={settings} />
    </SettingRow>
  )
}

function Control({ id, controlId, settings }: { id: SettingId; controlId: string; settings: Settings }) {
  switch (id) {
    case 'theme':
      return <ThemeControl settings={settings} />
    case 'density':
      return <DensityControl settings={settings} />
    case 'textSize':
      return <TextSizeControl settings={settings} />
    case 'sendWith':
      return <SendWithControl settings={settings} />
    case 'level':
      return <LearningLevel />
    case 'kinds':
      return <SwitchControl id={controlId} name="learnByItself" settings={settings} />
    case 'stores':
      return <StoreModes />
    case 'tidy':
      return <SwitchControl id={controlId} name="tidyByItself" settings={settings} />
    case 'model':
      return <ModelLink />
    case 'systemPrompt':
      return <SystemPromptControl id={controlId} settings={settings} />
    case 'unload':
      return <UnloadControl settings={settings} />
    case 'connections':
      return <Connections />
    case 'storage':
      return <Storage />
    case 'profiles':
      return <ProfilesPanel />
    case 'log':
      return <LogReport />
    case 'about':
      return <About />
  }
}

/** What a setting is set to, in words. */
function useValueWords(): (id: SettingId, settings: Settings) => string {
  const { t } = useTranslation()
  const onOff = (on: boolean) => (on ? t('settings.on') : t('settings.off'))
  return (id, settings) => {
    switch (id) {
      case 'theme':
        return t(`theme.${settings.theme}`)
      case 'density':
        return t(`density.${settings.density}`)
      case 'textSize':
        return formatPercent(settings.textSize / 100)
      case 'sendWith':
        return t(`sendWith.${settings.sendWith}`)
      case 'level':
        return t(`level.${levelOf(settings)}.label`)
      case 'kinds':
        return onOff(settings.learnByItself)
      case 'tidy':
        return onOff(settings.tidyByItself)
      case 'systemPrompt':
        return t('systemPrompt.none')
      case 'unload':
        return t('unload.0')
      default:
        return ''
    }
  }
}

function ModelLink() {
  const { t } = useTranslation()
  const words = useEngineWords()
  const engine = useAppState()?.engine
  return (
    <div className="flex flex-wrap items-center gap-3">
      {engine && <span className="text-sm text-dim">{words(engine)}</span>}
      <ButtonLink href={hrefs.models}>{t('models.title')}</ButtonLink>
    </div>
  )
}

function About() {
  const { t } = useTranslation()
  const version = useAppState()?.version
  return (
    <div className="text-sm text-dim">
      <p>{t('about.version', { version })}</p>
      <p>{t('about.licence')}</p>
    </div>
  )
}
