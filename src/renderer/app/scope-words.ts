// Who sees an item, in words.
import { useTranslation } from 'react-i18next'
import type { Namespace } from '../../shared/memory.ts'

/** @returns a function that says with whom something is shared; null where it is the person's alone */
export function useScopeWords(): (namespace: Namespace) => string | null {
  const { t } = useTranslation()
  return (namespace) => {
    if (namespace === 'user') return null
    if (namespace === 'global') return t('scope.everyone')
    return t('scope.team', { team: namespace.slice('team:'.length) })
  }
}
