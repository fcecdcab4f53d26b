// Starting a new chat: the page without a conversation, with the composer ready.
import { useCallback } from 'react'
import type { ProjectId } from '../../shared/ids.ts'
import { focusWhenThere } from './focus.ts'
import { hrefs, navigate } from './router.ts'
import { useWindow } from './window-state.ts'

/** Id of the one composer, so that a shortcut can put the focus there. */
export const COMPOSER_ID = 'composer'

/** Puts the focus where one writes, once the page that is about to change has changed. */
export function focusComposer(): void {
  focusWhenThere(() => document.getElementById(COMPOSER_ID))
}

/** @returns starts a new chat, in a project where one is named */
export function useNewChat(): (project?: ProjectId) => void {
  const set = useWindow((state) => state.set)
  return useCallback(
    (project?: ProjectId) => {
      set({ drawerOpen: false, newChatProject: project ?? null })
      navigate(hrefs.newChat)
      focusComposer()
    },
    [set],
  )
}
