// Sentences by which a person points at a text that they put into the same message: "What do you make of this?",
// "My landlord wrote:", "Summarise the article below".

const TEXT =
  'e-?mails?|mails?|letters?|articles?|texts?|messages?|notes?|(?:web ?)?pages?|posts?|threads?|documents?|transcripts?|reports?|newsletters?|invoices?|contracts?|chats?|conversations?|logs?|paragraphs?|passages?|excerpts?|quotes?|reviews?|comments?|replies|reply|responses?|answers?|drafts?|snippets?|files?|pdfs?|offers?|invitations?|invites?|announcements?|press releases?|notifications?|statements?|essays?|speech|poems?|adverts?|ads?|listings?|descriptions?|notices?|nachricht\\w*|brief\\w*|schreiben|artikel\\w*|beitrag\\w*|seite|rechnung\\w*|textes?|courriels?|lettres?|articles?|pages?|factures?|correos?|mensajes?|cartas?|artículos?|textos?|páginas?|facturas?|messaggi\\w*|lettera|articolo|testo'
const THIS = `this|that|these|those|it|the (?:following|below|above|attached|text|${TEXT})|(?:following|below|above)`
/** What one does with texts alone, and what one does with anything. */
const TEXT_VERB =
  'summari[sz]e|sum up|translate|rewrite|rephrase|paraphrase|proof-?read|reply to|respond to|shorten|fact-?check|critique|condense|tl;?dr'
const ASK_VERB =
  'correct|check(?: out)?|review|read|explain|analy[sz]e|assess|evaluate|answer|simplify|improve|edit|fix|look (?:at|over|into)|have a look at|take a look at|go (?:over|through)|comment on|parse|extract|interpret|decode|rate|polish|help me (?:understand|reply to|answer|with)|make sense of'
/** "this" alone or "this mail", not "this ice cream". */
const TEXT_AFTER = `(?=\\s*(?:$|[?:.!,;]|(?:${TEXT}|for|in|into|to|and|please|from|below|that|which|i|we|my|he|she|they)\\b))`
const POLITE =
  "(?:(?:ok(?:ay)?|so|hey|hi|hello|and|now|also|well|please|pls|kindly)[, ]+)*(?:(?:can|could|would|will) you (?:please |kindly |quickly |just )?|i need you to |i['’]d like you to |i want you to |help me (?:to )?|let['’]s )?"

/** Nothing but a text can be meant. */
const STRONG: readonly RegExp[] = [
  new RegExp(`^\\W*${POLITE}(?:please )?(?:${TEXT_VERB})\\b[^.!?\\n]{0,40}?\\b(?:${THIS})\\b`, 'iu'),
  new RegExp(`^\\W*${POLITE}(?:please )?(?:${ASK_VERB})\\b[^.!?\\n]{0,40}?\\b(?:${THIS})\\b${TEXT_AFTER}`, 'iu'),
  new RegExp(`^\\W*${POLITE}(?:${TEXT_VERB}|${ASK_VERB})\\s*:`, 'iu'),
  /\bwhat (?:do|would|did) (?:you|u) (?:\w+ )?(?:make|think|say|reckon) (?:of|about|to) (?:this|that|these|it|the)\b/iu,
  /\bwhat (?:does|do|did) (?:this|that|these|it|they|he|she)\b[^.!?\n]{0,30}\b(?:mean|say|want|ask)\b/iu,
  /\bwhat(?:['’]s| is) (?:this|that)(?: (?:all )?about| supposed to mean)?\s*\?/iu,
  /\b(?:any|your) (?:thoughts|opinions?|views?|take|feedback|comments?|ideas?)(?: on| about)?(?: this| that| it| the \w+)?\s*[?:]/iu,
  /^\W*thoughts\s*\?/iu,
  /\bhow (?:should|would|do|can) (?:i|we|you) (?:reply|respond|answer|react)\b/iu,
  /\bis (?:this|that|it|the \w+) (?:\w+ )?(?:legit\w*|real|genuine|spam|(?:a )?(?:scam|phishing\w*|fake|hoax)|true|trustworthy|safe|serious|correct)\b/iu,
  /\b(?:i|we|my \w+) (?:just |have just |recently |also )?(?:got|received|found|read|saw|came across|was sent|were sent|stumbled (?:on|upon|over)|copied|pasted) (?:this|these|the following|the below)(?=\s*(?:$|[?:.!,;]|(?:e-?mail|mail|letter|message|text|note|post|article|from|in|by|on|today|yesterday|this|last|via|just)\b))/iu,
  /\b(?:sent|wrote|gave|forwarded|posted|emailed|texted|messaged|showed)(?: (?:to )?(?:me|us))? (?:this|these|the following|the below)\b/iu,
  /^\W*(?:just )?(?:got|received|found|came across|saw|read) (?:this|these|the following)\b/iu,
  /\b(?:this|these|the following) (?:just )?(?:came|arrived|landed|was (?:in|sent|posted|forwarded)|were (?:sent|posted))\b/iu,
  new RegExp(
    `^\\W*(?:here(?:['’]s| is| are)|below(?: is| are)?|this is|these are|attached(?: is| are)?|pasted(?: below| here)?|see|from) [^.!?\\n]{0,60}\\b(?:${TEXT})\\b[^.!?\\n]{0,60}[:.]?\\s*$`,
    'iu',
  ),
  new RegExp(
    `^\\W*(?:an?|the|my|our|another)?\\s*(?:${TEXT}) (?:from|by|of|to|about|on|i)\\b[^.!?\\n]{0,80}:\\s*$`,
    'iu',
  ),
  /\b(?:wrote|writes|sent|sends|forwarded|posted|says|said|replied|replies|answered|emailed|texted|messaged|shared)(?: (?:to )?(?:me|us|him|her|them))?(?: (?:back|this|that|the following|today|yesterday|this morning))*\s*:\s*$/iu,
  /^\W*(?:fwd?|fyi|tl;?dr|see below|below|as follows|quote|forwarded)\s*[:!.?…-]*\s*$/iu,
  // German, French, Spanish, Italian
  /\b(?:was (?:hältst|haltet|halten|denkst|sagst|meinst|meinen) (?:du|ihr|sie) (?:davon|dazu|darüber|hierzu|von)|was (?:steht|bedeutet|heißt) (?:da|das|hier|dies)|(?:fass|übersetz|erklär|prüf|lies|schau|kürz|korrigier|beantworte)\w*\b[^.!?\n]{0,30}\b(?:das|dies\w*|folgend\w*|hier))\b/iu,
  /\bqu['’](?:en|est-ce que tu en|est-ce que vous en) (?:penses|pensez)|\bque (?:penses-tu|pensez-vous) de\b|\b(?:résum|tradui|expliqu|corrig|relis|vérifi|répond)\p{L}*\b[^.!?\n]{0,30}\b(?:ceci|cela|ça|ce|cet|cette)\b/iu,
  /\bqué (?:te|le|os|les) parece\b|\bqué (?:opinas?|piensas?|opina|piensa) (?:de|sobre)\b|\b(?:resum|traduc|explic|revis|corrig|respond|contest)\p{L}*\b[^.!?\n]{0,30}\b(?:esto|este|esta|lo siguiente)\b/iu,
  /\bche (?:ne pensi|cosa ne pensi|te ne pare)\b|\bcosa ne (?:pensi|dici)\b|\bo que (?:achas?|acha) d\p{L}+\b|\bwat (?:vind|denk) je (?:hier|daar)?van\b/iu,
]

/** A question or a colon that may point at what follows. */
const WEAK =
  /\b(?:this|that|these|those|the (?:following|below|attached)|below|following|here|davon|dazu|darüber|dies\w*|folgend\w*|hier(?:von|zu)?|ceci|cela|ça|ci-dessous|suivant\w*|esto|esta|este|siguiente|abajo|questo|questa|seguente|isto|dit|hieronder)\b/iu

/** What a person lays out in their own words. */
const OWN_ACCOUNT =
  /\b(?:about (?:me|myself|us|my\w*)|(?:my|our) (?:\w+ )?(?:situation|plan|plans|idea|ideas|problem|story|day|week|weekend|trip|background|context|setup|case|question|questions|dilemma|thoughts|details|preferences|requirements|rules|routine|schedule|goals?|update|wishes|needs|family|job|life|project|diet)|(?:this|that|the following) (?:plan|idea|situation|problem|dilemma|question|context|background|rule|preference)s?|(?:some|a bit of|a little|more|few) (?:background|context|details|facts|things|info\w*|rules|points|notes)|who i am|what i (?:need|want|like|do|know)|things (?:to (?:know|remember|note)|you should know))\b/iu

const LONGEST_LEAD = 300

/**
 * Whether a sentence points at a text that stands beside it.
 * @returns `strong`: nothing but a text is meant; `weak`: it may be; `own`: the person announces an account of their
 *   own; null: it points at nothing
 */
export function leadIn(sentence: string): 'strong' | 'weak' | 'own' | null {
  const text = sentence.trim()
  if (text.length > LONGEST_LEAD) return null
  const strong = STRONG.some((pattern) => pattern.test(text))
  const asks = /[?:]["”')\s]*$/u.test(text)
  if (OWN_ACCOUNT.test(text) && (strong || asks)) return 'own'
  if (strong) return 'strong'
  return asks && WEAK.test(text) ? 'weak' : null
}

/** @returns whether a sentence asks something, or announces with a colon what follows. */
export function asksOrAnnounces(sentence: string): boolean {
  return sentence.length <= LONGEST_LEAD && /[?:]["”')\s]*$/u.test(sentence.trim())
}
