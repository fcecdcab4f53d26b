// Light, dark, or what the system says: one attribute, which the tokens read.
import { useEffect } from 'react'
import { useAppState } from './core.ts'
import { useWindow } from './window-state.ts'

export function useTheme(): void {
  const theme = useAppState()?.settings.theme
  const seen = useWindow((state) => state.theme)
  const set = useWindow((state) => state.set)
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme ?? seen
    if (theme && theme !== seen) set({ theme })
  }, [theme, seen, set])
}
