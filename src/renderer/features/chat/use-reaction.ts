// What the person makes of an answer, told to whatever learns from it.
import { useTranslation } from 'react-i18next'
import type { Inputs } from '../../../shared/contract/index.ts'
import { useAppState, useClient } from '../../app/core.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { useUndo } from '../../app/use-undo.ts'
import { useWindow } from '../../app/window-state.ts'
import { useIsIncognito } from './incognito-context.ts'

/** Reactions are kept by this store; while it is off there is nobody to tell. */
const FEEDBACK = 'feedback'

/** @returns null while nothing learns from reactions */
export function useReaction(): ((reaction: Inputs['learning']['react']) => Promise<void>) | null {
  const { t } = useTranslation()
  const client = useClient()
  const undo = useUndo()
  const notify = useWindow((state) => state.notify)
  const sayFailure = useSayFailure()
  const learning = useAppState()?.learning
  const mode = learning?.stores.find(({ id }) => id === FEEDBACK)?.mode ?? 'off'
  const incognito = useIsIncognito()
  if (incognito || !learning?.enabled || mode === 'off') return null
  return async (reaction) => {
    try {
      const { batchId } = await client.learning.react(reaction)
      const action = batchId === null ? null : { label: t('action.undo'), run: () => undo(batchId) }
      notify({ text: t(batchId === null ? 'reaction.nothing' : 'reaction.kept'), action })
    } catch (error) {
      sayFailure(error)
    }
  }
}
