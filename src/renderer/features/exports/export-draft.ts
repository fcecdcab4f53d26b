// What the person chose for an archive, as the form holds it, and as the core wants it.
import type { ExportSelection } from '../../../shared/exports.ts'
import type { EntityId, ProjectId } from '../../../shared/ids.ts'
import type { Namespace, StoreId } from '../../../shared/memory.ts'

export interface ExportDraft {
  whole: boolean
  conversations: boolean
  /** None: those of all stores. */
  stores: readonly StoreId[]
  entity: { id: EntityId; name: string } | null
  project: ProjectId | null
  namespace: Namespace | null
  /** Days as a date field holds them; empty: no limit. */
  from: string
  to: string
}

export const WHOLE: ExportDraft = {
  ...{ whole: true, conversations: true, stores: [], entity: null, project: null, namespace: null },
  ...{ from: '', to: '' },
}

/** The days named are within it, as days of this computer's time zone. */
export function selectionOf(draft: ExportDraft): ExportSelection {
  const { whole, conversations, stores, entity, project, namespace, from, to } = draft
  if (whole) return { conversations }
  return {
    conversations,
    ...(stores.length > 0 && { stores: [...stores] }),
    ...(entity && { entityId: entity.id }),
    ...(project && { projectId: project }),
    ...(namespace && { namespace }),
    ...(from !== '' && { from: dayStart(from, 0) }),
    ...(to !== '' && { to: dayStart(to, 1) }),
  }
}

function dayStart(field: string, later: number): Date {
  const [year = 0, month = 1, day = 1] = field.split('-').map(Number)
  return new Date(year, month - 1, day + later)
}
