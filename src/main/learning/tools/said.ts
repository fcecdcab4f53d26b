// Whether the person said in this turn what a tool is asked to keep. The model's word is not enough: a statement with
// words nobody said becomes the person's own sentence where one is close, and a suggestion where none is.
import { quoteIn } from '../evidence.ts'
import { clausesOf } from '../extraction/clauses.ts'
import { isGrounded } from '../extraction/grounding.ts'
import { ownWords } from '../extraction/own-words.ts'
import { hasSecret } from '../extraction/secrets.ts'
import type { Sentence } from '../extraction/sentences.ts'
import type { Evidence, Said, ToolTurn } from '../protocol.ts'
import { contentWords, negated } from '../words.ts'

/** Share of the statement's words of content that a sentence must hold to be kept in its place. */
const CLOSE = 0.5
const ASKS = /\?["'”’)\]]*\s*$/u

/** @returns what may be kept of a statement, with the exact words it rests on */
export function said(turn: ToolTurn, statement: string): Said {
  const sentences = sentencesOf(turn).filter(({ text }) => !ASKS.test(text) && !hasSecret(text))
  const around = sentences.map(({ text }) => text)
  const grounds = groundsOf(sentences).find(({ text }) => isGrounded(statement, text, around))
  if (grounds) return { text: statement, voice: 'note', evidence: [quoted(turn, grounds)] }
  const words = contentWords(statement)
  const [closest] = sentences
    .filter(({ text }) => negated(text) === negated(statement))
    .map((sentence) => ({ sentence, share: shareIn(words, contentWords(sentence.text)) }))
    .sort((a, b) => b.share - a.share)
  if (closest && words.length > 0 && closest.share >= CLOSE) {
    return { text: closest.sentence.text, voice: 'own', evidence: [quoted(turn, closest.sentence)] }
  }
  const { conversationId, at } = turn
  return { text: statement, voice: 'note', evidence: [{ origin: 'assistant', conversationId, quote: statement, at }] }
}

/** The person's sentences that hold every one of these words, for values that are no statement. */
export function saying(turn: ToolTurn, value: string): Evidence[] {
  const wanted = contentWords(value)
  const plain = value.trim().toLowerCase()
  const found = sentencesOf(turn).find(({ text }) => {
    if (ASKS.test(text) || hasSecret(text)) return false
    const words = contentWords(text)
    return text.toLowerCase().includes(plain) || (wanted.length > 0 && wanted.every((word) => words.includes(word)))
  })
  return found ? [quoted(turn, found)] : []
}

function sentencesOf({ userText, imported }: ToolTurn): Sentence[] {
  return imported ? [] : ownWords(userText).sentences
}

function shareIn(words: readonly string[], sentence: readonly string[]): number {
  return words.filter((word) => sentence.includes(word)).length / Math.max(1, words.length)
}

/** From the smallest stretch that may say it to the largest: clauses, parts between commas, sentences, two in a row. */
function groundsOf(sentences: readonly Sentence[]): Sentence[] {
  const pairs = sentences.slice(1).flatMap((second, index) => {
    const first = sentences[index]
    return first && second.start - first.end <= 2
      ? [{ text: `${first.text} ${second.text}`, start: first.start, end: second.end }]
      : []
  })
  return [...sentences.flatMap(partsOf), ...sentences.flatMap(clausesOf), ...sentences, ...pairs]
}

function partsOf({ text, start }: Sentence): Sentence[] {
  return [...text.matchAll(/[^,;]+/gu)].map((match) => {
    const lead = /^\s*(?:and\s+)?/iu.exec(match[0])?.[0].length ?? 0
    const part = match[0].slice(lead).trimEnd()
    const from = start + match.index + lead
    return { text: part, start: from, end: from + part.length }
  })
}

function quoted(turn: ToolTurn, { start, end }: Sentence): Evidence {
  return quoteIn(turn, { quote: turn.userText.slice(start, end), start, end })
}
