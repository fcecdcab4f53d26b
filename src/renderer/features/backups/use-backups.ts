// The backups of the profile, and words for them.
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { BackupView, KindCounts } from '../../../shared/contract/backups.ts'
import { keys, useClient } from '../../app/core.ts'
import { failureOf } from '../../app/failure.ts'
import { formatList, formatNumber, fullWhen } from '../../app/format.ts'

export function useBackups() {
  const client = useClient()
  return useQuery({ queryKey: keys.backups, queryFn: ({ signal }) => client.backups.view({}, { signal }) })
}

/** Kinds that mean something to a person, in the order they are told. */
export const TOLD_KINDS = [
  'conversation',
  'message',
  'memory',
  'entity',
  'document',
  'project',
  'proposal',
  'journal',
] as const

export function useBackupWords() {
  const { t } = useTranslation()
  return {
    /** When it was made. */
    when: ({ name, about }: BackupView) => (about ? fullWhen(about.at) : name),
    why({ about }: BackupView): string {
      if (!about) return t('backups.reason.before-migration')
      return t(`backups.reason.${about.generation ?? about.reason}`)
    },
    /** "3 chats, 12 messages, 4 memories"; that it is empty where it is. */
    holds(counts: KindCounts): string {
      const of = (kind: string) => Object.values(counts[kind] ?? {}).reduce((sum, n) => sum + n, 0)
      const parts = (['conversation', 'message', 'memory'] as const).flatMap((kind) =>
        of(kind) > 0 ? [t(`backups.count.${kind}`, { count: of(kind), number: formatNumber(of(kind)) })] : [],
      )
      return parts.length > 0 ? formatList(parts) : t('backups.holdsNothing')
    },
  }
}

/** What closes the profile: that the line ends with it is no failure. */
export async function untilClosed(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (failureOf(error).code !== 'OFFLINE') throw error
  }
}
