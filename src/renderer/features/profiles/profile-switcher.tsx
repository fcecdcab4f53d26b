// At the foot of the sidebar, for who has more than one profile: which is open, and the way to another one.
import { CircleUser } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { hrefs, navigate } from '../../app/router.ts'
import { useWindow } from '../../app/window-state.ts'
import { Menu } from '../../ui/menu.tsx'
import { SwitchDialog, useSwitch } from './switch-dialog.tsx'
import { useProfileActions, useProfileName, useProfiles } from './use-profiles.ts'

export function ProfileSwitcher() {
  const { t } = useTranslation()
  const list = useProfiles()
  const nameOf = useProfileName()
  const { problem, switchTo } = useProfileActions()
  const switching = useSwitch(switchTo)
  const notify = useWindow((state) => state.notify)
  const said = problem ?? list?.failure ?? null
  useEffect(() => {
    if (said !== null) notify({ text: said, action: null })
  }, [said, notify])
  const current = list?.profiles.find((profile) => profile.current)
  if (!list?.canSwitch || !current || list.profiles.length < 2) return null
  return (
    <>
      <Menu
        trigger={
          <button
            type="button"
            aria-label={t('profiles.current', { name: nameOf(current) })}
            className="flex min-h-7 min-w-0 items-center gap-2.5 rounded-control text-start text-sm text-dim hover:text-text"
          >
            <CircleUser className="size-4" />
            <span className="truncate">{nameOf(current)}</span>
          </button>
        }
        entries={[
          ...list.profiles
            .filter((profile) => !profile.current)
            .map((profile) => ({
              label: t('profiles.switchTo', { name: nameOf(profile) }),
              onSelect: () => switching.ask(profile),
            })),
          { label: t('profiles.manage'), onSelect: () => navigate(hrefs.setting('profiles')) },
        ]}
      />
      <SwitchDialog switching={switching} />
    </>
  )
}
