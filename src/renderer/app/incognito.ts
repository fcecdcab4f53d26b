// The one incognito chat of this window: its id lives in memory alone, and the core keeps the chat while the window asks it to.
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { type ConversationId, newId } from '../../shared/ids.ts'
import { keys, useClient } from './core.ts'
import { failureOf } from './failure.ts'
import { focusComposer } from './new-chat.ts'
import { hrefs, navigate } from './router.ts'
import { follow } from './transport.ts'
import { useSayFailure } from './use-say-failure.ts'
import { useWindow, useWindowStore } from './window-state.ts'

/** Opens the incognito chat, or goes back to the one that is open. */
export function useIncognitoChat(): () => void {
  const store = useWindowStore()
  return useCallback(() => {
    const { incognito, set } = store.getState()
    set({ drawerOpen: false, incognito: incognito ?? newId<ConversationId>() })
    navigate(hrefs.incognito)
    focusComposer()
  }, [store])
}

/** Ends the incognito chat: nothing of it is left. */
export function useEndIncognito(): () => void {
  const { t } = useTranslation()
  const client = useClient()
  const store = useWindowStore()
  const sayFailure = useSayFailure()
  return useCallback(() => {
    const { incognito, leaveIncognito, notify } = store.getState()
    if (incognito === null) return
    leaveIncognito()
    navigate(hrefs.newChat)
    client.chat.endIncognito({ id: incognito }).then(
      () => notify({ text: t('incognito.ended'), action: null }),
      // It ends by itself once no window keeps it.
      sayFailure,
    )
  }, [client, sayFailure, store, t])
}

/**
 * Makes the incognito chat a normal one and shows it; what was typed goes along.
 * @returns a function that throws what the core answers; the incognito chat is as it was then
 */
export function useKeepIncognito(): (id: ConversationId) => Promise<void> {
  const { t } = useTranslation()
  const client = useClient()
  const store = useWindowStore()
  return useCallback(
    async (id) => {
      // The end of the incognito chat takes its draft away, and may be heard before the answer to this.
      const draft = store.getState().drafts[id] ?? ''
      const kept = await client.chat.saveIncognito({ id })
      const { setDraft, leaveIncognito, notify } = store.getState()
      if (draft !== '') setDraft(kept.id, draft)
      leaveIncognito()
      navigate(hrefs.chat(kept.id))
      focusComposer()
      notify({ text: t('incognito.kept'), action: null })
    },
    [client, store, t],
  )
}

/** Keeps the incognito chat of this window, whichever page is open; for as long as the window lives. */
export function useIncognitoKeeper(): void {
  const client = useClient()
  const cache = useQueryClient()
  const store = useWindowStore()
  const id = useWindow((state) => state.incognito)
  useEffect(() => {
    if (id === null) return
    const leave = () => {
      if (store.getState().incognito === id) store.getState().leaveIncognito()
    }
    const stop = follow(
      (signal) => client.chat.keepIncognito({ id }, { signal }),
      ({ state }) => {
        if (state === 'ended') leave()
      },
      (error) => {
        if (failureOf(error).code === 'NOT_FOUND') leave()
      },
    )
    return () => {
      stop()
      // Names of its files are not even in memory for longer.
      cache.removeQueries({ queryKey: keys.attachments(id) })
    }
  }, [cache, client, store, id])
}
