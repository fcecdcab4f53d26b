// Few settings, each with a sentence; every one applies at once, is found by search, and goes back by itself or with its
// section. Which there are says `registry.ts`.
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/settings.ts'
import { useAppState } from '../../app/core.ts'
import { formatNumber } from '../../app/format.ts'
import { PageHeader } from '../../app/page-header.tsx'
import { hrefs } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { SearchField } from '../../ui/field.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { findSettings, SECTIONS, type SectionId } from './registry.ts'
import { SettingItem } from './setting-item.tsx'
import { settingElementId } from './setting-row.tsx'
import { useSectionReset } from './use-section-reset.ts'
import { useSettingTexts } from './use-setting-texts.ts'

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
              <SearchField label={t('settings.search')} value={query} onChange={setQuery} />
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
                      <SettingItem key={setting.id} setting={setting} settings={app.settings} />
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
