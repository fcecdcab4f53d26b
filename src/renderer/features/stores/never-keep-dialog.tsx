// What a store never keeps, in the person's words, with a sentence to try it on.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoreId } from '../../../shared/memory.ts'
import { keys, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { useWindow } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { GrowingText, TextField } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'

interface NeverKeepDialogProps {
  store: StoreId
  title: string
  rules: readonly string[]
  onClose(): void
}

const TYPING_PAUSE_MS = 250

export function NeverKeepDialog({ store, title, rules, onClose }: NeverKeepDialogProps) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const announce = useWindow((state) => state.announce)
  const id = useId()
  const [typed, setTyped] = useState(rules.join('\n'))
  const [sentence, setSentence] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const lines = typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const long = lines.find((line) => line.length > 100)
  const verdict = useVerdict(lines, sentence)
  const save = async () => {
    try {
      await client.stores.setNeverKeep({ id: store, rules: lines })
      await cache.invalidateQueries({ queryKey: keys.memories })
      announce(t('status.saved'))
      onClose()
    } catch (error) {
      setProblem(failureWords(t, failureOf(error)))
    }
  }
  const wrong = long === undefined ? problem : t('neverKeep.long', { rule: `${long.slice(0, 40)}…` })
  return (
    <Dialog title={t('neverKeep.title', { store: title })} onClose={onClose}>
      <div className="flex flex-col gap-2">
        <label htmlFor={`${id}-rules`} className="font-medium">
          {t('neverKeep.label')}
        </label>
        <p id={`${id}-text`} className="text-sm text-dim">
          {t('neverKeep.text')}
        </p>
        <GrowingText
          id={`${id}-rules`}
          data-first-focus
          dir="auto"
          value={typed}
          maxLength={10_000}
          className="min-h-24"
          placeholder={t('neverKeep.placeholder')}
          aria-invalid={wrong ? true : undefined}
          aria-describedby={wrong ? `${id}-problem` : `${id}-text`}
          onChange={(event) => {
            setProblem(null)
            setTyped(event.target.value)
          }}
        />
        <Problem id={`${id}-problem`} text={wrong} />
        <label htmlFor={`${id}-try`} className="mt-3 font-medium">
          {t('neverKeep.try')}
        </label>
        <TextField
          id={`${id}-try`}
          dir="auto"
          value={sentence}
          maxLength={500}
          placeholder={t('neverKeep.tryPlaceholder')}
          onChange={(event) => setSentence(event.target.value)}
        />
        <p role="status" className="min-h-5 text-sm text-dim">
          {verdict !== undefined && (verdict === null ? t('neverKeep.kept') : t('neverKeep.left', { rule: verdict }))}
        </p>
      </div>
      <DialogButtons>
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button kind="accent" disabled={long !== undefined || lines.length > 100} onClick={() => void save()}>
          {t('action.save')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}

/** The rule a sentence falls under; null: none. Undefined while there is nothing to say. */
function useVerdict(rules: readonly string[], sentence: string): string | null | undefined {
  const client = useClient()
  const [verdict, setVerdict] = useState<string | null | undefined>(undefined)
  const all = rules.join('\n')
  useEffect(() => {
    if (sentence.trim() === '') return setVerdict(undefined)
    const controller = new AbortController()
    const timer = setTimeout(() => {
      const asked = { rules: all === '' ? [] : all.split('\n'), text: sentence }
      client.stores.tryNeverKeep(asked, { signal: controller.signal }).then(
        ({ rule }) => setVerdict(rule),
        // A rule that is not whole yet says nothing; saving it says why.
        () => setVerdict(undefined),
      )
    }, TYPING_PAUSE_MS)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [client, all, sentence])
  return verdict
}
