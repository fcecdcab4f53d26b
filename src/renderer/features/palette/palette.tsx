// One field for everything: go to, do, find. Commands and places answer at once, the core's finds follow at every key.
import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { useId, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FindResult } from '../../../shared/contract/search.ts'
import { hasFilters, parseFind, suggestFilters, withoutFilters } from '../../../shared/find-query.ts'
import { useAppState, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { rememberPalette } from '../../app/open-palette.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { useWindow } from '../../app/window-state.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Keys } from '../../ui/keys.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Entry, Group } from './entry.tsx'
import { FoundEntry } from './found-entry.tsx'
import { keyOf, useFind } from './use-find.ts'
import { findPlaces, type Place, usePlaces } from './use-places.ts'

const PLACES = { none: 6, typed: 5 }
/** Keys that go from row to row. */
const MOVES = new Set(['ArrowDown', 'ArrowUp', 'Home', 'End'])
const WIDEN = 'widen'
const KINDS = ['chat', 'message', 'memory', 'entity'] as const

export function Palette() {
  const { t } = useTranslation()
  const text = useWindow((state) => state.palette) ?? ''
  const set = useWindow((state) => state.set)
  const [chosen, setChosen] = useState('')
  /** Only the person's own moves choose a row; until then it is the first, whatever the searches bring. */
  const moved = useRef(false)
  const client = useClient()
  const listId = useId()
  const close = () => set({ palette: null })
  const change = (palette: string) => {
    set({ palette })
    moved.current = false
    setChosen('')
  }
  const places = usePlaces()
  const find = useFind(text)
  const shown = usePlacesFor(text, places)
  const suggestions = useSuggestions(text, places)
  const found = find.results.filter((result) => !isAmong(shown, result))
  const groups = groupsOf(found)
  const rows = [
    ...suggestions.map((each) => keyOfFilter(each.text)),
    ...shown.map(({ key }) => key),
    ...groups.flatMap(({ results }) => results.map(keyOf)),
  ]
  const count = suggestions.length + shown.length + found.length

  /** Closes first, so that the focus is back before something takes it. */
  const leave = (run: () => unknown) => {
    close()
    requestAnimationFrame(run)
  }
  const go = (place: Place) => {
    if (place.kind !== 'command' && text.trim() !== '') rememberPalette(text)
    leave(place.run)
  }
  const open = (result: FindResult) => {
    rememberPalette(text)
    leave(async () => {
      // It may stand on a branch that is not shown. Where it is gone, the page says so.
      if (result.kind === 'message')
        await client.chat
          .showBranch({ conversationId: result.conversationId, messageId: result.messageId })
          .catch(() => {})
      set({ found: result.kind === 'message' ? { message: result.messageId, words: text } : null })
      navigate(hrefOf(result))
    })
  }
  return (
    <Dialog title={t('palette.title')} shape="palette" onClose={close}>
      <Command
        label={t('palette.title')}
        shouldFilter={false}
        loop
        vimBindings={false}
        value={rows.includes(chosen) ? chosen : (rows[0] ?? WIDEN)}
        onValueChange={(value) => moved.current && setChosen(value)}
        onKeyDownCapture={({ key }) => {
          if (MOVES.has(key)) moved.current = true
        }}
        onPointerMoveCapture={() => {
          moved.current = true
        }}
      >
        <div className="flex items-center gap-2.5 border-b border-line px-4">
          <Search className="size-4 text-dim" />
          <Command.Input
            data-first-focus
            value={text}
            onValueChange={change}
            maxLength={500}
            placeholder={t('palette.placeholder')}
            aria-describedby={listId}
            className="h-13 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-dim"
          />
          <Keys>{t('palette.escape')}</Keys>
        </div>
        <Command.List
          label={t('palette.results')}
          className="max-h-[min(26rem,60dvh)] scroll-py-2 overflow-y-auto overscroll-contain p-2"
        >
          {suggestions.length > 0 && (
            <Group heading={t('palette.group.filter')}>
              {suggestions.map((each) => (
                <Entry
                  key={each.text}
                  value={keyOfFilter(each.text)}
                  label={each.filter}
                  kind="filter"
                  onSelect={() => change(each.text)}
                />
              ))}
            </Group>
          )}
          {shown.length > 0 && (
            <Group heading={text.trim() === '' ? t('palette.group.start') : t('palette.group.go')}>
              {shown.map((place) => (
                <Entry
                  key={place.key}
                  value={place.key}
                  label={place.label}
                  kind={place.kind}
                  hint={place.hint}
                  about={place.kind === 'command' || place.kind === 'chat' ? null : t(`palette.about.${place.kind}`)}
                  onSelect={() => go(place)}
                />
              ))}
            </Group>
          )}
          {groups.map(({ name, results }) => (
            <Group key={name} heading={t(`palette.group.${name}`)}>
              {results.map((result) => (
                <FoundEntry key={keyOf(result)} result={result} onSelect={() => open(result)} />
              ))}
            </Group>
          ))}
          {find.complete && find.results.length === 0 && text.trim() !== '' && (
            <Nothing text={text} meaning={find.meaning} error={find.error} onWiden={change} />
          )}
        </Command.List>
        <p id={listId} className="border-t border-line px-4 py-2 text-xs text-dim">
          {t('palette.hint')}
        </p>
      </Command>
      <Count count={count} complete={find.complete && text.trim() !== ''} />
    </Dialog>
  )
}

/** Said once the results stand, not at every key. */
function Count({ count, complete }: { count: number; complete: boolean }) {
  const { t } = useTranslation()
  return (
    <p role="status" className="sr-only">
      {complete ? t('palette.count', { count }) : ''}
    </p>
  )
}

interface NothingProps {
  text: string
  meaning: boolean
  error: unknown
  onWiden(text: string): void
}

/** Says what was searched, and offers to search in more. */
function Nothing({ text, meaning, error, onWiden }: NothingProps) {
  const { t } = useTranslation()
  const query = parseFind(text, new Date())
  const wider = withoutFilters(text)
  if (error) {
    return <Problem className="px-3 py-4" text={failureWords(t, failureOf(error))} />
  }
  return (
    <>
      <div className="flex flex-col gap-1 px-3 py-4 text-sm">
        <p className="font-medium">{t('palette.nothing', { query: text.trim() })}</p>
        <p className="text-dim">
          {hasFilters(query) ? t('palette.searchedFiltered') : t('palette.searched')}{' '}
          {query.phrases.length > 0 ? t('palette.exactly') : meaning ? t('palette.bothWays') : t('palette.wordsOnly')}
        </p>
        {query.unknown.length > 0 && (
          <p className="text-dim">{t('palette.unknown', { filters: query.unknown.join(' ') })}</p>
        )}
      </div>
      {hasFilters(query) && wider !== '' && (
        <Entry
          value={WIDEN}
          label={t('palette.widen', { query: wider })}
          kind="filter"
          onSelect={() => onWiden(wider)}
        />
      )}
    </>
  )
}

/** Before anything is typed: what one most often wants. */
function usePlacesFor(text: string, places: readonly Place[]): Place[] {
  return useMemo(() => {
    if (text.trim() !== '') return findPlaces(places, text).slice(0, PLACES.typed)
    const chats = places.filter(({ kind }) => kind === 'chat').slice(0, PLACES.none)
    return [...chats, ...places.filter(({ kind }) => kind === 'command')]
  }, [text, places])
}

function useSuggestions(text: string, places: readonly Place[]) {
  const stores = useAppState()?.learning.stores
  return useMemo(() => {
    const chats = places.flatMap(({ kind, label }) => (kind === 'chat' ? label : []))
    return suggestFilters(text, { in: chats, store: stores?.map(({ title }) => title) ?? [] })
  }, [text, places, stores])
}

/** A chat that stands among the places is not shown twice. */
function isAmong(places: readonly Place[], result: FindResult): boolean {
  return result.kind === 'chat' && places.some(({ key }) => key === `chat ${result.conversationId}`)
}

/** Rows are known without the spaces around their names. */
function keyOfFilter(text: string): string {
  return `filter ${text.trim()}`
}

type GroupName = (typeof KINDS)[number] | 'close'

function groupsOf(results: readonly FindResult[]): { name: GroupName; results: FindResult[] }[] {
  const isClose = (result: FindResult) => 'by' in result && result.by !== 'words'
  const groups: { name: GroupName; results: FindResult[] }[] = KINDS.map((kind) => ({
    name: kind,
    results: results.filter((result) => result.kind === kind && !isClose(result)),
  }))
  groups.push({ name: 'close', results: results.filter(isClose) })
  return groups.filter((group) => group.results.length > 0)
}

function hrefOf(result: FindResult): string {
  switch (result.kind) {
    case 'chat':
      return hrefs.chat(result.conversationId)
    case 'message':
      return hrefs.message(result.conversationId, result.messageId, result.mark)
    case 'memory':
      return hrefs.memory(result.memoryId)
    case 'entity':
      return hrefs.entity(result.entityId)
  }
}
