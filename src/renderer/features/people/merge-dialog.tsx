// Two that are one: the other one is looked for, and what becomes of both is said before it is done.
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../../app/format.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { SearchField } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { EntityIcon } from './entity-words.tsx'
import { useEntityActs } from './use-entity-acts.ts'
import { type ListedEntity, type Person, usePeople } from './use-people.ts'

/** So many that could be meant are offered; typing finds others. */
const OFFERED = 20

export function MergeDialog({ entity, onClose }: { entity: Person['entity']; onClose(): void }) {
  const { t } = useTranslation()
  const acts = useEntityActs()
  const group = useId()
  // The same thing under two names often shares a word.
  const [query, setQuery] = useState(() => entity.name.split(' ')[0] ?? '')
  const found = usePeople({ query, type: null, status: 'active' })
  const offered = (found.data?.pages[0]?.items ?? []).filter(({ id }) => id !== entity.id).slice(0, OFFERED)
  const [other, setOther] = useState<ListedEntity | null>(null)
  const [stays, setStays] = useState<'this' | 'other'>('this')
  const { busy, problem, attempt } = useAttempt()
  const merge = async () => {
    if (!other) return
    const [from, into] = stays === 'this' ? [other, entity] : [entity, other]
    if (!(await attempt(() => acts.merge(from, into)))) return
    onClose()
    navigate(hrefs.entity(into.id))
  }
  const [name, otherName] = [revealHidden(entity.name), revealHidden(other?.name ?? '')]
  return (
    <Dialog title={t('people.mergeTitle', { name })} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void merge()
        }}
        className="flex flex-col gap-3"
      >
        <p className="text-sm text-dim">{t('people.mergeText')}</p>
        <SearchField label={t('people.mergeSearch')} value={query} onChange={setQuery} />
        <fieldset className="max-h-56 overflow-y-auto rounded-control border border-line">
          <legend className="sr-only">{t('people.mergeWith')}</legend>
          {offered.length === 0 ? (
            <p className="px-3 py-2 text-sm text-dim">{t('people.mergeNobody')}</p>
          ) : (
            offered.map((one) => (
              <label
                key={one.id}
                className="flex cursor-pointer items-center gap-2.5 border-b border-line px-3 py-2 text-sm last:border-b-0 hover:bg-hover"
              >
                <input
                  type="radio"
                  name={group}
                  checked={other?.id === one.id}
                  onChange={() => setOther(one)}
                  className="size-4 accent-accent"
                />
                <span className="text-dim">
                  <EntityIcon type={one.type} />
                </span>
                <span dir="auto" className="min-w-0 flex-1 truncate">
                  {revealHidden(one.name)}
                </span>
                <span className="text-xs text-dim">
                  {t('people.known', { count: one.known, number: formatNumber(one.known) })}
                </span>
              </label>
            ))
          )}
        </fieldset>
        {other && (
          <>
            <p className="text-sm font-medium">{t('people.mergeName')}</p>
            <Choice
              label={t('people.mergeName')}
              value={stays}
              onChange={(chosen) => setStays(chosen)}
              options={[
                { value: 'this', label: name },
                { value: 'other', label: otherName },
              ]}
            />
            <p className="text-sm text-dim" aria-live="polite">
              {stays === 'this'
                ? t('people.mergeBecomes', { from: otherName, into: name })
                : t('people.mergeBecomes', { from: name, into: otherName })}
            </p>
          </>
        )}
        <Problem text={problem} />
        <DialogButtons>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="accent" type="submit" disabled={busy || other === null}>
            {t('people.mergeButton')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}
