// How decisions, reasons, alternatives and outcomes are worded.
import { datesIn } from '../extraction/dates.ts'
import type { Sentence } from '../extraction/sentences.ts'

export type Confidence = 'low' | 'medium' | 'high'
export type Quality = 'good' | 'mixed' | 'bad' | 'unknown'

export interface SaidDecision {
  /** What was decided, with the words that name it. */
  decision: string
  /** The option taken, where the sentence names one. */
  choice: string | null
  why: string | null
  alternatives: string[]
  confidence: Confidence | null
}

const LEAD = String.raw`(?:(?:so|and|well|then|ok(?:ay)?|in the end|finally|after all|yesterday|today|this morning|last \p{L}+|also|update|fyi|note that|for the record)[,:]?\s+)*`
const ADVERB = String.raw`(?:(?:have|just|finally|also|already|now|all|both|eventually|ultimately|actually)\s+)*`
const DECIDED = new RegExp(
  String.raw`^${LEAD}(?:(?:I|we|the team|our team)(?:['’](?:ve|re|m|ll))?(?:\s+(?:are|am|will))?\s+${ADVERB}(?:decided(?:\s+(?:on|to(?: (?:use|go with|take|pick|choose|adopt|buy|build))?|that|in favou?r of))?|chose(?: to use)?|chosen|picked|selected|settled on|opted for|went with|going with|go with|took|adopted|agreed (?:on|to (?:use|go with|take)|to)|switching to|switched to|sticking with|stick with)|(?:our|my|the) decision(?: is|:)(?:\s+to(?: use)?)?|decided:|decision:)\s+(?<what>.+)$`,
  'iu',
)
/** A question for advice, put as "X or Y". */
const CHOICE_QUESTION =
  /\b(?:should (?:I|we)|which|what (?:would|should|do) (?:you|I|we)|recommend|better|best|choose|pick|decide|versus|vs\.?|or)\b/iu
const OPTIONS =
  /(?:^|[,:;]\s*|\b(?:use|take|choose|pick|between|with|buy|go for|prefer|should (?:I|we)|is)\s+)(?<a>[\p{L}\p{N}][\p{L}\p{N}+#.\-/]*(?:\s[\p{L}\p{N}+#.\-/]+){0,3}?)(?:,\s*(?<b>[\p{L}\p{N}][\p{L}\p{N}+#.\-/ ]{0,30}?))?,?\s+(?:or|vs\.?|versus|and)\s+(?<c>[\p{L}\p{N}][\p{L}\p{N}+#.\-/]*(?:\s(?!for\b|to\b|as\b|in\b|on\b|with\b)[\p{L}\p{N}+#.\-/]+){0,2})(?:\s+(?:for|to|as|in|on|with)\s+(?<topic>[^?.!]+))?\s*\?/iu
/** What leads up to the options. */
const ASKS =
  /^(?:(?:hi|hey|hello|ok(?:ay)?|so|and|quick question|question)[,:!.]?\s+)*(?:(?:should|shall|do|can|could|would) (?:I|we|you|one)(?: (?:rather|better))?(?: (?:use|take|choose|pick|go with|go for|buy|get|recommend|prefer|suggest|build on))?|(?:what|which)(?: \p{L}+)?(?:['’]s| is| would be)(?: the)? (?:better|best)(?: \p{L}+)?[:,]?|is it better to(?: use)?)\s+/iu
const ADVISED =
  /(?:\bI(?:['’]d| would)?\s+(?:\p{L}+ly )?(?:recommend|suggest|advise|go with|choose|pick|use|take|vote for|decided? on|opt for|prefer)|\bmy (?:recommendation|choice|decision|pick|advice|vote)(?: is|:)|\b(?:decision|recommendation|verdict|choice|answer):|^(?:go with|use|choose|pick|take|stick with|start with))\s+(?:\*\*|__|["“'])?(?:using |to use |the )?(?<what>[^.!?\n*]+)/iu
const IS_BETTER =
  /(?:\*\*|__)?(?<what>\p{Lu}[\p{L}\p{N}+#.\-/]*(?:\s\p{Lu}[\p{L}\p{N}+#.\-/]*){0,2})(?:\*\*|__)?\s+is\s+(?:the |a |clearly |probably |usually |generally )*(?:better|best|right|stronger|safer|stronger)\s+(?:choice|option|fit|pick|one|for|here)/u
const BECAUSE =
  /(?:^|[,;–—]?\s)(?:because(?: of)?|since|as it|as they|due to|so that|given (?:that)?|for its|for their|for the)\s+(?<why>.+)$/iu
const INSTEAD =
  /[,;]?\s+(?:instead of|rather than|over|not|and not|in favou?r over|as opposed to|against)\s+(?<other>[\p{L}\p{N}][\p{L}\p{N}+#.\-/ ]{1,50}?)(?=[,;.]|\s+(?:because|since|for|as|so)\b|$)/iu
const SURE = /\b(?:definitely|certain(?:ly)?|sure|confident|clearly|no doubt|without doubt|strongly)\b/iu
const UNSURE =
  /\b(?:tentative(?:ly)?|for now|not (?:quite |entirely |really )?(?:sure|certain)|unsure|probably|provisional(?:ly)?|might change|leaning|experiment(?:al)?|try(?:ing)? out|slightly)\b/iu
const GOOD =
  /\b(?:went (?:really |very |quite |rather )?(?:well|great|fine|smooth(?:ly)?)|worked(?: out)?(?: (?:really |very )?(?:well|great|fine|perfectly|nicely))?|paid off|success(?:ful(?:ly)?)?|was (?:the )?right|turned out (?:to be )?(?:well|good|great|right|fine|fast|cheap)\p{L}*|good (?:call|choice|decision|move)|happy with|glad we|saved us|no (?:issues|problems|regrets)|better than (?:expected|hoped)|solved|great (?:call|choice|decision))\b/iu
const BAD =
  /\b(?:went (?:really |very |quite )?(?:badly|wrong|poorly)|did(?:n['’]t| not) (?:work|help|pay off|scale)|failed|failure|(?:was|is|a) (?:a )?(?:big |bad )?mistake|regret(?:ted)?|turned out (?:to be )?(?:bad|wrong|slow|expensive|too)\p{L}*|bad (?:call|choice|decision|move)|unhappy with|cost us|backfired|wrong (?:call|choice|decision)|worse than (?:expected|hoped)|had to (?:roll back|revert|undo|redo|migrate back))\b/iu
const MIXED = /\b(?:mixed (?:results?|bag|feelings)|so-so|partly|half(?:way)? (?:worked|good)|neither good nor bad)\b/iu
const REVIEW =
  /\b(?:review|revisit|check(?: back| again)?|look at (?:it|this|that) again|evaluate|re-?evaluate|reconsider|we['’]ll (?:know|see)|we will (?:know|see)|outcome (?:is )?due|decide again|trial (?:ends|until)|follow up)\b/iu
const CONTRAST = /\b(?:but|however|although|though|yet)\b/iu

const DECIDING =
  /\b(?:decid\p{L}*|decision|chos\p{L}+|choos\p{L}+|choice|pick\p{L}*|settl(?:e|ed|ing) on|opt(?:ed|ing)? for|go(?:ing)? with|went with|go for|going for|stick(?:ing)? (?:with|to)|adopt\p{L}*|switch\p{L}* to|agreed?|instead of|rather than|recommend|should (?:I|we)|better|best|vs\.?|versus|log (?:this|that|it)|entscheid\p{L}*|entschied\p{L}*|décid\p{L}*|choisi\p{L}*|decidi\p{L}*|eleg\p{L}*)\b|\b(?:I|we)(?:['’](?:ll|re|m)| will| are| am)? (?:tak(?:e|ing)|us(?:e|ing)|buy(?:ing)?|keep(?:ing)?|drop(?:ping)?|hir(?:e|ing)|do)\b|\bor\b[^.!?]*\?/iu
const OUTCOME =
  /\b(?:turned out|outcome|results?|in the end|so far|works?|worked|fail\p{L}*|went|paid off|regret\p{L}*|since we|after all)\b/iu

/** Whether a message can be about a decision: one is told of or asked for. */
export function speaksOfDeciding(message: string): boolean {
  return DECIDING.test(message)
}

/** Whether a message can tell how something turned out. */
export function speaksOfOutcome(message: string): boolean {
  return OUTCOME.test(message) || qualityIn(message) !== null
}

/** @returns what a sentence of the person decides; null when it decides nothing */
export function decisionIn(sentence: string, next: string | undefined): SaidDecision | null {
  if (/\?\s*$/u.test(sentence)) return null
  const what = DECIDED.exec(sentence.replace(/[.!\s]+$/u, ''))?.groups?.['what']
  if (!what || /^(?:it|that|this|them|place|part|care|off|over)\b/iu.test(what)) return null
  return parts(what, sentence, next)
}

export interface Question {
  options: string[]
  /** What the choice is for, as the question words it. */
  topic: string | null
}

/** @returns what a question lets the assistant choose between; null when it asks for no choice */
export function choiceIn(question: string): Question | null {
  if (!question.includes('?') || !CHOICE_QUESTION.test(question)) return null
  const { a, b, c, topic } = OPTIONS.exec(question.replace(ASKS, ''))?.groups ?? {}
  const options = [a, b, c].flatMap((option) => (option ? [option.trim()] : []))
  return { options, topic: topic?.trim() ?? null }
}

/** @returns what an answer decides or advises, with the sentence that does; null when it takes no side */
export function adviceIn(
  answer: readonly Sentence[],
  { options, topic }: Question,
): (SaidDecision & { at: Sentence }) | null {
  for (const [index, sentence] of answer.entries()) {
    const text = sentence.text.replace(/\*\*|__/gu, '')
    const what = ADVISED.exec(text)?.groups?.['what'] ?? IS_BETTER.exec(text)?.groups?.['what']
    if (!what) continue
    const said = parts(what, text, answer[index + 1]?.text)
    const choice = options.find((option) => mentions(what, option)) ?? said.choice
    const others = options.filter((option) => option !== choice && !mentions(choice ?? '', option))
    const named = choice ?? said.decision
    return {
      ...said,
      decision: topic && !mentions(said.decision, topic) ? `${named} for ${topic}` : said.decision,
      choice,
      alternatives: [...new Set([...others, ...said.alternatives])],
      at: sentence,
    }
  }
  return null
}

/** @returns how a decision turned out by these words; null when they do not say */
export function qualityIn(text: string): Quality | null {
  const [good, bad] = [GOOD.test(text), BAD.test(text)]
  if (MIXED.test(text) || (good && bad && CONTRAST.test(text))) return 'mixed'
  if (bad) return 'bad'
  return good ? 'good' : null
}

/** @returns the day by which the outcome should be known, where the words say one */
export function reviewIn(text: string, at: Date, timeZone: string): string | null {
  if (!REVIEW.test(text)) return null
  return datesIn(text, at, timeZone).at(-1)?.to ?? null
}

/** Whether all words of a name stand in a text. */
export function mentions(text: string, name: string): boolean {
  const words = name.toLowerCase().match(/[\p{L}\p{N}+#]+/gu) ?? []
  const said = new Set(text.toLowerCase().match(/[\p{L}\p{N}+#]+/gu) ?? [])
  return words.length > 0 && words.every((word) => said.has(word))
}

function parts(what: string, sentence: string, next: string | undefined): SaidDecision {
  const reason = BECAUSE.exec(what)
  const follows =
    next && /^(?:because|the reason|reasons?:|it['’]s because|why:|that['’]s because)/iu.test(next) ? next : null
  const why =
    reason?.groups?.['why'] ??
    follows?.replace(/^(?:(?:it['’]s |that['’]s )?because|the reason(?: is)?(?: that)?|reasons?:|why:)\s*/iu, '')
  const plain = reason ? what.slice(0, reason.index) : what
  const other = INSTEAD.exec(plain)
  const decision = (other ? plain.slice(0, other.index) : plain).replace(/[\s,;:–—-]+$/u, '')
  const choice = /^(?:the |a |an )?(?<name>[\p{L}\p{N}][\p{L}\p{N}+#.\-/]*(?:\s\p{Lu}[\p{L}\p{N}+#.\-/]*){0,2})/u.exec(
    decision,
  )?.groups?.['name']
  return {
    decision,
    choice: choice && /\p{Lu}|\p{N}/u.test(choice) ? choice.replace(/[.]+$/u, '') : null,
    why: why?.replace(/[.!\s]+$/u, '') ?? null,
    alternatives: other?.groups?.['other'] ? [other.groups['other'].trim()] : [],
    confidence: UNSURE.test(sentence) ? 'low' : SURE.test(sentence) ? 'high' : null,
  }
}
