// A suggestion in words: what it is, why it is there, and what about it deserves a second look.
import { useTranslation } from 'react-i18next'
import type { Namespace } from '../../../shared/memory.ts'
import type { ProposalFlag, ProposalView } from '../../../shared/proposals.ts'
import { useScopeWords } from '../../app/scope-words.ts'
import { useStoreWords } from '../memory/store-words.tsx'

/** Reasons that have words; one of a newer version, or of a store, has none. */
const REASONS = [
  'mode-propose',
  'mode-ask',
  'uncertain',
  'by-hand',
  'imported',
  'corrected',
  'changed',
  'ended',
  'expired',
  'unused',
  'duplicate',
  'near-duplicate',
  'near-name',
  'two-kinds',
  'improved',
  'suggested',
] as const

interface ProposalWords {
  /** What would happen: "New memory". */
  title(proposal: ProposalView): string
  /** What the person says to it, as the words of buttons. */
  answers(proposal: ProposalView): { yes: string; no: string }
  /** Why it was suggested; null where nothing is known of that. */
  reason(proposal: ProposalView): string | null
  /** Who else would see it; null: nobody. */
  scope(namespace: Namespace): string | null
  flag(flag: ProposalFlag): string
}

export function useProposalWords(): ProposalWords {
  const { t } = useTranslation()
  const stores = useStoreWords()
  const scope = useScopeWords()
  return {
    title: ({ action, before, after, store, merges }) => {
      if (isSame({ merges })) return t('inbox.same')
      if (action === 'merge') return t('inbox.merge', { count: merges.length })
      if (action === 'link') return t('inbox.link')
      if (action === 'archive') return t('inbox.archive', { store: stores.one(store) })
      if (action === 'retire') return t('inbox.retire', { store: stores.one(store) })
      return before === null && action === 'add'
        ? t('inbox.add', { store: stores.one(store) })
        : t(after === null ? 'inbox.retire' : 'inbox.change', { store: stores.one(store) })
    },
    answers: ({ action, merges, gone }) => {
      if (gone) return { yes: t('ask.approve'), no: t('inbox.dismiss') }
      if (isSame({ merges })) return { yes: t('inbox.answer.same'), no: t('inbox.answer.different') }
      switch (action) {
        case 'merge':
          return { yes: t('inbox.answer.merge'), no: t('inbox.answer.keepAll', { count: merges.length }) }
        case 'retire':
          return { yes: t('inbox.answer.over'), no: t('inbox.answer.stillTrue') }
        case 'archive':
          return { yes: t('inbox.answer.archive'), no: t('inbox.answer.keep') }
        default:
          return { yes: t('ask.approve'), no: t('ask.decline') }
      }
    },
    reason: ({ reason, store }) => (isKnown(reason) ? t(`inbox.why.${reason}`, { store: stores.title(store) }) : null),
    scope,
    flag: (flag) => t(`inbox.flag.${flag}`),
  }
}

/** A question whether two names stand for one person or thing. */
function isSame({ merges: [first] }: Pick<ProposalView, 'merges'>): boolean {
  return first !== undefined && first.memoryId === null
}

function isKnown(reason: string): reason is (typeof REASONS)[number] {
  return (REASONS as readonly string[]).includes(reason)
}
