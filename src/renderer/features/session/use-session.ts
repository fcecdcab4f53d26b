// The thread of the open chat, and what a person may do to it. Lines are memories: each act can be taken back like any other.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Inputs, Outputs } from '../../../shared/contract/index.ts'
import type { SessionItem } from '../../../shared/contract/session.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { keys, useClient } from '../../app/core.ts'
import { useSayDone } from '../../app/use-say-done.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'

export type Session = Outputs['session']['get']
export type LineKind = Inputs['session']['add']['kind']

const keyOf = (conversationId: ConversationId) => [...keys.memories, 'session', conversationId]

export function useSession(conversationId: ConversationId) {
  const client = useClient()
  return useQuery({
    // A turn that was learned from changes memories, which makes this fresh too.
    queryKey: keyOf(conversationId),
    queryFn: ({ signal }) => client.session.get({ conversationId }, { signal }),
  })
}

export function useSessionActs(conversationId: ConversationId) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const say = useSayDone()
  const sayFailure = useSayFailure()
  const key = keyOf(conversationId)
  const fresh = () => cache.invalidateQueries({ queryKey: key })
  return {
    /** @throws what the core says of it, so that what was typed stays */
    async add(kind: LineKind, text: string) {
      await client.session.add({ conversationId, kind, text })
      await fresh()
    },
    check: ({ memory }: SessionItem, done: boolean) =>
      client.session.check({ id: memory.id, version: memory.version, done }).catch(sayFailure).then(fresh),
    keepThread: () => client.learning.setMode({ store: 'session_context', mode: 'always' }).then(fresh, sayFailure),
    remove: ({ memory }: SessionItem) =>
      client.memory.changeMany({ ids: [memory.id], act: 'archive' }).then(({ batchId }) => {
        say(t('session.removed'), batchId)
        return fresh()
      }, sayFailure),
  }
}
