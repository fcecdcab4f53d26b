// Something the search found: what it says, with the words marked, where it stands, and in which state.
import { Command } from 'cmdk'
import { Brain, MessageSquare, Pin, User, Users } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { FindResult, Stretch } from '../../../shared/contract/search.ts'
import { fullWhen, shortWhen } from '../../app/format.ts'
import { useTitleWords } from '../../app/title-words.ts'
import { MarkedText } from '../../ui/marked-text.tsx'
import { useStoreWords } from '../memory/store-words.tsx'
import { ROW } from './entry.tsx'
import { keyOf } from './use-find.ts'

export function FoundEntry({ result, onSelect }: { result: FindResult; onSelect(): void }) {
  return (
    <Command.Item value={keyOf(result)} onSelect={onSelect} className={ROW}>
      <span className="mt-0.5 text-dim">
        <Icon result={result} />
      </span>
      <span className="min-w-0 flex-1">
        <Words result={result} />
        <Facts result={result} />
      </span>
      {'at' in result && (
        <time
          dateTime={result.at.toISOString()}
          title={fullWhen(result.at)}
          className="shrink-0 text-xs leading-5 text-dim"
        >
          {shortWhen(result.at, new Date())}
        </time>
      )}
    </Command.Item>
  )
}

function Icon({ result }: { result: FindResult }) {
  switch (result.kind) {
    case 'chat':
      return <MessageSquare className="size-4" />
    case 'message':
      return result.role === 'user' ? <User className="size-4" /> : <MessageSquare className="size-4" />
    case 'memory':
      return <Brain className="size-4" />
    case 'entity':
      return <Users className="size-4" />
  }
}

function Words({ result }: { result: FindResult }) {
  const title = useTitleWords()
  switch (result.kind) {
    case 'chat': {
      const shown = title(result.title)
      // The marks are those of the title as it is stored.
      return <Marked text={shown} marks={shown === result.title ? result.marks : []} lines="line-clamp-1" />
    }
    case 'entity':
      return <Marked text={result.name} marks={[]} lines="line-clamp-1" />
    default:
      return <Marked text={result.snippet} marks={result.marks} lines="line-clamp-2" />
  }
}

function Facts({ result }: { result: FindResult }) {
  const { t } = useTranslation()
  const title = useTitleWords()
  const stores = useStoreWords()
  const facts: string[] = []
  if (result.kind === 'message') {
    facts.push(result.role === 'user' ? t('palette.you') : t('palette.answer'), title(result.title))
  }
  if (result.kind === 'memory') {
    facts.push(stores.one(result.store))
    if (result.status !== 'active') facts.push(t(`memoryStatus.${result.status}`))
  }
  if (result.kind === 'entity') facts.push(t(`entityType.${result.type}`))
  if ('archived' in result && result.archived) facts.push(t('palette.archived'))
  const pinned = 'pinned' in result && result.pinned
  if (facts.length === 0 && !pinned) return null
  return (
    <span className="flex items-center gap-1.5 text-xs text-dim">
      {pinned && <Pin className="size-3" aria-label={t('memory.pinned')} />}
      <span dir="auto" className="truncate">
        {facts.join(' · ')}
      </span>
    </span>
  )
}

function Marked({ text, marks, lines }: { text: string; marks: readonly Stretch[]; lines: string }) {
  let at = 0
  const pieces: { text: string; marked: boolean; from: number }[] = []
  for (const { start, end } of marks) {
    if (start > at) pieces.push({ text: text.slice(at, start), marked: false, from: at })
    pieces.push({ text: text.slice(start, end), marked: true, from: start })
    at = end
  }
  pieces.push({ text: text.slice(at), marked: false, from: at })
  return (
    <span dir="auto" className={`${lines} [overflow-wrap:anywhere]`}>
      {pieces.map((piece) =>
        piece.marked ? (
          <mark key={piece.from}>
            <MarkedText text={piece.text} />
          </mark>
        ) : (
          <MarkedText key={piece.from} text={piece.text} />
        ),
      )}
    </span>
  )
}
