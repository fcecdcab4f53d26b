// Name, kind and other names of a person or thing.
import { Plus, X } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAttempt } from '../../app/use-attempt.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { useTypeOptions } from './entity-words.tsx'
import { useEntityActs } from './use-entity-acts.ts'
import type { Person } from './use-people.ts'

/** Longest name, as the core takes it. */
const NAME_MAX = 200

interface EditEntityDialogProps {
  entity: Person['entity']
  /** Names of these come with a merge, and go by parting it. */
  merged: Person['merged']
  onClose(): void
}

export function EditEntityDialog({ entity, merged, onClose }: EditEntityDialogProps) {
  const { t } = useTranslation()
  const acts = useEntityActs()
  const types = useTypeOptions()
  const nameId = useId()
  const otherId = useId()
  const [name, setName] = useState(entity.name)
  const [type, setType] = useState(entity.type)
  const [other, setOther] = useState('')
  const { busy, problem, attempt } = useAttempt()
  const save = async (event: FormEvent) => {
    event.preventDefault()
    const saved = await attempt(async () => {
      if (other.trim() !== '') await acts.addName(entity.id, other.trim())
      if (name.trim() === entity.name && type === entity.type) return
      // A name that was given in this dialog made a new version of its own.
      const version = entity.version + (other.trim() === '' ? 0 : 1)
      await acts.rename({ id: entity.id, version, name: name.trim(), type })
    })
    if (saved) onClose()
  }
  const add = async () => {
    if (await attempt(() => acts.addName(entity.id, other.trim()))) setOther('')
  }
  const given = entity.aliases.filter((alias) => !merged.some((one) => one.name === alias))
  return (
    <Dialog title={t('people.editTitle')} onClose={onClose}>
      <form onSubmit={(event) => void save(event)} className="flex flex-col gap-3">
        <label htmlFor={nameId} className="text-sm font-medium">
          {t('people.name')}
        </label>
        <TextField
          id={nameId}
          data-first-focus
          dir="auto"
          required
          value={name}
          maxLength={NAME_MAX}
          onChange={(event) => setName(event.target.value)}
        />
        <p className="text-sm text-dim">{t('people.nameText')}</p>
        <p className="text-sm font-medium">{t('people.type')}</p>
        <Choice label={t('people.type')} value={type} options={types} onChange={(chosenType) => setType(chosenType)} />
        <label htmlFor={otherId} className="mt-1 text-sm font-medium">
          {t('people.otherNames')}
        </label>
        {given.length > 0 && (
          <ul className="flex flex-wrap gap-1.5">
            {given.map((alias) => (
              <li
                key={alias}
                className="inline-flex max-w-full items-center gap-1 rounded-full border border-line ps-2.5 text-sm"
              >
                <span dir="auto" className="truncate">
                  {revealHidden(alias)}
                </span>
                <IconButton
                  label={t('people.removeName', { name: revealHidden(alias) })}
                  disabled={busy}
                  onClick={() => void attempt(() => acts.removeName(entity.id, alias))}
                >
                  <X className="size-3.5" />
                </IconButton>
              </li>
            ))}
          </ul>
        )}
        <div className="flex gap-2">
          <TextField
            id={otherId}
            dir="auto"
            value={other}
            maxLength={NAME_MAX}
            placeholder={t('people.otherNameExample')}
            onChange={(event) => setOther(event.target.value)}
          />
          <Button onClick={() => void add()} disabled={busy || other.trim() === ''} className="h-9">
            <Plus className="size-4" />
            {t('people.addName')}
          </Button>
        </div>
        <Problem text={problem} />
        <DialogButtons>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="accent" type="submit" disabled={busy || name.trim() === ''}>
            {t('action.save')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}
