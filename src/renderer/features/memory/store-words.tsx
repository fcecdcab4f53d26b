// Names and icons of stores. A store the window has no words for shows the title the core gives it.
import { Brain, Layers, User } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoreId } from '../../../shared/memory.ts'
import { useAppState } from '../../app/core.ts'

interface StoreWords {
  /** The store as a heading or filter: "Memories". */
  title(store: StoreId): string
  /** One item of it: "memory". */
  one(store: StoreId): string
  icon(store: StoreId): ReactNode
}

export function useStoreWords(): StoreWords {
  const { t } = useTranslation()
  const stores = useAppState()?.learning.stores
  return useMemo(() => {
    const known = (store: StoreId) => (store === 'user_profile' || store === 'user_memory' ? store : null)
    const given = (store: StoreId) => stores?.find((view) => view.id === store)?.title ?? store
    return {
      title: (store) => (known(store) ? t(`stores.${known(store) ?? 'user_memory'}.title`) : given(store)),
      one: (store) => (known(store) ? t(`stores.${known(store) ?? 'user_memory'}.one`) : given(store)),
      icon: (store) => {
        const Icon = store === 'user_profile' ? User : store === 'user_memory' ? Brain : Layers
        return <Icon className="size-4" />
      },
    }
  }, [stores, t])
}
