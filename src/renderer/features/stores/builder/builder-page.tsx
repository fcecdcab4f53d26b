// Makes a store without code, or changes one: name, what to look for, fields, how it learns; tried on past chats first.
import { useQueryClient } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CustomStoreView } from '../../../../shared/contract/stores.ts'
import { type CustomStoreDefinition, customStoreDefinition, storeIcon } from '../../../../shared/custom-store.ts'
import { type StoreId, storeMode } from '../../../../shared/memory.ts'
import { keys, useClient } from '../../../app/core.ts'
import { failureOf, failureWords } from '../../../app/failure.ts'
import { focusWhenThere } from '../../../app/focus.ts'
import { PageHeader } from '../../../app/page-header.tsx'
import { hrefs, navigate } from '../../../app/router.ts'
import { useWindow } from '../../../app/window-state.ts'
import { Button, ButtonLink } from '../../../ui/button.tsx'
import { Choice } from '../../../ui/choice.tsx'
import { ChoiceCards } from '../../../ui/choice-cards.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { GrowingText, TextField } from '../../../ui/field.tsx'
import { Skeleton } from '../../../ui/late.tsx'
import { Problem } from '../../../ui/problem.tsx'
import { OWN_ICONS } from '../../memory/store-words.tsx'
import { useStores } from '../use-stores.ts'
import { ChangeDialog, type FieldChanges, touchesValues } from './change-dialog.tsx'
import { type Draft, definitionOf, draftOf, faultsOf } from './draft.ts'
import { ExampleList } from './example-list.tsx'
import { exampleDefinition, isExample } from './examples.ts'
import { FieldList } from './field-list.tsx'
import { TrialPanel } from './trial-panel.tsx'
import { useTrial } from './use-trial.ts'

interface BuilderPageProps {
  /** The store that is changed; null: a new one. */
  id: StoreId | null
  /** A ready-made one to begin with. */
  example: string | null
}

export function StoreBuilderPage({ id, example }: BuilderPageProps) {
  const { t } = useTranslation()
  const stores = useStores()
  const page = t(id ? 'builder.change.page' : 'builder.title')
  useEffect(() => {
    document.title = t('app.title', { page })
  }, [t, page])
  if (id === null) {
    const definition = isExample(example) ? exampleDefinition(t, example) : null
    return (
      <Builder
        place={example ?? 'new'}
        before={null}
        begin={definition ?? { ...NOTHING }}
        showExamples={definition === null}
      />
    )
  }
  const own = stores.data?.find((store) => store.id === id)?.own
  if (own) return <Builder place={id} before={own} begin={own.definition} showExamples={false} />
  return (
    <>
      <PageHeader title={page} />
      {stores.isPending ? (
        <Skeleton lines={6} />
      ) : (
        <Empty title={t('storePage.goneTitle')} text={t('storePage.goneText')}>
          <ButtonLink href={hrefs.stores}>{t('storePage.back')}</ButtonLink>
        </Empty>
      )}
    </>
  )
}

const NOTHING: CustomStoreDefinition = {
  title: '',
  icon: 'list',
  lookFor: '',
  example: '',
  fields: [],
  mode: 'propose',
  namespace: 'user',
}

/** Whether two say the same, in whatever order their parts stand. */
function sameDefinition(one: CustomStoreDefinition, other: CustomStoreDefinition): boolean {
  const [a, b] = [one, other].map((definition) => customStoreDefinition.safeParse(definition).data)
  return JSON.stringify(a) === JSON.stringify(b)
}

/** @returns the draft, what changes it (null: as at the beginning), and whether it was begun on an earlier visit */
function useKeptDraft(
  place: string,
  version: number,
  begin: () => Draft,
): [Draft, (draft: Draft | null) => void, boolean] {
  const keep = useWindow((state) => state.setStoreDraft)
  const kept = useWindow((state) => state.storeDrafts[place])
  const [[seen, first]] = useState(() => [version, begin()] as const)
  // One of a store that was changed since would only be refused.
  const draft = kept?.version === seen ? kept.draft : first
  const [unfinished, setUnfinished] = useState(draft !== first)
  const change = (next: Draft | null) => {
    if (next === null) setUnfinished(false)
    keep(place, next && { draft: next, version: seen })
  }
  return [draft, change, unfinished]
}

interface BuilderProps {
  /** Under what an unfinished draft is kept while the page is left. */
  place: string
  before: CustomStoreView | null
  begin: CustomStoreDefinition
  showExamples: boolean
}

function Builder({ place, before, begin, showExamples }: BuilderProps) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const announce = useWindow((state) => state.announce)
  const id = useId()
  // What the person saw when they began: a change made elsewhere meanwhile is refused, not overwritten.
  const [seen] = useState(before)
  const [draft, setDraft, unfinished] = useKeptDraft(place, before?.version ?? 0, () => draftOf(begin, before !== null))
  const [tried, setTried] = useState(false)
  const [problem, setProblem] = useState<{ field: string | null; text: string } | null>(null)
  const [saving, setSaving] = useState(false)
  const [changes, setChanges] = useState<FieldChanges | null>(null)
  const { trial, start, stop } = useTrial()
  const faults = tried ? faultsOf(draft) : null
  const set = (change: Partial<Draft>) => {
    setProblem(null)
    setDraft({ ...draft, ...change })
  }
  const former = seen?.definition.fields.map(({ key }) => key) ?? []

  /** What is typed, once nothing is wrong with it. */
  const definition = (): CustomStoreDefinition | null => {
    setTried(true)
    if (faultsOf(draft)) {
      // The first one that is wrong, once it says so.
      focusWhenThere(() => document.querySelector<HTMLElement>('#main [aria-invalid="true"]'))
      return null
    }
    return definitionOf(draft, former)
  }

  const save = async (event: FormEvent | null, confirmed = false) => {
    event?.preventDefault()
    const made = definition()
    if (!made || saving) return
    setSaving(true)
    setProblem(null)
    try {
      if (seen && !confirmed) {
        const preview = await client.stores.previewChange({ id: seen.id, fields: made.fields })
        if (touchesValues(preview)) return setChanges(preview)
      }
      const kept = seen
        ? await client.stores.change({ id: seen.id, version: seen.version, definition: made })
        : await client.stores.create({ definition: made })
      await cache.invalidateQueries({ queryKey: keys.memories })
      announce(t('status.saved'))
      setDraft(null)
      navigate(hrefs.store(kept.id))
    } catch (error) {
      const failure = failureOf(error)
      setProblem({ field: failure.field, text: failureWords(t, failure) })
    } finally {
      setSaving(false)
    }
  }

  const stale = trial.definition !== null && !sameDefinition(trial.definition, definitionOf(draft, former))
  const nameProblem =
    problem?.field === 'definition.title' ? problem.text : faults?.title ? t('builder.fault.title') : null
  return (
    <>
      <PageHeader
        title={draft.title.trim() || t('builder.title')}
        back={{ href: hrefs.stores, label: t('storePage.back'), icon: <ArrowLeft className="size-5 rtl:rotate-180" /> }}
        always
      >
        <span className="hidden wide:inline">
          <Button
            onClick={() => {
              setDraft(null)
              navigate(seen ? hrefs.store(seen.id) : hrefs.stores)
            }}
          >
            {t('action.cancel')}
          </Button>
        </span>
        <Button kind="accent" disabled={saving} onClick={() => void save(null)}>
          {t(seen ? 'action.save' : 'builder.turnOn')}
        </Button>
      </PageHeader>
      <div className="min-h-0 flex-1 overflow-y-auto split:flex split:overflow-hidden">
        <form
          onSubmit={(event) => void save(event)}
          className="flex flex-col gap-5 px-4 py-5 wide:px-6 split:w-[28rem] split:shrink-0 split:overflow-y-auto split:border-e split:border-line"
        >
          {unfinished && (
            <p role="status" className="flex flex-wrap items-center gap-x-2 text-sm text-dim">
              {t('builder.unfinished')}
              <Button kind="link" size="inline" className="min-h-6" onClick={() => setDraft(null)}>
                {t('builder.startOver')}
              </Button>
            </p>
          )}
          {showExamples && (
            <div className="flex flex-col gap-2">
              <p className="text-sm text-dim">{t('builder.examples')}</p>
              <ExampleList />
            </div>
          )}
          {problem && problem.field !== 'definition.title' && <Problem text={problem.text} />}
          <div className="flex flex-col gap-1.5">
            <label htmlFor={`${id}-name`} className="font-medium">
              {t('builder.name')}
            </label>
            <TextField
              id={`${id}-name`}
              dir="auto"
              value={draft.title}
              maxLength={60}
              placeholder={t('builder.namePlaceholder')}
              aria-invalid={nameProblem ? true : undefined}
              aria-describedby={nameProblem ? `${id}-name-problem` : undefined}
              onChange={(event) => set({ title: event.target.value })}
            />
            <Problem id={`${id}-name-problem`} text={nameProblem} />
          </div>
          <div className="flex flex-col gap-1.5">
            <p className="font-medium" aria-hidden="true">
              {t('builder.icon')}
            </p>
            <Choice
              look="pills"
              label={t('builder.icon')}
              value={draft.icon}
              onChange={(icon) => set({ icon })}
              options={storeIcon.options.map((icon) => {
                const Icon = OWN_ICONS[icon]
                return {
                  value: icon,
                  label: (
                    <>
                      <Icon aria-hidden="true" className="size-4" />
                      <span className="sr-only">{t(`builder.icons.${icon}`)}</span>
                    </>
                  ),
                }
              })}
            />
          </div>
          <div className="flex flex-col gap-1.5">
            <label htmlFor={`${id}-look`} className="font-medium">
              {t('builder.lookFor')}
            </label>
            <p id={`${id}-look-text`} className="text-sm text-dim">
              {t('builder.lookForText')}
            </p>
            <GrowingText
              id={`${id}-look`}
              dir="auto"
              value={draft.lookFor}
              maxLength={300}
              className="min-h-16"
              placeholder={t('builder.lookForPlaceholder')}
              aria-invalid={faults?.lookFor ? true : undefined}
              aria-describedby={faults?.lookFor ? `${id}-look-problem` : `${id}-look-text`}
              onChange={(event) => set({ lookFor: event.target.value })}
            />
            {faults?.lookFor && <Problem id={`${id}-look-problem`} text={t('builder.fault.lookFor')} />}
          </div>
          <div className="flex flex-col gap-1.5">
            <label htmlFor={`${id}-example`} className="font-medium">
              {t('builder.example')}
            </label>
            <TextField
              id={`${id}-example`}
              dir="auto"
              value={draft.example}
              maxLength={200}
              placeholder={t('builder.examplePlaceholder')}
              onChange={(event) => set({ example: event.target.value })}
            />
          </div>
          <FieldList fields={draft.fields} faults={faults?.fields ?? null} onChange={(fields) => set({ fields })} />
          <div className="flex flex-col gap-1.5">
            <p className="font-medium" aria-hidden="true">
              {t('builder.mode')}
            </p>
            {seen ? (
              <p className="text-sm text-dim">{t('builder.modeElsewhere')}</p>
            ) : (
              <ChoiceCards
                label={t('builder.mode')}
                value={draft.mode}
                onChange={(mode) => set({ mode })}
                options={storeMode.options.map((mode) => ({
                  value: mode,
                  label: t(`mode.${mode}`),
                  text: t(`modeText.${mode}`),
                }))}
              />
            )}
          </div>
          <div className="flex flex-col gap-1.5">
            <p className="font-medium" aria-hidden="true">
              {t('builder.namespace')}
            </p>
            <ChoiceCards
              label={t('builder.namespace')}
              value={draft.namespace}
              onChange={(namespace) => set({ namespace })}
              options={['user', 'global'].map((namespace) => ({
                value: namespace,
                label: t(namespace === 'user' ? 'builder.onlyMe' : 'builder.everyone'),
                text: t(namespace === 'user' ? 'builder.onlyMeText' : 'builder.everyoneText'),
              }))}
            />
          </div>
          {/* Enter in a field of one line saves, like the button above. */}
          <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
        </form>
        <div className="min-w-0 flex-1 border-t border-line px-4 py-5 wide:px-6 split:overflow-y-auto split:border-t-0">
          <TrialPanel
            trial={trial}
            stale={stale}
            onStart={(where) => {
              const made = definition()
              if (made) void start(made, where)
            }}
            onStop={stop}
          />
        </div>
      </div>
      {changes && (
        <ChangeDialog
          changes={changes}
          onClose={() => setChanges(null)}
          onConfirm={() => {
            setChanges(null)
            void save(null, true)
          }}
        />
      )}
    </>
  )
}
