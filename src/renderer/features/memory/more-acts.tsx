// What is done less often with one memory: put away, split, said to be wrong, and the list of what came from the same place.
import { Archive, ArchiveRestore, Ban, EllipsisVertical, Split } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MemoryView } from '../../../shared/memory.ts'
import { useClient } from '../../app/core.ts'
import { useSayDone } from '../../app/use-say-done.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { SplitDialog } from './split-dialog.tsx'

export function MoreActs({ memory }: { memory: MemoryView }) {
  const { t } = useTranslation()
  const client = useClient()
  const say = useSayDone()
  const sayFailure = useSayFailure()
  const [splitting, setSplitting] = useState(false)
  const holds = memory.status === 'active' || memory.status === 'paused' || memory.status === 'archived'
  if (!holds) return null
  const putAway = memory.status === 'archived'
  const change = async () => {
    const act = putAway ? 'activate' : 'archive'
    try {
      const { batchId } = await client.memory.changeMany({ ids: [memory.id], act })
      say(t(`bulk.done.${act}`, { count: 1, number: '1' }), batchId)
    } catch (error) {
      sayFailure(error)
    }
  }
  const wrong = async () => {
    try {
      const { batchId } = await client.memory.markWrong({ id: memory.id, version: memory.version })
      say(t('wrong.done'), batchId)
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <>
      <Menu
        trigger={
          <Button aria-label={t('memory.more')} title={t('memory.more')}>
            <EllipsisVertical className="size-4" />
          </Button>
        }
        entries={[
          { label: t('wrong.open'), icon: <Ban className="size-4" />, onSelect: () => void wrong() },
          // A field of the profile holds one value.
          ...(memory.store === 'user_profile'
            ? []
            : [{ label: t('split.open'), icon: <Split className="size-4" />, onSelect: () => setSplitting(true) }]),
          {
            label: putAway ? t('memory.activate') : t('memory.archive'),
            icon: putAway ? <ArchiveRestore className="size-4" /> : <Archive className="size-4" />,
            onSelect: () => void change(),
          },
        ]}
      />
      {splitting && <SplitDialog memory={memory} onClose={() => setSplitting(false)} />}
    </>
  )
}
