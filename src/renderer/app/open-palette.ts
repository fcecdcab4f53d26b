// The way into the palette: keys typed before it stands, and its place in the history of the window, so that whoever goes to
// a result comes back to the results.
import { useEffect } from 'react'
import { useWindow, useWindowStore } from './window-state.ts'

interface PaletteState {
  palette: string
}

/** Notes in the place one leaves what was typed, so that "back" opens the palette with it again. */
export function rememberPalette(query: string): void {
  history.replaceState({ palette: query } satisfies PaletteState, '')
}

export function usePaletteOnTheWayBack(): void {
  const set = useWindow((state) => state.set)
  useEffect(() => {
    const onPop = ({ state }: PopStateEvent) => {
      if (!isPaletteState(state)) return
      // Once: going on from there and back again leads to the place itself.
      history.replaceState(null, '')
      set({ palette: state.palette })
    }
    window.addEventListener('popstate', onPop)
    return () => window.removeEventListener('popstate', onPop)
  }, [set])
}

function isPaletteState(state: unknown): state is PaletteState {
  return typeof state === 'object' && state !== null && 'palette' in state && typeof state.palette === 'string'
}

/** Whoever types at once after opening the palette loses no letter while it is still being loaded. */
export function useFirstKeys(): void {
  const store = useWindowStore()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { palette, set } = store.getState()
      if (palette === null || document.querySelector('[data-palette]')) return
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || [...event.key].length !== 1) return
      event.preventDefault()
      set({ palette: palette + event.key })
    }
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [store])
}
