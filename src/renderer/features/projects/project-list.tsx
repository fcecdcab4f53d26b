// The projects in the sidebar, and the way to a new one.
import { clsx } from 'clsx'
import { Folder, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProjectId } from '../../../shared/ids.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { IconButton } from '../../ui/button.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { ProjectDialog } from './project-dialog.tsx'
import { useProjects } from './use-projects.ts'

export function ProjectList({ current }: { current: ProjectId | null }) {
  const { t } = useTranslation()
  const projects = useProjects().data ?? []
  const [making, setMaking] = useState(false)
  return (
    <section aria-label={t('projects.title')} className="shrink-0 px-2.5 pt-3">
      <div className="flex items-center justify-between ps-2">
        <h2 className="label-caps">{t('projects.title')}</h2>
        <IconButton label={t('projects.new')} onClick={() => setMaking(true)}>
          <Plus className="size-4" />
        </IconButton>
      </div>
      {/* Many projects scroll by themselves, so that the chats stay in sight. */}
      <ul className="max-h-40 overflow-y-auto">
        {projects.map(({ id, name }) => (
          <li key={id}>
            <a
              href={hrefs.project(id)}
              aria-current={id === current ? 'page' : undefined}
              dir="auto"
              className={clsx(
                'flex items-center gap-2 rounded-control border px-2 py-1 text-sm leading-5.5 -outline-offset-1',
                id === current
                  ? 'border-line bg-raised font-medium'
                  : 'border-transparent text-dim hover:bg-hover hover:text-text',
              )}
            >
              <Folder aria-hidden="true" className="size-3.5 shrink-0" />
              <span className="truncate">{revealHidden(name)}</span>
            </a>
          </li>
        ))}
      </ul>
      {making && (
        <ProjectDialog
          onClose={() => setMaking(false)}
          onMade={(project) => {
            setMaking(false)
            navigate(hrefs.project(project.id))
          }}
        />
      )}
    </section>
  )
}
