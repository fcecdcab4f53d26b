// Follows one conversation: a snapshot, then changes, painted at most once a frame.
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ChatEvent } from '../../../shared/chat.ts'
import type { Client } from '../../../shared/contract/index.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { keys, useClient } from '../../app/core.ts'
import { type Failure, failureOf } from '../../app/failure.ts'
import { follow } from '../../app/transport.ts'
import { type ChatState, reduceChat } from './chat-state.ts'

/**
 * @param id null for a chat that does not exist yet
 * @returns `chat` undefined until the first snapshot; `failure` when it cannot be read
 */
export function useChat(id: ConversationId | null): { chat: ChatState | undefined; failure: Failure | null } {
  const client = useClient()
  const cache = useQueryClient()
  const [failure, setFailure] = useState<Failure | null>(null)
  useEffect(() => {
    if (!id) return
    setFailure(null)
    const stop = followChat(client, cache, id, setFailure)
    return () => {
      stop()
      // A chat that is not watched grows old; the next visit starts with a fresh snapshot.
      cache.removeQueries({ queryKey: keys.chat(id) })
    }
  }, [client, cache, id])
  const { data } = useQuery<ChatState | null>({
    queryKey: keys.chat(id ?? 'new'),
    queryFn: () => null,
    enabled: false,
    staleTime: Infinity,
    gcTime: Infinity,
  })
  return { chat: data ?? undefined, failure }
}

function followChat(
  client: Client,
  cache: QueryClient,
  id: ConversationId,
  setFailure: (failure: Failure | null) => void,
): () => void {
  let waiting: ChatEvent[] = []
  let frame = 0
  let stop = () => {}
  const start = () => {
    stop = follow(
      (signal) => client.chat.watch({ id }, { signal }),
      (event) => {
        waiting.push(event)
        // A hidden window gets no frames, but its data must not grow old.
        if (document.hidden) apply()
        else frame ||= requestAnimationFrame(apply)
      },
      (error) => {
        const failure = failureOf(error)
        // A lost connection has its own banner and mends itself; a missing chat does not come back.
        if (failure.code === 'OFFLINE') return
        setFailure(failure)
        if (failure.code === 'NOT_FOUND') stop()
      },
    )
  }
  const apply = () => {
    cancelAnimationFrame(frame)
    frame = 0
    const events = waiting
    waiting = []
    let state = cache.getQueryData<ChatState>(keys.chat(id)) ?? null
    for (const event of events) {
      const reduced = reduceChat(state, event)
      state = reduced.state
      if (reduced.gap) {
        stop()
        start()
        break
      }
    }
    if (state) {
      setFailure(null)
      cache.setQueryData(keys.chat(id), state)
    }
  }
  start()
  return () => {
    stop()
    cancelAnimationFrame(frame)
  }
}
