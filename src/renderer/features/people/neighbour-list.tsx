// The drawing as a list: the same people and things, by how far away they are, with what ties them. Worked by keys.
import { useTranslation } from 'react-i18next'
import type { EntityId } from '../../../shared/ids.ts'
import { formatNumber } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { MarkedText } from '../../ui/marked-text.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { EntityIcon } from './entity-words.tsx'
import type { EntityGraph } from './use-people.ts'

interface NeighbourListProps {
  graph: EntityGraph
  /** Points one out in the drawing; null: none. */
  onPoint(id: EntityId | null): void
}

/** Of two that are tied by very much the newest are shown; the page of each has all. */
const MOST_TIES = 3

export function NeighbourList({ graph, onPoint }: NeighbourListProps) {
  const { t } = useTranslation()
  const stepOf = new Map(graph.nodes.map(({ entity, steps }) => [entity.id, steps]))
  if (graph.nodes.length === 1) return <p className="text-sm text-dim">{t('graph.nobody')}</p>
  return ([1, 2] as const).map((step) => {
    const nodes = graph.nodes.filter(({ steps }) => steps === step)
    if (nodes.length === 0) return null
    return (
      <section key={step}>
        <h3 className="label-caps mb-2">{t('graph.steps', { count: step })}</h3>
        <ul aria-label={t('graph.steps', { count: step })} className="flex flex-col gap-2.5">
          {nodes.map(({ entity, hidden }) => (
            <li key={entity.id} className="text-sm">
              <a
                href={hrefs.entityGraph(entity.id)}
                onPointerEnter={() => onPoint(entity.id)}
                onPointerLeave={() => onPoint(null)}
                onFocus={() => onPoint(entity.id)}
                onBlur={() => onPoint(null)}
                className="flex min-h-6 items-start gap-2 font-medium hover:underline"
              >
                <span className="mt-0.5 text-dim">
                  <EntityIcon type={entity.type} />
                </span>
                <span dir="auto" className="min-w-0 [overflow-wrap:anywhere]">
                  {revealHidden(entity.name)}
                </span>
              </a>
              {graph.edges
                // What leads here from nearer the middle.
                .filter(({ from, to }) => {
                  const other = from === entity.id ? to : to === entity.id ? from : null
                  return other !== null && (stepOf.get(other) ?? step) < step
                })
                .slice(0, MOST_TIES)
                .map(({ memoryId, text }) => (
                  <a
                    key={memoryId}
                    href={hrefs.memory(memoryId)}
                    dir="auto"
                    className="ms-6 block min-h-6 text-dim [overflow-wrap:anywhere] hover:underline"
                  >
                    <MarkedText text={text} />
                  </a>
                ))}
              {hidden > 0 && (
                <p className="ms-6 text-xs text-dim">
                  {t('graph.more', { count: hidden, number: formatNumber(hidden) })}
                </p>
              )}
            </li>
          ))}
        </ul>
      </section>
    )
  })
}
