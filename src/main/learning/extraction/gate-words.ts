// What the gate goes by: how chatter, questions, requests and talk about the chat are worded. English in full, the
// commonest forms of a few other languages.

export const CHATTER =
  /^(?:(?:hi|hello|hey|hiya|yo|good (?:morning|afternoon|evening|night|day)|morning|evening|bye|goodbye|see you|see ya|cheers|thanks?|thank you|thx|ty|many thanks|ok(?:ay)?|okey|alright|all right|sure|yes|yeah|yep|no|nope|right|correct|exactly|great|perfect|nice|cool|awesome|wow|lol|haha+|hm+|mhm|please|sorry|go on|continue|next|again|sounds? good|got it|i see|makes sense|that'?s (?:it|all|right|fine|great|good)|no problem|never ?mind|hallo|danke|bitte|ja|nein|bonjour|merci|oui|non|hola|gracias|ciao|grazie|guten (?:morgen|tag|abend)|gute nacht|tschüss|moin|servus|salut|bonsoir|buenos días|buenas (?:tardes|noches)|adiós|buongiorno|buonasera|obrigad[oa]|olá|dank je|hoi|tack|hej|takk)(?:[\s,!.]+|$))+(?:there|you|so much|a lot|very much|again|all|everyone|then|for (?:that|this|the help|your help|everything|yesterday|today)|to|me|it|is|that|too|as well|\s|[.!,])*$/iu

/** The same in scripts without spaces or with other letters: the whole message, without its marks. */
export const CHATTER_ELSEWHERE =
  /^(?:ありがとう(?:ございます|ございました)?|こんにちは|こんばんは|おはよう(?:ございます)?|はい|いいえ|了解(?:です|しました)?|すみません|さようなら|你好|您好|谢谢(?:你|您)?|謝謝|好的?|再见|早上好|晚上好|안녕하세요|감사합니다|고마워요?|네|아니요|مرحبا|شكرا(?: جزيلا)?|السلام عليكم|نعم|لا|שלום|תודה(?: רבה)?|כן|לא|привет|здравствуйте|спасибо|да|нет|пока|γεια(?: σου| σας)?|ευχαριστώ)$/u
/** "Noted for the next report.": said of the conversation. */
export const ASIDE = /^(?:noted|mentioned (?:it|this|that)|logged|fyi)\b/iu
/** "that helped a lot", "that was fast", "see you tomorrow": a reaction to the answer. */
export const REACTION =
  /^(?:(?:ok(?:ay)?|great|wow|oh|ah|thank(?:s| you)(?: so much| very much| a lot)?|never ?mind|bye|yes|no|well|hm+|haha+)[\s,!.]+)*(?:(?:that|this|it)(?:['’]s| is| was)? (?:helped|helps|works?|worked|did it|makes sense|fixed it|(?:so |very |really |quite |too |much |a (?:bit|lot|little) )*(?:fast|quick|easy|helpful|useful|good|great|nice|fine|clear(?:er)?|enough|better|perfect|right|wrong|interesting|funny|true|it|all|long|short|amazing|weird|strange))(?: (?:a lot|so much|very much|now|already|enough|thanks?|thank you|for me|then))*|(?:I )?(?:found|got|fixed|solved|did) it(?: myself)?(?: now)?|(?:see|talk to|speak to) you(?: (?:tomorrow|later|soon|then|next \p{L}+|on \p{L}+))?|(?:good )?(?:luck|job|point|idea|question|answer|one|stuff|work)|(?:have a|enjoy your) (?:\p{L}+ ){1,3})(?:[\s,!.]*(?:thanks?|thank you|cheers|now))*[\s!.:)]*$/iu

const WH = 'what|which|who|whom|whose|when|where|why|how'
const AUXILIARY =
  "can|could|would|will|should|shall|may|might|do|does|did|is|are|was|were|am|have|has|had|isn[’']t|aren[’']t|don[’']t|doesn[’']t|didn[’']t|can[’']t|couldn[’']t|won[’']t|wouldn[’']t|shouldn[’']t"
const SUBJECT =
  'I|you|u|ya|he|she|it|we|they|there|this|that|these|those|the|a|an|my|your|our|his|her|its|their|any|anyone|anybody|some|someone|somebody|everyone|one'
const ASKS = String.raw`(?:(?:${WH})\b|what['’]?s\b|who['’]?s\b|how['’]?s\b|where['’]?s\b|(?:${AUXILIARY})\s+(?:(?:${SUBJECT})\b)|any (?:idea|ideas|tips|advice|thoughts|suggestions|chance|good)\b)`
/** A question even without its mark: "Will you …", but not "Will send it". */
export const QUESTION_START = new RegExp(
  String.raw`^(?:(?:and|but|so|or|then|also|now|please|ok(?:ay)?|hi|hello|hey|thanks?|great|one more thing|quick question|question)[\s,:!.]+)*${ASKS}`,
  'iu',
)
/** The mark of a question, in every script that has one; Japanese and Chinese end it with a word. */
export const QUESTION_END = /[?？؟⁇⁈][”"'’」』)\s]*$|(?:か|かな|でしょうか|吗|嗎|呢)[。.]?\s*$/u
/** Where the question starts inside a sentence that began with a statement. */
export const QUESTION_AFTER_COMMA = new RegExp(
  String.raw`[,;:–—-]\s+(?=(?:so |and |but |then )?(?:${ASKS}|(?:can|please|tell|give|show|explain|help|write|suggest|recommend)\b))`,
  'iu',
)
/** The same where no mark follows: only where it cannot be a clause about the words before ("Ana, who leads …"). */
export const QUESTION_AFTER_COLON = new RegExp(
  String.raw`(?:[:;–—]|\s-)\s+(?=(?:so |and |but |then )?${ASKS})|,\s+(?=(?:so |and |but |then )?(?:(?:can|could|would|will) you|please|tell me|give me|show me|explain|help me|suggest|recommend|what (?:can|should|do|would|are|is)|how (?:can|should|do|would)|where (?:can|should|do)|which one)\b)`,
  'iu',
)

export const REQUEST =
  /^(?:and |but |so |then |now |also |ok(?:ay)?,? |please |kindly |just |bitte |(?:can|could|would|will) (?:you|u) (?:please |pls |plz )?|pls |plz )*(?:write|explain|tell|give|show|list|make|create|draft|summari[sz]e|translate|fix|help|compare|find|check|suggest|recommend|describe|generate|rewrite|rephrase|convert|calculate|compute|compose|define|discuss|do|draw|edit|elaborate|expand|figure out|format|guess|implement|improve|look|outline|plan|prepare|propose|prove|provide|read|refactor|repeat|review|run|say|search|send|solve|sort|start|stop|test|think|try|walk|name|pick|choose|proofread|shorten|simplify|ignore|assume|consider|let'?s|let us|let me|go|continue|come|wait|sing|play|print|return|output|respond|reply|answer)\b(?![-'’]|\s+(?:is|are|was|were|has|had|will|starts?|came|went|ends?|looks?|says|said|takes|took|results?|of the)\b)/iu
/** The same in other languages: the commonest orders to an assistant, at the start of a sentence. */
export const REQUEST_ELSEWHERE =
  /^(?:bitte\s+|por favor,?\s+|s['’]il (?:te|vous) plaît,?\s+|per favore,?\s+)?(?:schreib(?:e|en sie)?|erklär(?:e|en sie)?|übersetz(?:e|en sie)?|gib|geben sie|zeig(?:e|en sie)?|nenne? (?=mir)|fasse?|erstell(?:e|en sie)?|vergleich(?:e|en sie)?|hilf|helfen sie|sag(?:e|en sie)? mir|erzähl(?:e|en sie)?|liste|mach(?:e|en sie)? (?:mir|eine?n?)|écri(?:s|vez)|expliquez?|tradui(?:s|sez)|donnez?|montrez?|fai(?:s|tes)|résumez?|comparez?|aidez?|aide-moi|dis-moi|dites|racontez?|corrigez?|escrib[ae]|explic[ae]|traduc[ei]|traduzca|dame|deme|muéstra\p{L}*|haz|haga|resum[ae]|resúme\p{L}*|compar[ae]|ayúda\p{L}*|dime|dígame|cuénta\p{L}*|corrig[ea]|scrivi|spiega(?:mi)?|traduci|dammi|mostra(?:mi)?|fai|riassumi|dimmi|escreva|traduza|schrijf|vertaal|geef|leg uit|maak een|skriv|förklara|översätt|напиши(?:те)?|объясни(?:те)?|переведи(?:те)?|اكتب|اشرح|ترجم|כתוב|תרגם|הסבר)(?=[\s,.!:]|$)|(?:して|ください|下さい|てくれ|教えて|书|写一|请|請|帮我|翻译|解释|해\s?주세요|알려\s?줘)/iu
/** "Again, but shorter this time.", "Now in French, please.": about the answer before. */
export const ABOUT_THE_ANSWER =
  /^(?:(?:and|but|ok(?:ay)?|now|please|then|yes|no|hm+|great|nice)[\s,]+)*(?:again|once more|shorter|longer|simpler|more|less|same|another|one more|the (?:first|second|third|last|next|other) (?:one|part|step|point|option|example)|in (?:english|german|french|spanish|italian|dutch|portuguese|polish|\w+ words|one sentence|\w+ sentences|bullet points|a table|more detail|simple terms|short)|with (?:examples?|more|fewer|less)|without|too (?:long|short|complicated|much|formal|vague|generic)|not (?:that|this|like that|quite|really|exactly))\b(?![^.]{0,80}\b(?:I|we|my|our)\b)/iu
/** From here on it is a story, an example or a thought: nothing of it is so. */
export const FICTION =
  /\byou(?:['’]re| are) (?:now )?an? \p{L}+.{0,40}\bI(?:['’]m| am) an? \p{L}+|\bin (?:my|our|the|this|a) (?:story|novel|tale|fairy ?tale|screenplay|script|film|movie|game|campaign|fantasy|dream|example|scenario)\b|\b(?:the|my) (?:hero|heroine|protagonist|villain|main character)\b|^(?:once upon a time|picture this|suppose|supposing|assume|assuming|imagine|pretend|let['’]?s (?:say|assume|pretend|imagine|play)|stell dir vor|angenommen|imagine que|supposons|supongamos|imagina)\b/iu

/** Requests that hold beyond this answer. */
export const STANDING_WISH =
  /(?<!\b(?:I|we|he|she|they|it|you|who|that|have|has|had|is|are|am|was|were|will|would|can|could|did|do|does|should|but|has(?:n['’]t)?)(?:['’]\w+)? )\b(?:always|never)\b|\b(?:from now on|in (?:the )?future|every time|whenever|in general|by default|keep (?:your |the |all )?(?:answers?|replies|responses|explanations|it)\b|(?:answers?|replies|reply|respond|write|talk|speak)(?: to me)? (?:in|briefly|shortly|concisely|formally|informally)|(?:short|brief|concise|detailed|long|shorter|longer)(?:,? \w+)? (?:answers?|replies|responses|explanations)|use (?:metric|imperial|celsius|fahrenheit|british|american|plain|simple|formal|informal|emojis?|bullet|tables?|short|examples?|the informal|\w+ units)|no (?:emojis?|bullet points|tables|small talk)|call me|address me|refer to me|remember|don'?t forget|(?:please|pls) (?:don['’]?t|do not|stop) (?:suggest|recommend|mention|propose|offer|bring up|use|call)(?:ing)?|keep in mind|note that|for the record|immer|antworte|nenn mich|merke? dir|toujours|réponds|appelle-moi|souviens-toi|siempre|responde|llámame|recuerda)\b/iu

export const FIRST_PERSON =
  /(?:^|[\s"“'‘(,;:—–/])(?:I|I['’](?:m|ve|ll|d)|im(?=\s(?:an?|the|so|not|also|out|off|in|at|on|into|from|back|still|just|really|very|gonna|going|allergic|vegan|vegetarian|pregnant|sick|tired|working|living|moving|getting|trying|starting|planning|having|leaving|doing|learning|taking|staying)\b)|ive|we|we['’](?:re|ve|ll|d)|my|mine|our|ours|us|me|myself|ich|wir|mein\w*|unser\w*|mir|mich|je|j['’]\w+|nous|mon|ma|mes|notre|nos|yo|soy|estoy|tengo|vivo|trabajo|prefiero|mi|mis|nosotros|nuestr\w+|io|sono|mio|mia|noi|nostr\w+|eu|meu|minha|nós|ik|mijn|wij|ons|onze|jag|min|mitt|mina|vi|vår|я|мы|мой|моя|моё|мои|мне|меня|у нас|наш\p{L}*|أنا|نحن|אני|אנחנו|εγώ|εμείς)(?=[^\p{L}]|$)|私|僕|俺|わたし|ぼく|我|저는|나는|우리/iu
export const FEELS = /\b(?:like|love|hate|dislike|prefer|enjoy|avoid|allergic to|afraid of|vegan|vegetarian)\b/iu
/** Talk about this chat, not about the person. */
export const ABOUT_THE_CHAT =
  /\b(?:I (?:have|had|'ve got|got) (?:a|another|one more|one|some|two|a few|a quick) (?:\w+ )?(?:questions?|favou?r|request)|(?:(?:I|we) (?:need|want|would like|wanted)|(?:I|we)['’]d (?:like|love)) (?:you|to (?:know|ask|understand|see|learn (?:more )?about|hear)|your|some help|help|an? (?:answer|explanation|example|summary|list))|I(?:'m| am| was) (?:wondering|curious|asking|confused|not sure|unsure|sure|sorry|(?:afraid|ready|done|back|stuck|lost|here|fine|good|ok(?:ay)?)(?! (?:of|at|in|from|for|to)\b)|trying to (?:understand|figure out))|I (?:don'?t|do not|didn'?t|can'?t|cannot) (?:understand|get it|get that|know|see (?:it|why|how)|remember|think so|mind|follow)|I (?:see|understand|agree|disagree|guess|suppose|know|mean|meant|hope (?:so|not|that|this|it|you)|wonder|appreciate|got it|get it|(?:asked|said|wrote) (?:you|that|it|this|so|above|before)|told you)\b|I always forget|I(?:'m| am)? (?:gett?(?:ing)?|see(?:ing)?) (?:(?:an?|this|that|the|some|same) (?:[\p{L}\d-]+ ){0,2})?(?:errors?|exceptions?|warnings?|messages?|crash(?:es)?|failures?|problems?|issues?|bugs?|timeouts?|tracebacks?|stack traces?|results?|outputs?|page|screen|popup|null|undefined|[45]\d\d)\b|(?:(?:^|[,;.!]\s*|\b(?:and|so|then|please|ok(?:ay)?|just)\s+)let me|I'?ll) (?:think|know|see|check|try|get back|come back|look|be back|let you)|does (?:that|this) make sense|you (?:said|told|mentioned|are|were|can|could|should|have)|your (?:answer|last|previous))/iu
export const HYPOTHETICAL =
  /^(?:but |and |so )?(?:if (?:I|we|he|she|it|they|you|someone|somebody|my|our|the|there)\b|what if|unless|in case|say (?:I|we)\b|let'?s say|wenn ich .* (?:wäre|hätte)|si j'étais)|\b(?:would have|could have been|I wish|if only|were I|had I)\b|\bfor (?:example|instance)\b|\be\.g\./iu
export const SOMEONE_SAYS =
  /\b(?:said|says|say|told (?:me|us)|tells|wrote|writes|claims?|claimed|asked|asks|replied|answered|shouted|according to|sagte|schrieb|a dit|dijo)\b/iu
export const QUOTED = /["“„«][^"”“»]{8,}["”“»]/u

export const CODE_LINE =
  /^\s*(?:[{}[\]();]+|[\w.$]+\([^)]*\);?|(?:const|let|var|def|class|import|from|return|function|public|private|if|for|while|SELECT|INSERT|UPDATE|CREATE)\b.*[;{(=:]|[\w.]+\s*[:=]{1,2}\s*[\w"'[{(]\S*;?$|\$ |https?:\/\/\S+$|at \S+\(|Traceback|[A-Z]\w*(?:Error|Exception):)|^\s*(?:npm|yarn|pnpm|pip3?|git|docker|kubectl|cargo|apt(?:-get)?|brew)\s+(?:ERR(?=!)|WARN|install|i|run|add|commit|push|pull|rebase|checkout|clone|build|apply|get|test|start|update|upgrade|init|log|status|diff|merge|stash|reset|exec|ps|rm|mod)\b|^\s*(?:File "[^"]+", line \d|`[^`]*`[.;]?\s*$|<\/?\w+[^>]*>\s*$|#include\b|\/\/|--[\w-]+)/u

/** A time that only makes sense now and here. */
export const NEAR_TIME =
  /\b(?:today|tomorrow|yesterday|tonight|(?:this|next|last) (?:week|month|year|quarter|term|spring|summer|autumn|fall|winter|morning|afternoon|evening|weekend|\p{Lu}\p{L}+day)|(?:on|by|until|since|every|each) (?:\p{L}+ )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|(?:\d{1,2}(?:st|nd|rd|th)?(?: of)?|on|by|until|since|from|in|of|early|late|mid) (?:January|February|March|April|May|June|July|August|September|October|November|December)(?! \d{4})|at \d{1,2}[:.]\d\d|at \d{1,2} ?(?:am|pm)|until \d{1,2}[:.]\d\d|right now|at the moment|these days|again|any ?more|no longer)\b/u

/** What books say of people and things: where they were born, what they wrote, in which century. */
export const BOOKISH =
  /\b(?:(?:was|were) (?:born|founded|invented|built|discovered|published|written|composed|painted|killed|crowned|elected)|wrote|composed|invented|discovered|painted|founded|ruled|reigned|conquered|capital of|\d+(?:st|nd|rd|th) century|1[0-8]\d\d|19[0-6]\d|is an? \p{L}+ (?:in|of|from|used|that|which)|B\.?C\.?)\b/iu
