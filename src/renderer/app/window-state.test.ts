import { expect, it } from 'vitest'
import { type ConversationId, newId } from '../../shared/ids.ts'
import { createWindowState } from './window-state.ts'

it('stores what is typed, but never in an incognito chat, nor that there is one', () => {
  const stored: string[] = []
  const storage = {
    getItem: () => null,
    setItem: (_: string, value: string) => stored.push(value),
    removeItem: () => {},
  }
  const store = createWindowState(storage, 'window')
  const [normal, incognito] = [newId<ConversationId>(), newId<ConversationId>()]
  store.getState().setDraft(normal, 'half a thought')
  store.getState().set({ incognito })
  store.getState().setDraft(incognito, 'a secret thought')
  store.getState().setScroll(incognito, 10)
  expect(store.getState().drafts[incognito]).toBe('a secret thought')
  store.getState().setDraft(normal, 'half a thought and more')
  store.getState().leaveIncognito()
  store.getState().set({ sidebarOpen: false })
  expect(store.getState().drafts[incognito]).toBeUndefined()
  expect(stored.at(-1)).toContain('half a thought and more')
  expect(stored.join()).not.toContain('secret')
  expect(stored.join()).not.toContain(incognito)
})
