// One person or thing in full: names, what is known, what happened when, ties, what was known before; and what can be done.
import { Network } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { EntityId } from '../../../shared/ids.ts'
import type { MemoryView } from '../../../shared/memory.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { formatList, formatNumber, fullWhen, longDay, shortWhen } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { EntityActs } from './entity-acts.tsx'
import { EntityLink } from './entity-link.tsx'
import { EntityIcon } from './entity-words.tsx'
import { eventsOf } from './timeline.ts'
import { useEntityActs } from './use-entity-acts.ts'
import { type Person, usePerson } from './use-people.ts'

export function EntityDetail({ id }: { id: EntityId }) {
  const { t } = useTranslation()
  const { data, error, isPending } = usePerson(id)
  if (isPending) return <Skeleton lines={6} />
  const failure = error === null ? null : failureOf(error)
  // What was read before is not shown of somebody who was forgotten since.
  if (!data || failure?.code === 'NOT_FOUND') {
    return failure?.code === 'NOT_FOUND' ? (
      <Empty title={t('people.goneTitle')} text={t('people.goneText')}>
        <ButtonLink href={hrefs.people}>{t('people.back')}</ButtonLink>
      </Empty>
    ) : (
      <p role="alert" className="p-5 text-danger">
        {failure && failureWords(t, failure)}
      </p>
    )
  }
  return <Detail person={data} />
}

function Detail({ person }: { person: Person }) {
  const { t } = useTranslation()
  const { entity, ties, known, past, merged, more, count, neighbours } = person
  const acts = useEntityActs()
  const events = eventsOf(known)
  const facts = known.filter(({ kind }) => kind !== 'event')
  return (
    <div className="flex flex-col gap-8 px-4 py-5 wide:px-5.5">
      <div>
        <div className="flex flex-wrap gap-2">
          <Badge>
            <EntityIcon type={entity.type} className="size-3" />
            {t(`entityType.${entity.type}`)}
          </Badge>
          {entity.status === 'archived' && <Badge>{t('memoryStatus.archived')}</Badge>}
        </div>
        <h2 dir="auto" className="mt-3 text-lg [overflow-wrap:anywhere]">
          {revealHidden(entity.name)}
        </h2>
        {entity.aliases.length > 0 && (
          <p dir="auto" className="mt-1 text-sm text-dim [overflow-wrap:anywhere]">
            {t('people.also', { names: formatList(entity.aliases.map(revealHidden)) })}
          </p>
        )}
        <div className="mt-3 flex flex-wrap gap-2">
          {neighbours.length > 0 && (
            <ButtonLink href={hrefs.entityGraph(entity.id)}>
              <Network className="size-4" />
              {t('people.around')}
            </ButtonLink>
          )}
          <EntityActs person={person} />
        </div>
      </div>
      {facts.length > 0 && (
        <Section title={t('people.facts')}>
          <Memories items={facts} />
        </Section>
      )}
      {ties.length > 0 && (
        <Section title={t('people.ties')}>
          <ul className="flex flex-col gap-2.5">
            {ties.map(({ memory, other }) => (
              <li key={memory.id} className="text-sm">
                <MemoryLink memory={memory} />
                {other && (
                  <div className="mt-1">
                    <EntityLink entity={other} />
                  </div>
                )}
              </li>
            ))}
          </ul>
        </Section>
      )}
      {events.length > 0 && (
        <Section title={t('people.timeline')}>
          <ol className="flex flex-col border-s border-line ps-4">
            {events.map(({ memory, at, day }) => (
              <li key={memory.id} className="relative pb-3 text-sm last:pb-0">
                <span
                  aria-hidden="true"
                  className="absolute -start-[1.32rem] top-1.5 size-2 rounded-full border border-edge bg-raised"
                />
                <time className="block text-xs text-dim" dateTime={at.toISOString()} title={fullWhen(at)}>
                  {day ? longDay(at) : shortWhen(at, new Date())}
                </time>
                <MemoryLink memory={memory} />
              </li>
            ))}
          </ol>
        </Section>
      )}
      {facts.length + ties.length + events.length === 0 && (
        <p className="text-sm text-dim">{t('people.nothingKnown')}</p>
      )}
      {past.length > 0 && (
        <Section title={t('people.past')}>
          <Memories items={past} past />
        </Section>
      )}
      {more && <p className="text-sm text-dim">{t('people.more', { count, number: formatNumber(count) })}</p>}
      {merged.length > 0 && (
        <Section title={t('people.merged')}>
          <ul className="flex flex-col gap-2">
            {merged.map((one) => (
              <li key={one.id} className="flex items-center justify-between gap-3 text-sm">
                <span dir="auto" className="min-w-0 [overflow-wrap:anywhere]">
                  {revealHidden(one.name)}
                </span>
                <Button size="small" onClick={() => void acts.part(one)}>
                  {t('people.part')}
                </Button>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </div>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="label-caps mb-2.5">{title}</h3>
      {children}
    </section>
  )
}

function Memories({ items, past = false }: { items: MemoryView[]; past?: boolean }) {
  return (
    <ul className="flex flex-col gap-2">
      {items.map((memory) => (
        <li key={memory.id} className="grid grid-cols-[1fr_auto] gap-x-3 text-sm">
          <MemoryLink memory={memory} past={past} />
          <time className="text-xs leading-5 text-dim" title={fullWhen(memory.updatedAt)}>
            {shortWhen(memory.validFrom ?? memory.updatedAt, new Date())}
          </time>
        </li>
      ))}
    </ul>
  )
}

function MemoryLink({ memory, past = false }: { memory: MemoryView; past?: boolean }) {
  return (
    <a
      href={hrefs.memory(memory.id)}
      dir="auto"
      className={`[overflow-wrap:anywhere] hover:underline ${past ? 'text-dim line-through' : ''}`}
    >
      <span className="line-clamp-4">
        <MarkedText text={memory.text} />
      </span>
    </a>
  )
}
