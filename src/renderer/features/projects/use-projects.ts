// The person's projects, by name.
import { useQuery } from '@tanstack/react-query'
import type { ProjectId } from '../../../shared/ids.ts'
import type { ProjectView } from '../../../shared/projects.ts'
import { keys, useClient } from '../../app/core.ts'

export function useProjects() {
  const client = useClient()
  return useQuery({
    queryKey: keys.projects,
    queryFn: async ({ signal }) => (await client.projects.list({}, { signal })).items,
  })
}

/** Undefined while it is not read, or when there is none. */
export function useProject(id: ProjectId | null): ProjectView | undefined {
  return useProjects().data?.find((project) => project.id === id)
}
