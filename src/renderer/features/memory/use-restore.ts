// Bringing an earlier state back, with a way to take that back.
import { useTranslation } from 'react-i18next'
import type { Inputs } from '../../../shared/contract/index.ts'
import { useClient } from '../../app/core.ts'
import { formatNumber } from '../../app/format.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { useWindow } from '../../app/window-state.ts'

/** @returns a function that restores and says so; it resolves to false when nothing was restored */
export function useRestore(): (request: Inputs['memory']['restore']) => Promise<boolean> {
  const { t } = useTranslation()
  const client = useClient()
  const notify = useWindow((state) => state.notify)
  const sayFailure = useSayFailure()
  return async (request) => {
    try {
      const { batchId, count } = await client.memory.restore(request)
      notify({
        text: t('restore.done', { count, number: formatNumber(count) }),
        action: {
          label: t('action.undo'),
          run: () =>
            void client.memory
              .undo({ batchId })
              .then(() => notify({ text: t('status.undone'), action: null }), sayFailure),
        },
      })
      return true
    } catch (error) {
      sayFailure(error)
      return false
    }
  }
}
