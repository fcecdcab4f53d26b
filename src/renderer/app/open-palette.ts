// The palette's place in the history of the window: whoever goes to a result comes back to the results.
import { useEffect } from 'react'
import { useWindow } from './window-state.ts'

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
