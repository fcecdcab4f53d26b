// Makes the window's own state that of the profile that is open, and goes back to where one was last in it.
import { useEffect, useRef } from 'react'
import { useAppState } from './core.ts'
import { hrefs, onNavigation, parseRoute, replaceRoute } from './router.ts'
import { useWindowStore } from './window-state.ts'
import { rememberProfile, storageKey } from './window-storage.ts'

export function useProfileState(): void {
  const profile = useAppState()?.profileId
  const store = useWindowStore()
  const ready = useRef(false)
  useEffect(() => {
    if (profile === undefined) return
    const key = storageKey(profile)
    if (store.persist.getOptions().name !== key) {
      store.persist.setOptions({ name: key })
      void store.persist.rehydrate()
    }
    rememberProfile(localStorage, profile)
    const { lastPlace } = store.getState()
    // Whoever asks for a place gets it.
    if (!ready.current && isNowhere(window.location.hash) && lastPlace !== null) replaceRoute(lastPlace)
    ready.current = true
  }, [profile, store])
  useEffect(
    () =>
      onNavigation(() => {
        if (ready.current) store.getState().set({ lastPlace: placeOf(window.location.hash) })
      }),
    [store],
  )
}

function isNowhere(hash: string): boolean {
  return hash === '' || hash === '#'
}

/** An address worth going back to: a chat without the message that was pointed out in it, or another page. */
function placeOf(hash: string): string | null {
  const route = parseRoute(hash)
  // That there was an incognito chat is nobody's business.
  if (route.page === 'incognito') return null
  if (route.page !== 'chat') return hash
  return route.conversation === null ? null : hrefs.chat(route.conversation)
}
