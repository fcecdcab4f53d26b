// Asks for a file; it is handed over as soon as it is ready.
import { useQueryClient } from '@tanstack/react-query'
import type { ExportWish } from '../../../shared/exports.ts'
import { keys, useClient } from '../../app/core.ts'
import { deliveries } from './deliveries.ts'

/** @returns begins an export; throws what the core answers */
export function useBeginExport(): (wish: ExportWish, passphrase?: string | null) => Promise<void> {
  const client = useClient()
  const cache = useQueryClient()
  return async (wish, passphrase = null) => {
    const { id } = await client.exports.begin({ wish, passphrase, path: null })
    deliveries.getState().want(id)
    // What was told before the window wanted it is read once more.
    await cache.invalidateQueries({ queryKey: keys.exports })
  }
}
