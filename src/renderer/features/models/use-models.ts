// Models of this machine and what can be done with them.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DownloadState } from '../../../shared/models.ts'
import { keys, useAppState, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'

export function useModels() {
  const client = useClient()
  return useQuery({ queryKey: keys.models, queryFn: ({ signal }) => client.models.list({}, { signal }) })
}

export function useDownload(id: string): DownloadState | undefined {
  return useAppState()?.downloads.find((download) => download.modelId === id)
}

interface ModelActions {
  /** What went wrong with the last act, in words. */
  problem: string | null
  busy: boolean
  download(id: string): Promise<boolean>
  cancel(id: string): Promise<boolean>
  use(id: string): Promise<boolean>
  useFile(path: string): Promise<boolean>
  restart(): Promise<boolean>
}

export function useModelActions(): ModelActions {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const act = async (work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true)
    setProblem(null)
    try {
      await work()
      return true
    } catch (error) {
      setProblem(failureWords(t, failureOf(error)))
      return false
    } finally {
      setBusy(false)
      void cache.invalidateQueries({ queryKey: keys.models })
    }
  }
  return {
    problem,
    busy,
    download: (id) => act(() => client.models.download({ id, use: true })),
    cancel: (id) => act(() => client.models.cancelDownload({ id })),
    use: (id) => act(() => client.models.use({ id })),
    useFile: (path) => act(() => client.models.useFile({ path })),
    restart: () => act(() => client.models.restart({})),
  }
}
