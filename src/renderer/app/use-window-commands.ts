// The commands that can be carried out anywhere in the window.
import { useQueryClient } from '@tanstack/react-query'
import type { Outputs } from '../../shared/contract/index.ts'
import type { ConversationId } from '../../shared/ids.ts'
import { MEMORY_SEARCH_ID } from '../features/memory/memory-search-id.ts'
import { useSetting } from '../features/settings/use-setting.ts'
import { keys, useAppState, useClient } from './core.ts'
import { focusWhenThere } from './focus.ts'
import { useIncognitoChat } from './incognito.ts'
import { COMPOSER_ID, useNewChat } from './new-chat.ts'
import { hrefs, navigate, type Route } from './router.ts'
import { useCommand } from './use-command.ts'
import { useWindow, useWindowStore } from './window-state.ts'

export function useWindowCommands(route: Route): void {
  const store = useWindowStore()
  const set = useWindow((state) => state.set)
  const newChat = useNewChat()
  const app = useAppState()
  const change = useSetting()
  const step = useChatStep(route.page === 'chat' ? route.conversation : null)
  useCommand('palette', () => set({ palette: store.getState().palette === null ? '' : null }))
  useCommand('newChat', () => newChat())
  useCommand('incognito', useIncognitoChat())
  useCommand('sidebar', () => set({ sidebarOpen: !store.getState().sidebarOpen }))
  useCommand('learning', app ? () => void change({ learning: !app.settings.learning }) : null)
  useCommand('shortcuts', () => navigate(hrefs.shortcuts))
  useCommand('memory', () => navigate(hrefs.memories))
  useCommand('inbox', () => navigate(hrefs.inbox))
  useCommand('people', () => navigate(hrefs.people))
  useCommand('stores', () => navigate(hrefs.stores))
  useCommand('activity', () => navigate(hrefs.activity))
  useCommand('models', () => navigate(hrefs.models))
  useCommand('data', () => navigate(hrefs.data))
  useCommand('settings', () => navigate(hrefs.settings))
  useCommand('searchMemory', () => {
    if (route.page !== 'memory') navigate(hrefs.memories)
    // The page may have to be loaded first.
    focusWhenThere(() => document.getElementById(MEMORY_SEARCH_ID))
  })
  useCommand('writeMessage', () => {
    // At once where it is there: a frame later the next key may have opened something else.
    const composer = document.getElementById(COMPOSER_ID)
    if (composer) composer.focus()
    else newChat()
  })
  useCommand('nextChat', () => void step(1))
  useCommand('previousChat', () => void step(-1))
}

type Chats = Outputs['chat']['list']

/** Goes down or up the list of chats, as it stands in the sidebar. */
function useChatStep(current: ConversationId | null): (by: 1 | -1) => Promise<void> {
  const client = useClient()
  const cache = useQueryClient()
  return async (by) => {
    const { items } = await cache.fetchQuery<Chats>({
      queryKey: [...keys.conversations, 'step'],
      queryFn: () => client.chat.list({ limit: 200 }),
    })
    const at = items.findIndex(({ id }) => id === current)
    // From a new chat, down leads to the newest.
    const next = items[at < 0 ? (by === 1 ? 0 : -1) : at + by]
    if (next) navigate(hrefs.chat(next.id))
  }
}
