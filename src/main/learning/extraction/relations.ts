// Who is what to whom, as a person says it: patterns over a sentence in which the names stand as marks. General forms of
// English only; a sentence in any other form stays a fact with its names.
import type { EntityType } from '../../../shared/memory.ts'
import type { Mention } from '../protocol.ts'
import { ROLE_WORDS } from './mentions-words.ts'

export type RelationName =
  | 'leads'
  | 'works_at'
  | 'works_on'
  | 'lives_in'
  | 'from'
  | 'located_in'
  | 'knows'
  | 'married_to'
  | 'family_of'
  | 'reports_to'
  | 'part_of'
  | 'depends_on'
  | 'uses'
  | 'founded'
  | 'funds'
  | 'client_of'

export interface SaidRelation {
  relation: RelationName
  from: Mention
  to: Mention
  /** "CTO", "sister". */
  role: string | null
  /** It was so and is no more. */
  ended: boolean
}

/** Of these one holds at a time for who stands before it, or for what stands after it. */
export const ONE_AT_A_TIME: Readonly<Partial<Record<RelationName, 'from' | 'to'>>> = {
  works_at: 'from',
  lives_in: 'from',
  located_in: 'from',
  married_to: 'from',
  reports_to: 'from',
  leads: 'to',
}

/** How a relationship reads by itself. */
const SENTENCES: Record<RelationName, (from: string, to: string, role: string | null) => string> = {
  leads: (from, to) => `${from} leads ${to}.`,
  works_at: (from, to, role) => (role ? `${from} is ${withArticle(role)} at ${to}.` : `${from} works at ${to}.`),
  works_on: (from, to) => `${from} works on ${to}.`,
  lives_in: (from, to) => `${from} lives in ${to}.`,
  from: (from, to) => `${from} is from ${to}.`,
  located_in: (from, to) => `${from} is in ${to}.`,
  knows: (from, to) => `${from} knows ${to}.`,
  married_to: (from, to) => `${from} is married to ${to}.`,
  family_of: (from, to, role) => `${from} is ${role ?? 'family'} of ${to}.`,
  reports_to: (from, to) => `${from} reports to ${to}.`,
  part_of: (from, to) => `${from} is part of ${to}.`,
  depends_on: (from, to) => `${from} depends on ${to}.`,
  uses: (from, to) => `${from} uses ${to}.`,
  founded: (from, to) => `${from} founded ${to}.`,
  funds: (from, to) => `${from} funds ${to}.`,
  client_of: (from, to) => `${from} is a client of ${to}.`,
}

export const RELATION_NAMES = Object.keys(SENTENCES) as [RelationName, ...RelationName[]]

/** A relationship in words, by the names of its ends. */
export function sayRelation(relation: RelationName, from: string, to: string): string {
  return SENTENCES[relation](from, to, null)
}

export function relationSentence({ relation, from, to, role, ended }: SaidRelation): string {
  const sentence = SENTENCES[relation](from.name, to.name, role)
  return ended ? sentence.replace(/\.$/u, ' no longer.') : sentence
}

/** "a nurse", but "CTO" and "head of design": of these there is one. */
function withArticle(role: string): string {
  if (/\p{Lu}|\bof\b|^(?:an?|the|chief|head)\b/u.test(role)) return role
  return `${/^[aeiou]/iu.test(role) ? 'an' : 'a'} ${role}`
}

/** A name in a pattern; lists of names count one by one. */
const N = '⟨([\\d,]+)⟩'
const THE = '(?:(?:the|our|my|their|his|her|its|a|an)\\s+)?(?:(?:new|whole|entire|old)\\s+)?'
const AFTER = '(?:\\s+(?:project|team|initiative|group|programme|program|product))?'
const BE = "(?:\\s+(?:is|was|are|were|has been|have been|will be)|['’]s|['’]re)"
const ADVERB =
  '(?:\\s+(?:now|currently|also|both|already|still|just|recently|jointly|together|actually|mostly|really))*'
const ROLE = `((?:[\\p{L}-]+\\s+){0,3}?(?:${ROLE_WORDS})(?:\\s+of\\s+(?:[\\p{L}-]+\\s+){0,2}?[\\p{L}-]+)?)`

interface Pattern {
  relation: RelationName
  pattern: RegExp
  /** Groups of the two ends; 1 and 2 unless said. */
  from?: 1 | 2 | 3
  to?: 1 | 2 | 3
  role?: 1 | 2 | 3
  ended?: true
  /** What the ends may be. */
  fromTypes?: readonly EntityType[]
  toTypes?: readonly EntityType[]
}

const PERSON: readonly EntityType[] = ['person']
const ORGANIZATION: readonly EntityType[] = ['organization']
const PLACE: readonly EntityType[] = ['place']
const WORK: readonly EntityType[] = ['project', 'thing', 'organization']
const PROJECT: readonly EntityType[] = ['project', 'thing']
const NOT_PLACE: readonly EntityType[] = ['person', 'organization', 'project', 'thing']
const NOT_PERSON: readonly EntityType[] = ['organization', 'project', 'thing']

const re = (source: string) => new RegExp(source, 'giu')

const PATTERNS: readonly Pattern[] = [
  // Ends first: what they match is not read as holding.
  {
    relation: 'works_on',
    pattern: re(
      `${N}${BE}?${ADVERB}\\s+(?:moved|moving|pulled|taken|rolled|came|stepped)\\s+(?:off|away from|out of|down from)\\s+(?:of\\s+)?${THE}${N}`,
    ),
    toTypes: WORK,
    ended: true,
  },
  {
    relation: 'works_on',
    pattern: re(
      `${N}${BE}\\s+(?:no longer|not)\\s+(?:leading|running|managing|heading|working on|on|with|part of|in charge of|responsible for|at)\\s+${THE}${N}`,
    ),
    toTypes: WORK,
    ended: true,
  },
  {
    relation: 'works_on',
    pattern: re(
      `${N}\\s+(?:no longer|doesn['’]t|does not|stopped)\\s+(?:leads?|leading|runs?|running|manages?|managing|heads?|works?|working)\\s*(?:on|at|for)?\\s+${THE}${N}`,
    ),
    toTypes: WORK,
    ended: true,
  },
  {
    relation: 'works_on',
    pattern: re(
      `${N}${BE}?${ADVERB}\\s+(?:left|leaves|leaving|quit|resigned from|retired from|dropped out of|handed over|gave up)\\s+${THE}${N}`,
    ),
    fromTypes: PERSON,
    toTypes: WORK,
    ended: true,
  },
  {
    relation: 'works_on',
    pattern: re(
      `${N}${BE}?${ADVERB}\\s+(?:moved|moving|moves|switched|switching|transferred|went|gone|shifted|changed)\\s+(?:over\\s+)?from\\s+${THE}${N}`,
    ),
    toTypes: WORK,
    ended: true,
  },
  {
    relation: 'lives_in',
    pattern: re(`${N}${BE}?${ADVERB}\\s+(?:moved|moving|moves|relocated)\\s+(?:away\\s+)?from\\s+${N}`),
    toTypes: PLACE,
    ended: true,
  },
  // Leading.
  {
    relation: 'leads',
    pattern: re(
      `${N}${ADVERB}\\s+(?:leads?|manages?|heads?|runs?|owns?|co-?leads?|took over|takes over|will lead|led|directs?|chairs?)\\s+${THE}${N}`,
    ),
    fromTypes: PERSON,
    toTypes: WORK,
  },
  {
    relation: 'leads',
    pattern: re(
      `${N}${BE}${ADVERB}\\s+(?:leading|managing|heading|running|taking over|in charge of|responsible for|heading up|the (?:owner|head|lead(?:er)?) of)\\s+${THE}${N}`,
    ),
    fromTypes: PERSON,
    toTypes: WORK,
  },
  {
    relation: 'leads',
    pattern: re(
      `${N}${BE}${ADVERB}\\s+${THE}(?:[\\p{L}-]+\\s+)?(?:lead|leader|head|manager|owner|pm|director|chair)\\s+(?:of|for|on)\\s+${THE}${N}`,
    ),
    fromTypes: PERSON,
    toTypes: PROJECT,
  },
  {
    relation: 'leads',
    pattern: re(
      `${N}${AFTER}(?:\\s*,)?(?:\\s+which)?(?:${BE}|\\s+gets|\\s+got)?${ADVERB}\\s+(?:led|run|managed|headed|owned|directed|chaired)\\s+by\\s+${N}`,
    ),
    from: 2,
    to: 1,
    fromTypes: PERSON,
    toTypes: WORK,
  },
  {
    relation: 'leads',
    pattern: re(
      `${N}(?:['’]s)\\s+(?:(?:new|project|product|team|tech|technical)\\s+)*(?:lead|leader|owner|manager|head|pm)${BE}${ADVERB}\\s+${N}`,
    ),
    from: 2,
    to: 1,
    fromTypes: PERSON,
    toTypes: WORK,
  },
  {
    relation: 'leads',
    pattern: re(`${N},?\\s+(?:which|that)\\s+${N}\\s+(?:leads?|runs?|manages?|heads?|owns?)`),
    from: 2,
    to: 1,
    fromTypes: PERSON,
    toTypes: WORK,
  },
  {
    relation: 'leads',
    pattern: re(`${N}\\s*(?:\\(|,|:)?\\s*(?:under|led by)\\s+${N}`),
    from: 2,
    to: 1,
    fromTypes: PERSON,
    toTypes: PROJECT,
  },
  // Working somewhere, as something.
  {
    relation: 'works_at',
    pattern: re(
      `${N}${BE}?${ADVERB}\\s+(?:works?|worked|working|employed)\\s+(?:as\\s+[^⟨.;]{2,40}\\s+)?(?:at|for|with|by)\\s+${THE}${N}`,
    ),
    fromTypes: PERSON,
    toTypes: ORGANIZATION,
  },
  {
    relation: 'works_at',
    pattern: re(`${N}${BE}${ADVERB}\\s+${THE}${ROLE}\\s+(?:at|of|for|with|from)\\s+${THE}${N}`),
    to: 3,
    role: 2,
    fromTypes: PERSON,
    toTypes: ORGANIZATION,
  },
  {
    relation: 'works_at',
    pattern: re(`${N}\\s*[,(]\\s*${THE}${ROLE}\\s+(?:at|of|for|with|from)\\s+${THE}${N}`),
    to: 3,
    role: 2,
    fromTypes: PERSON,
    toTypes: ORGANIZATION,
  },
  {
    relation: 'works_at',
    pattern: re(`${N}['’]s\\s+${ROLE}(?:${BE}${ADVERB}|,)?\\s+${N}`),
    from: 3,
    to: 1,
    role: 2,
    fromTypes: PERSON,
    toTypes: ORGANIZATION,
  },
  {
    relation: 'works_at',
    pattern: re(`${N}${BE}${ADVERB}\\s+${N}['’]s\\s+${ROLE}(?![\\p{L}])`),
    to: 2,
    role: 3,
    fromTypes: PERSON,
    toTypes: ORGANIZATION,
  },
  { relation: 'works_at', pattern: re(`${N}\\s+(?:from|at)\\s+${THE}${N}`), fromTypes: PERSON, toTypes: ORGANIZATION },
  {
    relation: 'works_at',
    pattern: re(
      `${N}${BE}?${ADVERB}\\s+(?:joined|joins|joining|started at|starts at|moved to|moving to|hired by|switched to)\\s+${THE}${N}`,
    ),
    fromTypes: PERSON,
    toTypes: ORGANIZATION,
  },
  // "Acme, a fintech in …, and Jane is their CTO".
  {
    relation: 'works_at',
    pattern: re(
      `${N}[^⟨⟩]*(?:⟨[\\d,]+⟩[^⟨⟩]*)?[,;]?\\s+(?:and\\s+)?${N}${BE}${ADVERB}\\s+${THE}${ROLE}(?=\\s*(?:[.,;!]|$|and\\b|there\\b))`,
    ),
    from: 2,
    to: 1,
    role: 3,
    fromTypes: PERSON,
    toTypes: ORGANIZATION,
  },
  // Working on something.
  {
    relation: 'works_on',
    pattern: re(`${N}${BE}?${ADVERB}\\s+(?:works?|worked|working|is)\\s+on\\s+${THE}${N}`),
    fromTypes: PERSON,
    toTypes: PROJECT,
  },
  {
    relation: 'works_on',
    pattern: re(
      `${N}${BE}?${ADVERB}\\s+(?:designs?|builds?|develops?|maintains?|supports?|tests?|coordinates?|joined|joins|joining|moved to|moves to|moving to|switched to|assigned to|started on)\\s+${THE}${N}`,
    ),
    fromTypes: PERSON,
    toTypes: PROJECT,
  },
  {
    relation: 'works_on',
    pattern: re(
      `${N}${BE}?${ADVERB}\\s+(?:moved|moving|moves|switched|transferred|went|shifted)\\s+(?:over\\s+)?from\\s+${THE}${N}\\s+to\\s+${THE}${N}`,
    ),
    to: 3,
    fromTypes: PERSON,
    toTypes: PROJECT,
  },
  {
    relation: 'works_at',
    pattern: re(
      `${N}${BE}?${ADVERB}\\s+(?:moved|moving|moves|switched|went)\\s+(?:over\\s+)?from\\s+${THE}${N}\\s+to\\s+${THE}${N}`,
    ),
    to: 3,
    fromTypes: PERSON,
    toTypes: ORGANIZATION,
  },
  // Places.
  {
    relation: 'lives_in',
    pattern: re(`${N}${BE}?${ADVERB}\\s+(?:lives?|living|lived|settled|based)\\s+(?:in|near)\\s+(?:the\\s+)?${N}`),
    fromTypes: PERSON,
    toTypes: PLACE,
  },
  {
    relation: 'lives_in',
    pattern: re(
      `${N}${BE}?${ADVERB}\\s+(?:moved|moving|moves|relocated|relocating)(?:\\s+(?:over|back|away))?(?:\\s+from\\s+⟨[\\d,]+⟩)?\\s+to\\s+(?:the\\s+)?${N}`,
    ),
    fromTypes: PERSON,
    toTypes: PLACE,
  },
  {
    relation: 'from',
    pattern: re(`${N}${BE}${ADVERB}\\s+(?:originally\\s+)?from\\s+(?:the\\s+)?${N}`),
    fromTypes: PERSON,
    toTypes: PLACE,
  },
  {
    relation: 'located_in',
    pattern: re(`${N}${BE}?${ADVERB}\\s+(?:(?:based|located|headquartered|situated)\\s+)?in\\s+(?:the\\s+)?${N}`),
    fromTypes: NOT_PERSON,
    toTypes: PLACE,
  },
  {
    relation: 'located_in',
    pattern: re(`${N}(?:${BE}|,)\\s+(?:a|an|the)\\s+(?:[\\p{L}-]+\\s+){1,4}(?:based\\s+)?in\\s+(?:the\\s+)?${N}`),
    fromTypes: NOT_PERSON,
    toTypes: PLACE,
  },
  {
    relation: 'located_in',
    pattern: re(`${N},\\s+(?:[\\p{L}-]+\\s+){1,4}(?:based\\s+)?in\\s+(?:the\\s+)?${N}`),
    fromTypes: ORGANIZATION,
    toTypes: PLACE,
  },
  {
    relation: 'located_in',
    pattern: re(`${N}(?:['’]s)\\s+(?:office|headquarters|hq|lab|shop|factory|plant)${BE}\\s+in\\s+(?:the\\s+)?${N}`),
    toTypes: PLACE,
  },
  // People among themselves.
  {
    relation: 'married_to',
    pattern: re(`${N}${BE}?${ADVERB}\\s+(?:married|engaged)(?:\\s+to)?\\s+${N}`),
    fromTypes: PERSON,
    toTypes: PERSON,
  },
  {
    relation: 'married_to',
    pattern: re(
      `${N}(?:['’]s|\\s+and\\s+(?:his|her|their))\\s+(?:wife|husband|spouse|partner)(?:,?\\s+(?:is\\s+|called\\s+|named\\s+)?)${N}`,
    ),
    fromTypes: PERSON,
    toTypes: PERSON,
  },
  {
    relation: 'family_of',
    pattern: re(
      `${N}['’]s\\s+((?:(?:little|big|older|elder|younger|twin)\\s+)?(?:mother|father|mom|mum|dad|brother|sister|son|daughter|cousin|aunt|uncle|niece|nephew|grandmother|grandfather))(?:${BE}|,)?\\s+(?:called\\s+|named\\s+)?${N}`,
    ),
    from: 3,
    to: 1,
    role: 2,
    fromTypes: PERSON,
    toTypes: PERSON,
  },
  {
    relation: 'family_of',
    pattern: re(
      `${N}${BE}${ADVERB}\\s+${N}['’]s\\s+((?:(?:little|big|older|elder|younger|twin)\\s+)?(?:mother|father|mom|mum|dad|brother|sister|son|daughter|cousin|aunt|uncle|niece|nephew|grandmother|grandfather))`,
    ),
    to: 2,
    role: 3,
    fromTypes: PERSON,
    toTypes: PERSON,
  },
  {
    relation: 'reports_to',
    pattern: re(`${N}${BE}?${ADVERB}\\s+report(?:s|ed|ing)?\\s+to\\s+${N}`),
    fromTypes: PERSON,
    toTypes: PERSON,
  },
  {
    relation: 'reports_to',
    pattern: re(`${N}['’]s\\s+(?:new\\s+)?(?:boss|manager|supervisor)(?:${BE}|,)?\\s+${N}`),
    fromTypes: PERSON,
    toTypes: PERSON,
  },
  {
    relation: 'knows',
    pattern: re(`${N}\\s+(?:knows?|knew|met|is friends with|are friends with|is a friend of)\\s+${N}`),
    fromTypes: PERSON,
    toTypes: PERSON,
  },
  // Things among themselves.
  {
    relation: 'depends_on',
    pattern: re(
      `${N}${BE}?${ADVERB}\\s+(?:depends?|depending|relies|relying|hinges|waits?|waiting|blocked|gated)\\s+(?:on|for|by)\\s+${THE}${N}`,
    ),
    fromTypes: NOT_PLACE,
    toTypes: NOT_PLACE,
  },
  {
    relation: 'part_of',
    pattern: re(
      `${N}${BE}?${ADVERB}\\s+(?:(?:a\\s+)?part\\s+of|belongs?\\s+to|a\\s+(?:subsidiary|division|department|branch|module|component|workstream)\\s+of)\\s+${THE}${N}`,
    ),
    toTypes: NOT_PLACE,
  },
  {
    relation: 'uses',
    pattern: re(
      `${N}${BE}?${ADVERB}\\s+(?:uses?|using|runs?\\s+on|running\\s+on|built\\s+(?:on|with|in)|written\\s+in|powered\\s+by|migrated\\s+to|switched\\s+to)\\s+${THE}${N}`,
    ),
    fromTypes: NOT_PERSON,
    toTypes: ['thing', 'project', 'organization'],
  },
  {
    relation: 'founded',
    pattern: re(`${N}\\s+(?:co-?)?(?:founded|started|set up)\\s+${THE}${N}`),
    fromTypes: PERSON,
    toTypes: ORGANIZATION,
  },
  {
    relation: 'founded',
    pattern: re(`${N}${BE}\\s+(?:co-?)?(?:founded|started|set up)\\s+by\\s+${N}`),
    from: 2,
    to: 1,
    fromTypes: PERSON,
    toTypes: ORGANIZATION,
  },
  {
    relation: 'funds',
    pattern: re(`${N}${BE}\\s+(?:funded|sponsored|financed|backed|paid)\\s+(?:for\\s+)?by\\s+${THE}${N}`),
    from: 2,
    to: 1,
  },
  {
    relation: 'funds',
    pattern: re(`${N}\\s+(?:funds|sponsors|finances|backs|invested in|invests in)\\s+${THE}${N}`),
    fromTypes: ['organization', 'person'],
  },
  {
    relation: 'client_of',
    pattern: re(
      `${N}${BE}${ADVERB}\\s+(?:a|an|the|our)\\s+(?:[\\p{L}-]+\\s+)?(?:client|customer|supplier|vendor|partner)\\s+of\\s+${N}`,
    ),
  },
]

/** What makes a sentence say how it is not, or might be. */
const UNREAL =
  /\b(?:if|whether|unless|should|could|might|may|would|wants? to|hopes? to|wish(?:es)?|maybe|perhaps|possibly|pretend|imagine|suppose|not sure|never|not(?!\s+only))\b|n['’]t\b|\?\s*$/iu

/**
 * @param sentence the person's words
 * @param mentions the names in it, with offsets in the message
 * @param start offset of the sentence in the message
 */
export function relationsIn(sentence: string, mentions: readonly Mention[], start: number): SaidRelation[] {
  const { text, names } = marked(sentence, mentions, start)
  const found: SaidRelation[] = []
  for (const { relation, pattern, from = 1, to = 2, role, ended = false, fromTypes, toTypes } of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      if (!ended && UNREAL.test(clauseAround(text, match.index, match[0].length))) continue
      for (const one of ends(match[from], names)) {
        for (const two of ends(match[to], names)) {
          if (one === two || one.name === two.name) continue
          if (fromTypes && !fromTypes.includes(one.type)) continue
          if (toTypes && !toTypes.includes(two.type)) continue
          add(found, { relation, from: one, to: two, role: role ? (match[role]?.trim() ?? null) : null, ended })
        }
      }
    }
  }
  return found
}

/** One thing is said once of two; an end and a beginning of the same are two things. */
function add(found: SaidRelation[], next: SaidRelation): void {
  const pair = found.filter(({ from, to }) => from.name === next.from.name && to.name === next.to.name)
  if (pair.length > 0 && !pair.every(({ ended }) => ended !== next.ended)) return
  // "moved from A to B": what ended does not begin.
  if (pair.some(({ ended }) => ended)) return
  found.push(next)
}

function ends(group: string | undefined, names: readonly Mention[]): Mention[] {
  return (group ?? '').split(',').flatMap((index) => names[Number(index)] ?? [])
}

/** The clause a match stands in: doubt about the next sentence is no doubt about this one. */
function clauseAround(text: string, index: number, length: number): string {
  const before = text.slice(0, index)
  const cut = Math.max(before.lastIndexOf(';'), before.lastIndexOf('. '), before.lastIndexOf(', but'))
  const rest = text.slice(index + length)
  const stop = /[;.]|,\s+(?:but|and|so)\s/u.exec(rest)?.index ?? rest.length
  return text.slice(cut + 1, index + length + stop)
}

/** The sentence with marks for its names; "A, B and C" is one mark of three. */
function marked(sentence: string, mentions: readonly Mention[], start: number): { text: string; names: Mention[] } {
  const names: Mention[] = []
  let text = ''
  let at = 0
  for (const mention of [...mentions].sort((a, b) => a.start - b.start)) {
    const [from, to] = [mention.start - start, mention.end - start]
    if (from < at || to > sentence.length) continue
    text += `${sentence.slice(at, from)}⟨${names.length}⟩`
    names.push(mention)
    at = to
  }
  text += sentence.slice(at)
  const list = /⟨([\d,]+)⟩(?:,\s+(?:and\s+)?|\s+and\s+)⟨(\d+)⟩/gu
  for (let before = ''; before !== text; ) {
    before = text
    text = text.replace(list, (whole, one: string, two: string) => {
      const last = names[Number(one.split(',').at(-1))]
      const next = names[Number(two)]
      return last && next && last.type === next.type ? `⟨${one},${two}⟩` : whole
    })
  }
  return { text, names }
}
