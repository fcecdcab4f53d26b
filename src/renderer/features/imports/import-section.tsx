// The way in: choose something, look at what would come in, decide, and the way back.
import { useTranslation } from 'react-i18next'
import type { ImportView } from '../../../shared/imports.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { Problem } from '../../ui/problem.tsx'
import { ArrivalCard } from './arrival-card.tsx'
import { useArrivals } from './arrivals.ts'
import { ChooseImport } from './choose-import.tsx'
import { ColumnsCard } from './columns-card.tsx'
import { DoneCard } from './done-card.tsx'
import { FailedCard } from './failed-card.tsx'
import { PastImports } from './past-imports.tsx'
import { ReportCard } from './report-card.tsx'
import { RunningCard } from './running-card.tsx'
import { useImports } from './use-imports.ts'

export function ImportSection() {
  const { t } = useTranslation()
  const arrival = useArrivals((state) => state.arrival)
  const finished = useArrivals((state) => state.finished)
  const { current, past, error } = useImports()
  const done = past.find(({ id, state }) => id === finished && state === 'done')
  return (
    <div className="flex flex-col gap-4">
      {error !== null && <Problem text={failureWords(t, failureOf(error))} />}
      {arrival ? (
        <ArrivalCard arrival={arrival} />
      ) : current ? (
        <CurrentCard key={`${current.id} ${current.state}`} view={current} />
      ) : (
        <>
          {done && <DoneCard view={done} />}
          <ChooseImport />
        </>
      )}
      <PastImports views={past.filter((view) => view !== done)} />
    </div>
  )
}

function CurrentCard({ view }: { view: ImportView }) {
  const { state, report, error } = view
  if (state === 'failed' || state === 'cancelled') return <FailedCard id={view.id} name={view.name} problem={error} />
  if (state !== 'ready' || report === null) return <RunningCard view={view} />
  if (report.columns !== null) return <ColumnsCard view={view} columns={report.columns} />
  return <ReportCard view={view} report={report} />
}
