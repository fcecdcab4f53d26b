// The colours of a piece of code, from the worker; kept a while, so that code scrolled back into view has them at once.
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { startWorker } from '../../../app/workers.ts'
import workerAddress from './highlight-worker.ts?worker&url'
import { createHighlighter, type Highlighter } from './highlighter.ts'
import type { LanguageId } from './languages.ts'
import { HIGHLIGHT_MAX } from './limits.ts'
import type { CodeLine } from './tokens.ts'

const KEPT_MS = 10 * 60_000

/** @returns null as long as the code has no colours: it grows, is too long, or is in a language that has none */
export function useHighlight(language: LanguageId | null, code: string, growing: boolean): CodeLine[] | null {
  const cache = useQueryClient()
  const wanted = language !== null && !growing && isColourable(code)
  const { data } = useQuery({
    queryKey: ['code', language, wanted ? code : ''],
    queryFn: () => (language === null ? null : highlighterOf(cache).highlight(language, code)),
    enabled: wanted,
    staleTime: Infinity,
    gcTime: KEPT_MS,
  })
  // A long block is drawn in pieces, between which the page takes input.
  return useDeferredValue(wanted ? (data ?? null) : null)
}

function isColourable(code: string): boolean {
  if (code.length > HIGHLIGHT_MAX.characters) return false
  let lines = 1
  for (let at = code.indexOf('\n'); at >= 0 && lines <= HIGHLIGHT_MAX.lines; at = code.indexOf('\n', at + 1)) lines++
  return lines <= HIGHLIGHT_MAX.lines
}

/** One for the whole window, made when code is first seen. */
function highlighterOf(cache: QueryClient): Highlighter {
  const key = ['highlighter']
  const known = cache.getQueryData<Highlighter>(key)
  if (known) return known
  cache.setQueryDefaults(key, { gcTime: Infinity, staleTime: Infinity })
  const made = createHighlighter(() => startWorker(workerAddress))
  cache.setQueryData(key, made)
  return made
}
