// What the assistant did before it answered: a small line a call, with undo where it wrote something.
import { Check, CircleSlash, Hourglass, Search, TriangleAlert, Undo2 } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallStatus, CallView } from '../../../shared/chat.ts'
import { useUndo } from '../../app/use-undo.ts'
import { Button } from '../../ui/button.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'

const icons: Record<CallStatus, typeof Check> = {
  done: Check,
  found: Search,
  proposed: Hourglass,
  waiting: Hourglass,
  approved: Hourglass,
  declined: CircleSlash,
  refused: CircleSlash,
  failed: TriangleAlert,
}

export const Calls = memo(function Calls({ calls: all }: { calls: CallView[] }) {
  const { t } = useTranslation()
  // One that asks for an approval has a card of its own.
  const calls = all.filter(({ approval, status }) => !approval || status !== 'waiting')
  if (calls.length === 0) return null
  return (
    <ul aria-label={t('calls.label')} className="mb-2 flex flex-col gap-1 text-sm text-dim">
      {calls.map((call, index) => (
        // Calls of an answer are only added, in order.
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is what names a call
        <Call key={index} call={call} />
      ))}
    </ul>
  )
})

function Call({ call }: { call: CallView }) {
  const { t } = useTranslation()
  const undo = useUndo()
  const { batchId, result, status, tool, undone } = call
  const Icon = undone ? Undo2 : icons[status]
  return (
    <li className={`flex items-start gap-2 ${status === 'failed' ? 'text-danger' : ''}`}>
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      <details className="min-w-0">
        <summary dir="auto" className={`cursor-pointer [overflow-wrap:anywhere] ${undone ? 'line-through' : ''}`}>
          {revealHidden(result.split('\n', 1)[0] || tool)}
        </summary>
        <p className="text-xs">{t('calls.tool', { tool })}</p>
        <pre className="text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
          {revealHidden([JSON.stringify(call.arguments), ...result.split('\n').slice(1)].join('\n'))}
        </pre>
      </details>
      {undone && <span className="shrink-0">{t('learned.undone')}</span>}
      {batchId && !undone && (
        <Button kind="pill" size="small" onClick={() => undo(batchId)}>
          {t('learned.undo')}
        </Button>
      )}
    </li>
  )
}
