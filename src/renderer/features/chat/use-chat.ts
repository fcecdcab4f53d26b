// Follows one conversation: a snapshot, then changes, painted at most once a frame; what lies before and after the stretch
// that is held is read when the reader comes near.
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ChatEvent } from '../../../shared/chat.ts'
import type { Client } from '../../../shared/contract/index.ts'
import type { ConversationId, MessageId } from '../../../shared/ids.ts'
import { keys, useClient } from '../../app/core.ts'
import { type Failure, failureOf } from '../../app/failure.ts'
import { follow } from '../../app/transport.ts'
import { type ChatState, reduceChat, withPage } from './chat-state.ts'

export interface FollowedChat {
  /** Set when it cannot be read. */
  failure: Failure | null
  /** Reads the messages before or after those that are held; does nothing where there are none. */
  readMore(direction: 'before' | 'after'): void
  /** Shows the end of the chat again. */
  toLatest(): void
}

/**
 * Follows a chat, and draws nothing by itself: each part of the page reads what it shows with `useChatPart`.
 * @param id null for a chat that does not exist yet
 * @param target a message to begin with, wherever in the chat it stands
 */
export function useFollowedChat(id: ConversationId | null, target: MessageId | null): FollowedChat {
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
  return { failure, readMore, toLatest }
}

/** How a part of a chat is read: whoever reads it is told only when what `part` makes of the chat has changed. */
export function chatPart<Part>(id: ConversationId | null, part: (chat: ChatState) => Part) {
  return {
    queryKey: keys.chat(id ?? 'new'),
    queryFn: (): ChatState | null => null,
    enabled: false,
    staleTime: Infinity,
    gcTime: Infinity,
    select: (chat: ChatState | null) => chat && part(chat),
  }
}

/**
 * @param part the same function each time
 * @returns what it makes of the chat; undefined until the first snapshot
 */
export function useChatPart<Part>(id: ConversationId | null, part: (chat: ChatState) => Part): Part | undefined {
  const options = useMemo(() => chatPart(id, part), [id, part])
  return useQuery(options).data ?? undefined
}

/** @returns the chat as it is when it is asked for */
export function useReadChat(id: ConversationId | null): () => ChatState | undefined {
  const cache = useQueryClient()
  return useCallback(() => (id && cache.getQueryData<ChatState>(keys.chat(id))) || undefined, [cache, id])
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
