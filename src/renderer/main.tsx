// Starts the window: one connection, one cache, one window state, handed to everything below.
import './app/no-eval.ts'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { showAppearance } from './app/appearance.ts'
import { Frame } from './app/frame.tsx'
import { createTranslator } from './app/i18n.ts'
import { createCache, Providers } from './app/providers.tsx'
import { createConnection } from './app/transport.ts'
import { createWindowState } from './app/window-state.ts'
import { lastProfile, storageKey } from './app/window-storage.ts'
import './ui/base.css'
import './features/chat/markdown/markdown.css'

const root = document.getElementById('root')
if (!root) throw new Error('The page has no root element.')

const windowStore = createWindowState(localStorage, storageKey(lastProfile(localStorage)))
// Before the first paint, so that a dark window does not start with a flash of light.
showAppearance(windowStore.getState().appearance)

createRoot(root).render(
  <StrictMode>
    <Providers
      connection={createConnection()}
      windowStore={windowStore}
      translator={createTranslator()}
      cache={createCache()}
    >
      <Frame />
    </Providers>
  </StrictMode>,
)
