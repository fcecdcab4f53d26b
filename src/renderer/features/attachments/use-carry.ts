// Carries files to the core, a few at once, in the order they came.
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ConversationId } from '../../../shared/ids.ts'
import { keys, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { UnreadableError } from '../../app/read-piece.ts'
import { useWindow } from '../../app/window-state.ts'
import { rootOf } from './choose.ts'
import { upload } from './upload.ts'
import { type Upload, useUploadsStore } from './uploads.ts'
import type { FileLists } from './use-attachments.ts'

/** Files on their way at once. */
const LANES = 2

export interface CarriedFile extends Upload {
  content: Blob
}

/** @returns a function that begins to carry files into the composer of a chat */
export function useCarry(id: ConversationId, incognito: boolean): (files: readonly CarriedFile[]) => void {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const store = useUploadsStore()
  const announce = useWindow((state) => state.announce)

  const carryOne = async ({ content, ...file }: CarriedFile) => {
    const { name, folder, pasted, abort } = file
    const { change, drop, notTaken } = store.getState()
    if (abort.signal.aborted) return
    try {
      const { document, removed } = await upload(
        client,
        { id: file.id, conversationId: id, name, folder, pasted, incognito },
        content,
        (progress) => change(id, file.id, { progress }),
        abort.signal,
      )
      drop(id, file.id)
      cache.setQueryData<FileLists>(keys.attachments(id), (lists) =>
        lists ? { ...lists, staged: [...lists.staged.filter((one) => one.id !== document.id), document] } : lists,
      )
      announce(t('attachments.attached', { name }))
      if (removed > 0) announce(t('attachments.unseen', { count: removed }))
    } catch (error) {
      if (abort.signal.aborted) return
      const failure = failureOf(error)
      // In a folder, what turns out to be no text is counted with what was left out.
      if (folder !== null && failure.code === 'INVALID_INPUT') {
        drop(id, file.id)
        notTaken(id, rootOf(folder))
        return
      }
      const words = error instanceof UnreadableError ? t('attachments.gone') : failureWords(t, failure)
      change(id, file.id, { problem: { kind: 'words', words } })
    }
  }

  return (files) => {
    store.getState().add(
      id,
      files.map(({ content: _, ...file }) => file),
    )
    const waiting = [...files]
    const lane = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await carryOne(next)
      void cache.invalidateQueries({ queryKey: keys.attachments(id) })
    }
    for (let count = 0; count < LANES; count++) void lane()
  }
}
