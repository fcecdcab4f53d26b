// Imports as the window reads them: the one under way, and those that are over.
import { useQuery } from '@tanstack/react-query'
import type { ImportView } from '../../../shared/imports.ts'
import { keys, useClient } from '../../app/core.ts'

export function useImports(): { current: ImportView | null; past: ImportView[]; error: unknown } {
  const client = useClient()
  const { data = [], error } = useQuery({
    queryKey: [...keys.imports, 'list'],
    queryFn: async ({ signal }) => (await client.imports.list({}, { signal })).imports,
    staleTime: 0,
  })
  const isPast = ({ state }: ImportView) => state === 'done' || state === 'undone'
  return { current: data.find((view) => !isPast(view)) ?? null, past: data.filter(isPast), error }
}
