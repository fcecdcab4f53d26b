// Which models the window puts forward.
import type { DownloadState, ModelView } from '../../../shared/models.ts'

export interface PutForward {
  /** The one choice made for a newcomer. */
  first: ModelView | null
  /** Offered by itself when the one that was wanted could not be had. */
  instead: ModelView | null
}

export function putForward(models: ModelView[], downloads: DownloadState[]): PutForward {
  const chat = models.filter((model) => model.kind === 'chat')
  const starter = chat.find((model) => model.starter) ?? null
  const first = chat.find((model) => model.recommended) ?? starter ?? chat[0] ?? null
  const failed = downloads.filter((download) => download.state === 'failed')
  const offer = failed.find((download) => download.offer)?.offer
  const offered = chat.find((model) => model.id === offer) ?? null
  return { first, instead: failed.some((download) => download.modelId === offered?.id) ? null : offered }
}
