// What a person types to find something: words, "exact phrases" and filter words such as `from:me`. Read by the core, which
// searches, and by the window, which suggests how a filter may go on.

export const FILTERS = ['in', 'store', 'from', 'before', 'after', 'is'] as const
export type FilterName = (typeof FILTERS)[number]

/** Values a filter word knows by name. Those of `in` and `store` are the person's own. */
export const FILTER_VALUES = {
  from: ['me', 'assistant'],
  is: ['pinned', 'archived'],
  before: ['today', 'yesterday', 'week', 'month', 'year'],
  after: ['today', 'yesterday', 'week', 'month', 'year'],
} as const

export interface FindQuery {
  /** Words to find, as typed. */
  words: string[]
  /** The last of the words may not be complete: nothing but filters was typed after it. */
  typing: boolean
  /** Phrases that must stand in a text word for word. */
  phrases: string[]
  /** The last phrase was not closed: its last word may go on. */
  open: boolean
  /** Part of a chat's title. */
  in: string | null
  /** Part of a store's name or its id. */
  store: string | null
  from: 'me' | 'assistant' | null
  /** Earlier than this time. */
  before: Date | null
  /** At this time or later. */
  after: Date | null
  pinned: boolean
  archived: boolean
  /** Filters whose value means nothing, as typed: they narrow nothing down, and the person is told. */
  unknown: string[]
}

interface Token {
  kind: 'word' | 'phrase' | 'filter'
  start: number
  end: number
  name?: FilterName
  value: string
}

const QUOTES = '"“”„«»'
const TOKEN = new RegExp(
  `(?<![^\\s])(?<name>${FILTERS.join('|')}):(?:[${QUOTES}](?<quoted>[^${QUOTES}]*)[${QUOTES}]?|(?<plain>[^\\s${QUOTES}]*))` +
    `|[${QUOTES}](?<phrase>[^${QUOTES}]*)[${QUOTES}]?|(?<word>[^\\s${QUOTES}]+)`,
  'giu',
)

function tokensOf(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map((match): Token => {
    const { name, quoted, plain, phrase, word } = match.groups ?? {}
    const place = { start: match.index, end: match.index + match[0].length }
    if (name !== undefined) {
      return { kind: 'filter', name: name.toLowerCase() as FilterName, value: quoted ?? plain ?? '', ...place }
    }
    return phrase === undefined
      ? { kind: 'word', value: word ?? '', ...place }
      : { kind: 'phrase', value: phrase, ...place }
  })
}

/** @param now what `today` and the like are counted from; days begin at local midnight */
export function parseFind(text: string, now: Date): FindQuery {
  const query: FindQuery = {
    words: [],
    typing: false,
    phrases: [],
    open: false,
    in: null,
    store: null,
    from: null,
    before: null,
    after: null,
    pinned: false,
    archived: false,
    unknown: [],
  }
  const tokens = tokensOf(text)
  for (const token of tokens) {
    const value = token.value.trim()
    if (token.kind === 'word') query.words.push(value)
    else if (value === '') continue
    else if (token.kind === 'phrase') query.phrases.push(value)
    else if (token.name && !applyFilter(query, token.name, value, now))
      query.unknown.push(text.slice(token.start, token.end))
  }
  const last = tokens.at(-1)
  // A filter that is added afterwards leaves the words as they are.
  const lastSaid = tokens.findLast(({ kind }) => kind !== 'filter')
  query.typing = lastSaid?.kind === 'word' && (lastSaid.end === text.length || last?.kind === 'filter')
  query.open = last?.kind === 'phrase' && last.value.trim() !== '' && !/["“”„«»]$/u.test(text.trimEnd())
  return query
}

function applyFilter(query: FindQuery, name: FilterName, value: string, now: Date): boolean {
  const folded = value.toLowerCase()
  switch (name) {
    case 'in':
    case 'store':
      query[name] = value
      return true
    case 'from':
      if (folded !== 'me' && folded !== 'assistant') return false
      query.from = folded
      return true
    case 'is':
      if (folded !== 'pinned' && folded !== 'archived') return false
      query[folded] = true
      return true
    case 'before':
    case 'after': {
      const at = startOf(folded, now)
      if (at) query[name] = at
      return at !== null
    }
  }
}

/** When a day, month or year begins: `2026`, `2026-03`, `2026-03-01`, or a word for a time before now. */
function startOf(value: string, now: Date): Date | null {
  const day = (back: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - back)
  switch (value) {
    case 'today':
      return day(0)
    case 'yesterday':
      return day(1)
    case 'week':
      return day(7)
    case 'month':
      return day(30)
    case 'year':
      return day(365)
  }
  const match = /^(?<year>\d{4})(?:-(?<month>\d{1,2})(?:-(?<date>\d{1,2}))?)?$/.exec(value)
  if (!match?.groups) return null
  const [year, month, date] = [match.groups['year'], match.groups['month'] ?? 1, match.groups['date'] ?? 1].map(Number)
  const at = new Date(year ?? 0, (month ?? 1) - 1, date ?? 1)
  // The 30th of February is no day.
  return at.getMonth() === (month ?? 1) - 1 && at.getDate() === date ? at : null
}

/** Whether there is anything to look for. */
export function isEmptyFind(query: FindQuery): boolean {
  return query.words.length === 0 && query.phrases.length === 0 && !hasFilters(query)
}

export function hasFilters(query: FindQuery): boolean {
  return (
    [query.in, query.store, query.from, query.before, query.after].some((value) => value !== null) ||
    query.pinned ||
    query.archived
  )
}

/** The same search without its filters: in everything. */
export function withoutFilters(text: string): string {
  return tokensOf(text)
    .filter(({ kind }) => kind !== 'filter')
    .map(({ start, end }) => text.slice(start, end))
    .join(' ')
}

/** A way to go on typing. */
export interface FilterSuggestion {
  /** The filter as it would stand: `from:me`, or `from:` where its value is still open. */
  filter: string
  /** The whole text with it. */
  text: string
}

/**
 * How the word that is being typed may become a filter, or its value.
 * @param names of the person's chats and stores, for `in:` and `store:`
 */
export function suggestFilters(
  text: string,
  names: { in: readonly string[]; store: readonly string[] },
): FilterSuggestion[] {
  const last = tokensOf(text).at(-1)
  if (!last || last.end !== text.length || last.kind === 'phrase') return []
  const head = text.slice(0, last.start)
  if (last.kind === 'word') {
    const typed = last.value.toLowerCase()
    // One letter begins too many ordinary words.
    if (typed.length < 2) return []
    return FILTERS.filter((name) => name.startsWith(typed)).map((name) => ({
      filter: `${name}:`,
      text: `${head}${name}:`,
    }))
  }
  const { name } = last
  if (!name) return []
  const values: readonly string[] = name === 'in' || name === 'store' ? names[name] : FILTER_VALUES[name]
  const typed = last.value.toLowerCase()
  return values
    .filter((value) => value.toLowerCase().includes(typed) && value.toLowerCase() !== typed)
    .slice(0, 6)
    .map((value) => {
      const filter = `${name}:${/\s/.test(value) ? `"${value.replaceAll('"', '')}"` : value}`
      return { filter, text: `${head}${filter} ` }
    })
}
