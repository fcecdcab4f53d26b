// Files on their way to the core, by chat: they go on when the person looks at another page meanwhile.
import { createContext, use } from 'react'
import { createStore, useStore } from 'zustand'
import { type ConversationId, type DocumentId, newId } from '../../../shared/ids.ts'
import type { Skip, Skipped } from './choose.ts'

export interface Upload {
  id: DocumentId
  name: string
  folder: string | null
  bytes: number
  pasted: boolean
  /** Share that is there; 1: it is being read; null: it waits for its turn. */
  progress: number | null
  /** Why it is not attached. */
  problem: { kind: 'skip'; why: Skip } | { kind: 'words'; words: string } | null
  abort: AbortController
}

/** One that waits for its turn. */
export function newUpload(name: string): Upload {
  return {
    ...{ id: newId<DocumentId>(), name, folder: null, bytes: 0, pasted: false, progress: null, problem: null },
    abort: new AbortController(),
  }
}

/** What became of a folder. */
export interface FolderNote {
  id: DocumentId
  root: string
  taken: number
  skipped: Skipped
}

export interface UploadsState {
  uploads: Record<string, Upload[]>
  notes: Record<string, FolderNote[]>
  add(chat: ConversationId, uploads: readonly Upload[]): void
  change(chat: ConversationId, id: DocumentId, change: Partial<Upload>): void
  drop(chat: ConversationId, id: DocumentId): void
  note(chat: ConversationId, note: FolderNote): void
  /** One file of a folder was not text after all. */
  notTaken(chat: ConversationId, root: string): void
  dropNote(chat: ConversationId, id: DocumentId): void
}

export function createUploads() {
  return createStore<UploadsState>()((set) => ({
    uploads: {},
    notes: {},
    add: (chat, added) =>
      set(({ uploads }) => ({ uploads: { ...uploads, [chat]: [...(uploads[chat] ?? []), ...added] } })),
    change: (chat, id, change) =>
      set(({ uploads }) => ({
        uploads: {
          ...uploads,
          [chat]: (uploads[chat] ?? []).map((one) => (one.id === id ? { ...one, ...change } : one)),
        },
      })),
    drop: (chat, id) =>
      set(({ uploads }) => ({ uploads: { ...uploads, [chat]: (uploads[chat] ?? []).filter((one) => one.id !== id) } })),
    note: (chat, note) =>
      set(({ notes }) => ({
        notes: { ...notes, [chat]: [...(notes[chat] ?? []).filter(({ root }) => root !== note.root), note] },
      })),
    notTaken: (chat, root) =>
      set(({ notes }) => ({
        notes: {
          ...notes,
          [chat]: (notes[chat] ?? []).map((note) =>
            note.root === root
              ? {
                  ...note,
                  taken: note.taken - 1,
                  skipped: { ...note.skipped, notText: (note.skipped.notText ?? 0) + 1 },
                }
              : note,
          ),
        },
      })),
    dropNote: (chat, id) =>
      set(({ notes }) => ({ notes: { ...notes, [chat]: (notes[chat] ?? []).filter((note) => note.id !== id) } })),
  }))
}

export type UploadsStore = ReturnType<typeof createUploads>

export const UploadsContext = createContext<UploadsStore | null>(null)

export function useUploadsStore(): UploadsStore {
  const store = use(UploadsContext)
  if (!store) throw new Error('The uploads have no provider.')
  return store
}

export function useUploads<Part>(select: (state: UploadsState) => Part): Part {
  return useStore(useUploadsStore(), select)
}
