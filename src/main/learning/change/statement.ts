// A sentence as comparing sees it: what it is about, what it says of that, with which values, and how surely. No parser:
// a list of verbs and a few rules on word order, which is enough for the short sentences people tell an assistant.
import { contentWords, fold, isStopWord, negated, stem, wordsOf } from '../words.ts'
import { canonical, isPast, MONTHS, numberWord, verbBase, WEEKDAYS } from './lexicon.ts'

export interface Statement {
  text: string
  /** The person, or the person with others, is who it is about. */
  self: boolean
  /** Content words of what it is about; empty for the person. */
  subject: string[]
  /** Base form of the main verb. */
  verb: string | null
  /** Word right after the verb that decides its meaning: "work at" is not "work on". */
  particle: string | null
  /** Content words of the whole, one form for all that mean the same. */
  words: string[]
  /** The same of the main clause alone, without reasons and what is denied beside it. */
  core: string[]
  /** Content words after the verb. */
  rest: string[]
  /** Numbers with the word that says of what: a unit, or what is counted. */
  amounts: { value: string; unit: string }[]
  /** Days, dates, months, years and times of day, in one form. */
  times: string[]
  /** Words written as names, behind the verb. */
  names: string[]
  negated: boolean
  /** It is about what will be, or is wished. */
  planned: boolean
  /** It tells of something that is over. */
  past: boolean
  /** It tells of something that has happened: "bought", "has moved". */
  done: boolean
  /** The person is not sure. */
  hedged: boolean
  /** It says itself that something is otherwise than before. */
  changed: boolean
}

const CHANGED =
  /\b(?:now|nowadays|no longer|not any ?more|any ?more|instead|since (?:then|january|february|march|april|may|june|july|august|september|october|november|december|last|this|\d{4})|these days|from now on|recently|moved|switched|migrated|changed|replaced|relocated|transferred|upgraded|new|started (?:at|as|a|my)|joined|as of|starting|meanwhile|postponed|rescheduled|rebooked|delayed|brought forward|pushed back|raised|lowered|increased|reduced|(?:was |were )?cut (?:back |down )?to|(?:dropped|rose|fell|grew|went (?:up|down)|has gone (?:up|down)) to|promoted|turned (?=\w+)|again|only .{1,20} left|jetzt|inzwischen|mittlerweile|neuerdings|nicht mehr|stattdessen|maintenant|désormais|dorénavant|ne .{1,20} plus|ahora|ya no|adesso|ora)\b|\bactually\b|^no,|^correction\b|\bthat['’]s wrong\b|\bI meant\b/iu
const PLANNED =
  /\b(?:will|['’]ll|going to|plans?(?: to)?|planning|wants? to|would like|['’]d like|hopes? to|intends? to|considering|thinking (?:about|of)|next (?:week|month|year|spring|summer|autumn|fall|winter|quarter)|soon|someday|eventually|about to|training for|preparing for|saving for|möchte|werde|wollen|veux|voudrais|quiero)\b/iu
const HEDGED =
  /\b(?:maybe|perhaps|probably|possibly|might|may(?! \d| be (?:a|the) month)(?<!\b(?:in|of|until|since|by|last|next|this|each|every|early|late|mid|\d{1,2}(?:st|nd|rd|th|\.)?) may)|could be|I (?:think|believe|guess|suppose|assume|heard)|not (?:so |quite |really |entirely )?(?:sure|certain)|unsure|if I (?:remember|recall)|as far as I (?:know|remember)|apparently|supposedly|something like|around|vielleicht|wahrscheinlich|vermutlich|ich (?:glaube|denke)|peut-être|je crois|probablement|quizás|creo que|tal vez|forse|credo)\b/iu
const OVER =
  /\b(?:used to|ago|in (?:19|20)\d\d|until (?:19|20)\d\d|(?<!since )last (?:year|month|week|summer|winter|spring|autumn|fall|night|\w+day)|yesterday|as a (?:child|kid|student|teenager|boy|girl)|when I was|back then|formerly|previously|before that|grew up|früher|damals|autrefois|antes)\b/iu
const PERSON = /^(?:i|we|ich|wir|je|j|nous|yo|nosotros|io|noi)$/u
const OWNER =
  /^(?:my|our|your|the|a|an|this|that|these|those|his|her|its|their|mein\w*|unser\w*|der|die|das|mon|ma|mes|notre|nos|le|la|les|mi|mis|el|los|las)$/u
/** First-person forms that leave the pronoun out. */
const SELF_VERB = /^(?:vivo|trabajo|tengo|soy|estoy|prefiero|quiero|abito|lavoro|sono|ho)$/u
const CLAUSE_LEAD =
  /^(?:(?:actually|by the way|btw|well|oh|yes|no|so|and|but|also|sorry|correction|maybe|perhaps|probably|apparently|i (?:think|believe|guess|suppose|heard|meant)(?: that)?|ich glaube|je crois que|creo que|that['’]s wrong|in fact|just so you know|fyi|please|from now on|these days|since then)[,:]?\s+)+/iu
/** Words that only say when the new state began, or how strongly. */
const LIGHT = new Set(
  contentWords(
    'now new recently again anymore anyway actually really very much quite just still already currently nowadays today yesterday since finally instead these days last week month year left only full any think believe guess suppose heard remember correctly anything anyone anybody everything everyone everybody something all moment glaube crois more longer way some good well got jetzt nur noch maintenant désormais ahora inzwischen',
  ),
)
const TIME_OF_DAY = /\b(?:[01]?\d|2[0-3])[:.][0-5]\d\b|\b\d{1,2}\s?(?:am|pm|Uhr)\b|\bnoon\b|\bmidnight\b/giu
const PART_OF_DAY = /\b(?:morning|afternoon|evening|night|mornings|afternoons|evenings|nights)\b/giu
const YEAR = /^(?:19|20)\d\d$/
const VOID_UNIT = /^(?:so|already|and|or|in|on|at|for|to|now|since|per|with|after|before|instead|i|we|but|not)$/u

/** "The fair got pushed to May." */
const GOT_MOVED =
  /\bgot (?=(?:pushed|moved|postponed|delayed|rescheduled|rebooked|changed|extended|shortened|cut|raised|lowered|cancell?ed|brought forward)\b)/giu

/** @param raw a sentence in first or third person ("The user's sister …"); both become one form */
export function readStatement(raw: string): Statement {
  const text = raw
    .replace(/\b[Tt]he user['’]s\b/gu, 'my')
    .replace(/\b[Tt]he user\b/gu, 'I')
    .replace(/\bcan['’]?not\b/giu, 'can not')
    .replace(GOT_MOVED, 'was ')
    .replace(REPORTS, (_, who: string, verb: string | undefined) => (verb ? `${who} is ` : `${who} `))
    .replace(IS_AMOUNT, '$1 is ')
    .replace(/['’]s name is\b/giu, ' is called')
    .replace(/^(?:The )?name of (.{3,40}?) is\b/iu, '$1 is called')
    .trim()
  const main = text.replace(CLAUSE_LEAD, '')
  const tokens = wordsOf(main).flatMap(({ word, start }) => split(word, start))
  const [finite, at] = verbAt(tokens)
  const before = tokens.slice(0, at < 0 ? tokens.length : at)
  const written = tokens[at]?.folded ?? ''
  const verb = at < 0 ? null : (verbBase(written) ?? stem(written))
  const ownVerb = at >= 0 && SELF_VERB.test(tokens[at]?.folded ?? '')
  const self = ownVerb || before.some(({ folded }) => PERSON.test(folded))
  const subjectText = main.slice(0, at < 0 ? main.length : tokens[at]?.start)
  const restText = at < 0 ? '' : main.slice(tokens[at]?.start ?? 0)
  const spoken = tokens[finite]?.folded ?? ''
  const past = OVER.test(text) || isPast(spoken)
  return {
    text,
    self,
    subject: self ? [] : wordsIn(subjectText),
    verb,
    particle: at < 0 ? null : (tokens.slice(at + 1).find(({ folded }) => !ADVERB.test(folded))?.folded ?? null),
    words: wordsIn(text),
    core: wordsIn(mainClause(text)),
    rest: wordsIn(restText.replace(/^\S+/, '')),
    amounts: amountsIn(text),
    times: timesIn(text),
    names: namesAfter(main, tokens[at]?.start ?? 0),
    negated: negated(mainClause(text).replace(ENDING_VERB, '')) || LACKS.test(text),
    planned: PLANNED.test(text),
    past,
    done: past || (at > finite && /^(?:has|have|ve|s)$/.test(spoken)),
    hedged: HEDGED.test(raw),
    changed: CHANGED.test(raw),
  }
}

/** "I quit the club" denies nothing of anything else. */
const ENDING_VERB = /\b(?:stopped|quit)\b/giu
/** "has no garden", "without sugar", "off the diet". */
const LACKS =
  /\b(?:has|have|had|['’]ve|is|are|there['’]s|with|gets?|got|needs?|takes?|eats?|drinks?|uses?) no (?!longer|one|doubt|idea|problem)|\b(?:am|is|are|['’]m|['’]s|['’]re) off (?:the|my|our|his|her)\b/iu
const BEFORE_NOUN =
  /^(?:first|second|third|next|last|new|old|main|big|small|whole|weekly|daily|monthly|annual|yearly|final|official|public|own|same|other|another|every|each|only|favou?rite|current|previous)$/u
/** "Jonas told me that he is …": what is told of Jonas. In the third person "me" has become "I" by now. */
const REPORTS =
  /^([^,]{2,40}?)\s+(?:(?:has\s+)?(?:told|tells) (?:me|us|I)|said|says|mentioned|mentions|wrote)(?: to (?:me|us|I))?(?: that)?\s+(?:he|she|they|it)(['’](?:s|re))?\s+/iu
/** "the rent's 900". */
const IS_AMOUNT = /(\p{Ll}{3,})['’]s\s+(?=[€£$]?\d)/u
const SUBORDINATE = /,?\s(?:since|because|after|when|while|although|though|so that|weil|seit|parce que|porque)\s.*$/iu
const WITHOUT = /\b(?:without|ohne|sans|sin|senza)\s+(?:any\s+)?[\p{L}-]+/giu
const CONTRAST = /,\s*(?:and\s+)?not\s+(?:[^,.;!?]|(?<=\d)[.,](?=\d))+/iu

/** Without what stands beside it: "… since I stopped …" and "…, not Marc" deny nothing of the statement itself. */
function mainClause(text: string): string {
  return text.replace(SUBORDINATE, '').replace(CONTRAST, '').replace(WITHOUT, '')
}

interface Token {
  folded: string
  start: number
  /** Written small. */
  lower: boolean
}

/** "I'm" and "don't" are two words. */
function split(word: string, start: number): Token[] {
  const folded = fold(word)
  const token = (part: string, at: number): Token => ({ folded: part, start: at, lower: !/^\p{Lu}/u.test(word) })
  const elided = /^(j|l|d|m|t|s|n|qu)'(\p{L}{2,})$/u.exec(folded)
  if (elided?.[1] && elided[2]) return [token(elided[1], start), token(elided[2], start + elided[1].length + 1)]
  const match = /^(\p{L}+)'(m|re|ve|ll|d|s|t)$/u.exec(folded)
  if (!match?.[1] || match[2] === 's' || match[2] === 't') return [token(folded, start)]
  return [token(match[1], start), token(match[2] ?? '', start + match[1].length)]
}

/**
 * @returns the places of the verb that carries the tense and of the one the statement is built on; the first helps the
 * second ("has moved") or is the same; -1 when none is known
 */
function verbAt(tokens: readonly Token[]): [number, number] {
  for (const [index, token] of tokens.entries()) {
    if (index === 0 && !SELF_VERB.test(token.folded)) continue
    const base = verbBase(token.folded)
    // "zweimal am Tag" has no verb.
    if (!base || (token.folded === 'am' && tokens[index - 1]?.folded !== 'i')) continue
    const last = tokens[index - 1]?.folded ?? ''
    // "the rent is", "my work", "Anna's plans": a noun.
    if (OWNER.test(last) || /'s$/.test(last)) continue
    const next = tokens[index + 1]?.folded ?? ''
    // "the first release of …", "our weekly meeting": a noun; but not in "I only need …".
    if (next === 'of' || (BEFORE_NOUN.test(last) && !PERSON.test(tokens[index - 2]?.folded ?? ''))) continue
    if (/^(?:is|are|was|were|costs?|runs?|starts?|ends?|has|have)$/.test(next) && !PERSON.test(last)) continue
    if (!/^(?:be|have|do|go|get)$/.test(base)) return [index, index]
    // "is led by", "has moved", "do not like", "am going to buy"
    for (let ahead = index + 1; ahead <= index + 4 && ahead < tokens.length; ahead++) {
      const word = tokens[ahead]?.folded ?? ''
      if (/^(?:not|to|been|going|also|just|really|never|always|no|longer|already|now|only|being)$/.test(word)) continue
      const helped = verbBase(word)
      const noun = OWNER.test(tokens[ahead - 1]?.folded ?? '') || /'s$/.test(tokens[ahead - 1]?.folded ?? '')
      const formed =
        /(?:ed|en|ing|wn|ne|nt|ght|ld|de|me|ft|id|st|ut|et|it)$/.test(word) ||
        base === 'do' ||
        tokens[ahead - 1]?.folded === 'to'
      if (helped && helped !== 'be' && !noun && formed) return [index, ahead]
      break
    }
    return [index, index]
  }
  const unlisted = unlistedVerb(tokens)
  return [unlisted, unlisted]
}

/** The place of a verb that no list knows, by where it stands: "I juggle", "Emil no longer naps", "Der Chor probt"; else -1. */
function unlistedVerb(tokens: readonly Token[]): number {
  return tokens.findIndex(({ folded, lower }, index) => {
    if (index === 0 || !lower || folded.length < 3 || isStopWord(folded) || ADVERB.test(folded)) return false
    let before = index - 1
    while (before > 0 && ADVERB.test(tokens[before]?.folded ?? '')) before -= 1
    const last = tokens[before]
    if (!last) return false
    if (SPEAKER.test(last.folded)) return before === 0 || index === before + 1
    return !last.lower && /[^s]s$|.{3}t$/.test(folded) && tokens.length > index + 1
  })
}

const SPEAKER = /^(?:i|we|they|he|she|it|ich|wir|er|sie|es)$/u
/** Words that may stand between who it is about and the verb. */
const ADVERB =
  /^(?:no|longer|not|never|always|also|still|now|only|just|already|usually|often|really|currently|jetzt|nun|nur|noch|mehr|nicht|auch|immer|inzwischen|mittlerweile|seit|meist|oft)$/u

/** Content words in one form for all that mean the same: "kids" and "children", "nine" and "9". */
function wordsIn(text: string): string[] {
  const found = new Set<string>()
  for (const { word } of wordsOf(text.replace(/(?<=\d)[.,](?=\d{3}(?!\d))/gu, ''))) {
    const folded = fold(word).replace(/'s$/, '')
    const digits =
      numberWord(folded) ?? (/^\d+(?:st|nd|rd|th|er|e)?$/.test(folded) ? String(Number.parseInt(folded, 10)) : null)
    if (digits !== null && folded !== 'second' && folded !== 'one') {
      found.add(digits)
      continue
    }
    if (digits !== null && /^second$/.test(folded)) {
      found.add('2')
      continue
    }
    const name = canonical(folded)
    const verb = verbBase(folded)
    // A verb's forms are one word; light ones say nothing.
    const base = verb && !/^(?:be|have|do|get|go)$/.test(verb) ? canonical(verb) : name
    if (verb && /^(?:be|have|do|get|go)$/.test(verb)) continue
    for (const one of contentWords(base)) if (!LIGHT.has(one)) found.add(one)
  }
  return [...found]
}

function amountsIn(text: string): { value: string; unit: string }[] {
  const plain = text
    .replace(/(?<=\d)[.,](?=\d{3}(?!\d))/gu, '')
    .replace(TIME_OF_DAY, ' ')
    .replace(/([€$£])\s?(\d+(?:[.,]\d+)?)/gu, '$2 $1')
  const tokens = plain.match(/[\p{L}\p{N}€$£%]+(?:[.,]\d+)*(?:['’]\p{L}+)?/gu) ?? []
  return tokens.flatMap((token, index) => {
    const folded = fold(token)
    const joined = /^(\d+(?:[.,]\d+)?)(\p{L}+|%)?$/u.exec(folded)
    const value = joined?.[1] ?? numberWord(folded)
    if (
      !value ||
      (folded === 'one' && !countsOne(tokens, index)) ||
      (folded === 'second' && !/^(?:the)$/.test(fold(tokens[index - 1] ?? '')))
    )
      return []
    if (YEAR.test(value)) return []
    const next = fold(tokens[index + 1] ?? '')
    const last = fold(tokens[index - 1] ?? '')
    if (MONTHS.test(next) || MONTHS.test(last)) return []
    const suffix = joined?.[2]
    const written = suffix && !/^(?:st|nd|rd|th)$/.test(suffix) ? suffix : next
    const unit = VOID_UNIT.test(written) ? '' : stem(canonical(written))
    return [{ value, unit }]
  })
}

/** "one cup a day", not "the one", "one day", "one of them". */
function countsOne(tokens: readonly string[], index: number): boolean {
  const next = fold(tokens[index + 1] ?? '')
  const last = fold(tokens[index - 1] ?? '')
  if (!/^\p{L}{3,}$/u.test(next) || /^(?:the|this|that|no|any|another|which|each|every|at)$/.test(last)) return false
  return !/^(?:day|time|thing|another|who|that|which|more|can|has|is|was|way|reason|month|week|year)s?$/.test(next)
}

function timesIn(text: string): string[] {
  const found = new Set<string>()
  for (const [match] of text.matchAll(TIME_OF_DAY)) found.add(`t${match.toLowerCase().replace(/[\s.]/g, ':')}`)
  for (const [match] of text.matchAll(PART_OF_DAY)) found.add(`p${match.toLowerCase().replace(/s$/, '')}`)
  const tokens = wordsOf(text).map(({ word }) => fold(word).replace(/'s$/, ''))
  for (const [index, token] of tokens.entries()) {
    if (WEEKDAYS.test(token)) found.add(`d${token.replace(/s$/, '')}`)
    if (YEAR.test(token)) found.add(`y${token}`)
    if (MONTHS.test(token) && !(token === 'may' && isModal(tokens, index))) {
      const day = [tokens[index - 1], tokens[index + 1], tokens[index - 2]].find((one) =>
        /^\d{1,2}(?:st|nd|rd|th|er)?$/.test(one ?? ''),
      )
      found.add(`m${token.slice(0, 3)}${day ? Number.parseInt(day, 10) : ''}`)
    }
    const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(token)
    if (iso) found.add(token)
  }
  return [...found]
}

/** "may" between a noun and a verb is no month. */
function isModal(tokens: readonly string[], index: number): boolean {
  const last = tokens[index - 1] ?? ''
  if (/^(?:in|of|until|since|by|last|next|this|every|early|late|mid|from|to|\d+(?:st|nd|rd|th)?)$/.test(last))
    return false
  return !/^\d/.test(tokens[index + 1] ?? '')
}

function namesAfter(text: string, from: number): string[] {
  return [
    ...new Set(
      wordsOf(text)
        .filter(({ word, start }) => start > from && /^\p{Lu}/u.test(word) && !/^(?:I|I['’]\p{L}+)$/u.test(word))
        .map(({ word }) => fold(word).replace(/'s$/, ''))
        .filter((word) => !WEEKDAYS.test(word) && !MONTHS.test(word) && !/^(?:dr|mr|mrs|ms|prof)$/.test(word)),
    ),
  ]
}
