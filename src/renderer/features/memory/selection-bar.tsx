// What can be done with all that is chosen in the list.
import { Archive, ArchiveRestore, Download, Merge, Pin, PinOff, Share2, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MERGED_MAX } from '../../../shared/contract/memory.ts'
import { formatNumber, formatPercent } from '../../app/format.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { type MemoryFilter, useWindow } from '../../app/window-state.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import type { MemoryListItem } from './list-rows.ts'
import { MergeDialog } from './merge-dialog.tsx'
import type { Selection } from './selection.ts'
import { ShareDialog } from './share-dialog.tsx'
import { STEP, useBulk } from './use-bulk.ts'

interface SelectionBarProps {
  filter: MemoryFilter
  selection: Selection
  items: readonly MemoryListItem[]
  /** Of all that match. */
  total: number
}

export function SelectionBar({ filter, selection, items, total }: SelectionBarProps) {
  const { t } = useTranslation()
  const bulk = useBulk(filter, selection, items)
  const set = useWindow((state) => state.set)
  const sayFailure = useSayFailure()
  const [sharing, setSharing] = useState(false)
  const [merging, setMerging] = useState(false)
  const count = selection.all ? total : selection.ids.size
  const chosen = items.filter(({ id }) => selection.ids.has(id))
  const busy = bulk.progress !== null
  const putAway = !selection.all && chosen.length > 0 && chosen.every(({ status }) => status === 'archived')
  const pinned = !selection.all && chosen.length > 0 && chosen.every((item) => item.pinned)
  const mergeable =
    !selection.all &&
    chosen.length >= 2 &&
    chosen.length <= MERGED_MAX &&
    new Set(chosen.map(({ store }) => store)).size === 1 &&
    chosen.every(({ status }) => status !== 'superseded')
  const shareable = !selection.all && chosen.length > 0 && chosen.length <= MERGED_MAX
  const forget = async () => {
    try {
      const ids = await bulk.firstStep()
      if (ids.length > 0) set({ forgetting: { selection: { ids }, mode: null, left: Math.max(0, count - ids.length) } })
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <div
      role="toolbar"
      aria-label={t('bulk.label')}
      className="mx-4 mb-2 flex flex-wrap items-center gap-1.5 rounded-card border border-accent bg-accent-soft px-3 py-1.5 text-sm wide:mx-5"
    >
      <p aria-live="polite" className="me-2 font-medium">
        {busy
          ? t('bulk.working', { share: formatPercent(bulk.progress ?? 0) })
          : t('bulk.chosen', { count, number: formatNumber(count) })}
      </p>
      {!selection.all && total > selection.ids.size && (
        <Button kind="link" size="inline" className="me-2" onClick={selection.chooseAll}>
          {t('bulk.all', { count: total, number: formatNumber(total) })}
        </Button>
      )}
      <span className="ms-auto flex flex-wrap items-center gap-1.5">
        <Button size="small" disabled={busy} onClick={() => void bulk.change(pinned ? 'unpin' : 'pin')}>
          {pinned ? <PinOff className="size-3.5" /> : <Pin className="size-3.5" />}
          {pinned ? t('memory.unpin') : t('memory.pin')}
        </Button>
        <Button size="small" disabled={busy} onClick={() => void bulk.change(putAway ? 'activate' : 'archive')}>
          {putAway ? <ArchiveRestore className="size-3.5" /> : <Archive className="size-3.5" />}
          {putAway ? t('memory.activate') : t('memory.archive')}
        </Button>
        {mergeable && (
          <Button size="small" disabled={busy} onClick={() => setMerging(true)}>
            <Merge className="size-3.5" />
            {t('merge.open')}
          </Button>
        )}
        <Menu
          trigger={
            <Button size="small" disabled={busy}>
              <Share2 className="size-3.5" />
              {t('share.menu')}
            </Button>
          }
          entries={[
            ...(shareable ? [{ label: t('share.open'), onSelect: () => setSharing(true) }] : []),
            { label: t('share.keepHere'), onSelect: () => void bulk.change('keepHere') },
            { label: t('share.mayShare'), onSelect: () => void bulk.change('mayShare') },
          ]}
        />
        <Menu
          trigger={
            <Button size="small" disabled={busy}>
              <Download className="size-3.5" />
              {t('bulk.export')}
            </Button>
          }
          entries={[
            { label: t('bulk.csv'), onSelect: () => void bulk.save('csv') },
            { label: t('bulk.json'), onSelect: () => void bulk.save('json') },
          ]}
        />
        <Button size="small" kind="danger" disabled={busy} onClick={() => void forget()}>
          <Trash2 className="size-3.5" />
          {t('memory.forget')}
        </Button>
        <IconButton label={t('bulk.clear')} onClick={selection.clear}>
          <X className="size-4" />
        </IconButton>
      </span>
      {count > STEP && <p className="basis-full text-xs text-dim">{t('bulk.steps', { number: formatNumber(STEP) })}</p>}
      {sharing && <ShareDialog items={chosen} onClose={() => setSharing(false)} />}
      {merging && <MergeDialog items={chosen} onClose={() => setMerging(false)} onDone={selection.clear} />}
    </div>
  )
}
