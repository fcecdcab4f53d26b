// What is done less often with one memory: put away, split, said to be wrong, and the list of what came from the same place.
import { Archive, ArchiveRestore, Ban, EllipsisVertical, Lock, LockOpen, Share2, Split } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ManyAct } from '../../../shared/contract/memory.ts'
import type { MemoryView } from '../../../shared/memory.ts'
import { useClient } from '../../app/core.ts'
import { useSayDone } from '../../app/use-say-done.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { ShareDialog } from './share-dialog.tsx'
import { SplitDialog } from './split-dialog.tsx'

export function MoreActs({ memory }: { memory: MemoryView }) {
  const { t } = useTranslation()
  const client = useClient()
  const say = useSayDone()
  const sayFailure = useSayFailure()
  const [sharing, setSharing] = useState(false)
  const [splitting, setSplitting] = useState(false)
  const holds = memory.status === 'active' || memory.status === 'paused' || memory.status === 'archived'
  if (!holds) return null
  const putAway = memory.status === 'archived'
  const mine = memory.namespace === 'user'
  const change = async (act: ManyAct) => {
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
            onSelect: () => void change(putAway ? 'activate' : 'archive'),
          },
          ...(mine && !memory.localOnly && memory.status === 'active'
            ? [{ label: t('share.open'), icon: <Share2 className="size-4" />, onSelect: () => setSharing(true) }]
            : []),
          ...(mine
            ? [
                memory.localOnly
                  ? {
                      label: t('share.mayShare'),
                      icon: <LockOpen className="size-4" />,
                      onSelect: () => void change('mayShare'),
                    }
                  : {
                      label: t('share.keepHere'),
                      icon: <Lock className="size-4" />,
                      onSelect: () => void change('keepHere'),
                    },
              ]
            : []),
        ]}
      />
      {sharing && <ShareDialog items={[memory]} onClose={() => setSharing(false)} />}
      {splitting && <SplitDialog memory={memory} onClose={() => setSplitting(false)} />}
    </>
  )
}
