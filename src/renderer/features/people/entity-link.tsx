// A person or thing named beside something else: leads to its page.
import type { EntityId } from '../../../shared/ids.ts'
import type { EntityType } from '../../../shared/memory.ts'
import { hrefs } from '../../app/router.ts'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { EntityIcon } from './entity-words.tsx'

interface EntityLinkProps {
  entity: { id: EntityId; name: string; type: EntityType }
}

export function EntityLink({ entity }: EntityLinkProps) {
  return (
    <a
      href={hrefs.entity(entity.id)}
      className="flex min-h-6 w-fit max-w-full items-center gap-1.5 rounded-full border border-line px-2.5 py-0.5 text-xs text-dim hover:bg-hover hover:text-text"
    >
      <EntityIcon type={entity.type} className="size-3 shrink-0" />
      <span dir="auto" className="truncate">
        {revealHidden(entity.name)}
      </span>
    </a>
  )
}
