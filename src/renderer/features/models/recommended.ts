// Which models the window puts forward.
import type { DownloadState, ModelView } from '../../../shared/models.ts'

export interface PutForward {
  /** The one choice made for a newcomer. */
  first: ModelView | null
  /** Offered by itself when the first one could not be had. */
  instead: ModelView | null
}

export function putForward(models: ModelView[], downloads: DownloadState[]): PutForward {
  const chat = models.filter((model) => model.kind === 'chat')
  const starter = chat.find((model) => model.starter) ?? null
  const first = chat.find((model) => model.recommended) ?? starter ?? chat[0] ?? null
  const failed = downloads.find((download) => download.modelId === first?.id && download.state === 'failed')
  if (!failed) return { first, instead: null }
  const offered = chat.find((model) => model.id === failed.offer) ?? starter
  return { first, instead: offered?.id === first?.id ? null : offered }
}
