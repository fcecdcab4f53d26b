// The cheap step: rules, no model. Most sentences say nothing to keep, and most messages end here.
import { contentWords, namesIn, numbersIn, wordsOf } from '../words.ts'
import { correctionIn } from './corrections.ts'
import { hasSecret } from './secrets.ts'
import type { Sentence } from './sentences.ts'

/**
 * `strong`: the person says something about themselves or their work; the model words it but may not drop it.
 * `weak`: a statement that may be worth keeping; the model decides.
 */
export interface Candidate extends Sentence {
  strength: 'strong' | 'weak'
}

export interface Gated {
  candidates: Candidate[]
  /** Sentences refused because they hold a secret. */
  secrets: number
}

/** Most sentences one message may give to the model; the strong ones first. */
const MOST_CANDIDATES = 16
const LONGEST_SENTENCE = 500

const CHATTER =
  /^(?:(?:hi|hello|hey|hiya|yo|good (?:morning|afternoon|evening|night|day)|morning|evening|bye|goodbye|see you|see ya|cheers|thanks?|thank you|thx|ty|many thanks|ok(?:ay)?|okey|alright|all right|sure|yes|yeah|yep|no|nope|right|correct|exactly|great|perfect|nice|cool|awesome|wow|lol|haha+|hm+|mhm|please|sorry|go on|continue|next|again|sounds? good|got it|i see|makes sense|that'?s (?:it|all|right|fine|great|good)|no problem|never ?mind|hallo|danke|bitte|ja|nein|bonjour|merci|oui|non|hola|gracias|ciao|grazie)(?:[\s,!.]+|$))+(?:there|you|so much|a lot|very much|again|all|everyone|then|for (?:that|this|the help|your help|everything|yesterday|today)|to|me|it|is|that|too|as well|\s|[.!,])*$/iu

const QUESTION_WORD =
  'what|which|who|whom|whose|when|where|why|how|can|could|would|will|should|shall|may|might|do|does|did|is|are|was|were|am|have|has|had|any'
const QUESTION_START = new RegExp(
  `^(?:and |but |so |or |then |also |now |please |ok(?:ay)?,? )*(?:${QUESTION_WORD})\\b`,
  'iu',
)
/** Where the question starts inside a sentence that began with a statement. */
const QUESTION_INSIDE = new RegExp(
  `[,;:–—-]\\s+(?=(?:so |and |but |then )?(?:${QUESTION_WORD}|can|please|tell|give|show|explain|help|write|suggest|recommend)\\b)`,
  'iu',
)

const REQUEST =
  /^(?:and |but |so |then |now |also |ok(?:ay)?,? |please |kindly |just |bitte |(?:can|could|would|will) you (?:please )?)*(?:write|explain|tell|give|show|list|make|create|draft|summari[sz]e|translate|fix|help|compare|find|check|suggest|recommend|describe|generate|rewrite|rephrase|convert|calculate|compute|compose|define|discuss|do|draw|edit|elaborate|expand|figure out|format|guess|implement|improve|look|outline|plan|prepare|propose|prove|provide|read|refactor|repeat|review|run|say|search|send|solve|sort|start|stop|test|think|try|walk|name|pick|choose|proofread|shorten|simplify|ignore|assume|consider|let'?s|let us|let me|go|continue|come|wait|sing|play|print|return|output|respond|reply|answer)\b/iu
/** Requests that hold beyond this answer. */
const STANDING_WISH =
  /(?<!\b(?:I|we|he|she|they|it|you|who|that)(?:['’]\w+)? )\b(?:always|never)\b|\b(?:from now on|in (?:the )?future|every time|whenever|in general|by default|keep (?:your |the |all )?(?:answers?|replies|responses|explanations|it)\b|(?:answers?|replies|reply|respond|write|talk|speak)(?: to me)? (?:in|briefly|shortly|concisely|formally|informally)|(?:short|brief|concise|detailed|long|shorter|longer)(?:,? \w+)? (?:answers?|replies|responses|explanations)|use (?:metric|imperial|celsius|fahrenheit|british|american|plain|simple|formal|informal|emojis?|bullet|tables?|short|examples?|the informal|\w+ units)|no (?:emojis?|bullet points|tables|small talk)|call me|address me|refer to me|remember|don'?t forget|keep in mind|note that|for the record|immer|antworte|nenn mich|merke? dir|toujours|réponds|appelle-moi|souviens-toi|siempre|responde|llámame|recuerda)\b/iu

const FIRST_PERSON =
  /(?:^|[^\p{L}])(?:I|I['’](?:m|ve|ll|d)|we|we['’](?:re|ve|ll|d)|my|mine|our|ours|us|me|myself|ich|wir|mein\w*|unser\w*|mir|mich|je|j['’]\w+|nous|mon|ma|mes|notre|nos|yo|soy|estoy|tengo|vivo|trabajo|prefiero|mi|mis|nosotros|nuestr\w+|io|sono|mio|mia|noi|nostr\w+|eu|meu|minha|nós|ik|mijn|wij|ons|onze|jag|min|mitt|mina|vi|vår)(?=[^\p{L}]|$)/iu
const FEELS = /\b(?:like|love|hate|dislike|prefer|enjoy|avoid|allergic to|afraid of|vegan|vegetarian)\b/iu
/** Talk about this chat, not about the person. */
const ABOUT_THE_CHAT =
  /\b(?:I (?:have|had|'ve got|got) (?:a|another|one more|one|some|two|a few|a quick) (?:\w+ )?(?:questions?|favou?r|request)|(?:(?:I|we) (?:need|want|would like|wanted)|(?:I|we)['’]d (?:like|love)) (?:you|to (?:know|ask|understand|see|learn (?:more )?about|hear)|your|some help|help|an? (?:answer|explanation|example|summary|list))|I(?:'m| am| was) (?:wondering|curious|asking|confused|not sure|unsure|sure|sorry|afraid|ready|done|back|stuck|lost|here|fine|good|ok(?:ay)?|trying to (?:understand|figure out))|I (?:don'?t|do not|didn'?t|can'?t|cannot) (?:understand|get it|get that|know|see (?:it|why|how)|remember|think so|mind|follow)|I (?:see|understand|agree|disagree|guess|suppose|know|mean|meant|hope|wonder|appreciate|got it|get it|asked|said|told you)\b|I always forget|I(?:'m| am)? (?:gett?(?:ing)?|see(?:ing)?) (?:an?|this|the|some)\b|(?:let me|I'?ll) (?:think|know|see|check|try|get back|come back|look|be back|let you)|does (?:that|this) make sense|you (?:said|told|mentioned|are|were|can|could|should|have)|your (?:answer|last|previous))/iu
const HYPOTHETICAL =
  /^(?:but |and |so )?(?:if (?:I|we|he|she|it|they|you|someone|somebody|my|our|the|there)\b|what if|unless|in case|say (?:I|we)\b|let'?s say|wenn ich .* (?:wäre|hätte)|si j'étais)|\b(?:would have|could have been|I wish|if only|were I|had I)\b|\bfor (?:example|instance)\b|\be\.g\./iu
const SOMEONE_SAYS =
  /\b(?:said|says|say|told (?:me|us)|tells|wrote|writes|claims?|claimed|asked|asks|replied|answered|shouted|according to|sagte|schrieb|a dit|dijo)\b/iu
const QUOTED = /["“„«][^"”“»]{8,}["”“»]/u

const CODE_LINE =
  /^\s*(?:[{}[\]();]+|[\w.$]+\([^)]*\);?|(?:const|let|var|def|class|import|from|return|function|public|private|if|for|while|SELECT|INSERT|UPDATE|CREATE)\b.*[;{(=:]|[\w.]+\s*[:=]{1,2}\s*[\w"'[{(]\S*;?$|\$ |https?:\/\/\S+$|at \S+\(|Traceback|[A-Z]\w*(?:Error|Exception):)/u

/** @returns the sentences worth a look of the model. */
export function gate(sentences: Sentence[]): Gated {
  const candidates: Candidate[] = []
  let secrets = 0
  for (const sentence of sentences) {
    if (hasSecret(sentence.text)) {
      secrets += 1
      continue
    }
    const statement = statementPart(sentence)
    if (!statement || HYPOTHETICAL.test(statement.text) || isQuotation(statement.text)) continue
    for (const clause of clausesOf(statement)) {
      const strength = strengthOf(clause.text)
      if (strength) candidates.push({ ...clause, strength })
    }
  }
  if (candidates.length <= MOST_CANDIDATES) return { candidates, secrets }
  const strong = candidates.filter(({ strength }) => strength === 'strong')
  const kept = new Set([...strong, ...candidates].slice(0, MOST_CANDIDATES))
  return { candidates: candidates.filter((candidate) => kept.has(candidate)), secrets }
}

/** Whether a message is only greeting, thanks or filler: nothing to learn from and nothing to recall for. */
export function isChatter(text: string): boolean {
  return text.length < 80 && CHATTER.test(text.trim())
}

/** Cuts a question off the statement before it ("I live in …, what can I do there?"); null when nothing is stated. */
function statementPart(sentence: Sentence): Sentence | null {
  const { text, start } = sentence
  if (text.length > LONGEST_SENTENCE || CODE_LINE.test(text)) return null
  const asks = /\?["'”)\s]*$/u.test(text)
  const wish = STANDING_WISH.test(text)
  if (!asks && (wish || !QUESTION_INSIDE.test(text))) return sentence
  const inside = QUESTION_INSIDE.exec(text)
  if (!inside) return asks ? null : sentence
  const head = text.slice(0, inside.index).trimEnd()
  if (QUESTION_START.test(head) || !FIRST_PERSON.test(head)) return asks ? null : sentence
  return { text: head, start, end: start + head.length }
}

/** Words of somebody else in quotation marks, and nothing of the person's own around them. */
function isQuotation(text: string): boolean {
  return QUOTED.test(text) && (SOMEONE_SAYS.test(text) || !FIRST_PERSON.test(text.replace(QUOTED, '')))
}

const CONJUNCTION = /^(?:and|but|so|also|then|oh|well|by the way|btw|anyway|und|aber|et|mais|y|pero)[,]?\s+/iu
const SUBORDINATE =
  /^(?:and |but )?(?:when(?:ever)?|while|because|since|if|although|though|as|after|before|until|where|once|no|not)\b/iu
/** A new clause with a subject of its own: what it says can change while the rest stays true. */
const NEXT_CLAUSE =
  /(?:,\s+|\s+|;\s+)(?:(?:and|but|so)\s+)(?=(?:I|we|I['’]\w+|we['’]\w+)\s|(?:my|our)\s+(?:\p{L}+\s+){1,3}(?:is|are|was|were|has|have|had|lives?|works?|likes?|wants?|needs?|studies|goes|runs?|starts?)\b)|[,;]\s+(?=(?:I|we|I['’]\w+|we['’]\w+)\s(?!(?:think|guess|believe|mean|know|hope|suppose|say)\b))/giu
const CLAUSE_WORDS = 3

/** Cuts a sentence into clauses that each stand alone. */
function clausesOf(sentence: Sentence): Sentence[] {
  const { text } = sentence
  const clauses: Sentence[] = []
  let from = 0
  const take = (to: number) => {
    const cut = text.slice(from, to)
    const lead = CONJUNCTION.exec(cut)?.[0].length ?? 0
    const start = sentence.start + from + lead
    const own = cut.slice(lead).trimEnd()
    if (own !== '') clauses.push({ text: own, start, end: start + own.length })
  }
  const isClause = (part: string) => wordsOf(part).length >= CLAUSE_WORDS && FIRST_PERSON.test(part)
  for (const match of text.matchAll(NEXT_CLAUSE)) {
    const after = match.index + match[0].length
    // "Where I live and I work" or "when I came, I …" belong together.
    const before = text.slice(from, match.index)
    if (!isClause(before) || !isClause(text.slice(after)) || SUBORDINATE.test(before)) continue
    take(match.index)
    from = after
  }
  take(text.length)
  return clauses
}

function strengthOf(text: string): 'strong' | 'weak' | null {
  const words = wordsOf(text)
  if (words.length < 2 || CHATTER.test(text)) return null
  if (STANDING_WISH.test(text)) return 'strong'
  if (REQUEST.test(text)) return null
  // "When I was ten, I …" starts like a question.
  if (QUESTION_START.test(text) && !(SUBORDINATE.test(text) && text.includes(','))) return null
  // "Sorry, I meant …, not …" is about what was said before.
  if (correctionIn(text)) return 'strong'
  if (ABOUT_THE_CHAT.test(text)) return null
  const content = contentWords(text)
  if (content.length === 0) return null
  const particular = namesIn(text).length > 0 || numbersIn(text).length > 0
  // "I think he's wrong": somebody else must be looked up in the sentences around it.
  const points = content.length <= 2 && !particular && /\b(?:he|she|it|they|this|that|these|those)\b/iu.test(text)
  if (FIRST_PERSON.test(text) && FEELS.test(text)) return 'strong'
  if (FIRST_PERSON.test(text)) return (content.length >= 2 || particular) && !points ? 'strong' : 'weak'
  return content.length >= 2 && (particular || words.length >= 4) ? 'weak' : null
}
