// Models of this machine and what can be done with them.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelFileView } from '../../../shared/contract/models.ts'
import type { DownloadState, ModelSettings } from '../../../shared/models.ts'
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
  download(id: string, use?: boolean): Promise<boolean>
  cancel(id: string): Promise<boolean>
  choose(id: string): Promise<boolean>
  takeFile(path: string): Promise<boolean>
  /** What a file says of itself; null when it cannot be used, `problem` says why. */
  inspect(path: string): Promise<ModelFileView | null>
  addFile(path: string): Promise<boolean>
  remove(id: string): Promise<boolean>
  measure(id: string): Promise<boolean>
  configure(id: string, settings: ModelSettings): Promise<boolean>
  chooseEmbedder(id: string): Promise<boolean>
  pauseEmbedder(): Promise<boolean>
  resumeEmbedder(): Promise<boolean>
  restart(): Promise<boolean>
}

export function useModelActions(): ModelActions {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const { models } = client
  async function ask<Value>(work: () => Promise<Value>): Promise<Value | null> {
    setBusy(true)
    setProblem(null)
    try {
      return await work()
    } catch (error) {
      setProblem(failureWords(t, failureOf(error)))
      return null
    } finally {
      setBusy(false)
      void cache.invalidateQueries({ queryKey: keys.models })
    }
  }
  const act = async (work: () => Promise<unknown>) => (await ask(work)) !== null
  return {
    problem,
    busy,
    download: (id, use = true) => act(() => models.download({ id, use })),
    cancel: (id) => act(() => models.cancelDownload({ id })),
    choose: (id) => act(() => models.use({ id })),
    // biome-ignore lint/correctness/useHookAtTopLevel: a procedure of the core, not a hook
    takeFile: (path) => act(() => models.useFile({ path })),
    inspect: (path) => ask(() => models.inspect({ path })),
    addFile: (path) => act(() => models.addFile({ path })),
    // The window asks before, also for the one in use.
    remove: (id) => act(() => models.remove({ id, evenActive: true })),
    measure: (id) => act(() => models.measure({ id })),
    configure: (id, settings) => act(() => models.configure({ id, settings })),
    // biome-ignore lint/correctness/useHookAtTopLevel: a procedure of the core, not a hook
    chooseEmbedder: (id) => act(() => models.useEmbedder({ id })),
    pauseEmbedder: () => act(() => models.pauseEmbedder({})),
    resumeEmbedder: () => act(() => models.resumeEmbedder({})),
    restart: () => act(() => models.restart({})),
  }
}
