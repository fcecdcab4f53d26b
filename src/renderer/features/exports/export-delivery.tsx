// Hands over each file this window asked for as soon as it is ready, whatever page is open by then.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExportView } from '../../../shared/exports.ts'
import type { ExportId } from '../../../shared/ids.ts'
import { keys, useClient } from '../../app/core.ts'
import { formatBytes } from '../../app/format.ts'
import { saveFile } from '../../app/save-file.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { useWindow } from '../../app/window-state.ts'
import { deliveries, useDeliveries } from './deliveries.ts'
import { fetchExport } from './fetch-export.ts'
import { useExports } from './use-exports.ts'

const TYPES: Readonly<Record<string, string>> = {
  zip: 'application/zip',
  md: 'text/markdown',
  json: 'application/json',
}

export function ExportDelivery(): null {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const notify = useWindow((state) => state.notify)
  const sayFailure = useSayFailure()
  const wanted = useDeliveries()
  const views = useExports({ enabled: Object.keys(wanted).length > 0 })
  const begun = useRef(new Set<ExportId>())
  const deliver = async (view: ExportView) => {
    const { id, name, bytes } = view
    try {
      const parts = await fetchExport(client, view, (share) => deliveries.getState().fetched(id, share))
      saveFile(name, TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream', parts)
      notify({ text: t('exports.saved', { name, size: formatBytes(bytes ?? 0) }), action: null })
      await client.exports.discard({ id })
    } catch (error) {
      sayFailure(error)
    } finally {
      begun.current.delete(id)
      deliveries.getState().drop(id)
      void cache.invalidateQueries({ queryKey: keys.exports })
    }
  }
  useEffect(() => {
    for (const view of views) {
      if (!(view.id in wanted) || begun.current.has(view.id)) continue
      if (view.state === 'failed' || view.state === 'cancelled') {
        if (view.error !== null) notify({ text: view.error, action: null })
        deliveries.getState().drop(view.id)
      } else if (view.state === 'ready') {
        begun.current.add(view.id)
        void deliver(view)
      }
    }
  })
  return null
}
