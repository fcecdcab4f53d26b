// Exports under way and ready, as the window reads them.
import { useQuery } from '@tanstack/react-query'
import type { ExportView } from '../../../shared/exports.ts'
import { keys, useClient } from '../../app/core.ts'

export function useExports({ enabled = true } = {}): readonly ExportView[] {
  const client = useClient()
  const { data } = useQuery({
    queryKey: keys.exports,
    queryFn: async ({ signal }) => (await client.exports.list({}, { signal })).exports,
    staleTime: 0,
    enabled,
  })
  return data ?? []
}
