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
  choose(id: string): Promise<boolean>
  takeFile(path: string): Promise<boolean>
  restart(): Promise<boolean>
}

export function useModelActions(): ModelActions {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const { models } = client
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
    download: (id) => act(() => models.download({ id, use: true })),
    cancel: (id) => act(() => models.cancelDownload({ id })),
    choose: (id) => act(() => models.use({ id })),
    // biome-ignore lint/correctness/useHookAtTopLevel: a procedure of the core, not a hook
    takeFile: (path) => act(() => models.useFile({ path })),
    restart: () => act(() => models.restart({})),
  }
}
