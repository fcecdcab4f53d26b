// A memory among what shaped an answer.
import { useTranslation } from 'react-i18next'
import type { MessageId } from '../../../shared/ids.ts'
import type { UsedMemory } from '../../../shared/memory.ts'
import { ago, formatNumber } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { useStoreWords } from '../memory/store-words.tsx'
import { useForget } from '../memory/use-forget.ts'
import { useReaction } from './use-reaction.ts'
import { useReason } from './use-reason.ts'
import { UsedLine } from './used-line.tsx'

export function UsedMemoryItem({ answer, item }: { answer: MessageId; item: UsedMemory }) {
  const { t } = useTranslation()
  const stores = useStoreWords()
  const forget = useForget()
  const react = useReaction()
  // What somebody else shares is theirs to change.
  const memoryId = item.sharedBy === null ? item.memoryId : null
  const facts = [
    stores.one(item.store),
    useReason(item),
    ...(item.sharedBy ? [t('used.sharedBy', { name: item.sharedBy })] : []),
    ...(item.learnedAt ? [t('used.learned', { ago: ago(item.learnedAt, new Date()) })] : []),
    t('used.tokens', { count: item.tokens, tokens: formatNumber(item.tokens) }),
  ]
  return (
    <UsedLine
      icon={stores.icon(item.store)}
      text={item.text}
      gone={t('used.forgotten')}
      facts={facts}
      link={memoryId && { href: hrefs.memory(memoryId), label: t('used.why') }}
    >
      {memoryId && react && (
        <Button
          kind="quiet"
          size="small"
          onClick={() => void react({ answerId: answer, signal: 'irrelevant', memoryId })}
        >
          {t('used.irrelevant')}
        </Button>
      )}
      {memoryId && (
        <Button kind="quiet" size="small" onClick={() => forget({ ids: [memoryId] })}>
          {t('used.forget')}
        </Button>
      )}
    </UsedLine>
  )
}
