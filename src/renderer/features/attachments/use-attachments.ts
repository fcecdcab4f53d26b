// The files of a composer: what lies in it, what is on its way, and how more come in and go.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { PASTE_CHARACTERS, PASTE_LINES, STAGED_FILES_MAX } from '../../../shared/attachments.ts'
import type { Outputs } from '../../../shared/contract/index.ts'
import { type ConversationId, newId } from '../../../shared/ids.ts'
import { keys, useClient } from '../../app/core.ts'
import { useWindow, useWindowStore } from '../../app/window-state.ts'
import { chooseFiles, type FoundFile } from './choose.ts'
import { type FolderNote, newUpload, type Upload, useUploads, useUploadsStore } from './uploads.ts'
import { useCarry } from './use-carry.ts'
import { useRemoveFiles } from './use-remove-files.ts'

export type FileLists = Outputs['attachments']['list']

const NONE: FileLists = { staged: [], sent: [] }
const NO_UPLOADS: Upload[] = []
const NO_NOTES: FolderNote[] = []

/** What lies in the composer of a chat, and what was sent in it. */
export function useFiles(id: ConversationId): FileLists {
  const client = useClient()
  const { data } = useQuery({
    queryKey: keys.attachments(id),
    queryFn: ({ signal }) => client.attachments.list({ conversationId: id }, { signal }),
  })
  return data ?? NONE
}

/** @param incognito whether the chat is one that may leave nothing on disk */
export function useAttachments(id: ConversationId, incognito: boolean) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const uploads = useUploads((state) => state.uploads[id] ?? NO_UPLOADS)
  const notes = useUploads((state) => state.notes[id] ?? NO_NOTES)
  const store = useUploadsStore()
  const windowStore = useWindowStore()
  const notify = useWindow((state) => state.notify)
  const announce = useWindow((state) => state.announce)
  const { staged } = useFiles(id)
  const carry = useCarry(id, incognito)
  const remove = useRemoveFiles(id)

  const add = (found: readonly FoundFile[]) => {
    if (found.length === 0) return
    const state = store.getState()
    const lying = staged.length + (state.uploads[id] ?? []).filter(({ problem }) => problem === null).length
    const { taken, folders, refused } = chooseFiles(found, STAGED_FILES_MAX - lying)
    state.add(
      id,
      refused.map(({ name, why }) => ({ ...newUpload(name), problem: { kind: 'skip', why } })),
    )
    for (const [root, counts] of folders) state.note(id, { id: newId(), root, ...counts })
    carry(taken.map(({ file, folder }) => ({ ...newUpload(file.name), folder, bytes: file.size, content: file })))
    announce(t('attachments.coming', { count: taken.length }))
  }

  /** @returns whether a pasted text became an attachment. @param at where in the draft it would have stood */
  const addPasted = (text: string, at: number): boolean => {
    if (text.length <= PASTE_CHARACTERS && text.split('\n', PASTE_LINES + 1).length <= PASTE_LINES) return false
    const content = new Blob([text])
    const file = { ...newUpload(t('attachments.pastedName')), pasted: true, bytes: content.size, content }
    carry([file])
    const keepAsText = () => {
      file.abort.abort()
      store.getState().drop(id, file.id)
      // It may lie in the composer by now; one that does not is no error.
      client.documents.remove({ id: file.id }).then(
        () => cache.invalidateQueries({ queryKey: keys.attachments(id) }),
        () => {},
      )
      const { drafts, setDraft } = windowStore.getState()
      const draft = drafts[id] ?? ''
      const place = Math.min(at, draft.length)
      setDraft(id, draft.slice(0, place) + text + draft.slice(place))
    }
    notify({ text: t('attachments.pasted'), action: { label: t('attachments.keepAsText'), run: keepAsText } })
    return true
  }

  return {
    staged,
    uploads,
    notes,
    /** What a message sent now takes along. */
    ready: staged.map((document) => document.id),
    busy: uploads.some(({ problem }) => problem === null),
    add,
    addPasted,
    /** What was sent lies here no more. */
    sent: () => {
      for (const note of notes) store.getState().dropNote(id, note.id)
      void cache.invalidateQueries({ queryKey: keys.attachments(id) })
    },
    remove,
    dismiss: (upload: Upload) => {
      upload.abort.abort()
      store.getState().drop(id, upload.id)
    },
    dropNote: (note: FolderNote) => store.getState().dropNote(id, note.id),
  }
}

export type Attachments = ReturnType<typeof useAttachments>
