// What the dry run says of a part of the file: how much, what that means, and the rows themselves.
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportId } from '../../../shared/ids.ts'
import type { ImportExample, ImportReport } from '../../../shared/imports.ts'
import { keys, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { formatList, formatNumber } from '../../app/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { Problem } from '../../ui/problem.tsx'
import { useKindWords } from '../data/kind-words.ts'
import { countsOf, type Verdict } from './verdicts.ts'

const PAGE = 50
/** Examples a report has of a verdict at most. */
const EXAMPLES = 5

interface VerdictBlockProps {
  id: ImportId
  verdict: Verdict
  report: ImportReport
}

export function VerdictBlock({ id, verdict, report }: VerdictBlockProps) {
  const { t } = useTranslation()
  const words = useKindWords()
  const [open, setOpen] = useState(verdict === 'conflicting' || verdict === 'refused')
  const title = t(`imports.verdict.${verdict}`)
  const parts = [words(countsOf(report, verdict))]
  if (verdict === 'refused' && report.unreadable > 0) {
    parts.push(t('imports.unreadableParts', { count: report.unreadable, number: formatNumber(report.unreadable) }))
  }
  return (
    <section aria-label={title} className="flex flex-col gap-1.5 py-3 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h4 className="font-medium">{title}</h4>
        <p className="min-w-0 flex-1 text-sm">{formatList(parts.filter((part) => part !== ''))}</p>
        <Button kind="link" size="inline" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? 'imports.hideRows' : 'imports.showRows')}
          <span className="sr-only">{`: ${title}`}</span>
        </Button>
      </div>
      {verdict !== 'new' && verdict !== 'same' && (
        <p className="text-sm text-dim">{t(`imports.verdictText.${verdict}`)}</p>
      )}
      {open && (
        <Rows id={id} verdict={verdict} title={title} examples={verdict === 'same' ? [] : report.examples[verdict]} />
      )}
    </section>
  )
}

interface RowsProps {
  id: ImportId
  verdict: Verdict
  title: string
  /** Shown at once, until more is asked for. */
  examples: readonly ImportExample[]
}

function Rows({ id, verdict, title, examples }: RowsProps) {
  const { t } = useTranslation()
  const client = useClient()
  const [all, setAll] = useState(examples.length === 0)
  const list = useInfiniteQuery({
    queryKey: [...keys.imports, 'rows', id, verdict],
    queryFn: ({ pageParam, signal }) => client.imports.rows({ id, verdict, after: pageParam, limit: PAGE }, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    enabled: all,
  })
  const read = list.data?.pages.flatMap(({ rows }) => rows)
  const rows = read ?? examples
  return (
    <>
      {rows.length > 0 && (
        <ul
          aria-label={title}
          className="mt-1 flex flex-col divide-y divide-line rounded-control border border-line text-sm"
        >
          {rows.map((row, index) => (
            // Rows of a file, in its order: the place is what names them.
            // biome-ignore lint/suspicious/noArrayIndexKey: as said
            <Row key={index} row={row} />
          ))}
        </ul>
      )}
      {read?.length === 0 && <p className="text-sm text-dim">{t('imports.noRows')}</p>}
      {list.error && <Problem text={failureWords(t, failureOf(list.error))} />}
      {(all ? list.hasNextPage : examples.length >= EXAMPLES) && (
        <div>
          <Button
            size="small"
            disabled={list.isFetching}
            onClick={() => (all ? void list.fetchNextPage() : setAll(true))}
          >
            {t('imports.moreRows')}
          </Button>
        </div>
      )}
    </>
  )
}

function Row({ row }: { row: ImportExample }) {
  const { t } = useTranslation()
  const { kind, text, here, place, reason } = row
  return (
    <li className="flex items-start gap-2.5 px-3 py-2">
      {kind && <Badge>{t(`transfer.kind.${kind}`)}</Badge>}
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        {text !== null && (
          <p dir="auto" className="[overflow-wrap:anywhere]">
            {here !== null && <span className="text-dim">{t('imports.inFile')} </span>}
            <MarkedText text={text} />
          </p>
        )}
        {here !== null && (
          <p dir="auto" className="[overflow-wrap:anywhere]">
            <span className="text-dim">{t('imports.here')} </span>
            <MarkedText text={here} />
          </p>
        )}
        {reason !== null && <p className={text === null ? '' : 'text-dim'}>{reason}</p>}
        {place !== null && reason !== null && <p className="text-xs text-dim [overflow-wrap:anywhere]">{place}</p>}
      </div>
    </li>
  )
}
