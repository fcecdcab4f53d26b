// "Why it knows this", as sentences: from whose words and when, who found it, what it replaced, since when it holds.
import { useTranslation } from 'react-i18next'
import type { Why } from '../../../shared/memory.ts'
import { formatNumber, longDay } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { MarkedText } from '../../ui/marked-text.tsx'

export function WhyKnown({ why }: { why: Why }) {
  const { t } = useTranslation()
  const lines = useLines(why)
  const [last] = why.replaced
  return (
    <div className="mb-4 flex flex-col gap-1 text-sm">
      <p>{lines.join(' ')}</p>
      {last && (
        <p>
          {t('why.replaced', { count: why.replaced.length, number: formatNumber(why.replaced.length - 1) })}{' '}
          <a href={hrefs.memory(last.id)} className="font-medium text-accent-text hover:underline">
            <MarkedText text={last.text} />
          </a>
        </p>
      )}
    </div>
  )
}

function useLines(why: Why): string[] {
  const { t } = useTranslation()
  const lines: string[] = []
  if (why.found === 'hand') lines.push(t('why.hand', { day: longDay(why.learnedAt) }))
  else if (why.origin !== null && why.saidAt) lines.push(t(`why.origin.${why.origin}`, { day: longDay(why.saidAt) }))
  if (why.found === 'rules') lines.push(t('why.rules', { day: longDay(why.learnedAt) }))
  if (why.found === 'model') lines.push(t('why.model', { model: why.model ?? '', day: longDay(why.learnedAt) }))
  if (why.decidedAt) lines.push(t('why.decided', { day: longDay(why.decidedAt) }))
  if (why.timesSaid > 1 && why.lastSaidAt) {
    const times = { count: why.timesSaid, number: formatNumber(why.timesSaid), day: longDay(why.lastSaidAt) }
    lines.push(t('why.again', times))
  }
  if (why.correctedAt) lines.push(t('why.corrected', { day: longDay(why.correctedAt) }))
  if (why.holdsFrom && why.holdsUntil) {
    lines.push(t('why.held', { from: longDay(why.holdsFrom), until: longDay(why.holdsUntil) }))
  } else if (why.holdsFrom) lines.push(t('why.holds', { from: longDay(why.holdsFrom) }))
  return lines
}
