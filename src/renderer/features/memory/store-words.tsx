// Names and icons of stores. A store the window has no words for shows the title the core gives it.
import { Brain, Layers, type LucideIcon, User, Users } from 'lucide-react'
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

const ICONS = { user_profile: User, user_memory: Brain, entity_memory: Users } satisfies Record<string, LucideIcon>

function isKnown(store: StoreId): store is keyof typeof ICONS {
  return Object.hasOwn(ICONS, store)
}

export function useStoreWords(): StoreWords {
  const { t } = useTranslation()
  const stores = useAppState()?.learning.stores
  return useMemo(() => {
    const given = (store: StoreId) => stores?.find((view) => view.id === store)?.title ?? store
    return {
      title: (store) => (isKnown(store) ? t(`stores.${store}.title`) : given(store)),
      one: (store) => (isKnown(store) ? t(`stores.${store}.one`) : given(store)),
      icon: (store) => {
        const Icon = isKnown(store) ? ICONS[store] : Layers
        return <Icon className="size-4" />
      },
    }
  }, [stores, t])
}
