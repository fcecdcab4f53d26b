// What a sentence states about the person themselves, read by rules: no model is needed to see a name in "My name is …".
// English in full, the commonest forms of a few other languages.
import { isKnownThing } from '../extraction/mentions-words.ts'
import { contentWords, fold } from '../words.ts'

/** Fields, and the words before the value: as people read them in a list, and close to how they are asked for. */
export const PROFILE_FIELDS = {
  name: 'Name: ',
  preferred_name: 'Wants to be called ',
  role: 'Works as ',
  organisation: 'Works at ',
  place: 'Lives in ',
  language: 'Wants answers in ',
  time_zone: 'Time zone: ',
  answer_style: 'Style of answers: ',
  diet: 'Diet and allergies: ',
} as const
export type ProfileField = keyof typeof PROFILE_FIELDS

export interface ProfileFact {
  field: ProfileField
  value: string
  /** Tells values of one field apart that hold side by side: the length and the tone of answers, one allergy and another. */
  aspect?: string
}

const CAPITAL = String.raw`\p{Lu}[\p{L}\p{M}'’.-]*\p{L}`
const NAME = String.raw`((?:${CAPITAL}|\p{Lu}\.)(?:\s+(?:(?:van|von|de|der|den|del|della|di|da|dos|la|le|bin|al|el|ten|ter|zu)\s+)*(?:${CAPITAL}|\p{Lu}\.)){0,3})`
const SHORT_NAME = String.raw`["“'‘]?(\p{Lu}[\p{L}\p{M}'’-]*(?:\s\p{Lu}[\p{L}\p{M}'’-]*)?)["”'’]?`
const PLACE = String.raw`(\p{Lu}[\p{L}\p{M}'’.-]+(?:[\s-](?:(?:am|an|der|de|del|la|le|sur|upon|of)[\s-])*\p{Lu}[\p{L}\p{M}'’.-]+){0,3}(?:,\s\p{Lu}[\p{L}\p{M}'’-]+(?:\s\p{Lu}[\p{L}\p{M}'’-]+)?)?)`
const ORGANISATION = String.raw`((?:the\s)?(?:[\p{Lu}\d][\p{L}\p{N}\p{M}&'’.-]*)(?:\s(?:of\s|and\s|&\s)?(?!I\b)[\p{Lu}\d&][\p{L}\p{N}\p{M}&'’.-]*){0,4})`
const ROLE_WORDS = String.raw`((?:[\p{L}-]+\s){0,4}?[\p{L}-]+)`

/** Capitalised words after "I'm" that are no name. */
const NOT_A_NAME = new Set(
  (
    'american australian austrian belgian brazilian british canadian chinese czech danish dutch english european finnish french ' +
    'german greek hungarian indian irish israeli italian japanese korean mexican norwegian polish portuguese romanian russian ' +
    'scottish spanish swedish swiss turkish ukrainian welsh african asian argentinian chilean colombian egyptian iranian ' +
    'catholic christian buddhist hindu jewish muslim protestant head chief director vp svp evp ceo cto cfo coo senior junior ' +
    'lead principal staff president vice dr monday tuesday wednesday thursday friday saturday sunday january february march ' +
    'april may june july august september october november december windows mac linux android python java javascript ' +
    'typescript rust go i a an the in at on from not very so just also ok okay'
  ).split(' '),
)
const ROLE_NOUN =
  '(?:engineer|developer|programmer|designer|manager|teacher|nurse|doctor|physician|surgeon|student|scientist|researcher|lawyer|attorney|analyst|architect|consultant|director|founder|co-founder|writer|editor|journalist|accountant|chef|cook|baker|carpenter|electrician|plumber|mechanic|pilot|driver|farmer|gardener|librarian|pharmacist|dentist|veterinarian|vet|psychologist|therapist|translator|interpreter|photographer|musician|artist|actor|actress|administrator|assistant|secretary|officer|president|ceo|cto|cfo|coo|vp|lead|leader|head|owner|professor|lecturer|tutor|coach|trainer|economist|biologist|chemist|physicist|mathematician|statistician|historian|geologist|neuroscientist|technician|operator|recruiter|marketer|salesperson|sales rep|banker|trader|broker|planner|specialist|expert|strategist|producer|midwife|paramedic|firefighter|policeman|policewoman|judge|notary|freelancer|contractor|intern|apprentice|postdoc|phd student|cashier|waiter|waitress|barista|sysadmin|tester|curator|archivist|surveyor|optician|electrician|joiner|tailor|hairdresser)'
const ROLE_HEAD = new RegExp(`${ROLE_NOUN}$`, 'iu')

const LANGUAGES =
  'English|German|French|Spanish|Italian|Portuguese|Dutch|Polish|Czech|Swedish|Danish|Norwegian|Finnish|Greek|Turkish|Russian|Ukrainian|Arabic|Hebrew|Hindi|Japanese|Korean|Chinese|Mandarin|Vietnamese|Romanian|Hungarian|Catalan|Deutsch|Englisch|Französisch|français|anglais|allemand|español|inglés|italiano'

const STYLE_NOUN = String.raw`(?:answers?|replies|reply|responses?|explanations?)`
const LENGTH_WORD = String.raw`(?:very\s|really\s)?(?:short|shorter|brief|concise|succinct|terse|crisp|long|longer|detailed|thorough|in-depth|one-line|one-sentence)`
const FORMAT_WORD =
  'numbered|bulleted|bullet-point|structured|step-by-step|plain|simple|formal|informal|friendly|direct|honest|blunt'

const LENGTH_ONLY = new RegExp(`^${LENGTH_WORD}$`, 'iu')

interface Rule {
  field: ProfileField
  pattern: RegExp
  check?: (value: string, sentence: string, match: RegExpExecArray) => boolean
  aspect?: string | ((value: string) => string)
}

const INTRODUCES = String.raw`(?:I['’]m|I am|[Mm]y (?:full )?name is|[Mm]y name['’]s|(?:^|[.,!]\s)(?:[Hh]i|[Hh]ello|[Hh]ey)?[,!]?\s*[Tt]his is|^(?:[Hh]i|[Hh]ello|[Hh]ey)?[,!]?\s*(?:[Ii]t['’]s|[Nn]ame['’]s)|[Ii]ch bin(?=\s+\p{Lu}\p{L}+\s+\p{Lu})|[Ii]ch heiße|[Mm]ein Name ist|[Jj]e m['’]appelle|[Jj]e suis|[Mm]e llamo|[Mm]i nombre es|[Ss]oy|[Mm]i chiamo|[Ii]k heet|mijn naam is|jag heter)`
const CALLS = String.raw`(?:(?:my\s)?(?:friends|people|everyone|everybody|folks|colleagues|they|family|most people|the team)(?:\s\p{L}+){0,2}?\s(?:calls?|says?|named?)\s(?:me\s)?)`

/** "I hate it when people call me Mike." */
const UNWANTED = /\b(?:hate|dislike|stop|never|not|nobody|no one|used to|wrong)\b|n['’]t\b/iu
/** What one joins beside work. */
const PASTIME =
  /\b(?:ensemble|orchestra|choir|chorus|band|club|gym|society|association|party|church|team|league|union|group|crossfit|scouts|meetup)$/iu
/** "I'm a senior …", "my name is Ada, a …", or nothing but the kind of work: the role behind it is the person's own. */
const BEFORE_ROLE =
  /\b(?:I['’]?m|I am|I (?:now |currently )?work(?:ed)? as|working as|my name is|my (?:job|role) is)\s+[^.;:]{0,60}$/iu
const BARE_ROLE = /^(?:(?!(?:the|my|our|his|her|their|this|that|an?)\b)[\p{L}-]+\s+){0,3}$/iu

function speaksOfSelf(before: string): boolean {
  if (
    /\b(?:he|she|they|his|her|their|my|our|your)\s+(?!name|job|role)|\b\p{L}{2,}ing\s+(?:an?|the|with)\b/iu.test(before)
  )
    return false
  return BEFORE_ROLE.test(before) || BARE_ROLE.test(before) || new RegExp(INTRODUCES, 'u').test(before)
}

const RULES: readonly Rule[] = [
  {
    field: 'name',
    pattern: new RegExp(String.raw`(?:${INTRODUCES})\s+(?:(?:Dr|Prof|Mr|Mrs|Ms)\.?\s+)?${NAME}`, 'u'),
    check: isName,
  },
  { field: 'name', pattern: new RegExp(String.raw`^${NAME},\s(?:but\s|and\s)?(?:${CALLS})`, 'u'), check: isName },
  {
    field: 'preferred_name',
    pattern: new RegExp(
      String.raw`(?:\b[Cc]alls? me|\b[Nn]enn(?:t|en)? mich|\bappelez?-moi|\b[Ll]l[aá]m[ae]me|${CALLS}|\bknown as|\bI go by|\bgoes by|\b[Aa]ddress me as|\bnickname is|\bprefer (?:to be called|the name)|\b(?:want|like) to be called)\s*(?:just\s|simply\s|by\s)?${SHORT_NAME}`,
      'u',
    ),
    check: (value, sentence, match) =>
      isName(value) && !UNWANTED.test(sentence.slice(0, match.index + match[0].length)),
  },
  {
    field: 'preferred_name',
    pattern: new RegExp(
      String.raw`\b(?:[Uu]se|[Ss]ay|[Jj]ust|[Pp]refer|[Ww]ant)\s+${SHORT_NAME},?\s+(?:from now on|instead(?! of)|please)`,
      'u',
    ),
    // "Use Postgres instead" names no person.
    check: (value) => isName(value) && !isKnownThing(value) && !new RegExp(`^(?:${LANGUAGES})$`, 'iu').test(value),
  },
  {
    field: 'role',
    pattern: new RegExp(
      String.raw`\b(?:I['’]m|I am|I work(?:ed)? as|working as|I started (?:\p{L}+\s)*as|work there as|my (?:job|role|profession|title) is)\s+(?:now\s|currently\s)?(?:an?\s|the\s)?${ROLE_WORDS}(?=\s+(?:at|for|in|of|with|from|on|who|and)\b|[,.;!]|$)`,
      'iu',
    ),
    check: isRole,
  },
  {
    field: 'role',
    pattern:
      /\b(?:I['’]m|I am)\s+(?:the\s|an?\s)?((?:Head|Director|VP|Vice President|President|Chief \p{L}+ Officer|C[A-Z]O)(?: of (?:\p{L}+(?= at| for|[,.;!]|$)))?)(?=\s(?:at|for|of|in|and)\b|[,.;!]|$)/u,
  },
  {
    field: 'role',
    pattern: new RegExp(String.raw`,\s+(?:an?\s|the\s)?${ROLE_WORDS}\s+(?:at|for|with)\s+[\p{Lu}\d]`, 'u'),
    check: (value, sentence) => isRole(value) && new RegExp(INTRODUCES, 'u').test(sentence),
  },
  {
    field: 'role',
    pattern:
      /\b(?:arbeite als|travaille comme|trabajo como)\s+(?:eine?\s|un[ea]?\s)?(\p{L}+(?:in|er|eur|euse|ista|or|ora|ent|entin|ist|istin))(?=[\s,.!]|$)/u,
  },
  {
    field: 'organisation',
    pattern: new RegExp(
      String.raw`\b(?:I (?:now |currently )?(?:work|started|start|run [\p{L} ]{2,30}|lead [\p{L} ]{2,30}|manage [\p{L} ]{2,30})|I['’]ve joined|I joined|I['’]m|I am|${ROLE_NOUN}(?: (?:in|on|for|of|with|and) [\p{L} ]{2,20})?)\s+(?:working\s)?(?:at|for)?\s*(?<=(?:at|for|joined)\s+)${ORGANISATION}`,
      'u',
    ),
    check: (value, sentence, match) =>
      !/\b(?:no longer|used to|not|left|quit|formerly|until|if)\b|n['’]t\b/iu.test(sentence) &&
      !NOT_A_NAME.has(fold(value)) &&
      !(/\bjoined\b/u.test(match[0]) && PASTIME.test(value)) &&
      (/^I\b/u.test(match[0]) || speaksOfSelf(sentence.slice(0, match.index))),
  },
  {
    field: 'organisation',
    pattern: new RegExp(
      String.raw`\b(?:my|our) (?:company|employer|firm|organi[sz]ation|startup|business) (?:is|is called|is named)\s+${ORGANISATION}`,
      'u',
    ),
  },
  {
    field: 'place',
    pattern: new RegExp(
      String.raw`\b(?:(?:I|[Ww]e) (?:now |currently |still )?live (?:now )?in|I['’]m (?:now |currently )?(?:living|based) in|I am (?:now |currently )?(?:living|based) in|I (?:just |recently )?(?:re)?(?:moved|relocated) (?:from \p{Lu}[\p{L} ]+ )?to|I['’]ve (?:just |recently )?(?:moved|relocated) (?:from \p{Lu}[\p{L} ]+ )?to|[Mm]y home is in|[Ii]ch wohne (?:jetzt )?in|[Ii]ch lebe (?:jetzt )?in|[Jj]['’]habite (?:à|en)|[Vv]ivo en|[Aa]bito a)\s+${PLACE}`,
      'u',
    ),
  },
  {
    field: 'language',
    pattern: new RegExp(
      String.raw`\b(?:answers?|reply|replies|respond|responses|write|talk|speak|antworte[n]?|schreib[en]*|réponds|répondez|responde|rispondi)(?: to me| me| mir| moi)?(?: always| only| please| immer| bitte)? (?:in|auf|en)\s+(${LANGUAGES})\b`,
      'iu',
    ),
    check: (_, sentence) => !/\b(?:this|that|the (?:email|mail|letter|text)) in\b/iu.test(sentence),
  },
  {
    field: 'time_zone',
    pattern:
      /\b(?:my )?time ?zone is\s+([A-Z][A-Za-z_]+\/[A-Z][A-Za-z_]+|[A-Z]{2,5}(?:[+-]\d{1,2}(?::?\d{2})?)?|[A-Z][a-z]+ (?:time|Standard Time))/u,
  },
  {
    field: 'answer_style',
    aspect: 'length',
    pattern: new RegExp(
      String.raw`\b(${LENGTH_WORD}(?:,?\s(?:and\s)?[\p{L}-]+)?\s${STYLE_NOUN}(?:\swith\s[^.!?;]{3,60})?)`,
      'iu',
    ),
    check: (_, sentence) => !/\b(?:not|no|without|hate|dislike|instead of)\b|n['’]t\b/iu.test(sentence),
  },
  {
    field: 'answer_style',
    aspect: 'length',
    pattern: new RegExp(
      String.raw`\b(?:keep|make) (?:(?:your |the |all |my )?${STYLE_NOUN}|it|them)\s((?:very |really )?(?:short|brief|concise|succinct|crisp|long|detailed|thorough)(?: and (?:to the point|simple|short|brief|concise|clear|precise|friendly|formal|informal|direct|plain|sweet|structured))?)`,
      'iu',
    ),
    check: (_, sentence) => new RegExp(STYLE_NOUN, 'iu').test(sentence) || /\balways\b/iu.test(sentence),
  },
  {
    field: 'answer_style',
    aspect: 'format',
    pattern: new RegExp(
      String.raw`\b((?:${FORMAT_WORD}),?\s(?:short\s|brief\s)?${STYLE_NOUN}|(?:bullet points|numbered lists|conclusions? first|(?:the )?most important (?:thing|point) first|metric units|imperial units|plain language|no emojis?))\b`,
      'iu',
    ),
    check: (_, sentence) => !/\b(?:not|without|hate|dislike)\b|n['’]t\b/iu.test(sentence),
  },
  {
    // What may harm them is needed when nobody asks for it, and shares no word with a question about dinner.
    field: 'diet',
    aspect: (value) => contentWords(value).join(' ').slice(0, 40),
    pattern:
      /\bI(?:['’]m| am|['’]ve been| have been)\s+((?:(?:severely|badly|very|highly|mildly|also)\s)?allergic to [^.,;:!?]{2,60}?|(?:an? )?(?:strict |lifelong )?(?:vegetarian|vegan|pescatarian)|(?:lactose|gluten|fructose)[ -]intolerant|c(?:o?e)liac|diabetic)(?=\s+(?:and (?:I|my|we)|but|so|since|because|for)\b|[.,;:!?]|\s*$)/iu,
  },
  {
    field: 'diet',
    aspect: (value) => contentWords(value).join(' ').slice(0, 40),
    pattern:
      /\bI ((?:don['’]t|do not|can['’]t|cannot|never) eat [^.,;:!?]{2,50}?|have (?:an? )?(?:[\p{L}]+ ){1,2}(?:allergy|intolerance))(?=\s*\(|\s+(?:any ?more\b|and (?:I|my|we)|but|so|since|because|for|when|if|at|on|before|after)\b|[.,;:!?]|\s*$)/iu,
  },
]

/** Words around the values that say nothing more. */
const CUES = new Set(
  contentWords(
    'name names full called call calls friends people everyone everybody folks says work works working job role profession live living based moved answer answers reply replies respond keep like prefer want always short brief concise style use time zone please remember note heiße bin wohne arbeite antworte deutsch habite appelle vivo llamo started start',
  ),
)

/**
 * @returns the profile fields the sentence states, and whether it states nothing else
 */
export function readProfile(sentence: string): { facts: ProfileFact[]; whole: boolean } {
  const facts: ProfileFact[] = []
  if (/\b(?:if|would|might|maybe|perhaps|wish|pretend|imagine)\b/iu.test(sentence) || /\?\s*$/u.test(sentence))
    return { facts, whole: false }
  for (const { field, pattern, check, aspect: aspectOf } of RULES) {
    const match = pattern.exec(sentence)
    let value = match?.[1]?.replace(/[\s,.;:'’"”]+$/u, '').trim()
    if (!match || !value || value.length > 120) continue
    if (check && !check(value, sentence, match)) continue
    if (field === 'answer_style' && LENGTH_ONLY.test(value)) value = `${value} answers`
    const said = value
    const aspect = typeof aspectOf === 'function' ? aspectOf(value) : aspectOf
    if (facts.some((fact) => fact.field === field && (fact.aspect === aspect || fact.value.includes(said)))) continue
    facts.push(aspect ? { field, value, aspect } : { field, value })
  }
  // "I'm Ali" after a full name in the same sentence, or a nickname equal to the name, says nothing new.
  const name = facts.find(({ field }) => field === 'name')?.value
  const kept = facts.filter(({ field, value }) => field !== 'preferred_name' || fold(value) !== fold(name ?? ''))
  const said = new Set(kept.flatMap(({ value }) => contentWords(value)))
  const rest = contentWords(sentence).filter((word) => !said.has(word) && !CUES.has(word))
  return { facts: kept, whole: kept.length > 0 && rest.length === 0 }
}

function isName(value: string): boolean {
  const [first = ''] = value.split(/\s+/)
  return !NOT_A_NAME.has(fold(first)) && !/^\p{Lu}{4,}$/u.test(first)
}

function isRole(value: string): boolean {
  return ROLE_HEAD.test(value) && !/\b(?:not|no|happy|glad|sure|looking)\b/iu.test(value)
}
