// Word lists that tell names from words and one kind of name from another. English first; the other languages where
// capitals alone do not tell. General words of the languages, no names of anybody's data.
import { fold } from '../words.ts'

const list = (text: string) => new Set(text.split(/\s+/u).filter((word) => word !== ''))

/** Words that begin sentences, headings and list items without being names; the commonest nouns, verbs and adverbs. */
const COMMON = list(`
  able about above accept access accident according account accounting act action active activity actual actually add addition address
  administration adult advance advantage advice affair affect afraid after afternoon again against age agenda agent ago agree agreement ahead
  aim air alarm album alert all allergy allow almost alone along already alright also alternative although always amazing amount analysis
  and anger angry animal annual another answer any anybody anymore anyone anything anyway apart apartment apologies app apparently appeal
  appendix apple application appointment approach approval april architecture area argument arm around arrival art article ask aspect asset
  assignment assistance assistant association assume assuming attached attack attempt attention audience audit author autumn available average
  away awesome baby back background backup bad bag bake balance ball band bank bar base based basic basically basis bath bathroom battery be
  beach bear beautiful because bed bedroom bee beer before beginning behind belief below benefit besides best bet better between beyond big
  bike bill bird birth birthday bit black blood blue board boat body bone bonus book border boring born boss both bottle bottom box boy
  branch bread break breakfast breath bridge brief briefly brother brown browser budget bug building bus business busy but button buy by cake
  call camera camp campaign can cancel candidate cap capital car card care career careful case cash cat category cause caution cell center
  central century certain certainly chair chairman challenge chance change channel chapter character charge chart cheap check chemistry chest
  chicken chief child children choice church circle city civil claim class classic clean clear clearly clerk client climate clock close
  clothes cloud club coach coast coat code coffee cold collection college color colour column combination coming comment commercial
  commission commit committee common communication community company comparison competition complete complex compost compromise computer
  concept concern conclusion condition conference config confidence configuration confirm confirmed conflict congratulations connection
  consider considering consultation contact content contents context continue contract contrast contribution control conversation cook cooking
  cool cooperation copy core corner correct correction corridor cost costs council count country couple courage course court cover crazy
  create credit crew crime criminal crisis critical criticism cross crowd cry cultural culture cup currency current currently customer cut
  cycle daily damage dance danger dark dashboard data database date daughter day days dead deadline deal dear death debate debt decision
  deep defense definition degree delay delivery demand democracy department deployment depth design desk desktop despite detail details
  development device diagnosis dialogue diet difference different difficult difficulty dinner direct direction directly director disaster
  discipline discount discovery discussion disease dish distance distributed distribution district division doctor document documentation dog
  dollar domain done door doubt down draft dream dress drink drive driver drop drug due during duty each eager early earth ease easily east
  easter easy eat economic economy edge edition editor education effect effective effort egg either election electric element else email
  embedding emergency emotion empire employee employer employment empty end enemy energy engine engineering enjoy enough entire entrance
  entry environment equipment error escape especially essay essential estate estimate evaluation even evening event eventually ever every
  everybody everyone everything evidence evolution exact exactly exam examination example excellent except exchange excited exciting excuse
  exercise existing expansion expense expensive experience experiment expert explanation expression extension extra eye face facility fact
  factor factory failure fair fairly faith fall false familiar family famous fan fancy far farm fashion fast fat father fault favor favorite
  favourite fear feature federal fee feedback feel feeling fellow female few fiction field fight figure file filed film final finally finance
  financial find finding fine finger finish fire firm first fish fit five fix flat flight floor flow flower fly focus folks follow following
  food foot football for force forecast foreign forest forever forget form formal former fortunately forward foundation four frame framework
  free freedom frequently fresh friday friend friends friendship from front fruit frustrating fuel full fun function fund funding funny
  furniture further future game garden gas gate general generally generation gentle get gift girl give given glad glass global go goal god
  gold golf gone good goods got government grade gradually grand grandfather grandmother grant grass gray great green grey grocery ground
  group growth guard guess guest guidance guide guitar gun guy guys habit hair half hall hand handle happy hard hardly hardware hat head
  headache health healthy hear heart heat heavy height help helpful hence here hero hidden high highlight highway hill history hit hobby hold
  holiday home homework honestly hope hopefully horse hospital hot hotel hour house household housing how however huge human hunting hurry
  husband ice idea ideal identity if illness image imagination immediately impact import important impossible impression improvement in
  incident income increase indeed index indication individual industry inflation influence information infrastructure initial initially
  initiative injury input inquiry inside insight inspection inspector instance instead institution instruction instrument insurance
  integration intelligence intention interaction interest interesting interestingly interface intermediate internal international internet
  interview introduction inventory investigation investment invitation invoice iron island issue issues it item items jacket january job
  join joint journal journey joy judge judgment juice july jump june junior just keep key kid kids kind kitchen know knowing knowledge known
  lab labor laboratory labour lack lady lake land language laptop large last lastly late lately later latest laugh launch law lawyer lead
  leader leadership league learn learning lease leather leave lecture left leg legal length less lesson let letter level library license
  life lift light like likely limit limited line link lip list listen literally literature little living load loan local location lock log
  logic lonely long look looking loss lost lot lots loud love lovely low luck lucky lunch machine magazine mail main mainly maintenance major
  make male mall man management manager manner manual manufacturer many map march margin mark market marketing marriage married mass master
  match material math mathematics matter maximum may maybe meal mean meaning meanwhile measure measurement meat media medical medicine medium
  meet meeting member membership memory men mental mention menu mess message metal method middle midnight migration mile military milk mind
  mine minimum minister minor minority minute mirror miss missing mission mistake mix mixed mixture mobile mode model models modern mom
  moment monday money monitor month monthly mood moon moral more moreover morning mortgage most mostly mother motion motor mountain mouse
  mouth move movement movie much mud multiple muscle music musical must mutual mystery name national native natural naturally nature near
  nearly neat necessary neck need needed needless negative negotiation neighbor neighborhood neighbour neither nervous net network never
  nevertheless new newly news newspaper next nice night nine no nobody noise none nonsense noon nor normal normally north nose not note
  notebook notes nothing notice notification notified novel november now nowadays number nurse object objective obvious obviously occasion
  occasionally ocean october odd of off offer office officer official often oh oil ok okay old on once one ongoing online only onto open
  opening operation operations opinion opportunity opposite option orange order ordinary organization original other others otherwise our
  out outcome outline output outside oven over overall own owner pace pack package page pain paint painting pair palace pan panic paper
  paperless parent parents park parking part participation partner party pass passage passenger passion password past path patience patient
  pattern pause pay payment payments peace peak pen penalty people pepper per percent percentage perception perfect perfectly performance
  perhaps period permission permit person personal personality personally perspective pet philosophy phone photo phrase physical physically
  physics piano picture piece pipeline pity pizza place plan plane planning plans plant plastic plate platform play player plea pleasant
  please pleasure plenty plot plus pocket poem poet poetry point pointed police policy politics pollution pool poor popular population
  position positive possession possibility possible possibly post postmortem pot potato potential potentially pound power practical practice
  prayer precious predictably preference preparation presence present presentation president press pressure pretty previous previously price
  pride primary principle print printer prior priority prison private probably problem problems procedure process processing product
  production profession professional professor profile profit program programme progress project promise promotion proof proper property
  proposal protection protein protest proud public pull punishment purchase purchased pure purple purpose put quality quantity quarter
  quarterly question questions quick quickly quiet quit quite race radio rain range rapid rare rarely rate rates rather ratio raw reach
  reaction read reader reading ready real reality really reason reasonable recent recently recipe recommend recommendation record recording
  recovery red reduce reduction reference reflection reform refrigerator refund regarding regardless region register regular regularly
  relation relationship relative relatively release relevant reliable relief religion remaining remember reminder remote rent repair repeat
  replacement reply report repository request requirement requirements rescue research reservation residence resident resolution resort
  resource response responsibility rest restaurant result results retirement return revenue review revised revolution rice rich ride right
  ring rise risk river road rock role roll romantic roof room roommate root rough roughly round route routine row royal rule run running
  rush sad sadly safe safety said salad salary sale sales salt same sample sand saturday sauce save saving say saying scale scene schedule
  scheme school science score screen script sea search season seat second secondly secret secretary section sector security see seems
  selection self sell send senior sense sent sentence separate september sequence series serious seriously server service services session
  set setting setup seven several severe sex shadow shame shape share sharp she sheet shift ship shirt shock shoe shop shopping short shot
  should shoulder show shower sick side sight sign signal signature significant significantly silence silly silver similar similarly simple
  simply since single sink sir sister site situation six size skill skin sky sleep slide slight slightly slow slowly small smart smell smile
  smoke smooth snow so soccer social society soft software soil solid solution some somebody someone something sometimes somewhat somewhere
  son song soon sorry sort soul sound soup source south space spaces spare speaker speaking special specialist specific specifically speech
  speed spell spend spirit sport spot spread spring square stable staff stage standard star start starting state statement station
  statistics status stay steak step steps still stock stomach stone stop storage store storm story straight strange stranger strategic
  strategy stream street strength stress strict strictly strike string strong structure struggle student students studio study stuff stupid
  style subject success successful such sudden suddenly sugar suggestion suit summary summer sun sunday super supermarket supper supply
  support sure surely surgery surprise surprised surprisingly survey suspect sweet swimming switch symbol sympathy symptom system systems
  table tackle take takeaway tale talk talking tall tank target task tasks tasty tax tea teacher teaching team teams tech technical
  technically technique technology teeth telephone telephones television temperature temporary ten tennis tension tent term terms terrible
  test testing tests text than thank thanks that the theater theatre their theme then theory therapy there therefore these they thick thin
  thing things think thinking third this thoroughly those though thought thoughts thousand thread threat three through throughout thursday
  thus ticket tie tight till time times tip tired title to toast today toe together toilet tomato tomorrow tone tonight too tool tooth top
  topic total totally touch tough tour tourist toward towards tower town toy tracing track trade tradition traditional traffic train trainer
  training transfer transition translation transport transportation trash travel treat treatment tree trend trial trick tricky trip trouble
  truck true truly trust truth try trying tuesday tune turn two type types typical typically ugly ultimately umbrella uncle under
  understanding unfortunately union unique unit university unless unlike unlikely until unusual up update updated updates upgrade upon upper
  upset urgent us usage use used useful user users usual usually vacation valley valuable value variation variety various vast vegetable
  vehicle version very via victory video view village violence virus vision visit visitor visual vital voice volume volunteer vote wage wait
  waiting walk walking wall war warm warning wash waste watch water wave way we weak wealth weather web website wedding wednesday week
  weekend weekly weight weird welcome well west what whatever when whenever where whereas wherever whether which while white who whoever
  whole why wide wife wild will win wind window wine wing winner winter wise wish with within without woman women wonder wonderful wood word
  work worker working works world worried worry worse worst worth would wow writer writing wrong yard yeah year years yellow yes yesterday
  yet you young youth zero zone
  accelerator access alpha api beta binary build cache cashflow cd chat ci cloud cluster commit compiler container crash daemon debug demo
  deploy deprecated dev devops diff doc docs endpoint env exporter feature flag frontend backend gateway hotfix init kernel lint linter
  login logs merge metric metrics milestone module monitoring node ops owner parser parsing patch pod port prod proxy query queue refactor
  regression release repo retro roadmap rollback rollout router runtime sandbox schema scope scraper sdk sprint stack staging standup story
  syntax tag tooling ui unit ux validation vector webhook widget wiki workflow workshop
  crossing dialect funeral gym hiking homework kayak knitting marathon mortgage novel orchestra pottery recital recipe rehearsal renovation
  semester seminar thesis tutor violin yoga
  latency throughput bandwidth uptime downtime velocity attendance enrollment enrolment tuition rehearsal
  spoke sent met wrote got built ran made took went had found gave kept left told put caught taught brought bought drove flew heard held led lost
  paid rang rode sang sat shot slept sold swam threw won woke wore began broke chose ate drew fell felt forgot froze grew hid hurt knew lent lit
  meant rose saw sank spent stood stole stuck tore understood heading carrying
  congrats fyi btw imo asap todo tbd eta aka tldr rsvp ps pps faq rip omg lol pto wfh eod eow q1 q2 q3 q4 h1 h2 am pm am bc ad
  bank barn bay brook cove creek dale field ford glen grove harbor harbour heath hill hollow lane ledge meadow mill moor moss mount path peak
  pine point pollinator pond port reef ridge river rock shore spring stone thorn tide vale wood
`)

/** Adverbs, gerunds and the like: never a name by themselves at the start of a sentence. */
const COMMON_ENDING = /(?:ly|ing|tion|sion|ment|ness|ity|ism|ance|ence|able|ible|ful|less|ous|ship|wise|ward|wards)$/u
const PAST = /(?:[^e]ed|ied)$/u

/** @returns whether the word, capitalised at the start of a sentence, is most likely a plain word. */
export function isCommonWord(word: string): boolean {
  const folded = fold(word).replace(/'s?$/u, '')
  return (
    COMMON.has(folded) ||
    (folded.endsWith('s') && COMMON.has(folded.slice(0, -1))) ||
    (folded.endsWith('es') && COMMON.has(folded.slice(0, -2))) ||
    (folded.endsWith('ies') && COMMON.has(`${folded.slice(0, -3)}y`)) ||
    (folded.length > 5 && !folded.includes('-') && COMMON_ENDING.test(folded)) ||
    (folded.length > 4 && PAST.test(folded))
  )
}

/** Written large wherever they stand, and never a name of somebody or something to keep. */
const LARGE_COMMON = list(`
  i monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november
  december mon tue tues wed thu thur thurs fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec christmas xmas easter halloween
  thanksgiving ramadan eid hanukkah diwali god bible internet web tv ok fyi btw asap todo tbd eta aka faq ceo cto cfo coo cmo cio cso ciso vp
  svp evp hr pr qa pm am eod eow wfh pto usd eur gbp id ids pin sms pdf pdfs url urls html css xml json yaml csv api apis sdk cli gui ui ux ai
  ml llm llms nlp cpu gpu gpus ram ssd usb wifi lan vpn dns http https ssh sql orm db ci cd pr prs qr bbc phd msc bsc mba ba ma bs ms md q1 q2 q3 q4
  mr mrs ms dr prof sir montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar marz mai juni juli oktober dezember lundi
  mardi mercredi jeudi vendredi samedi dimanche lunes martes miercoles jueves viernes sabado domingo kpi kpis okr okrs roi crm erp saas b2b
  b2c diy lgbt ac dc ip os pc pcs mac atm gps kg km cm mm gb mb tb kb ap ar vat gaap ifrs gdpr dm dms op ps tl dr rfc rfcs mvp poc sla slas slo
  sre etl elt sso lol lmao rofl omg wtf wth xd af ftw rip wow whoa yay yikes ugh haha hahaha plz pls thx ty np dude bro smh tbh imho ikr nsfw
`)

export function isLargeCommon(word: string): boolean {
  const folded = fold(word).replace(/'s?$/u, '')
  return (
    LARGE_COMMON.has(folded) ||
    (word.length > 6 && LARGE_COMMON.has(folded.replace(/s$/u, ''))) ||
    isLanguageOrPeople(folded)
  )
}

const LANGUAGES = languageNames()

function languageNames(): ReadonlySet<string> {
  const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' })
  const codes = (
    'ar bg bn ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko la lt lv mk ml mn mr ms my ne nl ' +
    'no pa pl pt ro ru sk sl sq sr sv sw ta te th tl tr uk ur uz vi yo zh zu'
  ).split(' ')
  return new Set(codes.flatMap((code) => (names.of(code) ? [fold(names.of(code) ?? '')] : [])))
}

const PEOPLE =
  /^(?:american|african|asian|european|british|english|scottish|irish|welsh|german|austrian|swiss|french|spanish|portuguese|italian|dutch|belgian|danish|swedish|norwegian|finnish|polish|czech|hungarian|greek|turkish|russian|ukrainian|indian|chinese|japanese|korean|vietnamese|thai|mexican|brazilian|canadian|australian|latin|arabic|arab|jewish|christian|catholic|protestant|muslim|islamic|buddhist|hindu|western|eastern|northern|southern|victorian|roman|kantian|bayesian)s?$/u

function isLanguageOrPeople(folded: string): boolean {
  return LANGUAGES.has(folded) || PEOPLE.test(folded)
}

/** Last words of names of organisations. */
export const ORGANIZATION_HEAD = list(`
  lab labs laboratory laboratories institute institution institutes trust university college school schools academy faculty company group
  partners partnership foundation association society network studio studios press bank capital ventures logistics industries holdings
  consulting consultants airlines airways hospital clinic museum library council committee department ministry agency authority bureau
  commission union club nursery bakery cafe restaurant hotel pharmacy publishing publishers media records pictures entertainment
  technologies solutions services shipping freight transport trading catering robotics pharma pharmaceuticals biotech motors electronics insurance orchestra choir ensemble theatre
  theater gallery cooperative collective alliance coalition federation league party board court embassy times tribune herald gazette
  inc incorporated corp corporation co ltd limited llc llp plc gmbh ag kg ug se sa sas sarl srl spa bv nv oy oyj ab pty kk
  partners brothers sons associates advisors advisory capital equity financial bancorp telecom foods beverages breweries brewery winery
  textiles mills steel chemicals realty properties estates architects builders legal attorneys church cathedral parish synagogue mosque
  kindergarten preschool conservatory conservation archive archives observatory center centre centers centres garden gardens zoo
  aquarium charity fund initiative-fund guild chamber office police troop squad brigade regiment army navy
  guesthouse bistro pizzeria deli diner pub tavern brasserie bookshop bookstore store shop market supermarket gym dojo salon
`)
/** Last words that make organisations of people, and now and then names of projects or places: a hint, no more. */
export const ORGANIZATION_HINT = list(
  'systems analytics software science sciences research energy health healthcare security telemetry visualization design digital global international team crew works workshop dynamics interactive games networks mobile air water power data ai audio visuals photography',
)

/** Last words of names of places. */
export const PLACE_HEAD = list(`
  street st road rd avenue ave lane drive boulevard blvd square plaza park river lake mountain mountains valley bay beach coast island
  islands isle isles county city district province village town hill hills heights forest woods desert canyon falls peninsula airport
  station harbor harbour port pier bridge gardens-park territory territories republic kingdom states flats marsh marshes moor moors creek
  springs pass peak ridge glacier gulf strait cape reservoir dam quarter borough township parish-county ocean sea
`)
const PLACE_FIRST = list(
  'mount mt lake cape fort port san santa saint st new north south east west los las el la rio puerto monte isla',
)

const STREET_FIRST = list('calle rue via avenida plaza piazza rua paseo carrer boulevard')

/** "Calle Mayor", "Rue Monge". */
export function isStreetOpening(word: string): boolean {
  return STREET_FIRST.has(fold(word))
}

export function isPlaceOpening(word: string): boolean {
  return PLACE_FIRST.has(fold(word))
}

/** Lower-case nouns after a name that say what the name is of. */
export const PROJECT_NOUN =
  /^(?:projects?|initiatives?|program|programme|campaign|rollout|migration|repo|repository|codebase|pipeline|prototype|roadmap|milestone|sprint|release|launch|beta|mvp|poc|redesign|rewrite|refactor|refactoring|revamp|overhaul|effort|experiment|study|trial|feature|epic|workstream|kickoff|kick-off|backlog|deadline|relaunch|pilot|cutover|hackathon|module|dashboard|demo|proposal|grant|exhibit|exhibition|renovation|retrofit|expedition|survey|audit|framework|library|tool|toolkit|app|plugin|website|game|engine|spec|rfc)$/u
/** Of these, the ones that leave no doubt. */
export const PROJECT_NOUN_SURE =
  /^(?:projects?|initiatives?|program|programme|campaign|rollout|migration|repo|repository|codebase|pipeline|prototype|roadmap|milestone|sprint|relaunch|redesign|rewrite|workstream|backlog|kickoff|kick-off|pilot)$/u
export const PLACE_NOUN =
  /^(?:district|region|area|city|town|village|county|province|valley|river|mountains?|coast|island|islands|neighbou?rhood|suburb|peninsula|airport|harbou?r|beach|countryside|borough|prefecture|canton|basin|desert|waterfront|downtown)$/u
export const ORGANIZATION_NOUN =
  /^(?:team|group|office|board|management|leadership|executives?|ceo|cto|cfo|coo|hr|staff|employees?|headquarters|hq|shares?|stock|investors?|branch|recruiters?|journal|paper|preprints?|subsidiary|founders?|maintainers|customers?|clients?|lawyers?|alumni|faculty|campus|department)$/iu
export const THING_NOUN =
  /^(?:server|servers|cluster|instance|instances|database|db|container|containers|api|sdk|cli|plugin|extension|driver|version|package|toolchain|endpoint|phone|laptop|camera|car|bike|piano|guitar|printer|router|keyboard|monitor|speaker|headphones|console|tablet|watch|novel|book|movie|film|song|album|series|show|podcast|cream|medicine|tablets|pills|vaccine|flower|tree|rose|format|protocol|export|import|invoices|files?|document|queries|query|syntax|people|tribe|language|dialect|accent|cuisine|wine|cheese|beer|fans?|users?|developers?|meeting|ticket|tickets|account|subscription|license)$/u

/** Nouns for people, as alternatives of a pattern. */
export const ROLE_WORDS =
  'ceo|cto|cfo|coo|cmo|cio|ciso|vp|svp|evp|president|chair|chairman|chairwoman|chairperson|chief|head|lead|leader|manager|director|officer|founder|co-?founder|owner|partner|principal|engineer|developer|programmer|designer|architect|analyst|scientist|researcher|professor|lecturer|teacher|tutor|coach|trainer|instructor|student|intern|apprentice|assistant|secretary|coordinator|administrator|admin|consultant|advis[eo]r|lawyer|attorney|solicitor|accountant|auditor|bookkeeper|broker|banker|trader|investor|agent|realtor|landlord|landlady|tenant|doctor|physician|gp|surgeon|dentist|nurse|midwife|vet|veterinarian|therapist|psychologist|pharmacist|paramedic|author|writer|novelist|poet|editor|journalist|reporter|translator|interpreter|artist|painter|sculptor|musician|singer|composer|conductor|pianist|violinist|drummer|guitarist|dancer|actor|actress|photographer|filmmaker|chef|cook|baker|waiter|waitress|barista|bartender|farmer|gardener|florist|beekeeper|carpenter|plumber|electrician|mechanic|builder|contractor|driver|pilot|captain|officer|detective|sergeant|soldier|judge|mayor|minister|senator|councillor|ambassador|priest|pastor|rabbi|imam|nun|monk|librarian|curator|archivist|historian|biologist|botanist|chemist|physicist|entomologist|geologist|economist|statistician|mathematician|philosopher|linguist|maintainer|contributor|reviewer|recruiter|mentor|supervisor|organi[sz]er|volunteer|caretaker|janitor|nanny|babysitter|sre|pm|po|treasurer|speaker|host|guest|client|customer|patient|neighbou?r|colleague|coworker|co-worker|teammate|classmate|roommate|flatmate|housemate|friend|buddy|pal|boyfriend|girlfriend|fianc[eé]e?|husband|wife|spouse|ex|mother|father|mom|mum|dad|parents?|brother|sister|sibling|twin|son|daughter|child|kid|baby|grandmother|grandfather|grandma|grandpa|granny|grandson|granddaughter|aunt|uncle|cousin|nephew|niece|godmother|godfather|stepmother|stepfather|stepson|stepdaughter|mother-in-law|father-in-law|brother-in-law|sister-in-law|boss|employee|hire|report|protagonist|character|hero|heroine|villain|king|queen|prince|princess'
/** A noun for a person, alone. */
export const ROLE_NOUN = new RegExp(`^(?:${ROLE_WORDS})s?$`, 'iu')
/** Animals one lives with have names like people. */
export const PET_NOUN =
  /^(?:dog|cat|puppy|kitten|horse|pony|rabbit|hamster|parrot|tortoise|pet|goldfish|labrador|poodle|terrier|spaniel)$/iu

/** What work does and people do not, or hardly. */
export const PROJECT_VERB =
  /^(?:slipped|slips|ships|shipped|launches|launched|kicks|kicked|depends|went live|goes live|relaunches|overran)$/iu
/** What only somebody does. */
export const PERSON_VERB =
  /^(?:said|says|say|told|tells|asked|asks|mentioned|mentions|thinks|thought|believes|believed|wants|wanted|hopes|hoped|loves|loved|likes|liked|hates|hated|prefers|preferred|agreed|agrees|disagrees|disagreed|suggested|suggests|insisted|insists|complained|complains|replied|wrote|writes|emailed|called|texted|phoned|messaged|knows|knew|remembers|remembered|forgot|forgets|promised|promises|decided|decides|recommends|recommended|explained|explains|introduced|invited|apologi[sz]ed|laughed|smiled|cried|walked|walks|visited|visits|spoke|speaks|talked|talks|lives|lived|married|divorced|studied|studies|teaches|taught|retired|retires|resigned|quit|graduated|graduates|plays|played|sings|sang|cooks|cooked|drinks|eats|ate|sleeps|slept|feels|felt|enjoys|enjoyed|wonders|wondered|worries|worried|offered|offers|volunteered|helped|helps|met|meets|joined|owes|reviewed|reviews|drafted|sketched|debugged|outlined|explored|conducted|designed|coordinated|presented|signed|flew|drove|drives|arrived|sat|stood|earned|noticed|spotted|reads|pointed|advised|leads|led|manages|managed|heads|runs|spent|spends|worked|works|plans|planned|reports|reported|graduated|moved|moves|turned)$/iu

/** What somebody is or has done to them: the name comes after. */
export const VERB_OF_PERSON =
  /^(?:met|meet|meeting|told|tell|telling|asked|ask|asking|called|call|calling|emailed|email|emailing|texted|messaged|phoned|thank|thanked|invited|invite|married|marry|hired|fired|introduced|helped|visited|visiting|interviewed|mentored|mentoring|convinced|reminded|remind|promised|taught|teaching|dating|dated|hugged|congratulate|congratulated|ping|pinged|cc|pair|owe|named|promoted|assigned|persuaded|informed|notified)$/iu

/** Technologies, formats and products met in everyday talk: things, not projects or organisations. */
const THINGS = list(`
  python rust java javascript typescript kotlin swift scala haskell ocaml erlang elixir clojure golang ruby php perl lua julia matlab c c++ c#
  r sql html css postgres postgresql mysql sqlite mariadb mongodb redis cassandra dynamodb elasticsearch kafka rabbitmq docker kubernetes k8s
  terraform ansible jenkins git linux ubuntu debian fedora windows macos android ios ipados unix bash vim emacs vscode excel word powerpoint
  outlook photoshop illustrator figma notion jira confluence trello asana slack zoom teams skype whatsapp telegram signal gmail dropbox react
  vue angular svelte node nodejs node.js deno bun django flask rails laravel spring express nextjs webpack vite graphql grpc rest oauth webgl
  webgpu opengl cuda pytorch tensorflow keras numpy pandas jupyter latex markdown llvm gcc clang cmake aws azure gcp lambda s3 ec2 bigquery
  snowflake spark hadoop airflow grafana prometheus datadog opentelemetry otlp nginx apache wordpress shopify bitcoin ethereum iphone ipad
  macbook airpods kindle playstation xbox switch chatgpt gpt gpt-4 claude gemini copilot llama siri alexa bluetooth covid covid-19 utf-8 ascii
  regex jpeg png svg mp3 mp4 usb-c wi-fi bert byol simclr resnet arxiv
`)

export function isKnownThing(name: string): boolean {
  return THINGS.has(fold(name))
}

/** First names met in many countries; a hint that a name is somebody's. */
const FIRST_NAMES = list(`
  aaron abdul adam adrian ahmed aisha alan albert alejandro alex alexander alexandra alexei ali alice alicia alison amanda amara amelia amina amir amy
  ana anastasia andre andrea andreas andrew andrey angela anika anita anja ann anna anne annika anthony anton antonio anya arjun arthur
  ash astrid ava barbara beatrice ben benjamin bernard beth bianca bill birgit bob boris brandon brenda brian bruno camila carl carla carlos carmen
  carol caroline catherine cecilia charles charlie charlotte chen chloe chris christian christina christine christopher claire clara
  claudia colin craig cristina daniel daniela danny dave david deborah deepa denise dennis derek diana diego dmitri dmitry dominic donald donna
  dorothy doug douglas ed eddie edith edward elena eleanor eli elias elif elisa elizabeth ella ellen ellie emil emilia emily emma enrique eric
  erica erik erika ernst esther ethan eugene eva evan eve evelyn fatima felix fernando finn fiona florian frances francesca francisco franco frank franz
  fred frederick freya frida gabriel gabriela gary george georgia gerald gina giovanni giulia gloria grace graham greg gregory greta guillermo gunter
  gustav hana hannah hans harold harriet harry hassan heather heidi helen helena helga henrik henry hiroshi holly hugo ian ibrahim ines
  inga ingrid irene iris isaac isabel isabella ivan jack jackie jacob jake james jan jana jane janet jasmine jason javier jean jeff
  jennifer jenny jeremy jerry jessica jesus jim joan joanna joe joel johan johanna john johnny jon jonas jonathan jordan jorge jose josef joseph josh joshua
  joyce juan judith judy julia julian julie justin kai kamal karen karin karl karolina kate katarina katharina katherine kathleen kathy
  katie katja katrin keiko keith kelly ken kenji kenneth kevin khalid kim kiran klaus kristen kristina kumar kyle lara lars laura lauren laurent lea
  leah lee leila lena leo leon leonardo leonie leslie liam lila lily linda lisa lorenzo louis louise luca lucas lucia lucy luis luisa lukas luke lydia
  madison magda malik manuel marc marcel marco marcus margaret maria marie marina mario marion marta martha martin martina mary
  mateo mathias matt matthew maurice max maya megan mehmet mei melanie melissa mia michael michel michelle miguel mike mikhail mila milan ming miranda
  miriam mohamed mohammed mona monica morgan muhammad nadia nadine nancy naomi natalia natalie nathan neha neil nicholas nick nicola
  nicolas nicole nigel nikhil nikolai nina noah noel nora norman olaf oleg olga oliver olivia omar oscar otto owen pablo paolo patricia patrick paul
  paula pedro penny peter petra phil philip philippe pierre pia piotr priya rachel rafael rahul raj ralf ralph ramon raquel raul ravi ray raymond rebecca
  reinhard rene ricardo richard rick rita rob robert roberta roberto robin rodrigo roger roland roman ron ronald rosa rosie ross roy ruben ruth ryan
  sabine sally sam samantha samir samuel sandra sanjay sara sarah sasha scott sean sebastian sergei sergio sharon sheila simon simone
  sofia sonia sophia sophie stefan stefanie stella stephan stephanie stephen steve steven stuart sue sunita susan susanne suzanne svetlana sven sylvia
  tamara tania tanja tanya tara ted teresa terry theo theresa thomas tim timothy tina tobias todd tom tomas tommy tony tracy ulrich uma ursula
  valentina valeria vanessa vera veronica victor victoria viktor vincent virginia vivian vladimir walter wei wendy werner wilhelm will william
  wolfgang xavier yan yasmin yuki yuri yusuf yvonne zach zara zoe
`)

export function isFirstName(word: string): boolean {
  return FIRST_NAMES.has(fold(word))
}

/** Roles written in capitals right before a name. */
export const CAPITAL_ROLE = /^(?:C[A-Z]O|CISO|S?E?VP|VP|SRE|PM|QA|HR|GP|MP|CPA)$/u
/** The same in German, where it is always written large. */
export const GERMAN_ROLE =
  /^(?:Kolleg(?:e|in)|Chef(?:in)?|Freund(?:in)?|Nachbar(?:in)?|Bruder|Schwester|Mutter|Vater|Sohn|Tochter|Mann|Frau|Oma|Opa|Onkel|Tante|Cousin(?:e)?|Vermieter(?:in)?|Lehrer(?:in)?|Arzt|Ärztin|Doktor|Hund|Katze|Kater)$/u
/** Says of the name after it that it is a project's. */
export const PROJECT_WORD = /^(?:Project|Projekt|Projet|Proyecto|Progetto|Operation|Initiative)$/u
export const TITLE_WORD =
  /^(?:Dr|Mr|Mrs|Ms|Mx|Prof|Professor|Doctor|Councillor|Councilor|Detective|Officer|Sir|Dame|Lord|Lady|Herr|Frau|Mme|Mlle|Monsieur|Madame|Señor|Señora|Sr|Sra|Don|Doña|Rev|Captain|Capt|Sergeant|Sgt|Judge|President|Senator|Mayor|Uncle|Aunt|Auntie|Grandma|Grandpa|Coach|Father|Sister|Brother)$/u
