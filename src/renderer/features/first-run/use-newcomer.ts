// Whether this window shows the introduction.
import { useEffect } from 'react'
import { useAppState } from '../../app/core.ts'
import { useWindow } from '../../app/window-state.ts'
import { isNewcomer } from './newcomer.ts'

/** @returns null while nobody knows: neither the introduction nor a chat may flash up */
export function useNewcomer(): boolean | null {
  const settings = useAppState()?.settings
  const step = useWindow((state) => state.firstRunStep)
  const introduced = useWindow((state) => state.introduced)
  const set = useWindow((state) => state.set)
  const newcomer = settings ? isNewcomer(settings, step) : null
  useEffect(() => {
    if (newcomer !== null && newcomer === introduced) set({ introduced: !newcomer })
  }, [newcomer, introduced, set])
  return newcomer ?? (introduced ? false : null)
}
