// What the list of memories is narrowed to: as the core is asked for it, as an address keeps it, and as chips name it.
import type { z } from 'zod'
import type { Inputs } from '../../../shared/contract/index.ts'
import { memorySort } from '../../../shared/contract/memory.ts'
import { conversationId, entityId, projectId } from '../../../shared/ids.ts'
import { memoryStatus, origin, storeId } from '../../../shared/memory.ts'
import { EVERY_MEMORY, type MemoryFilter } from '../../app/window-state.ts'

/** Parts of a filter that are shown as a chip, in this order. */
export const CHIPS = ['from', 'entity', 'project', 'since', 'until', 'origin', 'pinned'] as const
export type Chip = (typeof CHIPS)[number]

const ANY = 'any'

/** What a list or an act on all that match asks the core for. */
export function inputOf(filter: MemoryFilter): Inputs['memory']['matching'] {
  const { from, entity, project, since, until, ...others } = filter
  return {
    ...others,
    conversationId: from,
    entityId: entity,
    projectId: project,
    learnedFrom: since === null ? null : startOf(since, 0),
    learnedTo: until === null ? null : startOf(until, 1),
  }
}

/** @param later days after it */
function startOf(day: string, later: number): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + later)
}

/** The part of an address after `?`. What is typed is not in it: an address may be kept by the browser. */
export function searchOf(filter: MemoryFilter): string {
  const search = new URLSearchParams()
  for (const key of ['store', 'from', 'entity', 'project', 'since', 'until', 'origin'] as const) {
    const value = filter[key]
    if (value !== null) search.set(key, value)
  }
  if (filter.status !== EVERY_MEMORY.status) search.set('status', filter.status ?? ANY)
  if (filter.pinned) search.set('pinned', 'yes')
  if (filter.sort !== EVERY_MEMORY.sort) search.set('sort', filter.sort)
  return search.toString()
}

/** Reads an address; what it does not know narrows nothing. */
export function filterOf(search: string): MemoryFilter {
  const params = new URLSearchParams(search)
  const day = (key: string) => (/^\d{4}-\d{2}-\d{2}$/.test(params.get(key) ?? '') ? params.get(key) : null)
  return {
    query: '',
    store: read(params, 'store', storeId),
    status: params.get('status') === ANY ? null : (read(params, 'status', memoryStatus) ?? EVERY_MEMORY.status),
    from: read(params, 'from', conversationId),
    entity: read(params, 'entity', entityId),
    project: read(params, 'project', projectId),
    since: day('since'),
    until: day('until'),
    pinned: params.get('pinned') === 'yes',
    origin: read(params, 'origin', origin),
    sort: read(params, 'sort', memorySort) ?? EVERY_MEMORY.sort,
  }
}

function read<Schema extends z.ZodType>(params: URLSearchParams, key: string, schema: Schema): z.output<Schema> | null {
  const parsed = schema.safeParse(params.get(key))
  return parsed.success ? parsed.data : null
}

/** Whether it is less than everything that holds, in whatever order. */
export function isNarrowed(filter: MemoryFilter): boolean {
  return filter.query.trim() !== '' || searchOf({ ...filter, sort: EVERY_MEMORY.sort }) !== ''
}
