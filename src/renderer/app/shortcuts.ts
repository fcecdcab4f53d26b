// Keys that work anywhere. Browsers own Ctrl+N, so a new chat has a second key that reaches the page.
import { useEffect } from 'react'
import { MEMORY_SEARCH_ID } from '../features/memory/memory-search-id.ts'
import { useIncognitoChat } from './incognito.ts'
import { useNewChat } from './new-chat.ts'
import { useWindowStore } from './window-state.ts'

export type Shortcut = 'new-chat' | 'incognito' | 'sidebar' | 'search'

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** @param typing the focus is in a text field, where plain keys are letters */
export function shortcutOf(event: Pressed, typing: boolean): Shortcut | null {
  const command = event.ctrlKey || event.metaKey
  const key = event.key.toLowerCase()
  if (command && !event.altKey) {
    if (key === 'n' && !event.shiftKey) return 'new-chat'
    if (key === 'o' && event.shiftKey) return 'new-chat'
    if (key === 'b' && !event.shiftKey) return 'sidebar'
    return null
  }
  if (event.altKey && !command) return key === 'n' ? 'new-chat' : key === 'i' ? 'incognito' : null
  return key === '/' && !typing ? 'search' : null
}

export function useShortcuts(): void {
  const newChat = useNewChat()
  const openIncognito = useIncognitoChat()
  const store = useWindowStore()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || event.defaultPrevented || document.querySelector('dialog[open]')) return
      const shortcut = shortcutOf(event, isTyping(event.target))
      if (shortcut === null) return
      if (shortcut === 'search') {
        const field = document.getElementById(MEMORY_SEARCH_ID)
        if (!field) return
        field.focus()
      } else if (shortcut === 'sidebar') store.getState().set({ sidebarOpen: !store.getState().sidebarOpen })
      else if (shortcut === 'incognito') openIncognito()
      else newChat()
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [newChat, openIncognito, store])
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  )
}
