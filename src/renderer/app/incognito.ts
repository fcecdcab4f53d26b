// The one incognito chat of this window: its id lives in memory alone, and the core keeps the chat while the window asks it to.
import { useCallback, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { type ConversationId, newId } from '../../shared/ids.ts'
import { useClient } from './core.ts'
import { failureOf, failureWords } from './failure.ts'
import { focusComposer } from './new-chat.ts'
import { hrefs, navigate } from './router.ts'
import { follow } from './transport.ts'
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
  return useCallback(() => {
    const { incognito, leaveIncognito, notify } = store.getState()
    if (incognito === null) return
    leaveIncognito()
    navigate(hrefs.newChat)
    client.chat.endIncognito({ id: incognito }).then(
      () => notify({ text: t('incognito.ended'), action: null }),
      // It ends by itself once no window keeps it.
      (error: unknown) => notify({ text: failureWords(t, failureOf(error)), action: null }),
    )
  }, [client, store, t])
}

/** Keeps the incognito chat of this window, whichever page is open; for as long as the window lives. */
export function useIncognitoKeeper(): void {
  const client = useClient()
  const store = useWindowStore()
  const id = useWindow((state) => state.incognito)
  useEffect(() => {
    if (id === null) return
    const leave = () => {
      if (store.getState().incognito === id) store.getState().leaveIncognito()
    }
    return follow(
      (signal) => client.chat.keepIncognito({ id }, { signal }),
      ({ state }) => {
        if (state === 'ended') leave()
      },
      (error) => {
        if (failureOf(error).code === 'NOT_FOUND') leave()
      },
    )
  }, [client, store, id])
}
