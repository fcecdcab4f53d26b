// Of a table: which store its rows go to, and which column fills which field.
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoreOverview } from '../../../shared/contract/stores.ts'
import type { CsvColumn, ImportView } from '../../../shared/imports.ts'
import type { StoreId } from '../../../shared/memory.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { Button } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Select } from '../../ui/select.tsx'
import { useStoreWords } from '../memory/store-words.tsx'
import { useStores } from '../stores/use-stores.ts'
import { Card, CardButtons } from './card.tsx'
import { guessMapping, type Mapping, mappingProblem, NOTHING, TEXT } from './csv-mapping.ts'
import { useArrival } from './use-arrival.ts'
import { useDropImport } from './use-drop-import.ts'

interface ColumnsCardProps {
  view: ImportView
  columns: readonly CsvColumn[]
}

export function ColumnsCard({ view, columns }: ColumnsCardProps) {
  const { t } = useTranslation()
  const stores = useStores().data
  return (
    <Card title={t('imports.csv.title', { name: view.name })}>
      {stores ? <ColumnsForm view={view} columns={columns} stores={stores} /> : <Skeleton lines={4} />}
    </Card>
  )
}

function ColumnsForm({ view, columns, stores }: ColumnsCardProps & { stores: readonly StoreOverview[] }) {
  const { t } = useTranslation()
  const id = useId()
  const words = useStoreWords()
  const { map } = useArrival()
  const drop = useDropImport()
  const fieldsOf = (store: StoreId) =>
    (stores.find((one) => one.id === store)?.fields ?? []).filter(({ fixed }) => !fixed)
  const names = columns.map(({ name }) => name)
  const [store, setStore] = useState<StoreId>(() => bestStore(names, stores))
  const [mapping, setMapping] = useState<Mapping>(() => guessMapping(names, fieldsOf(store)))
  const { busy, problem, attempt, say } = useAttempt()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const wrong = mappingProblem(mapping)
    if (wrong !== null) return say(t(`imports.csv.${wrong}`))
    const filled = Object.entries(mapping).filter(([, field]) => field !== NOTHING)
    await attempt(() => map(view.id, { store, columns: Object.fromEntries(filled) }))
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <p className="text-sm text-dim">{t('imports.csv.text')}</p>
      <div className="flex flex-col gap-1">
        <label htmlFor={`${id}-store`} className="text-sm font-medium">
          {t('imports.csv.store')}
        </label>
        <Select
          id={`${id}-store`}
          className="wide:max-w-80"
          value={store as string}
          onChange={(value) => {
            setStore(value)
            setMapping(guessMapping(names, fieldsOf(value)))
          }}
          options={stores.map((one) => ({ value: one.id as string, label: words.title(one.id) }))}
        />
      </div>
      <ul aria-label={t('imports.csv.columns')} className="flex flex-col gap-2">
        {columns.map(({ name, values }, index) => (
          <li key={name} className="grid items-center gap-x-4 gap-y-1 wide:grid-cols-[minmax(0,1fr)_20rem]">
            <div className="min-w-0 [overflow-wrap:anywhere]">
              <label htmlFor={`${id}-${index}`} dir="auto">
                <MarkedText text={name} />
              </label>
              <p id={`${id}-${index}-values`} dir="auto" className="text-xs text-dim">
                <MarkedText text={values.join(' · ') || t('imports.csv.empty')} />
              </p>
            </div>
            <Select
              id={`${id}-${index}`}
              aria-describedby={`${id}-${index}-values`}
              value={mapping[name] ?? NOTHING}
              onChange={(field) => setMapping({ ...mapping, [name]: field })}
              options={[
                { value: NOTHING as string, label: t('imports.csv.leaveOut') },
                { value: TEXT, label: t('imports.csv.words') },
                ...fieldsOf(store).map(({ key, label }) => ({ value: key, label })),
              ]}
            />
          </li>
        ))}
      </ul>
      <Problem text={problem} />
      <CardButtons>
        <Button kind="accent" type="submit" disabled={busy}>
          {t('imports.csv.look')}
        </Button>
        <Button onClick={() => drop(view.id)}>{t('action.cancel')}</Button>
      </CardButtons>
    </form>
  )
}

/** The one with most fields called like a column; memories where none has any. */
function bestStore(columns: readonly string[], stores: readonly StoreOverview[]): StoreId {
  const hits = ({ fields }: StoreOverview) =>
    Object.values(guessMapping(columns, fields)).filter((field) => field !== NOTHING && field !== TEXT).length
  const best = stores.reduce<StoreOverview | null>((so, one) => (hits(one) > (so ? hits(so) : 0) ? one : so), null)
  return best?.id ?? 'user_memory'
}
