// What the core finds for what is typed: by words at every key, by meaning when the typing rests. A search that nobody waits
// for any more is cancelled.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { FindResult } from '../../../shared/contract/search.ts'
import { isEmptyFind, parseFind } from '../../../shared/find-query.ts'
import { useClient } from '../../app/core.ts'

const TYPING_PAUSE_MS = 250

interface Finds {
  /** By words, then what is close in meaning. */
  results: FindResult[]
  /** Both searches of the text as it stands have ended. */
  complete: boolean
  /** Meaning could be searched. */
  meaning: boolean
  error: unknown
}

export function useFind(text: string): Finds {
  const client = useClient()
  const rested = useRested(text)
  const empty = isEmptyFind(parseFind(text, new Date()))
  const words = useQuery({
    queryKey: ['find', 'words', text],
    queryFn: ({ signal }) => client.search.find({ query: text, wave: 'words' }, { signal }),
    enabled: !empty,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 60_000,
  })
  const meaning = useQuery({
    queryKey: ['find', 'meaning', rested],
    queryFn: ({ signal }) => client.search.find({ query: rested, wave: 'meaning' }, { signal }),
    enabled: !empty && rested === text,
    staleTime: 0,
    gcTime: 60_000,
  })
  const found = empty ? [] : (words.data?.results ?? [])
  const known = new Set(found.map(keyOf))
  const close = rested === text && !empty ? (meaning.data?.results ?? []) : []
  return {
    results: [...found, ...close.filter((result) => !known.has(keyOf(result)))],
    complete: empty || (rested === text && !words.isFetching && !meaning.isFetching),
    meaning: meaning.data?.meaning ?? true,
    error: words.error,
  }
}

/** One name for each thing that is found. */
export function keyOf(result: FindResult): string {
  switch (result.kind) {
    case 'chat':
      return `chat ${result.conversationId}`
    case 'message':
      return `message ${result.messageId}`
    case 'memory':
      return `memory ${result.memoryId}`
    case 'entity':
      return `entity ${result.entityId}`
  }
}

function useRested(text: string): string {
  const [rested, setRested] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return rested
}
