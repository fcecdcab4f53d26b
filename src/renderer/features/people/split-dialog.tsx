// One that was two: the new one gets a name, and what is known of it is chosen.
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MemoryId } from '../../../shared/ids.ts'
import { formatNumber } from '../../app/format.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { Problem } from '../../ui/problem.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { useTypeOptions } from './entity-words.tsx'
import { useEntityActs } from './use-entity-acts.ts'
import type { Person } from './use-people.ts'

export function SplitDialog({ person, onClose }: { person: Person; onClose(): void }) {
  const { t } = useTranslation()
  const acts = useEntityActs()
  const types = useTypeOptions()
  const nameId = useId()
  const { entity } = person
  const memories = [...person.known, ...person.ties.map(({ memory }) => memory)]
  const [name, setName] = useState(entity.name)
  const [type, setType] = useState(entity.type)
  const [chosen, setChosen] = useState<ReadonlySet<MemoryId>>(new Set())
  const turn = (id: MemoryId) =>
    setChosen((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  const { busy, problem, attempt } = useAttempt()
  const split = () =>
    attempt(async () => {
      const made = await acts.split({ id: entity.id, name: name.trim(), type, memoryIds: [...chosen] })
      onClose()
      navigate(hrefs.entity(made))
    })
  return (
    <Dialog title={t('people.splitTitle', { name: revealHidden(entity.name) })} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void split()
        }}
        className="flex flex-col gap-3"
      >
        <p className="text-sm text-dim">{t('people.splitText')}</p>
        <label htmlFor={nameId} className="text-sm font-medium">
          {t('people.splitName')}
        </label>
        <TextField
          id={nameId}
          data-first-focus
          dir="auto"
          required
          value={name}
          maxLength={200}
          onChange={(event) => setName(event.target.value)}
        />
        <Choice label={t('people.type')} value={type} options={types} onChange={(chosenType) => setType(chosenType)} />
        <fieldset className="max-h-64 overflow-y-auto rounded-control border border-line">
          <legend className="sr-only">{t('people.splitWhat')}</legend>
          {memories.map((memory) => (
            <label
              key={memory.id}
              className="flex cursor-pointer gap-2.5 border-b border-line px-3 py-2 text-sm last:border-b-0 hover:bg-hover"
            >
              <input
                type="checkbox"
                checked={chosen.has(memory.id)}
                onChange={() => turn(memory.id)}
                className="mt-0.5 size-4 shrink-0 accent-accent"
              />
              <span dir="auto" className="line-clamp-3 min-w-0 [overflow-wrap:anywhere]">
                <MarkedText text={memory.text} />
              </span>
            </label>
          ))}
        </fieldset>
        <p className="text-sm text-dim" aria-live="polite">
          {t('people.splitCount', { count: chosen.size, number: formatNumber(chosen.size) })}
        </p>
        <Problem text={problem} />
        <DialogButtons>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="accent" type="submit" disabled={busy || chosen.size === 0 || name.trim() === ''}>
            {t('people.splitButton')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}
