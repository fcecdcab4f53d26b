// An offer to learn a kind by itself, or to have it ask again. It says what would change; nothing is switched without a yes,
// and a no is the last word.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Sparkles } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppState } from '../../../shared/contract/app.ts'
import type { TrustOffer as Offer } from '../../../shared/proposals.ts'
import { keys, useClient } from '../../app/core.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { useWindow } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { useStoreWords } from '../memory/store-words.tsx'
import { afterPause } from './after-pause.ts'

export function TrustOffer() {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const stores = useStoreWords()
  const sayFailure = useSayFailure()
  const notify = useWindow((state) => state.notify)
  const [busy, setBusy] = useState(false)
  const { data } = useQuery({
    queryKey: [...keys.proposals, 'offer'],
    queryFn: async ({ signal }) => {
      await afterPause(signal)
      return client.proposals.offer({}, { signal })
    },
  })
  const offer = data?.offer
  if (!offer || (offer.to !== 'always' && offer.to !== 'propose')) return null
  const { to, count } = offer
  const answer = async ({ store }: Offer, accept: boolean) => {
    setBusy(true)
    try {
      const learning = await client.proposals.answerOffer({ store, to, accept })
      cache.setQueryData<AppState>(keys.app, (state) => state && { ...state, learning })
      notify({ text: t(accept ? 'inbox.offer.done' : 'inbox.offer.refused'), action: null })
    } catch (error) {
      sayFailure(error)
    }
    setBusy(false)
    void cache.invalidateQueries({ queryKey: keys.proposals })
  }
  return (
    <section
      aria-label={t('inbox.offer.label')}
      className="mt-4 flex flex-col gap-2 rounded-card border border-accent bg-accent-soft px-4 py-3 text-sm"
    >
      <h2 className="flex gap-2 text-sm font-medium">
        <Sparkles aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
        {t(`inbox.offer.${to}`, { store: stores.title(offer.store), count })}
      </h2>
      <p>{t(`inbox.offer.${to}Text`)}</p>
      <div className="flex flex-wrap gap-2">
        <Button disabled={busy} onClick={() => void answer(offer, true)}>
          {t(to === 'always' ? 'inbox.offer.yesAlways' : 'inbox.offer.yesPropose')}
        </Button>
        <Button kind="quiet" disabled={busy} onClick={() => void answer(offer, false)}>
          {t(to === 'always' ? 'inbox.offer.noAlways' : 'inbox.offer.noPropose')}
        </Button>
      </div>
    </section>
  )
}
