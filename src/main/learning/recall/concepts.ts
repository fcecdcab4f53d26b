// Matters of daily life and the words people speak of them in. "Who do I report to?" shares no word with "my new boss is …",
// and a small embedder sees no nearness either; that both are about whom one works under can be looked up. Only what is
// asked about a person's life is read so: it is a thesaurus for that, no dictionary.
//
// Widening a query by a thesaurus of its field: Voorhees, "Query expansion using lexical-semantic relations", SIGIR 1994.
import { contentWords } from '../words.ts'

export interface Concept {
  id: string
  /** Stems of words that speak of it, in a question as in a statement. */
  words: ReadonlySet<string>
  /** The same as written, for the search by words. */
  query: string
  /** How it is asked about without any of these words. */
  asks?: RegExp
}

function concept(id: string, query: string, asks?: RegExp): Concept {
  return { id, query, words: new Set(contentWords(query)), ...(asks ? { asks } : {}) }
}

export const CONCEPTS: readonly Concept[] = [
  concept(
    'work',
    'job work works working employed employer hired company office role position career profession freelance promoted',
    /\bfor a living\b|\bbread and butter\b/iu,
  ),
  concept(
    'superior',
    'boss manager supervisor lead head director',
    /\breport(?:s|ing)? to\b|\bin charge of me\b|\bwork(?:s|ing)? under\b/iu,
  ),
  concept('colleagues', 'colleague coworker team teammate workmate', /\bwork(?:s|ing)? with\b/iu),
  concept(
    'home',
    'live lives living moved move flat apartment house home address neighbourhood staying stays settled',
    /\bpart of (?:town|the city)\b|\bsend\b.{0,30}\b(?:postcard|letter|parcel|card|package)\b|\bbased\b|\bwhich (?:city|town|street|country)\b/iu,
  ),
  concept(
    'rent',
    'rent mortgage lease deposit',
    /\b(?:pay|hand over|spend|costs?)\b.{0,30}\b(?:flat|apartment|house|room|place|home|living)\b/iu,
  ),
  concept(
    'landlord',
    'landlord landlady janitor caretaker letting',
    /\bheating\b|\bboiler\b|\bthe flat (?:breaks|leaks)\b/iu,
  ),
  concept(
    'housemates',
    'flatmate roommate housemate sharing share shares lodger cohabit',
    /\b(?:live|living|share|sharing) with\b|\bunder one roof\b/iu,
  ),
  concept(
    'partner',
    'partner boyfriend girlfriend husband wife spouse married marry marries engaged fiancé fiancée dating together single divorced separated relationship',
    /\bseeing (?:anyone|anybody|someone|somebody)\b|\bbroke(?:n)? up\b|\bsplit up\b|\blove life\b|\bother half\b|\btie the knot\b/iu,
  ),
  concept(
    'wedding',
    'wedding married marry marries husband wife bride groom engaged',
    /\bbig day\b|\btie the knot\b/iu,
  ),
  concept('mother', 'mother mum mom mama mummy'),
  concept('father', 'father dad papa daddy'),
  concept('parents', 'parents mother father mum mom dad', /\b(?:my|the) folks\b/iu),
  concept('sister', 'sister'),
  concept('brother', 'brother'),
  concept('siblings', 'sibling sister brother twin', /\bbrothers (?:or|and) sisters\b/iu),
  concept('grandparents', 'grandmother grandfather grandma grandpa gran nan nana granny granddad grandad grandparents'),
  concept(
    'children',
    'child children kid kids son daughter baby toddler newborn pregnant born expecting twins',
    /\bdue (?:in|on)\b/iu,
  ),
  concept(
    'pets',
    'pet pets dog cat puppy kitten rabbit hamster parrot horse vet animal hound greyhound terrier adopted',
  ),
  concept(
    'diet',
    'vegetarian vegan pescatarian diet meat fish eat eats eating gluten dairy lactose halal kosher keto food',
    /\bcook(?:ing)? for (?:me|us)\b/iu,
  ),
  concept(
    'allergy',
    'allergic allergy allergies intolerant intolerance coeliac celiac epipen hives anaphylaxis asthma',
    /\bmakes? (?:me|him|her|them) (?:ill|sick)\b|\b(?:must|should|can|may)(?:n['’]t| not)? (?:I|we|he|she|they) (?:leave out|avoid|not eat|never eat)\b|\bbad reaction\b|\bcomes? (?:out|up) in\b|\bcoming (?:for|to) (?:dinner|lunch|supper|eat)\b/iu,
  ),
  concept(
    'drinks',
    'coffee tea espresso latte cappuccino decaf caffeine wine beer alcohol drink drinks drinking sober teetotal',
    /\b(?:order|have|get)\b.{0,20}\b(?:café|cafe|coffee shop|bar|pub)\b|\bto drink\b/iu,
  ),
  concept(
    'medicine',
    'medicine medication tablet pill dose prescription inhaler insulin injection ointment antibiotics vitamin',
  ),
  concept(
    'health',
    'operation surgery hospital doctor diagnosed illness ill condition pain injury injured broke sprained therapy physio blood pressure migraine diabetes thyroid',
    /\bgo(?:es|ing)? into hospital\b|\bhealth\b|\bunder the knife\b/iu,
  ),
  concept('eyes', 'glasses spectacles contacts lenses eyesight optician'),
  concept(
    'commute',
    'commute commuting bike bicycle e-bike cycle cycling bus tram train metro underground tube ferry drive driving scooter lift',
    /\bget(?:ting)? (?:to|into|from) (?:the |my )?(?:office|work|school|university|uni|town|job)\b|\btravel to work\b/iu,
  ),
  concept('vehicle', 'car van bike motorbike bicycle scooter vehicle truck driving licence', /\bget around\b/iu),
  concept(
    'sport',
    'sport gym running run marathon swim swimming climbing bouldering yoga pilates football tennis rowing cycling training exercise workout hike hiking',
    /\bkeep(?:ing)? fit\b|\bthe wall\b|\bwork(?:ing)? out\b/iu,
  ),
  concept('music', 'choir sing singing band orchestra instrument piano guitar violin drums concert alto soprano tenor'),
  concept('reading', 'book books novel read reading author library'),
  concept(
    'travel',
    'holiday trip travel travelling vacation flight flying booked hotel journey visit abroad',
    /\b(?:trip|getaway|time off)\b|\bgo(?:ing)? away\b/iu,
  ),
  concept('birthday', 'birthday born turns turned', /\bhow old\b|\bdate of birth\b/iu),
  concept('age', 'old age born turned birthday', /\bhow old\b/iu),
  concept('meeting', 'meeting standup sync call retrospective', /\b(?:sit down|meet|get) together\b|\bcatch[- ]up\b/iu),
  concept('project', 'project leading building assigned launch', /\bworking on\b|\bon at work\b/iu),
  concept(
    'money',
    'budget money cost costs salary earn earns pay paid price afford income grant funding',
    /\bhow much\b.{0,40}\b(?:spend|there|left|have|cost)\b/iu,
  ),
  concept('deadline', 'deadline due submit submission deliver', /\bhand(?:ed|ing)? in\b/iu),
  concept(
    'study',
    'study studies studying university college course degree exam school thesis class lecture',
    /\bat uni\b/iu,
  ),
  concept('language', 'language languages speak speaks fluent learning bilingual duolingo'),
  concept(
    'programming',
    'programming code coding developer engineer software rust python java javascript typescript kotlin swift golang ruby php framework library',
    /\b(?:programming|which) language\b|\btech stack\b/iu,
  ),
  concept('name', 'name nickname', /\bgo by\b|\bshould you (?:call|address) me\b|\bwho am I\b/iu),
  concept('contact', 'phone number mobile email address', /\b(?:ring|call|reach|contact)\b/iu),
  concept(
    'supplier',
    'contractor builder supplier plumber electrician company firm agency',
    /\bdo(?:es|ing)? the work\b/iu,
  ),
  concept('start', 'start starts started begin begins began joined first'),
  concept('end', 'end ends ended finished left last quit leaving over'),
  concept(
    'place_to_buy',
    'shop store sells sold buy market online',
    /\bwhere (?:can|could|do) (?:I|we) (?:buy|get|find)\b/iu,
  ),
  concept('sleep', 'sleep wake asleep insomnia bedtime alarm', /\bget up\b|\bgo to bed\b/iu),
  concept(
    'hobby',
    'hobby hobbies spare free weekend paint painting pottery knit knitting gardening chess photography',
    /\bfor fun\b/iu,
  ),
  concept('religion', 'church mosque temple synagogue pray prayer ramadan lent faith'),
  concept('garden', 'garden allotment greenhouse planting plant vegetables orchard'),
]

/** Most concepts one question is read as: one that touches more asks about life in general. */
const MOST = 4

/**
 * @param text a question about the person, or somebody they know
 * @param stems of its words that carry meaning
 */
export function conceptsIn(text: string, stems: Iterable<string>): Concept[] {
  const words = new Set(stems)
  const found = CONCEPTS.filter((one) => one.asks?.test(text) || speaksOf(one, words))
  return found.length > MOST ? [] : found
}

/** Whether a text speaks of a concept. */
export function speaksOf({ words }: Concept, stems: ReadonlySet<string>): boolean {
  for (const word of words) if (stems.has(word)) return true
  return false
}
