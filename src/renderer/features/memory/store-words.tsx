// Names, signs and sentences of stores. A store the window has no words for shows the title the core gives it.
import {
  BookOpen,
  Brain,
  Clapperboard,
  Folder,
  HeartPulse,
  House,
  Languages,
  Layers,
  Leaf,
  Lightbulb,
  List,
  ListTodo,
  type LucideIcon,
  MessagesSquare,
  PenLine,
  Plane,
  Scale,
  ScrollText,
  ShoppingCart,
  Star,
  ThumbsUp,
  User,
  Users,
  Wallet,
} from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoreIcon } from '../../../shared/custom-store.ts'
import type { StoreId } from '../../../shared/memory.ts'
import { useAppState } from '../../app/core.ts'

interface StoreWords {
  /** The store as a heading or filter: "Memories". */
  title(store: StoreId): string
  /** One item of it: "memory". */
  one(store: StoreId): string
  /** What it keeps, in a sentence; null of one the person made. */
  text(store: StoreId): string | null
  icon(store: StoreId): ReactNode
}

const ICONS = {
  user_profile: User,
  user_memory: Brain,
  session_context: MessagesSquare,
  entity_memory: Users,
  learned_knowledge: Lightbulb,
  decision_log: Scale,
  feedback: ThumbsUp,
  self_improvement: ScrollText,
  todos: ListTodo,
  writing_style: PenLine,
} satisfies Record<string, LucideIcon>

/** Signs a person can choose for a store. */
export const OWN_ICONS: Readonly<Record<StoreIcon, LucideIcon>> = {
  list: List,
  cart: ShoppingCart,
  book: BookOpen,
  film: Clapperboard,
  heart: HeartPulse,
  folder: Folder,
  star: Star,
  leaf: Leaf,
  home: House,
  plane: Plane,
  money: Wallet,
  letters: Languages,
}

function isKnown(store: StoreId): store is keyof typeof ICONS {
  return Object.hasOwn(ICONS, store)
}

export function useStoreWords(): StoreWords {
  const { t } = useTranslation()
  const stores = useAppState()?.learning.stores
  return useMemo(() => {
    const view = (store: StoreId) => stores?.find(({ id }) => id === store)
    const given = (store: StoreId) => view(store)?.title ?? store
    return {
      title: (store) => (isKnown(store) ? t(`stores.${store}.title`) : given(store)),
      one: (store) => (isKnown(store) ? t(`stores.${store}.one`) : given(store)),
      text: (store) => (isKnown(store) ? t(`stores.${store}.text`) : null),
      icon: (store) => {
        const own = view(store)?.icon
        const Icon = isKnown(store) ? ICONS[store] : own ? OWN_ICONS[own] : Layers
        return <Icon className="size-4" />
      },
    }
  }, [stores, t])
}
