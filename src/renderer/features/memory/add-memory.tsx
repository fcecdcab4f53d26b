// Writes an item by hand.
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MEMORY_MAX } from '../../../shared/contract/base.ts'
import type { StoreId } from '../../../shared/memory.ts'
import { useAppState, useClient } from '../../app/core.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { useWindow } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { useStoreWords } from './store-words.tsx'

export function AddMemory({ onClose }: { onClose(): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const words = useStoreWords()
  const announce = useWindow((state) => state.announce)
  const stores = useAppState()?.learning.stores ?? []
  const fieldId = useId()
  const [store, setStore] = useState<StoreId>('user_memory')
  const [text, setText] = useState('')
  const { busy, problem, attempt } = useAttempt()
  const save = (event: FormEvent) => {
    event.preventDefault()
    return attempt(async () => {
      const { memory } = await client.memory.add({ store, text })
      announce(t('status.saved'))
      onClose()
      navigate(hrefs.memory(memory.id))
    })
  }
  return (
    <Dialog title={t('memory.addTitle')} onClose={onClose}>
      <form onSubmit={(event) => void save(event)} className="flex flex-col gap-3">
        <p className="text-sm text-dim">{t('memory.addText')}</p>
        <Choice
          label={t('memory.addStore')}
          value={store}
          onChange={setStore}
          options={stores.map((view) => ({ value: view.id, label: words.title(view.id) }))}
        />
        <label htmlFor={fieldId} className="text-sm font-medium">
          {t('memory.addLabel')}
        </label>
        <GrowingText
          id={fieldId}
          data-first-focus
          dir="auto"
          value={text}
          maxLength={MEMORY_MAX}
          className="min-h-20"
          onChange={(event) => setText(event.target.value)}
        />
        <Problem text={problem} />
        <DialogButtons>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="accent" type="submit" disabled={busy || text.trim() === ''}>
            {t('memory.addSave')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}
