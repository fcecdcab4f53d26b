// Corrects one item in place. When it changed meanwhile, the newer text is shown and nothing is overwritten unseen.
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MEMORY_MAX } from '../../../shared/contract/base.ts'
import type { MemoryId } from '../../../shared/ids.ts'
import type { MemoryView } from '../../../shared/memory.ts'
import { keys, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { useWindow } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { ItemForm } from '../stores/fields/item-form.tsx'
import { useFields } from './item-fields.tsx'
import { useMemory } from './use-memory.ts'

interface EditMemoryProps {
  id: MemoryId
  onDone(): void
}

export function EditMemory({ id, onDone }: EditMemoryProps) {
  const { t } = useTranslation()
  const { data, error } = useMemory(id)
  const fields = useFields(data?.memory.store ?? null)
  if (error) {
    return <Problem text={failureWords(t, failureOf(error))} />
  }
  if (!data || !fields) return null
  if (fields.length === 0) return <Form memory={data.memory} onDone={onDone} />
  return (
    <ItemForm
      store={data.memory.store}
      fields={fields}
      item={data.memory}
      onSaved={onDone}
      buttons={(canSave) => (
        <div className="flex gap-2">
          <Button kind="accent" type="submit" disabled={!canSave}>
            {t('action.save')}
          </Button>
          <Button onClick={onDone}>{t('action.cancel')}</Button>
        </div>
      )}
    />
  )
}

function Form({ memory, onDone }: { memory: MemoryView; onDone(): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const announce = useWindow((state) => state.announce)
  const fieldId = useId()
  const [text, setText] = useState(memory.text)
  // The version the person saw, not the one a background refresh brought.
  const [seen, setSeen] = useState({ version: memory.version, text: memory.text })
  const [newer, setNewer] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [saving, setSaving] = useState(false)

  useEffect(() => {
    const field = document.getElementById(fieldId)
    if (field instanceof HTMLTextAreaElement) {
      field.focus()
      field.setSelectionRange(field.value.length, field.value.length)
    }
  }, [fieldId])

  const save = async (event?: FormEvent) => {
    event?.preventDefault()
    if (text.trim() === seen.text) return onDone()
    setSaving(true)
    setProblem(null)
    try {
      await client.memory.edit({ id: memory.id, version: seen.version, text })
      await cache.invalidateQueries({ queryKey: keys.memories })
      announce(t('status.saved'))
      onDone()
    } catch (error) {
      const failure = failureOf(error)
      if (failure.code === 'CONFLICT') {
        const fresh = await client.memory.get({ id: memory.id }).catch(() => null)
        if (fresh) {
          setSeen({ version: fresh.memory.version, text: fresh.memory.text })
          setNewer(fresh.memory.text)
          return
        }
      }
      setProblem(failureWords(t, failure))
    } finally {
      setSaving(false)
    }
  }

  return (
    <form
      onSubmit={save}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Escape') {
          event.preventDefault()
          event.stopPropagation()
          onDone()
        }
        if (event.key === 'Enter' && !event.shiftKey) void save(event)
      }}
    >
      <GrowingText
        id={fieldId}
        value={text}
        maxLength={MEMORY_MAX}
        dir="auto"
        aria-label={t('memory.editLabel')}
        onChange={(event) => setText(event.target.value)}
      />
      {newer !== null && (
        <div role="alert" className="mt-2 rounded-control bg-warning-soft p-3 text-sm text-warning-text">
          <p>{t('memory.conflict')}</p>
          <p dir="auto" className="mt-1 font-medium">
            {newer}
          </p>
          <Button kind="link" size="inline" className="mt-1" onClick={() => setText(newer)}>
            {t('memory.takeNewer')}
          </Button>
        </div>
      )}
      <Problem className="mt-2" text={problem} />
      <div className="mt-2 flex gap-2">
        <Button kind="accent" type="submit" disabled={saving || text.trim() === ''}>
          {t('action.save')}
        </Button>
        <Button onClick={onDone}>{t('action.cancel')}</Button>
      </div>
    </form>
  )
}
