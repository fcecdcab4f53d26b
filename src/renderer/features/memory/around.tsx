// What stands around one memory: the answers it shaped, what is near it, what speaks against it.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { MemoryId } from '../../../shared/ids.ts'
import { keys, useClient } from '../../app/core.ts'
import { fullWhen, shortWhen } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { useTitleWords } from '../../app/title-words.ts'
import { Button } from '../../ui/button.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { useStoreWords } from './store-words.tsx'

const FIRST_USES = 5

/** Answers in whose prompt it stood, each a link to the answer. */
export function Uses({ id }: { id: MemoryId }) {
  const { t } = useTranslation()
  const client = useClient()
  const title = useTitleWords()
  const uses = useInfiniteQuery({
    queryKey: [...keys.memories, 'uses', id],
    queryFn: ({ pageParam, signal }) =>
      client.memory.uses({ id, cursor: pageParam, limit: pageParam === null ? FIRST_USES : 50 }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })
  const items = uses.data?.pages.flatMap((page) => page.items) ?? []
  if (items.length === 0) return null
  return (
    <>
      <ul aria-label={t('memory.used')} className="mt-2 flex flex-col gap-2 text-sm">
        {items.map((use) => (
          <li key={use.answerId}>
            <a
              href={hrefs.message(use.conversationId, use.answerId, null)}
              className="line-clamp-2 font-medium text-accent-text hover:underline"
              dir="auto"
            >
              <MarkedText text={use.question.trim() === '' ? title(use.conversationTitle) : use.question} />
            </a>
            <p className="truncate text-xs text-dim">
              <time title={fullWhen(use.at)}>{shortWhen(use.at, new Date())}</time>
              {' · '}
              {title(use.conversationTitle)}
            </p>
          </li>
        ))}
      </ul>
      {uses.hasNextPage && (
        <Button
          size="small"
          className="mt-2"
          onClick={() => void uses.fetchNextPage()}
          disabled={uses.isFetchingNextPage}
        >
          {t('earlier.more')}
        </Button>
      )}
    </>
  )
}

export function Related({ id }: { id: MemoryId }) {
  const { t } = useTranslation()
  const client = useClient()
  const words = useStoreWords()
  const { data } = useQuery({
    queryKey: [...keys.memories, 'related', id],
    queryFn: ({ signal }) => client.memory.related({ id }, { signal }),
  })
  if (!data || data.near.length + data.contradicts.length === 0) return null
  return (
    <section>
      <h3 className="label-caps mb-2.5">{t('related.title')}</h3>
      {data.contradicts.length > 0 && (
        <ul className="mb-3 flex flex-col gap-2 text-sm">
          {data.contradicts.map(({ proposalId, memory, words: said }) => (
            <li key={proposalId} className="rounded-control bg-warning-soft px-3 py-2 text-warning-text">
              <p>
                {memory.id === id ? (
                  t('related.doubt')
                ) : (
                  <>
                    {t('related.doubts')}{' '}
                    <a href={hrefs.memory(memory.id)} className="font-medium underline" dir="auto">
                      <MarkedText text={memory.text} />
                    </a>
                  </>
                )}
              </p>
              {said !== null && (
                <p dir="auto" className="mt-1">
                  {t('memory.quoted', { quote: said })}
                </p>
              )}
              <a href={hrefs.inbox} className="mt-1 inline-block font-medium underline">
                {t('related.decide')}
              </a>
            </li>
          ))}
        </ul>
      )}
      <ul className="flex flex-col gap-1.5 text-sm">
        {data.near.map((memory) => (
          <li key={memory.id} className="flex gap-2">
            <span className="mt-0.5 shrink-0 text-dim">{words.icon(memory.store)}</span>
            <a href={hrefs.memory(memory.id)} dir="auto" className="hover:underline [overflow-wrap:anywhere]">
              <MarkedText text={memory.text} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
