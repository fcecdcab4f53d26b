// What is around a person or thing: a drawing to look at, and the same as a list beside it. A click goes one step on.
import { clsx } from 'clsx'
import { FileText } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EntityId } from '../../../shared/ids.ts'
import { ENTITY_TYPES, type EntityType } from '../../../shared/memory.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { formatNumber } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Choices } from '../../ui/choice.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { EntityIcon, useRelationWords, useTypeOptions } from './entity-words.tsx'
import { type Layout, layOut } from './graph-layout.ts'
import { NeighbourList } from './neighbour-list.tsx'
import { type EntityGraph, useGraph } from './use-people.ts'

export function EntityGraphView({ id }: { id: EntityId }) {
  const { t } = useTranslation()
  const [types, setTypes] = useState<EntityType[]>([...ENTITY_TYPES])
  const { data: graph, error, isPending, refetch } = useGraph(id, types.length === ENTITY_TYPES.length ? null : types)
  const options = useTypeOptions()
  /** Pointed at in the drawing or the list. */
  const [pointed, setPointed] = useState<EntityId | null>(null)
  if (isPending) return <Skeleton lines={6} />
  const [middle] = graph?.nodes ?? []
  const failure = error === null ? null : failureOf(error)
  if (!graph || !middle || failure?.code === 'NOT_FOUND') {
    return failure?.code === 'NOT_FOUND' ? (
      <Empty title={t('people.goneTitle')} text={t('people.goneText')}>
        <ButtonLink href={hrefs.people}>{t('people.back')}</ButtonLink>
      </Empty>
    ) : (
      <div role="alert" className="flex flex-col items-start gap-3 p-5">
        <p className="text-danger">{failure && failureWords(t, failure)}</p>
        <Button onClick={() => void refetch()}>{t('action.tryAgain')}</Button>
      </div>
    )
  }
  const name = revealHidden(middle.entity.name)
  const shown = graph.nodes.length - 1
  return (
    <div className="flex min-h-0 flex-1 flex-col split:flex-row">
      <section aria-label={t('graph.title', { name })} className="flex min-h-0 min-w-0 flex-1 flex-col">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 pt-3.5 pb-2 wide:px-5">
          <p className="me-auto text-sm" aria-live="polite">
            {shown === graph.total
              ? t('graph.all', { count: shown, number: formatNumber(shown), name })
              : t('graph.some', { shown: formatNumber(shown), total: formatNumber(graph.total), name })}
          </p>
          <Choices label={t('people.typeFilter')} chosen={types} options={options} onChange={setTypes} />
        </div>
        <Drawing graph={graph} pointed={pointed} onPoint={setPointed} />
      </section>
      <aside
        aria-label={t('graph.list')}
        className="min-h-0 w-full flex-1 overflow-y-auto border-t border-line split:w-[22rem] split:flex-none split:border-s split:border-t-0"
      >
        <div className="flex flex-col gap-5 px-4 py-5 wide:px-5">
          <div>
            <h2 dir="auto" className="flex items-start gap-2 text-lg [overflow-wrap:anywhere]">
              <span className="mt-1 text-dim">
                <EntityIcon type={middle.entity.type} />
              </span>
              {name}
            </h2>
            <div className="mt-3">
              <ButtonLink href={hrefs.entity(middle.entity.id)}>
                <FileText className="size-4" />
                {t('graph.open')}
              </ButtonLink>
            </div>
          </div>
          <NeighbourList graph={graph} onPoint={setPointed} />
        </div>
      </aside>
    </div>
  )
}

/** A label on the canvas is short; the whole name stands in the list. */
const LABEL = 18
/** The drawing is never smaller than this share of its own size: labels stay legible, and it scrolls. */
const SMALLEST = 0.72

interface DrawingProps {
  graph: EntityGraph
  pointed: EntityId | null
  onPoint(id: EntityId | null): void
}

function Drawing({ graph, pointed, onPoint }: DrawingProps) {
  const { t } = useTranslation()
  const relations = useRelationWords()
  const layout = useMemo(() => layOut(graph), [graph])
  const frame = useScrolledToMiddle(layout)
  const [left, top, width, height] = layout.box
  const touches = (line: Layout['lines'][number]) => pointed !== null && (line.from === pointed || line.to === pointed)
  const names = new Map(graph.nodes.map(({ entity }) => [entity.id, entity.name]))
  return (
    <div ref={frame} className="flex min-h-64 flex-1 overflow-auto">
      {/* All of it stands in the list beside it, which keys and screen readers use. */}
      <svg
        aria-hidden="true"
        viewBox={`${left} ${top} ${width} ${height}`}
        className="m-auto h-full w-full"
        style={{
          minWidth: width * SMALLEST,
          minHeight: height * SMALLEST,
          maxWidth: width * 1.25,
          maxHeight: height * 1.25,
        }}
      >
        {layout.lines.map((line) => {
          const [from, to] = [layout.places.get(line.from), layout.places.get(line.to)]
          if (!from || !to) return null
          const told = line.edges.map(({ relation }) => relations(relation))
          return (
            <g key={line.key}>
              <line
                x1={from.x}
                y1={from.y}
                x2={to.x}
                y2={to.y}
                className={touches(line) ? 'stroke-accent' : 'stroke-edge'}
                strokeWidth={touches(line) ? 2 : 1}
                strokeOpacity={pointed === null || touches(line) ? 1 : 0.35}
              />
              {touches(line) && (
                <text
                  x={(from.x + to.x) / 2}
                  y={(from.y + to.y) / 2 - 4}
                  textAnchor="middle"
                  className="fill-accent-text text-[10px]"
                  paintOrder="stroke"
                  stroke="var(--background)"
                  strokeWidth={3}
                >
                  {[...new Set(told)].join(', ')}
                </text>
              )}
            </g>
          )
        })}
        {graph.nodes.map(({ entity, steps, hidden }) => {
          const place = layout.places.get(entity.id)
          if (!place) return null
          const label = shorten(revealHidden(entity.name))
          return (
            <g key={entity.id} transform={`translate(${place.x} ${place.y})`}>
              <a
                href={hrefs.entityGraph(entity.id)}
                tabIndex={-1}
                onPointerEnter={() => onPoint(entity.id)}
                onPointerLeave={() => onPoint(null)}
              >
                <title>{names.get(entity.id)}</title>
                <circle
                  r={steps === 0 ? 17 : steps === 1 ? 13 : 10}
                  className={clsx(
                    steps === 0 ? 'fill-accent stroke-accent' : 'fill-raised',
                    steps > 0 && (pointed === entity.id ? 'stroke-accent' : 'stroke-edge'),
                  )}
                  strokeWidth={pointed === entity.id ? 2 : 1}
                />
                <g transform="translate(-7 -7)" className={steps === 0 ? 'text-on-accent' : 'text-dim'}>
                  <EntityIcon type={entity.type} size={14} />
                </g>
                <text
                  y={steps === 0 ? 31 : 26}
                  textAnchor="middle"
                  direction="auto"
                  className={clsx('fill-text text-[11px]', steps === 0 && 'font-semibold')}
                  paintOrder="stroke"
                  stroke="var(--background)"
                  strokeWidth={3}
                >
                  {label}
                </text>
                {hidden > 0 && (
                  <text
                    x={steps === 1 ? 15 : 13}
                    y={-8}
                    className="fill-dim text-[10px]"
                    paintOrder="stroke"
                    stroke="var(--background)"
                    strokeWidth={3}
                  >
                    {t('graph.hidden', { number: formatNumber(hidden) })}
                  </text>
                )}
              </a>
            </g>
          )
        })}
      </svg>
    </div>
  )
}

function shorten(name: string): string {
  const letters = [...name]
  return letters.length <= LABEL ? name : `${letters.slice(0, LABEL - 1).join('')}…`
}

/** Where the drawing is larger than its frame, the one asked about is in sight. */
function useScrolledToMiddle(layout: Layout) {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const [left, top, width, height] = layout.box
    element.scrollLeft = (element.scrollWidth * -left) / width - element.clientWidth / 2
    element.scrollTop = (element.scrollHeight * -top) / height - element.clientHeight / 2
  }, [layout])
  return frame
}
