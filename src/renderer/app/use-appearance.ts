// Keeps the page's look true to the settings, and remembers it for the next start.
import { useEffect } from 'react'
import { appearanceOf, sameAppearance, showAppearance } from './appearance.ts'
import { useAppState } from './core.ts'
import { useWindow } from './window-state.ts'

export function useAppearance(): void {
  const settings = useAppState()?.settings
  const seen = useWindow((state) => state.appearance)
  const set = useWindow((state) => state.set)
  useEffect(() => {
    const wanted = settings ? appearanceOf(settings) : seen
    showAppearance(wanted)
    if (!sameAppearance(wanted, seen)) set({ appearance: wanted })
  }, [settings, seen, set])
}
