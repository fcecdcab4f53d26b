// Whether what is shown belongs to an incognito chat: what only makes sense where something is kept is not offered there.
import { createContext, use } from 'react'

export const IncognitoContext = createContext(false)

export function useIsIncognito(): boolean {
  return use(IncognitoContext)
}
