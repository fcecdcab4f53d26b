// Follows one conversation: a snapshot, then changes, painted at most once a frame; what lies before and after the stretch
// that is held is read when the reader comes near.
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { ChatEvent } from '../../../shared/chat.ts'
import type { Client } from '../../../shared/contract/index.ts'
import type { ConversationId, MessageId } from '../../../shared/ids.ts'
import { keys, useClient } from '../../app/core.ts'
import { type Failure, failureOf } from '../../app/failure.ts'
import { follow } from '../../app/transport.ts'
import { type ChatState, reduceChat, withPage } from './chat-state.ts'

export interface FollowedChat {
  /** Undefined until the first snapshot. */
  chat: ChatState | undefined
  /** Set when it cannot be read. */
  failure: Failure | null
  /** Reads the messages before or after those that are held; does nothing where there are none. */
  readMore(direction: 'before' | 'after'): void
  /** Shows the end of the chat again. */
  toLatest(): void
}

/**
 * @param id null for a chat that does not exist yet
 * @param target a message to begin with, wherever in the chat it stands
 */
export function useChat(id: ConversationId | null, target: MessageId | null): FollowedChat {
  const client = useClient()
  const cache = useQueryClient()
  const [failure, setFailure] = useState<Failure | null>(null)
  // An object: going to the same place again begins anew.
  const [place, setPlace] = useState<{ around: MessageId | null }>({ around: target })
  const reading = useRef(false)
  useEffect(() => setPlace((now) => (now.around === target ? now : { around: target })), [target])
  useEffect(() => {
    if (!id) return
    setFailure(null)
    return followChat(client, cache, id, place.around, setFailure)
  }, [client, cache, id, place])
  useEffect(() => {
    // A chat that is not watched grows old; the next visit starts with a fresh snapshot.
    if (id) return () => cache.removeQueries({ queryKey: keys.chat(id) })
    return undefined
  }, [cache, id])
  const { data } = useQuery<ChatState | null>({
    queryKey: keys.chat(id ?? 'new'),
    queryFn: () => null,
    enabled: false,
    staleTime: Infinity,
    gcTime: Infinity,
  })

  const readMore = useCallback(
    (direction: 'before' | 'after') => {
      const state = id && cache.getQueryData<ChatState>(keys.chat(id))
      const end = state && (direction === 'before' ? state.messages[0] : state.messages.at(-1))
      const left = state && (direction === 'before' ? state.earlier : state.later)
      if (!end || !left || reading.current) return
      reading.current = true
      client.chat
        .page({ conversationId: id, messageId: end.id, direction })
        .then((page) => cache.setQueryData<ChatState>(keys.chat(id), (now) => now && withPage(now, page)))
        // The branch changed meanwhile: the stream brings what is shown now.
        .catch(() => {})
        .finally(() => {
          reading.current = false
        })
    },
    [client, cache, id],
  )
  const toLatest = useCallback(() => setPlace({ around: null }), [])
  return { chat: data ?? undefined, failure, readMore, toLatest }
}

function followChat(
  client: Client,
  cache: QueryClient,
  id: ConversationId,
  around: MessageId | null,
  setFailure: (failure: Failure | null) => void,
): () => void {
  let waiting: ChatEvent[] = []
  let frame = 0
  let stop = () => {}
  const start = () => {
    stop = follow(
      (signal) => client.chat.watch({ id, around }, { signal }),
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
