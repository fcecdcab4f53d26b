// Takes a whole import back, after saying what goes and what stays.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportId } from '../../../shared/ids.ts'
import type { ImportView } from '../../../shared/imports.ts'
import { keys, useClient } from '../../app/core.ts'
import { focusWhenThere } from '../../app/focus.ts'
import { formatNumber } from '../../app/format.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { useWindow } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { Problem } from '../../ui/problem.tsx'
import { arrivals } from './arrivals.ts'

/** Of its row among the past imports, which is there before and after. */
export function pastImportId(id: ImportId): string {
  return `import-${id}`
}

export function UndoButton({ view }: { view: ImportView }) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const notify = useWindow((state) => state.notify)
  const [asking, setAsking] = useState(false)
  const { busy, problem, attempt } = useAttempt()
  const { id, name } = view
  const undo = async () => {
    const undone = await attempt(async () => {
      const { kept } = await client.imports.undo({ id })
      notify({
        text: kept > 0 ? t('imports.undoneKept', { count: kept, number: formatNumber(kept) }) : t('imports.undone'),
        action: null,
      })
    })
    if (!undone) return
    setAsking(false)
    arrivals.getState().set({ finished: null })
    focusWhenThere(() => document.getElementById(pastImportId(id)))
    await cache.invalidateQueries({ queryKey: keys.imports })
  }
  return (
    <>
      <Button kind="danger" aria-label={t('imports.undoOf', { name })} onClick={() => setAsking(true)}>
        {t('action.undo')}
      </Button>
      {asking && (
        <Dialog title={t('imports.undoOf', { name })} onClose={() => setAsking(false)}>
          <p>{t('imports.undoText')}</p>
          <Problem text={problem} className="mt-2" />
          <DialogButtons>
            <Button onClick={() => setAsking(false)}>{t('action.cancel')}</Button>
            <Button kind="danger" disabled={busy} onClick={() => void undo()}>
              {t('imports.undoSure')}
            </Button>
          </DialogButtons>
        </Dialog>
      )}
    </>
  )
}
