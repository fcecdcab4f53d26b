// A setting of the list with the control it has, and what it is set to in words.
import { useTranslation } from 'react-i18next'
import { defaultSettings, type Settings } from '../../../shared/settings.ts'
import { useAppState } from '../../app/core.ts'
import { formatPercent } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { BackupCounts, BackupPlace } from '../backups/backup-settings.tsx'
import { LearningLevel, levelOf } from '../learning/learning-level.tsx'
import { StoreModes } from '../learning/store-modes.tsx'
import { useEngineWords } from '../models/engine-line.tsx'
import { SystemPromptControl, UnloadControl } from '../models/model-setting-controls.tsx'
import { ProfilesPanel } from '../profiles/profiles-panel.tsx'
import { Connections } from './connections.tsx'
import { LogReport } from './log-report.tsx'
import { resetPatch, SETTINGS, type SettingId, type SettingText } from './registry.ts'
import { SettingRow } from './setting-row.tsx'
import { Storage } from './storage.tsx'
import { useSetting } from './use-setting.ts'
import { DensityControl, SendWithControl, SwitchControl, TextSizeControl, ThemeControl } from './value-controls.tsx'

/** Settings whose control needs the whole width. */
const WIDE: ReadonlySet<SettingId> = new Set([
  'level',
  'stores',
  'systemPrompt',
  'connections',
  'backupPlace',
  'storage',
  'profiles',
  'log',
])
/** Settings that are one switch or field, which their name is the label of. */
const SWITCHES: ReadonlySet<SettingId> = new Set(['kinds', 'tidy', 'systemPrompt'])

/** A setting with its control, and its default where it differs. */
export function SettingItem({ setting, settings }: { setting: SettingText; settings: Settings }) {
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
  const { t } = useTranslation()
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
    case 'data':
      return <ButtonLink href={hrefs.data}>{t('data.title')}</ButtonLink>
    case 'backups':
      return <BackupCounts settings={settings} />
    case 'backupPlace':
      return <BackupPlace />
    case 'export':
      return <ButtonLink href={hrefs.dataPart('export')}>{t('settings.toExport')}</ButtonLink>
    case 'import':
      return <ButtonLink href={hrefs.dataPart('import')}>{t('settings.toImport')}</ButtonLink>
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
      case 'backups':
        return t('backups.kept', { days: settings.backupsDaily, weeks: settings.backupsWeekly })
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
