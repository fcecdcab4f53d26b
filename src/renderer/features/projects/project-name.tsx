// The project a chat belongs to, as the way to it.
import { Folder } from 'lucide-react'
import type { ProjectId } from '../../../shared/ids.ts'
import { hrefs } from '../../app/router.ts'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { useProject } from './use-projects.ts'

export function ProjectName({ id }: { id: ProjectId | null }) {
  const project = useProject(id)
  if (!project) return null
  return (
    <a
      href={hrefs.project(project.id)}
      className="flex min-w-0 items-center gap-1.5 rounded-control px-1.5 py-0.5 text-sm text-dim hover:bg-hover hover:text-text"
    >
      <Folder aria-hidden="true" className="size-3.5 shrink-0" />
      <span dir="auto" className="truncate">
        {revealHidden(project.name)}
      </span>
    </a>
  )
}
