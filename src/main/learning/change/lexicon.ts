// Words of the language that comparing statements needs: which forms are one verb, which words are one thing, which states
// exclude each other. General English with the commonest forms of a few other languages; no names, no subjects.

import { contentWords } from '../words.ts'

/** Forms that no rule reaches, as `base: forms`. */
const IRREGULAR =
  'be: am is are was were been being m re; have: has had having ve got gotten; do: does did done doing; go: goes went gone going; ' +
  'get: gets getting; buy: bought; sell: sold; leave: left leaving; lead: led; run: ran running runs; take: took taken taking; ' +
  'give: gave given giving; make: made making; meet: met; lie: lay lain lies; bring: brought; lend: lent; become: became; hang: hung; begin: began begun; break: broke broken; choose: chose chosen; ' +
  'come: came; drink: drank drunk; drive: drove driven driving; eat: ate eaten; fall: fell fallen; feel: felt; fly: flew flown flies; ' +
  'find: found; forget: forgot forgotten; grow: grew grown; hear: heard; hold: held; keep: kept; know: knew known; ' +
  'lose: lost losing; pay: paid; read: reading reads; ride: rode ridden riding; say: said; see: saw seen; send: sent; sing: sang sung; ' +
  'sit: sat; sleep: slept; speak: spoke spoken; spend: spent; stand: stood; swim: swam swum swimming; teach: taught; tell: told; ' +
  'think: thought; wear: wore worn; win: won winning; write: wrote written writing; quit: quitting quits; put: putting puts; ' +
  'cut: cutting cuts; cost: costs costing; marry: married marries; move: moved moving moves; change: changed changing; ' +
  'live: lived living lives; use: used using uses; like: liked likes liking; love: loved loves; hate: hated hates; ' +
  'prefer: preferred prefers; work: worked working works; study: studied studies studying; start: started starting; ' +
  'endure: lasts lasted; stop: stopped stopping; plan: planned planning plans; call: called calls; name: named; weigh: weighs weighed'
/** The same for other languages; only forms of the present. */
const FOREIGN =
  'wohnen: wohne wohnt wohnst; leben: lebe lebt; arbeiten: arbeite arbeitet; sein: ist sind bin war; haben: habe hat; ' +
  'heissen: heisse heisst; betragen: betragt; kosten: kostet; habiter: habite habites habitent; etre: est sont suis; ' +
  'avoir: ai avons ont; vivir: vivo vive viven; trabajar: trabajo trabaja; tener: tengo tiene; llamar: llama llamo'

/** One word for each row; the first stands for all. */
const SYNONYMS =
  'mother mum mom mama mommy; father dad papa daddy; grandmother grandma granny nan; grandfather grandpa granddad; ' +
  'child kid children kids; sibling siblings; phone mobile smartphone cellphone; flat apartment; ' +
  'fridge refrigerator; photo picture photograph; euro euros eur €; dollar dollars usd $; pound pounds gbp £; ' +
  'kilo kilogram kilograms kilos kg; kilometre kilometer km kilometres kilometers; hour hours hrs; ' +
  'dislike hate detest loathe; like love enjoy adore; begin start commence; buy purchase; finish complete conclude; ' +
  'quit resign; big large; small little; doctor physician; holiday vacation holidays vacations; ' +
  'film movie; shop store; lead head manage; team crew; employer company firm; wedding marriage marry; ' +
  'diabetes diabetic; vegetarian veggie; pupil schoolchild; bike bicycle; tv television; advert ad'

const NUMBER_WORDS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
const ORDINAL_WORDS = 'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'

/** Verbs a statement may be built on, in their base form; what stands before one is what the statement is about. */
const VERBS =
  'be have do go get buy sell leave lead run take give make meet begin break choose come drink drive eat fall ' +
  'feel fly find forget grow hear hold keep know lose pay read ride say see send sing sit sleep speak spend ' +
  'stand swim teach tell think wear win write quit put cut cost marry move change live use like love hate ' +
  'prefer work study start stop plan call name weigh play want need learn join manage own rent save earn host ' +
  'deploy migrate switch replace cancel postpone reschedule launch ship release expire end finish close open ' +
  'rehearse collect bake cook paint repaint build repair fix heat smoke train retire turn celebrate visit ' +
  'travel stay arrive depart land depend design develop maintain report raise lower increase reduce cover ' +
  'contain include belong serve sign rotate renew rename upgrade relocate divorce separate adopt hire fire ' +
  'promote drop avoid enjoy dislike bank support supply deliver order measure hurt heal suffer practise ' +
  'practice attend enrol graduate lie hang park store stock feed clean wash mend tune dance climb row ' +
  'sail fish hunt knit sew draw photograph harvest brew roast grill fry boil freeze book ' +
  'reserve invite organise organize arrange chair coach mentor supervise review approve reject submit apply ' +
  'receive accept offer propose promise agree refuse decide consider expect hope believe trust worry miss ' +
  'care help carry bring fetch lend borrow owe invest donate insure charge connect install configure sync back ' +
  'print scan crash boot log track monitor test debug compile publish mix perform compose translate edit ' +
  'proofread lecture research commute cycle walk jog lift stretch meditate pray volunteer argue ' +
  'quarrel kiss hug babysit nurse treat operate diagnose prescribe look appear seem become remain happen ' +
  'occur consist cross overlook share leak snore bark smell wohnen leben arbeiten sein haben heissen betragen kosten ' +
  'habiter etre avoir vivir trabajar tener llamar'

/**
 * States of one thing that exclude each other: of a later statement and an earlier one with two of a row, the later holds.
 * The first rows are about a person as such; of the others two sentences of one person may be about two things.
 */
const PERSONAL: readonly (readonly RegExp[])[] = [
  [/\b(?:sleeps? (?:badly|poorly)|cannot sleep|can['’]t sleep|insomnia)\b/iu, /\bsleeps? (?:well|better|fine)\b/iu],
  [
    /\b(?:on (?:\w+ )?leave|on sick leave|on holiday|on vacation|away|on sabbatical|off sick|out of office)\b/iu,
    /\b(?:is|are|am|['’]s|['’]re|['’]m|came|comes) back\b|\breturned\b|\bback (?:from|at work)\b/iu,
  ],
  [
    /\b(?:single|unmarried)\b/iu,
    /\b(?:has|have|got|['’]ve got|found) (?:a |my )?(?:new )?(?:girlfriend|boyfriend|partner)\b|\bin a relationship\b|\bdating\b|\bseeing each other\b|\ba couple\b/iu,
    /\b(?:engaged|fianc[ée]e?)\b/iu,
    /\b(?:married|got married|wed|husband|wife)\b/iu,
    /\b(?:divorced|separated|broke up|split up|widowed)\b/iu,
  ],
  [
    /\b(?:pregnant|expecting (?:(?:a|her|our|their) |twins|triplets))/iu,
    /\b(?:gave birth|had (?:her|the|a|our|their) (?:baby|twins|triplets)|baby (?:is|was) born|was born|miscarriage)\b/iu,
  ],
  [
    /\b(?:(?:looking|searching) for (?:a |an )?(?:new )?(?:\w+ )?(?:job|work|position)|unemployed|out of work|between jobs|jobless)\b/iu,
    /\b(?:found (?:a |an )?(?:new )?(?:job|work|position)|got (?:the|a|an) (?:new )?(?:job|position)|started (?:a|my) new job|was hired|employed)\b/iu,
  ],
  [
    /\b(?:looking|searching) for (?:a |an )?(?:new )?(?:flat|apartment|house|place|room)\b/iu,
    /\bfound (?:a |an )?(?:new )?(?:flat|apartment|house|place|room)\b/iu,
  ],
  [
    /\b(?:works? from home|working from home|remote(?:ly)?|home office)\b/iu,
    /\b(?:(?:back )?(?:in|at|to) the office)\b/iu,
  ],
  [/\bpart[ -]time\b|\b(?:two|three|four|[234]) days a week\b/iu, /\bfull[ -]time\b|\bfive days a week\b/iu],
  [
    /\b(?:kindergarten|kita|nursery|pre-?school|day ?care)\b/iu,
    /\b(?:primary school|elementary school|(?:started|goes to|in|at) school|(?:first|second|third|fourth) grade|grundschule|(?:in|auf) (?:die|der|eine) schule)\b/iu,
    /\b(?:secondary school|high school|grammar school|sixth form)\b/iu,
    /\b(?:university|college|uni|apprenticeship)\b/iu,
    /\b(?:graduated|finished (?:university|college|school))\b/iu,
  ],
  [
    /\brents? (?:a|an|the|our|my|his|her) (?:\w+ )?(?:flat|apartment|house|home|room)\b/iu,
    /\b(?:bought|owns?|purchased) (?:\S+ ){0,3}(?:flat|apartment|house|home)\b/iu,
  ],
  [/\b(?:vegan|vegetarian)\b/iu, /\beat(?:s|ing)? (?:some )?(?:meat|fish|everything)\b/iu],
]
const OF_THINGS: readonly (readonly RegExp[])[] = [
  [
    /\b(?:behind(?: schedule)?|delayed|late|overdue|blocked|stuck|at risk|in trouble|failing|off track|stalled|slipping)\b/iu,
    /\b(?:back on (?:schedule|track)|on (?:track|time|schedule)|fixed|unblocked|caught up|recovered|done|delivered|shipped|completed|went live|rescued|saved)\b/iu,
  ],
  [
    /\b(?:broken|broke down|does(?:n['’]t| not) work|out of order|faulty|damaged|leaks?|leaking|defective|crashed)\b/iu,
    /\b(?:repaired|fixed|works? again|working again|mended|healed|has been replaced|sealed)\b/iu,
  ],
  [
    /\b(?:ill|sick|unwell|injured|in (?:the )?hospital|broken|has the flu|has a cold|hurts?|aches?|in pain|suffer\w*|recovering)\b/iu,
    /\b(?:recovered|healthy again|well again|better now|out of (?:the )?hospital|home from (?:the )?hospital|discharged|healed|fit again|pain[ -]free|cured)\b/iu,
  ],
  [
    /\b(?:on hold|paused|suspended|frozen|interrupted|cancelled)\b/iu,
    /\b(?:resumed|restarted|continu(?:es|ed|ing)|picked up again|goes on|reinstated|under ?way again)\b/iu,
  ],
  [
    /\b(?:being (?:renovated|built|repaired|rebuilt|painted)|under construction|unfinished|half[ -]finished)\b/iu,
    /\b(?:finished|completed|done|ready)\b/iu,
  ],
  [/\bowes?\b/iu, /\b(?:paid .{0,30}back|repaid|settled (?:my|the|our) debts?)\b/iu],
  [
    /\b(?:pending|under review|waiting for approval|submitted|applied for|awaiting)\b/iu,
    /\b(?:approved|granted|accepted|rejected|denied|declined|refused|turned down)\b/iu,
  ],
  [
    /\b(?:short[ -]staffed|understaffed|too few people|short of (?:people|staff)|(?:needs?|lacks?|missing) (?:more )?(?:people|staff))\b/iu,
    /\b(?:fully staffed|enough (?:people|staff)|well staffed)\b/iu,
  ],
  [
    /\b(?:out of|empty|ran out of|needs? (?:new )?(?:\w+))\b/iu,
    /\b(?:refilled|restocked|put (?:new |fresh )?\w+ in(?:to)?|stocked up)\b/iu,
  ],
  [
    /\b(?:in (?:the )?(?:beta|development|planning|progress)|(?:is|are|am) (?:building|writing|preparing|planning))\b/iu,
    /\b(?:handed in|submitted|published|released|launched|finished|went live|is live|completed|defended)\b/iu,
  ],
  [
    /\b(?:is|are) (?:open|enabled|on|active|running|up)\b/iu,
    /\b(?:is|are|was|were) (?:closed|disabled|off|shut down|inactive|down)\b/iu,
  ],
]
const STATES = [...PERSONAL, ...OF_THINGS]

/** Of these one may have several; a second one replaces none. */
export const SEVERAL =
  /\b(?:daughters?|sons?|child(?:ren)?|kids?|brothers?|sisters?|siblings?|friends?|colleagues?|cousins?|uncles?|aunts?|nieces?|nephews?|cats?|dogs?|pets?|hobb(?:y|ies)|customers?|clients?|suppliers?|projects?|books?|films?|movies?|songs?|languages?|courses?|neighbou?rs?|one of|another|other|also|too|as well|second)\b/iu
/** Verbs that hold one value at a time. */
export const SINGLE = setOf('live wohnen leben habiter vivir call name heissen cost kosten betragen weigh')
/** What is said of one thing of ours, so that there is one answer. */
export const FIRM =
  /^(?:my|our|the|i|we|your)\b|['’]s\b|^(?:mein|unser|der|die|das|mon|ma|le|la|notre|mi|el|nuestr)\w*\s/iu
export const COLOURS = new Set(
  'red green blue yellow black white grey gray brown orange purple violet pink beige turquoise silver gold rot grun blau gelb schwarz weiss rouge vert bleu jaune noir blanc'.split(
    ' ',
  ),
)
export const WEEKDAYS =
  /^(?:mon|tues|wednes|thurs|fri|satur|sun)days?$|^(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)s?$|^(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?$|^(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo)$/u
export const MONTHS =
  /^(?:january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|marz|mai|juni|juli|oktober|dezember|janvier|fevrier|mars|avril|juin|juillet|aout|septembre|octobre|novembre|decembre|jan|feb|apr|jun|jul|aug|sept?|oct|nov|dec)$/u

const bases = new Map<string, string>()
const foreign = new Set(FOREIGN.split(/[;:\s]+/))
for (const entry of `${IRREGULAR}; ${FOREIGN}`.split(';')) {
  const [base = '', forms = ''] = entry.split(':').map((part) => part.trim())
  bases.set(base, base)
  for (const form of forms.split(' ')) bases.set(form, base)
}
const verbs = new Set(VERBS.split(' '))
const synonyms = new Map<string, string>()
for (const row of SYNONYMS.split(';')) {
  const [first = '', ...others] = row.trim().split(' ')
  for (const other of others) synonyms.set(other, first)
}
const numbers = new Map<string, string>([
  ...NUMBER_WORDS.split(' ').map((word, index): [string, string] => [word, String(index)]),
  ...ORDINAL_WORDS.split(' ').map((word, index): [string, string] => [word, String(index)]),
  ['once', '1'],
  ['twice', '2'],
  ...'einmal zweimal dreimal viermal'.split(' ').map((word, index): [string, string] => [word, String(index + 1)]),
  ...'zwei drei vier funf sechs sieben acht neun zehn'
    .split(' ')
    .map((word, index): [string, string] => [word, String(index + 2)]),
])

/** @returns the base form when the folded word may be a verb, else null */
export function verbBase(folded: string): string | null {
  const irregular = bases.get(folded)
  if (irregular) return irregular
  for (const base of [
    folded,
    folded.replace(/s$/, ''),
    folded.replace(/ies$|ied$/, 'y'),
    folded.replace(/(?:es|ed|ing)$/, ''),
    folded.replace(/(?:d|ing)$/, 'e').replace(/ee$/, 'e'),
    folded.replace(/(.)\1(?:ed|ing)$/, '$1'),
  ]) {
    // "bees" are no form of "be": all forms of the shortest verbs are in the table.
    if (verbs.has(base) && (base === folded || base.length > 2)) return base
  }
  return null
}

/** Whether the word is written in a past form. */
export function isPast(folded: string): boolean {
  const base = verbBase(folded)
  if (!base || foreign.has(folded)) return false
  if (/ed$/.test(folded) && base !== folded) return true
  return base !== folded && !/(?:s|ing)$/.test(folded) && !/^(?:am|is|are|m|re|ve|has|been|being)$/.test(folded)
}

/** One word for all that name the same. */
export function canonical(folded: string): string {
  return synonyms.get(folded) ?? synonyms.get(folded.replace(/s$/, '')) ?? folded
}

/** Digits of a number word ("nine", "third"); null for any other word. */
export function numberWord(folded: string): string | null {
  return numbers.get(folded) ?? null
}

/** Which state of which row the text speaks of, and whether the row is about a person as such. */
export function statesIn(text: string): { row: number; state: number; personal: boolean }[] {
  return STATES.flatMap((states, row) =>
    states.flatMap((pattern, state) => (pattern.test(text) ? [{ row, state, personal: row < PERSONAL.length }] : [])),
  )
}

/** @param words separated by spaces */
export function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '))
}

/** What gives way with a kind of thing that is given up: who takes no caffeine drinks no coffee. */
const KINDS: readonly { of: ReadonlySet<string>; are: readonly string[] }[] = [
  {
    of: new Set(contentWords('caffeine')),
    are: contentWords('coffee tea espresso latte cappuccino cola matcha energy'),
  },
  {
    of: new Set(contentWords('alcohol drinking booze')),
    are: contentWords('beer wine gin whisky whiskey vodka cider rum prosecco'),
  },
  {
    of: new Set(contentWords('meat')),
    are: contentWords('beef pork chicken ham bacon sausage steak lamb turkey burger salami'),
  },
  { of: new Set(contentWords('dairy')), are: contentWords('milk cheese butter yoghurt yogurt cream') },
  { of: new Set(contentWords('gluten wheat')), are: contentWords('bread pasta noodles pizza croissant') },
  { of: new Set(contentWords('sugar sweets')), are: contentWords('chocolate cake candy biscuits cookies lemonade') },
  { of: new Set(contentWords('smoking nicotine')), are: contentWords('cigarettes cigarette cigars vape') },
]

/** @returns stems of what is of the kind a stem names */
export function kindsOf(word: string): readonly string[] {
  return KINDS.find(({ of }) => of.has(word))?.are ?? []
}
