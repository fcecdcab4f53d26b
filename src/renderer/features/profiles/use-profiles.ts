// The profiles of this person and what can be done with them.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProfileView } from '../../../shared/contract/profiles.ts'
import { keys, useAppState, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { rememberProfile } from '../../app/window-storage.ts'

export function useProfiles() {
  const client = useClient()
  return useQuery({ queryKey: keys.profiles, queryFn: ({ signal }) => client.profiles.list({}, { signal }) }).data
}

/** The name of a profile; the first one may have none of its own. */
export function useProfileName(): (profile: ProfileView) => string {
  const { t } = useTranslation()
  return ({ name }) => name ?? t('profiles.first')
}

export function useProfileActions() {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const open = useAppState()?.profileId
  const [problem, setProblem] = useState<string | null>(null)
  const act = async (work: () => Promise<unknown>): Promise<boolean> => {
    setProblem(null)
    try {
      await work()
      await cache.invalidateQueries({ queryKey: keys.profiles })
      return true
    } catch (error) {
      setProblem(failureWords(t, failureOf(error)))
      return false
    }
  }
  return {
    problem,
    create: (name: string) => act(() => client.profiles.create({ name })),
    rename: (id: string, name: string) => act(() => client.profiles.rename({ id, name })),
    remove: (id: string) => act(() => client.profiles.remove({ id })),
    async switchTo(id: string): Promise<void> {
      setProblem(null)
      // The page starts anew as soon as the core gives way, and then looks for the window of this profile.
      rememberProfile(localStorage, id)
      try {
        await client.profiles.switch({ id })
      } catch (error) {
        const failure = failureOf(error)
        // The line ends with the core: that is no failure.
        if (failure.code === 'OFFLINE') return
        if (open !== undefined) rememberProfile(localStorage, open)
        setProblem(failureWords(t, failure))
      }
    },
  }
}
