// Words as learning compares them: folded, without the words that carry no meaning, and names and numbers apart,
// because two sentences that differ in a name or a number say different things however alike they sound.

const STOP = new Set(
  (
    'a an the and or but if then so as at by for from in into of off on onto to with without about over under up down out ' +
    'than that this these those there here it its itself he him his she her hers they them their theirs we us our ours you ' +
    'your yours i me my mine myself am is are was were be been being do does did done doing have has had having will would ' +
    'shall should can could may might must not no nor only own same too very just also again more most some any all both ' +
    'each few other such what which who whom whose when where why how while because until during before after above below ' +
    'between s t d ll m re ve don didn doesn isn aren wasn weren hasn haven hadn won wouldn shouldn couldn cannot ' +
    'please tell know get got let lets like really now currently today still already ever yes ok okay hi hello hey thanks ' +
    'thank user user\u2019s person one ' +
    // The commonest words of the other languages the interface may be used in.
    'der die das den dem des ein eine einen einem einer und oder aber ist sind war ich du er sie es wir ihr mein meine ' +
    'mit von zu zum zur im am auf aus bei nach nicht auch als wie was wer wo wann le la les un une des et ou mais est sont ' +
    'je tu il elle nous vous mon ma mes de du au aux en dans sur pour avec pas ne que qui el los las una y o pero es son ' +
    'yo mi mis con por para del al lo che di il per non sono'
  ).split(' '),
)

const WORD = /[\p{L}\p{N}]+(?:[.'’_+#/-][\p{L}\p{N}]+)*[+#]*/gu

/** Only letters, digits and marks of ASCII. */
const PLAIN = /^[\x00-\x7f]*$/

/** Text without case, accents and width: what two ways of writing a word share. */
export function fold(text: string): string {
  // Most words: a turn folds some ten thousand.
  if (PLAIN.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[’‘]/gu, "'")
    .toLowerCase()
    .replace(/ß/g, 'ss')
}

/** Folded text with one space between words and no punctuation: equal for two sentences that only look different. */
export function foldSentence(text: string): string {
  return (fold(text).match(WORD) ?? []).join(' ')
}

/** The words of a text as written, with their offsets. */
export function wordsOf(text: string): { word: string; start: number }[] {
  return [...text.matchAll(WORD)].map((match) => ({ word: match[0], start: match.index }))
}

/** A word cut to what its forms share, for comparing only: "moved", "moving" and "moves" are one. */
export function stem(folded: string): string {
  let word = folded.replace(/'s?$/, '')
  if (word.length <= 3 || /\d/.test(word)) return word
  word = word.replace(/(?:ies|ied)$/, 'y').replace(/(?<=[^s])s$/, '')
  const cut = word.replace(/(?:ing|ed|es)$/, '')
  if (cut.length < 3 || cut === word) return word.replace(/e$/, '')
  // "planning" and "planned" double a letter that "plan" has once.
  return cut.replace(/([bdgmnprt])\1$/, '$1').replace(/e$/, '')
}

/** Stems of the words that carry meaning, each once, in order. */
export function contentWords(text: string): string[] {
  const found = new Set<string>()
  for (const { word } of wordsOf(text)) {
    const folded = fold(word)
    if (STOP.has(folded) || STOP.has(folded.replace(/'.*$/, '')) || STOP.has(folded.replace(/(?<=\p{L}{3})s$/u, '')))
      continue
    if (folded.length < 2 && !/\d/.test(folded)) continue
    found.add(stem(folded))
  }
  return [...found]
}

export function isStopWord(word: string): boolean {
  return STOP.has(fold(word))
}

const SENTENCE_START = /(?:^|[.!?:;\n•"“(]\s*|^\s*[-*]\s+)$/u
/** Words that are written large in English without being a name of anything particular. */
const CAPITAL_COMMON = /^(?:I|I'm|I've|I'll|I'd|OK|Mr|Mrs|Ms|Dr|Yes|No|Please|The|We|My|Our|User|Users|User's)$/

/** Capitalised words that are names: not at the start of a sentence, unless they cannot be anything else ("AWS", "iOS"). */
export function namesIn(text: string): string[] {
  const names: string[] = []
  for (const { word, start } of wordsOf(text)) {
    const plain = word.replace(/['’]s$/u, '')
    if (CAPITAL_COMMON.test(plain) || isStopWord(plain)) continue
    const inner = /^\p{L}.*\p{Lu}/u.test(plain)
    const capital = /^\p{Lu}/u.test(plain)
    if (inner || (capital && !SENTENCE_START.test(text.slice(0, start)))) names.push(plain)
  }
  return [...new Set(names)]
}

/** Capitalised words, sentence starts included. */
export function capitalised(text: string): string[] {
  return wordsOf(text)
    .map(({ word }) => word.replace(/['’]s$/u, ''))
    .filter((word) => /\p{Lu}/u.test(word) && !CAPITAL_COMMON.test(word))
}

/** Numbers as written, without thousands separators; dates and times keep their parts. */
export function numbersIn(text: string): string[] {
  const found = text.match(/\d+(?:[.,:/-]\d+)*/g) ?? []
  return [...new Set(found.map((number) => number.replace(/[.,](?=\d{3}(?:\D|$))/g, '')))]
}

const NEGATION =
  /\b(?:not|no longer|never|none|nobody|nothing|neither|nor|without|cannot|stopped|quit|nicht|kein\w*|nie|pas|jamais|nunca|non)\b|n['’]t\b/iu

/** Whether the sentence says that something is not so. */
export function negated(text: string): boolean {
  return NEGATION.test(text)
}

/** Share of the words of the smaller set that both have; 0 when one is empty. */
export function overlap(a: readonly string[], b: readonly string[]): number {
  const small = a.length <= b.length ? a : b
  const large = new Set(a.length <= b.length ? b : a)
  if (small.length === 0) return 0
  return small.filter((word) => large.has(word)).length / small.length
}

/** Jaccard similarity of two word lists: shared words over all words. */
export function jaccard(a: readonly string[], b: readonly string[]): number {
  const all = new Set([...a, ...b])
  if (all.size === 0) return 0
  const other = new Set(b)
  return new Set(a.filter((word) => other.has(word))).size / all.size
}
