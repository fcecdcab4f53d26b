// One project: its name, what every answer in it keeps to, and its chats.
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { SquarePen, Trash2 } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProjectId } from '../../../shared/ids.ts'
import type { ProjectView } from '../../../shared/projects.ts'
import { keys, useClient } from '../../app/core.ts'
import { ago } from '../../app/format.ts'
import { useNewChat } from '../../app/new-chat.ts'
import { PageHeader } from '../../app/page-header.tsx'
import { hrefs, navigate } from '../../app/router.ts'
import { useTitleWords } from '../../app/title-words.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { useWindow } from '../../app/window-state.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { type ProjectFields, ProjectForm } from './project-form.tsx'
import { useProjects } from './use-projects.ts'

export function ProjectPage({ id }: { id: ProjectId }) {
  const { t } = useTranslation()
  const list = useProjects()
  const project = list.data?.find((one) => one.id === id)
  const title = project ? revealHidden(project.name) : t('projects.title')
  useEffect(() => {
    document.title = t('app.title', { page: title })
  }, [t, title])
  if (project) return <Project key={id} project={project} />
  return (
    <>
      <PageHeader title={title} />
      {list.isPending ? (
        <Skeleton lines={6} />
      ) : (
        <Empty title={t('projects.goneTitle')} text={t('projects.goneText')}>
          <ButtonLink href={hrefs.newChat}>{t('chat.new')}</ButtonLink>
        </Empty>
      )}
    </>
  )
}

function Project({ project }: { project: ProjectView }) {
  const { t } = useTranslation()
  const newChat = useNewChat()
  const trash = useTrashProject()
  return (
    <>
      <PageHeader title={revealHidden(project.name)}>
        <Button kind="quiet" onClick={() => void trash(project)}>
          <Trash2 className="size-4" />
          {t('projects.delete')}
        </Button>
      </PageHeader>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-2xl flex-col gap-8 px-4 py-6">
          <Settings project={project} />
          <section className="flex flex-col gap-3">
            <div className="flex flex-wrap items-center justify-between gap-3">
              <h2 className="label-caps">{t('chats.title')}</h2>
              <Button kind="accent" onClick={() => newChat(project.id)}>
                <SquarePen className="size-4" />
                {t('projects.newChat')}
              </Button>
            </div>
            <Chats id={project.id} />
          </section>
        </div>
      </div>
    </>
  )
}

function Settings({ project }: { project: ProjectView }) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const announce = useWindow((state) => state.announce)
  const save = async (fields: ProjectFields) => {
    await client.projects.change({ id: project.id, ...fields })
    await cache.invalidateQueries({ queryKey: keys.projects })
    announce(t('projects.saved'))
  }
  return (
    <ProjectForm
      kept={project}
      save={save}
      buttons={(canSave) => (
        <span>
          <Button type="submit" disabled={!canSave}>
            {t('action.save')}
          </Button>
        </span>
      )}
    />
  )
}

function Chats({ id }: { id: ProjectId }) {
  const { t } = useTranslation()
  const client = useClient()
  const words = useTitleWords()
  const list = useInfiniteQuery({
    queryKey: [...keys.conversations, 'project', id],
    queryFn: ({ pageParam, signal }) => client.chat.list({ projectId: id, cursor: pageParam, limit: 50 }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })
  const chats = list.data?.pages.flatMap((page) => page.items) ?? []
  if (list.isPending) return <Skeleton lines={3} />
  if (chats.length === 0) return <p className="text-sm text-dim">{t('projects.noChats')}</p>
  return (
    <>
      <ul aria-label={t('projects.chats')} className="flex flex-col">
        {chats.map((chat) => (
          <li key={chat.id}>
            <a
              href={hrefs.chat(chat.id)}
              dir="auto"
              className="flex items-baseline gap-3 rounded-control border-b border-line px-2 py-2 hover:bg-hover"
            >
              <span className="min-w-0 flex-1 truncate">{words(chat.title)}</span>
              <span className="shrink-0 text-xs text-dim">{ago(chat.updatedAt, new Date())}</span>
            </a>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <span>
          <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('projects.more')}
          </Button>
        </span>
      )}
    </>
  )
}

/** Into the bin, with the way back in the notice; its chats stay. */
function useTrashProject(): (project: ProjectView) => Promise<void> {
  const { t } = useTranslation()
  const client = useClient()
  const notify = useWindow((state) => state.notify)
  const sayFailure = useSayFailure()
  return async ({ id, name }) => {
    try {
      await client.projects.trash({ id })
    } catch (error) {
      sayFailure(error)
      return
    }
    navigate(hrefs.newChat)
    notify({
      text: t('projects.deleted', { name: revealHidden(name) }),
      action: {
        label: t('action.undo'),
        run: () => void client.projects.restore({ id }).then(() => navigate(hrefs.project(id)), sayFailure),
      },
    })
  }
}
