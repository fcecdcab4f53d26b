// What every part of the window may reach: the client, the data read through it, the window's own state, the texts.
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { i18n } from 'i18next'
import { type ReactNode, useState } from 'react'
import { I18nextProvider } from 'react-i18next'
import { createUploads, UploadsContext } from '../features/attachments/uploads.ts'
import { ConnectionContext } from './connection.tsx'
import { ClientContext } from './core.ts'
import { failureOf } from './failure.ts'
import type { Connection } from './transport.ts'
import { CommandCenter, CommandContext } from './use-command.ts'
import { type WindowStore, WindowStoreContext } from './window-state.ts'

interface ProvidersProps {
  connection: Connection
  windowStore: WindowStore
  translator: i18n
  cache: QueryClient
  children: ReactNode
}

export function Providers({ connection, windowStore, translator, cache, children }: ProvidersProps) {
  const [uploads] = useState(createUploads)
  const [commands] = useState(() => new CommandCenter())
  return (
    <I18nextProvider i18n={translator}>
      <WindowStoreContext value={windowStore}>
        <ConnectionContext value={connection}>
          <ClientContext value={connection.client}>
            <QueryClientProvider client={cache}>
              <UploadsContext value={uploads}>
                <CommandContext value={commands}>{children}</CommandContext>
              </UploadsContext>
            </QueryClientProvider>
          </ClientContext>
        </ConnectionContext>
      </WindowStoreContext>
    </I18nextProvider>
  )
}

/** Data stays fresh until an event of the core says otherwise; only a lost connection is tried again by itself. */
export function createCache(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        networkMode: 'always',
        retry: (failures, error) => failureOf(error).code === 'OFFLINE' && failures < 3,
      },
      mutations: { networkMode: 'always' },
    },
  })
}
