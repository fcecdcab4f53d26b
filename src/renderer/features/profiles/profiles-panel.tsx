// The profiles: which is open, another one, a new one, a name, and out of the list. No folder is ever removed.
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PROFILE_NAME_MAX, type ProfileView } from '../../../shared/contract/profiles.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { Problem } from '../../ui/problem.tsx'
import { SwitchDialog, useSwitch } from './switch-dialog.tsx'
import { useProfileActions, useProfileName, useProfiles } from './use-profiles.ts'

export function ProfilesPanel() {
  const { t } = useTranslation()
  const list = useProfiles()
  const actions = useProfileActions()
  const switching = useSwitch(actions.switchTo)
  if (!list) return <Skeleton lines={3} />
  const shown = actions.problem ?? list.failure
  return (
    <div className="flex flex-col gap-3">
      <Problem text={shown} />
      <ul
        aria-label={t('profiles.title')}
        className="flex flex-col divide-y divide-line rounded-card border border-line bg-raised"
      >
        {list.profiles.map((profile) => (
          <ProfileRow
            key={profile.id}
            profile={profile}
            canSwitch={list.canSwitch}
            onSwitch={() => switching.ask(profile)}
            onRename={(name) => actions.rename(profile.id, name)}
            onRemove={() => void actions.remove(profile.id)}
          />
        ))}
      </ul>
      <NewProfile onCreate={actions.create} />
      {!list.canSwitch && <p className="text-sm text-dim">{t('profiles.noSwitch')}</p>}
      <SwitchDialog switching={switching} />
    </div>
  )
}

interface ProfileRowProps {
  profile: ProfileView
  canSwitch: boolean
  onSwitch(): void
  onRename(name: string): Promise<boolean>
  onRemove(): void
}

function ProfileRow({ profile, canSwitch, onSwitch, onRename, onRemove }: ProfileRowProps) {
  const { t } = useTranslation()
  const nameOf = useProfileName()
  const name = nameOf(profile)
  const [doing, setDoing] = useState<'rename' | 'remove' | null>(null)
  return (
    <li className="flex flex-col gap-2 px-3.5 py-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-48">
          <p className="flex flex-wrap items-center gap-2 font-medium">
            <span dir="auto" className="[overflow-wrap:anywhere]">
              {name}
            </span>
            {profile.current && <Badge tone="accent">{t('profiles.open')}</Badge>}
          </p>
          <p className="text-xs text-dim [overflow-wrap:anywhere]">{profile.folder}</p>
        </div>
        {doing === null && (
          <div className="flex flex-wrap gap-2">
            {!profile.current && canSwitch && (
              <Button aria-label={t('profiles.switchTo', { name })} onClick={onSwitch}>
                {t('profiles.switch')}
              </Button>
            )}
            <Button kind="quiet" aria-label={t('profiles.renameOf', { name })} onClick={() => setDoing('rename')}>
              {t('profiles.rename')}
            </Button>
            {profile.removable && (
              <Button kind="quiet" aria-label={t('profiles.removeOf', { name })} onClick={() => setDoing('remove')}>
                {t('profiles.remove')}
              </Button>
            )}
          </div>
        )}
      </div>
      {doing === 'rename' && (
        <NameForm
          label={t('profiles.nameOf', { name })}
          first={profile.name ?? ''}
          button={t('action.save')}
          onSave={async (changed) => {
            if (await onRename(changed)) setDoing(null)
          }}
          onCancel={() => setDoing(null)}
        />
      )}
      {doing === 'remove' && (
        <div className="flex flex-wrap items-center gap-2 text-sm">
          <p className="min-w-0 flex-1 basis-60">{t('profiles.removeText')}</p>
          <Button onClick={() => setDoing(null)}>{t('action.cancel')}</Button>
          <Button kind="danger" onClick={onRemove}>
            {t('profiles.removeSure')}
          </Button>
        </div>
      )}
    </li>
  )
}

function NewProfile({ onCreate }: { onCreate(name: string): Promise<boolean> }) {
  const { t } = useTranslation()
  // A new form after each profile, empty again.
  const [made, setMade] = useState(0)
  return (
    <NameForm
      key={made}
      label={t('profiles.new')}
      first=""
      button={t('profiles.create')}
      onSave={async (name) => {
        if (await onCreate(name)) setMade(made + 1)
      }}
    />
  )
}

interface NameFormProps {
  label: string
  first: string
  button: string
  onSave(name: string): Promise<void>
  onCancel?: () => void
}

function NameForm({ label, first, button, onSave, onCancel }: NameFormProps) {
  const { t } = useTranslation()
  const [name, setName] = useState(first)
  const id = useId()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void onSave(name.trim())
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className="flex flex-wrap gap-2">
        <TextField
          id={id}
          dir="auto"
          value={name}
          maxLength={PROFILE_NAME_MAX}
          className="max-w-72 flex-1 basis-40"
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" disabled={name.trim() === ''}>
          {button}
        </Button>
        {onCancel && <Button onClick={onCancel}>{t('action.cancel')}</Button>}
      </div>
    </form>
  )
}
