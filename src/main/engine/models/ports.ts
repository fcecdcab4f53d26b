// What the models service needs of the rest of the core: where choices are kept, and the embedding model in use.
import type { EmbedderChangeView, ModelSettings, WantedDownload } from '../../../shared/models.ts'

/** Where the choice of a chat model is kept: the settings of the profile. */
export interface ModelChoice {
  read(): { id: string | null; path: string | null }
  /** Null: none is chosen any more. */
  write(model: { id: string; path: string } | null): Promise<void>
}

/** What the person set about models, kept in the settings of the profile. */
export interface ModelPreferences {
  read(): {
    modelFiles: readonly string[]
    modelSettings: Readonly<Record<string, ModelSettings>>
    wantedDownloads: readonly WantedDownload[]
  }
  write(change: {
    modelFiles?: string[]
    modelSettings?: Record<string, ModelSettings>
    wantedDownloads?: WantedDownload[]
  }): Promise<void>
}

/** The embedding model in use and the change to another one (learning/embedder-change.ts). */
export interface EmbedderPort {
  /** Id of the one in use. */
  current(): string
  change(): Promise<EmbedderChangeView | null>
  /** Files that are in use, or being changed to. */
  files(): readonly string[]
  begin(chosen: { id: string; path: string }): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
}
