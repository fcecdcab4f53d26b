// Every setting once: where it stands, and which stored values it is. The page, its search and the palette read this list;
// label, sentence and words to find it by are the texts `settings.item.<id>`.
import { defaultSettings, type Settings, type SettingsPatch } from '../../../shared/settings.ts'

export const SECTIONS = [
  'appearance',
  'chat',
  'learning',
  'model',
  'privacy',
  'data',
  'profiles',
  'log',
  'about',
] as const
export type SectionId = (typeof SECTIONS)[number]

interface Entry {
  id: string
  section: SectionId
  /** Stored values a reset puts back; none for what is kept elsewhere or only shown. */
  keys: readonly (keyof SettingsPatch)[]
}

export const SETTINGS = [
  { id: 'theme', section: 'appearance', keys: ['theme'] },
  { id: 'density', section: 'appearance', keys: ['density'] },
  { id: 'textSize', section: 'appearance', keys: ['textSize'] },
  { id: 'sendWith', section: 'chat', keys: ['sendWith'] },
  { id: 'level', section: 'learning', keys: ['learning', 'proposeEverything'] },
  { id: 'kinds', section: 'learning', keys: ['learnByItself'] },
  { id: 'stores', section: 'learning', keys: [] },
  { id: 'tidy', section: 'learning', keys: ['tidyByItself'] },
  { id: 'model', section: 'model', keys: [] },
  { id: 'systemPrompt', section: 'model', keys: ['systemPrompt'] },
  { id: 'unload', section: 'model', keys: ['unloadAfterMinutes'] },
  { id: 'connections', section: 'privacy', keys: [] },
  { id: 'data', section: 'data', keys: [] },
  { id: 'export', section: 'data', keys: [] },
  { id: 'import', section: 'data', keys: [] },
  { id: 'backups', section: 'data', keys: ['backupsDaily', 'backupsWeekly'] },
  { id: 'backupPlace', section: 'data', keys: [] },
  { id: 'storage', section: 'data', keys: [] },
  { id: 'profiles', section: 'profiles', keys: [] },
  { id: 'log', section: 'log', keys: [] },
  { id: 'about', section: 'about', keys: [] },
] as const satisfies readonly Entry[]

export type SettingId = (typeof SETTINGS)[number]['id']

/** @returns the change that puts these values back to their defaults; null when they are there already */
export function resetPatch(keys: readonly (keyof SettingsPatch)[], current: Settings): Partial<Settings> | null {
  const changed = keys.filter((key) => current[key] !== defaultSettings[key])
  if (changed.length === 0) return null
  return pick(changed, defaultSettings)
}

/** The values of some settings, to put them back later. */
export function pick(keys: readonly (keyof SettingsPatch)[], from: Settings): Partial<Settings> {
  return Object.fromEntries(keys.map((key) => [key, from[key]]))
}

/** A setting with its words, as the page and the palette show it. */
export interface SettingText {
  id: SettingId
  section: SectionId
  label: string
  text: string
  /** All it is found by. */
  words: string
}

/** Settings that hold every word of the query, in any order; all of them when it is empty. */
export function findSettings<Found extends Pick<SettingText, 'words'>>(
  settings: readonly Found[],
  query: string,
): Found[] {
  const words = fold(query).split(/\s+/).filter(Boolean)
  return settings.filter((setting) => {
    const text = fold(setting.words)
    return words.every((word) => text.includes(word))
  })
}

function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
}
