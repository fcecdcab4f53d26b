// The way out: what goes into the file, how large it will be, a passphrase where one is wanted, and the file itself.
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { formatBytes, formatNumber } from '../../app/format.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { Button } from '../../ui/button.tsx'
import { ChoiceCards } from '../../ui/choice-cards.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Switch } from '../../ui/switch.tsx'
import { countedOf } from '../data/kind-words.ts'
import { type ExportDraft, selectionOf, WHOLE } from './export-draft.ts'
import { ExportList } from './export-list.tsx'
import { PartFields } from './part-fields.tsx'
import { type Passphrase, PassphraseFields } from './passphrase-fields.tsx'
import { useBeginExport } from './use-begin-export.ts'

const NO_PASSPHRASE: Passphrase = { first: '', again: '' }

export function ExportSection() {
  const { t } = useTranslation()
  const id = useId()
  const [draft, setDraft] = useState(WHOLE)
  const [protects, setProtects] = useState(false)
  const [passphrase, setPassphrase] = useState(NO_PASSPHRASE)
  const [wrong, setWrong] = useState<string | null>(null)
  const begin = useBeginExport()
  const { busy, problem, attempt } = useAttempt()
  const change = (part: Partial<ExportDraft>) => setDraft((before) => ({ ...before, ...part }))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const missing = protects ? problemOf(passphrase) : null
    setWrong(missing && t(`exports.passphrase.${missing}`))
    if (missing !== null) return
    const wish = { type: 'archive' as const, selection: selectionOf(draft) }
    const begun = await attempt(() => begin(wish, protects ? passphrase.first : null))
    if (begun) setPassphrase(NO_PASSPHRASE)
  }
  return (
    <div className="flex flex-col gap-4">
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <ChoiceCards
          label={t('exports.what')}
          value={draft.whole ? 'whole' : 'part'}
          onChange={(value) => change({ whole: value === 'whole' })}
          options={(['whole', 'part'] as const).map((value) => ({
            value,
            label: t(`exports.${value}.label`),
            text: t(`exports.${value}.text`),
          }))}
        />
        {!draft.whole && <PartFields draft={draft} onChange={change} />}
        <Toggle
          id={`${id}-chats`}
          label={t('exports.conversations')}
          text={t(
            draft.conversations && narrowsNoChats(draft) ? 'exports.conversationsAll' : 'exports.conversationsText',
          )}
          checked={draft.conversations}
          onChange={(conversations) => change({ conversations })}
        />
        <Preview draft={draft} />
        <Toggle
          id={`${id}-protect`}
          label={t('exports.passphrase.use')}
          text={t(protects ? 'exports.passphrase.on' : 'exports.passphrase.off')}
          checked={protects}
          onChange={(on) => {
            setProtects(on)
            setWrong(null)
          }}
        />
        {protects && <PassphraseFields value={passphrase} problem={wrong} onChange={setPassphrase} />}
        <div className="flex flex-wrap items-center gap-3">
          <Button kind="accent" type="submit" disabled={busy}>
            {t('exports.begin')}
          </Button>
        </div>
        <Problem text={problem} />
      </form>
      <ExportList />
      <details className="text-sm text-dim">
        <summary className="w-fit cursor-pointer rounded-sm py-0.5">{t('exports.about')}</summary>
        <ul className="mt-2 flex list-disc flex-col gap-1 ps-5">
          {(['zip', 'readable', 'lines', 'back', 'not'] as const).map((line) => (
            <li key={line}>{t(`exports.aboutLine.${line}`)}</li>
          ))}
        </ul>
      </details>
    </div>
  )
}

/** Chats are of a project and a time, not of a store or a person. */
function narrowsNoChats({ whole, stores, entity, namespace }: ExportDraft): boolean {
  return !whole && (stores.length > 0 || entity !== null || namespace !== null)
}

function problemOf({ first, again }: Passphrase): 'missing' | 'different' | null {
  if (first === '') return 'missing'
  return first === again ? null : 'different'
}

interface ToggleProps {
  id: string
  label: string
  text: string
  checked: boolean
  onChange(checked: boolean): void
}

function Toggle({ id, label, text, checked, onChange }: ToggleProps) {
  return (
    <div className="flex items-start justify-between gap-4">
      <div>
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <p className="text-sm text-dim">{text}</p>
      </div>
      <span className="pt-0.5">
        <Switch id={id} checked={checked} onChange={onChange} />
      </span>
    </div>
  )
}

/** What would go into the file. */
function Preview({ draft }: { draft: ExportDraft }) {
  const { t } = useTranslation()
  const client = useClient()
  const selection = selectionOf(draft)
  const { data, error } = useQuery({
    queryKey: [...keys.memories, 'export', selection],
    queryFn: ({ signal }) => client.exports.preview(selection, { signal }),
    staleTime: 0,
    // What was counted before stays until the new counts are there: no jump while one chooses.
    placeholderData: (before) => before,
  })
  if (error) return <Problem text={failureWords(t, failureOf(error))} />
  if (!data) return <Skeleton lines={3} />
  const counted = countedOf(data.counts)
  return (
    <section aria-label={t('exports.preview')} className="rounded-card border border-line bg-raised px-3.5 py-2.5">
      {counted.length === 0 ? (
        <p className="text-dim">{t(draft.whole ? 'exports.empty' : 'exports.nothing')}</p>
      ) : (
        <>
          <ul className="grid grid-cols-2 gap-x-6 gap-y-1 text-sm wide:grid-cols-3">
            {counted.map(({ kind, count }) => (
              <li key={kind}>{t(`transfer.count.${kind}`, { count, number: formatNumber(count) })}</li>
            ))}
          </ul>
          <p className="mt-2 text-sm text-dim">{t('exports.size', { size: formatBytes(data.bytes) })}</p>
        </>
      )}
    </section>
  )
}
