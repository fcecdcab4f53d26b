// Forgetting: at once for every prompt and list, and for a while it can be taken back.
import { useTranslation } from 'react-i18next'
import type { MemoryId } from '../../../shared/ids.ts'
import { useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { clockTime } from '../../app/format.ts'
import { useWindow } from '../../app/window-state.ts'

/** @returns a function that forgets one item and says so; it resolves to false when nothing was forgotten */
export function useForget(): (id: MemoryId) => Promise<boolean> {
  const { t } = useTranslation()
  const client = useClient()
  const notify = useWindow((state) => state.notify)
  return async (id) => {
    const say = (error: unknown) => notify({ text: failureWords(t, failureOf(error)), action: null })
    try {
      const { batchId, finalAt } = await client.memory.forget({ ids: [id] })
      notify({
        text: t('forget.done', { time: clockTime(finalAt) }),
        duration: finalAt.getTime() - Date.now(),
        action: {
          label: t('action.undo'),
          run: () =>
            void client.memory.undo({ batchId }).then(() => notify({ text: t('forget.back'), action: null }), say),
        },
      })
      return true
    } catch (error) {
      say(error)
      return false
    }
  }
}
