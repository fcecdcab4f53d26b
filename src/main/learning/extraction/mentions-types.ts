// What kind of thing a name stands for, by what the person says around it. Each sign is a vote with a weight; where the
// votes leave no doubt the model is not asked.
import type { EntityType } from '../../../shared/memory.ts'
import { nameWords } from '../entities/names.ts'
import { fold } from '../words.ts'
import type { NameCandidate, NameSpan } from './mentions-find.ts'
import { isKnownPlace } from './mentions-places.ts'
import {
  isCommonWord,
  isFirstName,
  isKnownThing,
  isPlaceOpening,
  isStreetOpening,
  ORGANIZATION_HEAD,
  ORGANIZATION_HINT,
  ORGANIZATION_NOUN,
  PERSON_VERB,
  PET_NOUN,
  PLACE_HEAD,
  PLACE_NOUN,
  PROJECT_NOUN,
  PROJECT_NOUN_SURE,
  PROJECT_VERB,
  ROLE_NOUN,
  THING_NOUN,
  VERB_OF_PERSON,
} from './mentions-words.ts'

export type Votes = Record<EntityType, number>

/** A vote this strong decides when no other kind comes near. */
const CERTAIN = 2.5
const MARGIN = 1

/** @returns the kind the votes agree on, or null where they leave a doubt. */
export function certainType(votes: Votes): EntityType | null {
  const [first, second] = ranked(votes)
  if (!first || first[1] < CERTAIN) return null
  return first[1] - (second?.[1] ?? 0) >= MARGIN ? first[0] : null
}

/** The kind with the most votes; a name without any sign is somebody's when it has no plain word in it. */
export function likelyType(candidate: NameCandidate, votes: Votes): EntityType {
  const [first] = ranked(votes)
  if (first && first[1] > 0) return first[0]
  return nameWords(candidate.folded).some(isCommonWord) ||
    /\d|\p{Ll}\p{Lu}|^\p{Lu}{2,}$/u.test(candidate.name.replace(/\s.*/u, ''))
    ? 'thing'
    : 'person'
}

function ranked(votes: Votes): [EntityType, number][] {
  return (Object.entries(votes) as [EntityType, number][]).toSorted((a, b) => b[1] - a[1])
}

/** @param others the other names of the message, for what stands beside a name */
export function votesFor(candidate: NameCandidate): Votes {
  const votes: Votes = { person: 0, organization: 0, project: 0, place: 0, thing: 0 }
  voteByName(candidate, votes)
  for (const span of candidate.spans) voteByContext(span, candidate, votes)
  return votes
}

/** What may follow a name without belonging to it. */
const FUNCTION_WORD =
  /^(?:and|or|but|so|as|at|by|for|from|in|into|of|off|on|onto|over|to|up|with|without|about|after|before|since|until|than|then|that|which|who|when|where|while|because|if|is|was|are|were|be|been|has|have|had|will|would|can|could|should|may|might|must|do|does|did|not|no|it|he|she|they|we|i|you|this|these|those|the|a|an|my|our|your|his|her|their|its|there|here|now|next|last|again|too|also|only|just|still|already|today|tomorrow|yesterday|tonight|all|both|instead|soon|later|ago|later|away|back|every|each)$/iu
const LEGAL_FORM = /(?:^|\s)(?:inc|corp|corporation|ltd|llc|llp|plc|gmbh|ag|kg|s\.?a\.?r?\.?l?|bv|oy|ab|pty)\.?$/iu

function voteByName({ name, folded, spans }: NameCandidate, votes: Votes): void {
  const words = nameWords(folded)
  const written = nameWords(fold(name))
  const last = written.at(-1) ?? ''
  const several = written.length > 1
  if (LEGAL_FORM.test(name) || spans.some(({ text }) => /\s/u.test(text) && LEGAL_FORM.test(text)))
    votes.organization += 4
  if (several && ORGANIZATION_HEAD.has(last))
    votes.organization += /^(?:garden|gardens|center|centre|market|park)$/u.test(last) ? 2.8 : 3.5
  else if (several && ORGANIZATION_HINT.has(last)) votes.organization += isCommonWord(written[0] ?? '') ? 0 : 1.2
  if (/^(?:university|college|bank|ministry|department|institute|academy|museum|church) of /u.test(folded))
    votes.organization += 4
  if (several && PLACE_HEAD.has(last) && !ORGANIZATION_HEAD.has(last)) votes.place += 2.6
  if (several && isPlaceOpening(written[0] ?? '') && !ORGANIZATION_HEAD.has(last)) votes.place += 1.2
  if (several && isStreetOpening(written[0] ?? '')) votes.place += 2.6
  if (isKnownPlace(folded)) votes.place += 2.6
  if (isKnownThing(folded)) votes.thing += 3
  if (isFirstName(words[0] ?? '') && !ORGANIZATION_HEAD.has(last) && !PLACE_HEAD.has(last))
    votes.person += several && !isCommonWord(last) ? 2.6 : 1.8
  // Made of plain words: something somebody named, not somebody.
  if (several && written.every((word) => isCommonWord(word)) && !ORGANIZATION_HEAD.has(last)) votes.project += 1.2
  if (several && written.every((word) => !isCommonWord(word)) && written.length <= 3 && !ORGANIZATION_HINT.has(last))
    votes.person += 0.9
  if (/\s&\s/u.test(name)) votes.organization += 2
  if (/^\p{Lu}{2,6}\d*$/u.test(name)) votes.thing += 0.6
  // Languages and peoples.
  if (!several && /(?:ish|ese|ic)$/u.test(folded)) votes.thing += 1
  if (/\p{Ll}\p{Lu}/u.test(name) && !/^(?:Mc|Mac|O['’]|D['’]|De|La|Le|Van)\p{Lu}/u.test(name)) votes.thing += 1
  if (/\d/u.test(name) && several) votes.thing += 1
  if (spans.some(({ titled }) => titled)) votes.person += 3
}

function voteByContext(span: NameSpan, { folded }: NameCandidate, votes: Votes): void {
  const { text } = span.sentence
  const before = text.slice(0, span.start - span.sentence.start)
  const after = text.slice(span.end - span.sentence.start).replace(/^['’]s?(?=\s)/u, "'s")
  const words = (before.match(/[\p{L}\p{N}'’-]+/gu) ?? []).slice(-4).map((word) => word.toLowerCase())
  const touching = /[\p{L}\p{N}'’]\s$/u.test(before)
  const previous = touching ? (words.at(-1) ?? '') : ''
  const beforeThat = touching ? (words.at(-2) ?? '') : ''
  const next = span.possessive ? '' : (/^\s+([\p{L}'’-]+)/u.exec(after)?.[1]?.replace(/['’]s$/u, '') ?? '')
  const owned = span.possessive ? (/^['’]s?\s+([\p{L}'’-]+)/u.exec(after)?.[1] ?? '') : ''
  const single = nameWords(folded).length === 1
  const add = (type: EntityType, weight: number) => {
    votes[type] += weight
  }

  // What stands right after.
  if (/^(?:bei|chez)$/u.test(previous)) add('organization', 1.6)
  if (/^(?:nach|aus|à|en)$/u.test(previous) && single) add('place', 1.4)
  if (PROJECT_NOUN_SURE.test(next)) add('project', 3)
  else if (PROJECT_NOUN.test(next)) add('project', 1.4)
  if (PROJECT_VERB.test(next)) add('project', 1.6)
  if (
    /^\s+(?:is|was|are)\s+(?:\w+\s+)?(?:delayed|on track|overdue|over budget|behind schedule|at risk|blocked|due|live|on hold|ahead of schedule)\b/u.test(
      after,
    )
  )
    add('project', 1.4)
  if (/^,?\s+(?:which|that)\s+\p{Lu}[\p{L}]+\s+(?:leads|runs|manages|owns|heads)\b/u.test(after)) add('project', 1.6)
  if (/^,?\s+(?:(?:is|was|are|were|which is|which was)\s+)?(?:led|run|managed|owned|headed)\s+by\b/u.test(after))
    add('project', 1.6)
  if (PLACE_NOUN.test(next)) add('place', 3)
  if (ORGANIZATION_NOUN.test(next)) add('organization', 1.4)
  if (THING_NOUN.test(next)) add('thing', 2)
  if (PERSON_VERB.test(next) && !span.possessive)
    add(
      'person',
      /^(?:runs?|leads|heads|plans?|joined|moved|turned|offers|offered|plays|works?|reports?|signed|presented)$/u.test(
        next,
      )
        ? 1
        : 2.2,
    )
  else if (/^[a-z]{2,}ed$/u.test(next) && !/\b(?:by|to)\b/u.test(after.slice(0, 24))) add('person', 0.7)
  if (/^,\s+who\b|^\s+who\b/u.test(after)) add('person', 2.6)
  if (/^\s*\((?:who|she|he)\b/u.test(after)) add('person', 2.6)
  const apposition = /^,\s+(?:the|our|my|his|her|their|a|an|its)\s+([^,.;:]{2,40})/u.exec(after)?.[1]
  if (apposition) {
    const noun = apposition.split(/\s+(?:in|of|for|at|with|that|who|which|from|on|and)\s+/u)[0] ?? apposition
    addByNoun(noun.split(/\s+/u).at(-1) ?? '', 2.8, add)
  }
  const is =
    /^\s+(?:is|was|are|has become|became|becomes)\s+(?:now\s+)?(?:the|our|my|his|her|their|a|an|its)?\s*([^,.;:]{2,40})/u.exec(
      after,
    )?.[1]
  if (is && /^(?:from|with|in|at|on|of|for|by|about|not|no)\s/u.test(is)) {
    if (/^from\s/u.test(is) && !/^from\s+\d/u.test(is)) add('person', 0.8)
    if (/^on (?:leave|holiday|vacation)/u.test(is)) add('person', 2.2)
  } else if (is) {
    const noun = is.split(/\s+(?:in|of|for|at|with|that|who|which|from|on|and)\s+/u)[0] ?? is
    const kind = addByNoun(noun.split(/\s+/u).at(-1) ?? '', 2.6, add)
    if (!kind && /^(?:married|pregnant|sick|ill|retired|vegan|vegetarian|allergic|tall|\d+ years)/u.test(is))
      add('person', 2.2)
  }
  if (owned) {
    if (
      /^(?:wife|husband|partner|mother|father|mom|mum|dad|brother|sister|son|daughter|kids?|children|parents|birthday|boyfriend|girlfriend|boss|voice|email|opinion|idea|desk|phone|house|job|role|manager|calendar|feedback|question|help|advice|wedding|family|name|face|hands?|health|time)$/u.test(
        owned,
      )
    )
      add('person', 1.6)
    else if (ORGANIZATION_NOUN.test(owned)) add('organization', 1.8)
    else if (PROJECT_NOUN.test(owned)) add('project', 0.8)
    else add('person', 0.4)
  }

  // What stands right before.
  const isVerb =
    /^(?:leads|heads|hosts|reports|pilots|coaches|cooks|judges|chairs|partners|mentors)$/u.test(previous) ||
    (/^(?:lead|head|host|report|pilot|coach|cook|judge|chair|partner|mentor|own)$/u.test(previous) &&
      /^(?:to|will|can|could|should|would|might|may|they|we|i|you|who|not)$/u.test(beforeThat))
  if (ROLE_NOUN.test(previous) && !isVerb) add('person', 2.6)
  else if (PET_NOUN.test(previous)) add('person', 2)
  else if (/^(?:named|called)$/u.test(previous) && (ROLE_NOUN.test(beforeThat) || PET_NOUN.test(beforeThat)))
    add('person', 2.6)
  else if (/^(?:named|called)$/u.test(previous) && /^(?:project|initiative|product|app|tool)$/u.test(beforeThat))
    add('project', 2.6)
  else if (/^(?:named|called)$/u.test(previous) && /^(?:company|startup|firm|organi[sz]ation)$/u.test(beforeThat))
    add('organization', 2.6)
  else if (/^(?:named|called)$/u.test(previous) && /^(?:town|village|city|place|region|island)$/u.test(beforeThat))
    add('place', 2.6)
  if (VERB_OF_PERSON.test(previous)) add('person', 1.8)
  if (/^(?:project|projekt|projet|proyecto|progetto|codename|initiative|programme|operation)$/u.test(previous))
    add('project', 3)
  const article = /^(?:the|our|my|your|his|her|their|its|this|that)$/u.test(previous)
  const lead = article ? beforeThat : previous
  if (lead === 'in' && touching) {
    const verb = article ? (words.at(-3) ?? '') : beforeThat
    const lives =
      /^(?:lives?|lived|living|based|located|born|raised|stays?|stayed|office|house|home|flat|apartment|village|city|town|moved|settled|grew|up|studied|meetup|conference|weekend|summer|holiday|vacation|somewhere|out|down|back|over)$/u.test(
        verb,
      )
    if (lives) add('place', 2.6)
    else if (article && /^\p{Ll}/u.test(next) && !FUNCTION_WORD.test(next) && !PLACE_NOUN.test(next)) add('place', 0.2)
    else if (single || article) add('place', 1.6)
    else add('place', 0.8)
  } else if (
    /^(?:near|toward|towards|outside|across|around|throughout|visiting|visit|visited|leaving|via)$/u.test(lead)
  ) {
    add('place', /^(?:across|around|visiting|visit|visited|leaving|via)$/u.test(lead) ? 1.2 : 2.4)
  } else if (lead === 'of') {
    const noun = article ? (words.at(-3) ?? '') : beforeThat
    if (/^(?:south|north|east|west|city|town|village|outskirts|capital|coast|geography|region)$/u.test(noun))
      add('place', 2.8)
    else if (ROLE_NOUN.test(noun)) add('organization', article ? 0.6 : 1.6)
    else if (/^(?:phase|version|deadline|launch|release|scope|state|status|budget|owner)$/u.test(noun))
      add('project', 1.8)
  } else if (lead === 'at') {
    const noun = article ? (words.at(-3) ?? '') : beforeThat
    if (
      ROLE_NOUN.test(noun) ||
      /^(?:works?|worked|working|job|employed|intern(?:ed)?|started|career|time|position|role|studied|studies|studying|interview)$/u.test(
        noun,
      )
    )
      add('organization', 2.4)
    // "dinner at Ana's" is at somebody's.
    // "at Ana's", but "at St Mary's" is at a school, a church or a hospital.
    else if (SAINT.test(span.text)) add('organization', 2.6)
    else add(span.possessive ? 'person' : 'organization', single ? 0.8 : 1.4)
  } else if (lead === 'for') {
    const noun = article ? (words.at(-3) ?? '') : beforeThat
    if (/^(?:works?|worked|working|consult(?:s|ed|ing)?|freelanc\w+|contract\w*|job)$/u.test(noun))
      add('organization', 2)
    else if (/^(?:deadline|budget|plan|roadmap|launch|kickoff|spec)$/u.test(noun)) add('project', 1.6)
  } else if (/^(?:to|from)$/u.test(lead)) {
    const verb = article ? (words.at(-3) ?? '') : beforeThat
    if (
      /^(?:moved|moving|move|flight|fly|flying|flew|trip|travel|travell?ed|travell?ing|went|drive|drove|train|relocated|relocating|trips|tickets?|came|home|commute|commuting|way|goes|going)$/u.test(
        verb,
      )
    )
      // One moves between projects and employers too.
      add('place', /^mov(?:e|ed|ing)$/u.test(verb) ? 1.3 : 1.9)
    else if (/^(?:switched|migrated|switching|migrating|upgraded|ported)$/u.test(verb)) add('thing', 1.4)
    else if (
      /^(?:spoke|talked|talking|speak|sent|gave|wrote|reports?|reported|listen|married|engaged|thanks|introduced|according|hear|heard|letter|email|call|gift|message|questions)$/u.test(
        verb,
      )
    )
      add('person', 1.5)
    else if (lead === 'from' && single && !article) add('place', 0.7)
  } else if (
    lead === 'on' &&
    /^(?:work|works|working|worked|focus|focusing|progress|team)$/u.test(article ? (words.at(-3) ?? '') : beforeThat)
  ) {
    add('project', 1.6)
  } else if (/^(?:founding|founded|founds|co-founded|acquired|acquires|hiring)$/u.test(lead)) {
    add('organization', 2)
  } else if (lead === 'with') {
    add('person', article ? 0.2 : 1.1)
  } else if (/^(?:joined|joining|joins|leaving|left|quit)$/u.test(lead)) {
    add('organization', 1.3)
  } else if (
    /^(?:use|using|used|uses|installed|installing|running|deploy|deployed|bought|wrote|learn|learning|prefer|code|programming|via)$/u.test(
      lead,
    )
  ) {
    add('thing', 1.5)
  } else if (
    /^(?:ship|shipped|shipping|launch|launched|launching|finish|finished|rolled|kicked|cancelled|canceled|paused)$/u.test(
      lead,
    )
  ) {
    add('project', 1.5)
  } else if (/^(?:leads?|led|leading|runs|heads?|manages?|managing|owns|leaves)$/u.test(lead)) {
    add('project', 1.2)
  } else if (/^(?:by|and)$/u.test(lead) && !article) {
    add('person', 0.3)
  }
  if (article && lead !== 'in' && single && next && !FUNCTION_WORD.test(next) && !PROJECT_NOUN.test(next))
    add('thing', 0.4)
  // "Their largest village, Krast, lies …"
  // "three projects right now: Atlas, Borealis and …"
  const listed = LISTED.exec(before)?.[1]
  if (listed) addByNoun(listed.replace(/ie$/u, 'y'), 2, add)
  const introduced = /(?:^|[^\p{L}])((?:the|our|my|his|her|their|a|an|its)\s+[^,.;:]{2,40}),\s+$/iu.exec(before)?.[1]
  if (introduced && /^\s*(?:[,.;!]|$)/u.test(after)) {
    const noun = introduced.split(/\s+(?:in|of|for|at|with|that|who|which|from|on|and)\s+/u)[0] ?? introduced
    addByNoun(noun.split(/\s+/u).at(-1) ?? '', 2.6, add)
  }
  // "Lyon, France": the first of the two is a place where the second is.
  const region = /^,\s+(\p{Lu}[\p{L} ]+?)(?=[,.;!?]|$|\s+\p{Ll})/u.exec(after)?.[1]
  if (region && isKnownPlace(fold(region)) && /\b(?:in|to|from|near|of)\s+$/u.test(before)) add('place', 2)
  if (/^\s+(?:and I|and the user)\b/u.test(after) || /\bI and\s+$/u.test(before)) add('person', 1)
}

const LISTED =
  /([\p{L}-]+?)s(?:(?:\s+\p{Ll}+){0,3}:|\s+(?:are|called|named|like|such as|include|including))\s+(?:\p{Lu}[\p{L}'’-]*(?:\s\p{Lu}[\p{L}'’-]*){0,2}(?:,?\s+and\s+|,\s+)){0,8}$/u

const SAINT = /^(?:St|Ste|Saint|Sankt)\.? \p{Lu}/u

const COMPANY_NOUN =
  /^(?:company|firm|startup|start-up|organi[sz]ation|charity|bank|agency|employer|supplier|vendor|fintech|manufacturer|retailer|nonprofit|non-profit|lab|publisher|school|university|hospital|club|shop|restaurant|competitor|subsidiary|client)$/iu
const PLACE_KIND =
  /^(?:city|town|village|country|capital|island|region|settlement|suburb|river|mountain|hometown|harbour|harbor)$/iu
const PROJECT_KIND = /^(?:project|initiative|programme|program|campaign|rewrite|migration|launch)$/iu

/** A noun that says outright what the name beside it is. @returns whether it did */
function addByNoun(noun: string, weight: number, add: (type: EntityType, weight: number) => void): boolean {
  if (PROJECT_KIND.test(noun)) add('project', weight)
  else if (PLACE_KIND.test(noun)) add('place', weight)
  else if (COMPANY_NOUN.test(noun)) add('organization', weight)
  else if (ROLE_NOUN.test(noun)) add('person', weight)
  else return false
  return true
}
