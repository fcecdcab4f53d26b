// Carries files to the core and has them opened; asks for a passphrase where one is needed.
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { IMPORT_PIECE_BYTES } from '../../../shared/contract/imports.ts'
import type { Client } from '../../../shared/contract/index.ts'
import { type ImportId, newId } from '../../../shared/ids.ts'
import type { CsvMapping } from '../../../shared/imports.ts'
import { keys, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { base64, UnreadableError } from '../../app/read-piece.ts'
import { arrivals } from './arrivals.ts'
import type { ImportFile } from './choose-files.ts'

export function useArrival() {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const { set } = arrivals.getState()
  const fail = (id: ImportId, name: string, error: unknown) => {
    // Nobody needs what arrived of it; where the core cannot be reached it is cleared at its next start.
    void client.imports.cancel({ id }).catch(() => {})
    const problem = error instanceof UnreadableError ? t('imports.unreadable') : failureWords(t, failureOf(error))
    set({ arrival: { step: 'failed', id, name, problem } })
  }
  const open = async (id: ImportId, name: string, passphrase: string | null) => {
    set({ arrival: { step: 'sending', id, name, share: 1, abort: new AbortController() } })
    try {
      await client.imports.begin({ id, passphrase })
      // Cancelled while it was opened.
      if (arrivals.getState().arrival?.id !== id) return void client.imports.cancel({ id }).catch(() => {})
      await cache.invalidateQueries({ queryKey: keys.imports })
      set({ arrival: null })
    } catch (error) {
      if (arrivals.getState().arrival?.id !== id) return
      const failure = failureOf(error)
      if (failure.field !== 'passphrase') return fail(id, name, error)
      const problem = passphrase === null ? null : failureWords(t, failure)
      set({ arrival: { step: 'passphrase', id, name, problem } })
    }
  }
  return {
    /** @param name what the person knows it by: the file, or the folder */
    async send(name: string, files: readonly ImportFile[]): Promise<void> {
      const id = newId<ImportId>()
      const abort = new AbortController()
      const sending = { step: 'sending' as const, id, name, abort }
      set({ arrival: { ...sending, share: 0 }, finished: null })
      try {
        await sendFiles(client, id, files, abort.signal, (share) => set({ arrival: { ...sending, share } }))
      } catch (error) {
        if (!abort.signal.aborted) fail(id, name, error)
        return
      }
      if (!abort.signal.aborted) await open(id, name, null)
    },
    open,
    /** The dry run of a table, once one knows what its columns are. @throws what the core answers */
    async map(id: ImportId, mapping: CsvMapping): Promise<void> {
      await client.imports.begin({ id, mapping })
      set({})
      await cache.invalidateQueries({ queryKey: keys.imports })
    },
    /** Ends it on its way. */
    stop(): void {
      const { arrival } = arrivals.getState()
      if (arrival?.step === 'sending') arrival.abort.abort()
    },
  }
}

async function sendFiles(
  client: Client,
  id: ImportId,
  files: readonly ImportFile[],
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<void> {
  const total = files.reduce((sum, { content }) => sum + content.size, 0)
  let sent = 0
  for (const { name, content } of files) {
    await client.imports.upload({ id, name, bytes: content.size })
    for (let at = 0; at < content.size; at += IMPORT_PIECE_BYTES) {
      signal.throwIfAborted()
      const piece = content.slice(at, at + IMPORT_PIECE_BYTES)
      await client.imports.piece({ id, name, at, data: await base64(piece) })
      signal.throwIfAborted()
      sent += piece.size
      onShare(sent / total)
    }
  }
  signal.throwIfAborted()
}
