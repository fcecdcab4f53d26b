// What the palette offers without asking the core: commands, pages, projects, settings, stores, and the latest chats.
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { COMMANDS } from '../../app/commands.ts'
import { keys, useAppState, useClient } from '../../app/core.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { useTitleWords } from '../../app/title-words.ts'
import { useAvailableCommands, useCommandCenter, useKeysOf } from '../../app/use-command.ts'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { useStoreWords } from '../memory/store-words.tsx'
import { useProjects } from '../projects/use-projects.ts'
import { useSettingTexts } from '../settings/use-setting-texts.ts'

/** Somewhere to go or something to do. */
export interface Place {
  key: string
  kind: 'command' | 'chat' | 'project' | 'setting' | 'store'
  label: string
  /** All it is found by. */
  words: string
  hint: string | null
  run(): void
}

const LATEST = 50

export function usePlaces(): Place[] {
  const { t } = useTranslation()
  const center = useCommandCenter()
  const available = useAvailableCommands()
  const keysOf = useKeysOf()
  const settings = useSettingTexts()
  const stores = useAppState()?.learning.stores ?? []
  const storeWords = useStoreWords()
  const chats = useLatestChats()
  const projects = useProjects().data ?? []
  const title = useTitleWords()
  return [
    ...COMMANDS.flatMap(({ id }): Place[] => {
      // The palette is open already, and a field knows for itself when its keys are meant.
      if (id === 'palette' || !available.includes(id)) return []
      const label = t(`commands.item.${id}`)
      return [
        { key: `command ${id}`, kind: 'command', label, words: label, hint: keysOf(id), run: () => center.run(id) },
      ]
    }),
    ...chats.map((chat): Place => {
      const label = title(chat.title)
      return {
        key: `chat ${chat.id}`,
        kind: 'chat',
        label,
        words: label,
        hint: null,
        run: () => navigate(hrefs.chat(chat.id)),
      }
    }),
    ...projects.map(
      ({ id, name }): Place => ({
        key: `project ${id}`,
        kind: 'project',
        label: revealHidden(name),
        words: name,
        hint: null,
        run: () => navigate(hrefs.project(id)),
      }),
    ),
    ...settings.map(
      ({ id, label, words }): Place => ({
        key: `setting ${id}`,
        kind: 'setting',
        label,
        words,
        hint: null,
        run: () => navigate(hrefs.setting(id)),
      }),
    ),
    ...stores.map(
      ({ id }): Place => ({
        key: `store ${id}`,
        kind: 'store',
        label: storeWords.title(id),
        words: storeWords.title(id),
        hint: null,
        run: () => navigate(hrefs.store(id)),
      }),
    ),
  ]
}

function useLatestChats() {
  const client = useClient()
  const { data } = useQuery({
    queryKey: [...keys.conversations, 'latest'],
    queryFn: ({ signal }) => client.chat.list({ limit: LATEST }, { signal }),
  })
  return data?.items ?? []
}

/** Places whose words hold each of the typed ones at the beginning of a word, in any order; those named so first. */
export function findPlaces(places: readonly Place[], text: string): Place[] {
  const typed = fold(text).split(/\s+/).filter(Boolean)
  if (typed.length === 0) return []
  return places
    .flatMap((place) => {
      const words = ` ${fold(place.words)}`
      if (!typed.every((word) => words.includes(` ${word}`))) return []
      const label = ` ${fold(place.label)}`
      return [
        {
          place,
          rank: label.startsWith(` ${typed.join(' ')}`) ? 0 : typed.every((word) => label.includes(` ${word}`)) ? 1 : 2,
        },
      ]
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ place }) => place)
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .toLowerCase()
}
