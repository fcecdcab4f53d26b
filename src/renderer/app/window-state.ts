// State of this window alone: what is open, typed, filtered. Data of the core never lives here.
import { createContext, use } from 'react'
import { createStore, useStore } from 'zustand'
import { createJSONStorage, persist, type StateStorage } from 'zustand/middleware'
import type { ForgetMode, ForgetSelection, MemorySort } from '../../shared/contract/memory.ts'
import { type ConversationId, type EntityId, type MessageId, newId, type ProjectId } from '../../shared/ids.ts'
import type { EntityType, MemoryStatus, Origin, StoreId } from '../../shared/memory.ts'
import { defaultSettings } from '../../shared/settings.ts'
import type { Draft } from '../features/stores/builder/draft.ts'
import { type Appearance, appearanceOf } from './appearance.ts'

/** A line at the bottom of the window that says what happened, and offers to take it back. */
export interface Notice {
  id: number
  text: string
  action: { label: string; run(): void } | null
  /** How long it stays, in milliseconds. */
  duration: number
  /** Until when the action is possible: the time left is shown. */
  until?: Date
  /** A newer one about the same takes its place. */
  about?: string
}

export interface MemoryFilter {
  query: string
  store: StoreId | null
  /** Null: in every state. */
  status: MemoryStatus | null
  /** What was learned from this chat alone; null: from anywhere. */
  from: ConversationId | null
  entity: EntityId | null
  project: ProjectId | null
  /** Days of a date field, both of them in the span. */
  since: string | null
  until: string | null
  pinned: boolean
  origin: Origin | null
  sort: MemorySort
}

export const EVERY_MEMORY: MemoryFilter = {
  query: '',
  store: null,
  status: 'active',
  from: null,
  entity: null,
  project: null,
  since: null,
  until: null,
  pinned: false,
  origin: null,
  sort: 'changed',
}

export interface PeopleFilter {
  query: string
  type: EntityType | null
  status: 'active' | 'archived'
}

export const EVERYBODY: PeopleFilter = { query: '', type: null, status: 'active' }

export interface StoreDraft {
  draft: Draft
  /** Of the store when it was begun; 0: a new one. */
  version: number
}

export type TodoOrder = 'due' | 'hand' | 'newest' | 'name'

/** What the person is asked about before it is forgotten. */
export interface Forgetting {
  selection: ForgetSelection
  /** How far it goes is settled; null: the person chooses. */
  mode: ForgetMode | null
  /** Of what is chosen, how many come after this step. */
  left?: number
}

export interface WindowState {
  sidebarOpen: boolean
  /** The panel beside the messages of a chat. */
  sessionOpen: boolean
  drawerOpen: boolean
  /** Text typed and not sent, by conversation. */
  drafts: Record<string, string>
  /** Id the next new chat will get, so that its draft has a place. */
  newChatId: ConversationId
  /** The incognito chat that is open. Never stored, nor is anything typed in it. */
  incognito: ConversationId | null
  /** Distance from the top in pixels, by conversation; absent when the reader was at the end. */
  scroll: Record<string, number>
  memoryFilter: MemoryFilter
  peopleFilter: PeopleFilter
  /** What the list of to-dos is in the order of. */
  todoOrder: TodoOrder
  /** Stores that are being made or changed, as they are typed, by what their page is about. */
  storeDrafts: Readonly<Record<string, StoreDraft>>
  forgetting: Forgetting | null
  /** The list of chats shows those that are archived. */
  archivedChats: boolean
  /** The project of the next new chat. */
  newChatProject: ProjectId | null
  /** The message of the person that is being edited. */
  editing: MessageId | null
  /** What is typed in the palette; null while it is closed. */
  palette: string | null
  /** Words to point out in a message that was found, as typed. */
  found: { message: MessageId; words: string } | null
  /** What is looked for in the open chat; null while nothing is. */
  findInChat: string | null
  notices: Notice[]
  /** What the one polite live region says; the number makes a repeated text news again. */
  announcement: { text: string; count: number }
  /** Address to go back to at the next start; null for a new chat. */
  lastPlace: string | null
  /** The step of the introduction, from 1. */
  firstRunStep: number
  /** Whether the introduction was over when this window saw it last: what to show until the core answers. */
  introduced: boolean
  /** The look seen last, so that the next start paints it before the core answers. */
  appearance: Appearance
  set(patch: Partial<WindowState>): void
  setDraft(conversation: ConversationId, text: string): void
  /** Empties drafts that hold one of these sentences: they were forgotten. */
  clearDrafts(sentences: string[]): void
  setScroll(conversation: ConversationId, top: number | null): void
  /** @param draft null: it is done with */
  setStoreDraft(key: string, draft: StoreDraft | null): void
  /** Gives the next new chat a fresh id. */
  startNewChat(): void
  /** The incognito chat ended: its draft goes with it. */
  leaveIncognito(): void
  notify(notice: Omit<Notice, 'id' | 'duration'> & { duration?: number }): void
  dismiss(id: number): void
  announce(text: string): void
}

/** Undo stays reachable for at least this long (AX3). */
const NOTICE_MS = 12_000

/**
 * @param storage where drafts and the sidebar survive a restart
 * @param key the profile's place in it
 */
export function createWindowState(storage: StateStorage, key: string) {
  let lastNotice = 0
  return createStore<WindowState>()(
    persist(
      (set) => ({
        ...freshKept(),
        drawerOpen: false,
        incognito: null,
        scroll: {},
        memoryFilter: EVERY_MEMORY,
        peopleFilter: EVERYBODY,
        storeDrafts: {},
        forgetting: null,
        archivedChats: false,
        newChatProject: null,
        editing: null,
        palette: null,
        found: null,
        findInChat: null,
        notices: [],
        announcement: { text: '', count: 0 },
        set: (patch) => set(patch),
        setDraft: (conversation, text) =>
          set(({ drafts }) => {
            const { [conversation]: _, ...others } = drafts
            return { drafts: text === '' ? others : { ...others, [conversation]: text } }
          }),
        clearDrafts: (sentences) =>
          set(({ drafts }) => ({
            drafts: Object.fromEntries(
              Object.entries(drafts).filter(([, text]) => !sentences.some((sentence) => text.includes(sentence))),
            ),
          })),
        setScroll: (conversation, top) =>
          set(({ scroll }) => {
            const { [conversation]: _, ...others } = scroll
            return { scroll: top === null ? others : { ...others, [conversation]: top } }
          }),
        setStoreDraft: (key, draft) =>
          set(({ storeDrafts }) => {
            const { [key]: _, ...others } = storeDrafts
            return { storeDrafts: draft === null ? others : { ...others, [key]: draft } }
          }),
        leaveIncognito: () => set(({ drafts, incognito }) => ({ drafts: without(drafts, incognito), incognito: null })),
        startNewChat: () => set({ newChatId: newId<ConversationId>() }),
        notify: (notice) =>
          set(({ notices }) => {
            lastNotice += 1
            const added = { ...notice, id: lastNotice, duration: Math.max(notice.duration ?? 0, NOTICE_MS) }
            const others = notices.filter(({ about }) => about === undefined || about !== notice.about)
            return { notices: [...others.slice(-2), added] }
          }),
        dismiss: (id) => set(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
        announce: (text) => set(({ announcement }) => ({ announcement: { text, count: announcement.count + 1 } })),
      }),
      {
        name: key,
        version: 1,
        storage: createJSONStorage(() => storage),
        partialize: ({
          sidebarOpen,
          sessionOpen,
          drafts,
          newChatId,
          lastPlace,
          firstRunStep,
          introduced,
          appearance,
          todoOrder,
          incognito,
        }) => ({
          sidebarOpen,
          sessionOpen,
          drafts: without(drafts, incognito),
          newChatId,
          lastPlace,
          firstRunStep,
          introduced,
          appearance,
          todoOrder,
        }),
        // A profile that keeps nothing here yet starts with nothing of the one before.
        merge: (kept, current) => ({ ...current, ...freshKept(), ...(kept as Partial<WindowState>) }),
      },
    ),
  )
}

/** What is kept, as it is at first. */
function freshKept() {
  return {
    sidebarOpen: true,
    sessionOpen: false,
    drafts: {},
    newChatId: newId<ConversationId>(),
    lastPlace: null,
    firstRunStep: 1,
    introduced: false,
    appearance: appearanceOf(defaultSettings),
    todoOrder: 'due',
  } satisfies Partial<WindowState>
}

function without(drafts: Record<string, string>, id: string | null): Record<string, string> {
  if (id === null) return drafts
  const { [id]: _, ...others } = drafts
  return others
}

export type WindowStore = ReturnType<typeof createWindowState>

export const WindowStoreContext = createContext<WindowStore | null>(null)

export function useWindowStore(): WindowStore {
  const store = use(WindowStoreContext)
  if (!store) throw new Error('The window state has no provider.')
  return store
}

export function useWindow<Part>(select: (state: WindowState) => Part): Part {
  return useStore(useWindowStore(), select)
}
