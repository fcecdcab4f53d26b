// Before a store is deleted: what goes with it. It can come back with everything it holds.
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { StoreOverview } from '../../../shared/contract/stores.ts'
import { keys, useClient } from '../../app/core.ts'
import { formatNumber } from '../../app/format.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { useWindow } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { Problem } from '../../ui/problem.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { useRows } from './views/use-rows.ts'

const SHOWN = 8

export function RemoveDialog({ store, onClose }: { store: StoreOverview; onClose(): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const notify = useWindow((state) => state.notify)
  const sayFailure = useSayFailure()
  const { rows, total } = useRows(store.id, '', { by: 'updatedAt', descending: true })
  const title = revealHidden(store.title)
  const refresh = () => cache.invalidateQueries({ queryKey: keys.memories })
  const { busy, problem, attempt } = useAttempt()
  const remove = () =>
    attempt(async () => {
      await client.stores.remove({ id: store.id })
      await refresh()
      navigate(hrefs.stores)
      notify({
        text: t('removeStore.done', { store: title }),
        action: {
          label: t('action.undo'),
          run: () =>
            void client.stores
              .restore({ id: store.id })
              .then(refresh)
              .then(() => notify({ text: t('removeStore.back', { store: title }), action: null }), sayFailure),
        },
      })
    })
  return (
    <Dialog title={t('removeStore.title', { store: title })} onClose={onClose}>
      <p>{t('removeStore.text')}</p>
      <p className="mt-3 text-sm text-dim">{t('removeStore.goes', { count: total, number: formatNumber(total) })}</p>
      {rows.length > 0 && (
        <ul className="mt-2 max-h-48 list-disc overflow-y-auto ps-5 text-sm">
          {rows.slice(0, SHOWN).map((row) => (
            <li key={row.id} dir="auto" className="[overflow-wrap:anywhere]">
              <MarkedText text={row.text.slice(0, 200)} />
            </li>
          ))}
          {total > SHOWN && (
            <li className="list-none text-dim">
              {t('removeStore.more', { count: total - SHOWN, number: formatNumber(total - SHOWN) })}
            </li>
          )}
        </ul>
      )}
      <p className="mt-3 text-sm">{t('removeStore.kept')}</p>
      <Problem text={problem} className="mt-2" />
      <DialogButtons>
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button kind="danger" disabled={busy} onClick={() => void remove()}>
          {t('removeStore.confirm')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}
